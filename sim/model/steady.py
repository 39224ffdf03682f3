"""What instances that are ready go on asking for, and what of it they have got."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.model.plan import OPERATION
from sim.model.task import Task
from sim.resources.rate import Leaf, Rate
from sim.resources.space import DiskFull, Space

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

DATA = "net.data"


def go_on(engine: Engine, task: Task, now: float) -> None:
    """Join with the steady demand of an instance that is ready: cores, and bytes a second."""
    assert task.plan is not None
    steady, machine = task.plan.steady, task.machines[-1]
    if cores := steady.cores:
        task.steady = engine.cpu.join(machine.cpu, inf, now, cap=cores, weight=max(1.0, cores))
    cost, cap = engine.flow(machine.crossing)
    for rate, is_write in ((steady.read, False), (steady.write, True)):
        if rate:
            share = min(cap, rate / OPERATION * cost)
            leaf = engine.disk.join(engine.disk.root, inf, now, cap=share)
            task.streams.append((leaf, is_write))


def settle_steady(engine: Engine, task: Task, now: float, *, is_last: bool) -> None:
    """Count what an instance has used of its steady demand, which ends if this is the last."""
    if task.steady is not None and task.plan is not None:
        done = _done(engine.cpu, task.steady, now, is_last=is_last)
        engine.meters.ran(task.group, task.plan.steady.cpu, done)
    for leaf, is_write in task.streams:
        cost, _ = engine.flow(task.machines[-1].crossing)
        done = _done(engine.disk, leaf, now, is_last=is_last)
        size = int(done / cost * OPERATION)
        engine.meters.moved(size, is_write=is_write)
        if is_write and not is_last:
            _write_what_fits(task.machines[-1].store.space, task.name, size)
    task.streams.clear()
    task.steady = None


def _done(rate: Rate, leaf: Leaf, now: float, *, is_last: bool) -> float:
    return rate.leave(leaf, now) if is_last else rate.done(leaf, now)


def _write_what_fits(space: Space, owner: str, size: int) -> None:
    """Keep what a stream has written, as far as there was room for it."""
    while size > 0:
        try:
            space.write(owner, DATA, size)
        except DiskFull as full:
            size -= full.needed - full.available
        else:
            return
