"""What instances that are ready go on asking for, and what of it they have got.

A demand is a claim on the CPU and streams to and from the disk, all without end. It changes in
steps: where it follows a course, and where requests take the place of a steady demand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from sim.model.application import Steady
from sim.model.components import DATA, OPERATION
from sim.model.service import Service, warm
from sim.model.task import Task
from sim.resources.rate import RESOLUTION, Leaf
from sim.resources.space import DiskFull, Space

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


class Stream:
    """A flow of bytes to or from the disk, and how much of its work has been counted."""

    __slots__ = ("counted", "is_write", "leaf", "share")

    def __init__(self, leaf: Leaf, share: float, *, is_write: bool) -> None:
        self.leaf = leaf
        self.share = share
        self.is_write = is_write
        self.counted = 0.0


class Demand:
    """The claims of one ready instance: its CPU by component, and its streams.

    `service` is there where requests ask. An instance that is `still` asks for no CPU, since its
    memory has to be read back first.
    """

    __slots__ = ("counted", "cpu", "service", "shares", "still", "streams")

    def __init__(self, service: Service | None, now: float) -> None:
        self.cpu: Leaf | None = None
        self.shares: Mapping[str, float] = {}
        self.counted = 0.0
        self.streams: list[Stream] = []
        self.service = service
        self.still = False

    @property
    def varies(self) -> bool:
        """Whether what it asks for, or has cached, changes from window to window."""
        return self.service is not None or bool(self.streams)

    @property
    def cores(self) -> float:
        """The cores that it asks for."""
        return sum(self.shares.values())


def go_on(engine: Engine, task: Task, now: float) -> None:
    """Join with the demand of an instance that is ready, and follow its course."""
    plan = task.plan
    assert plan is not None
    traffic = plan.traffic
    service = None
    if traffic is not None and traffic.reaches:
        service = Service(traffic, engine, task, now)
    task.demand = Demand(service, now)
    engine.ready[task] = None
    if service is not None and task.instance is not None:
        engine.services.append((task.instance, task.instance.restarts, service))
        warm([task], engine.window_s)
    ask(engine, task, now)
    _follow_on(engine, task, bisect_right(plan.steps, now + RESOLUTION))


def renew_all(engine: Engine, now: float) -> None:
    """Let all who answer requests, or stream, see what they got and ask for what they need next."""
    tasks = [task for task in engine.ready if task.demand is not None and task.demand.varies]
    for task in tasks:
        settle_demand(engine, task, now, is_last=False)
    warm(tasks, engine.window_s)
    for task in tasks:
        ask(engine, task, now)


def _follow_on(engine: Engine, task: Task, number: int) -> None:
    """Set a timer for a step of the course, by its number."""
    assert task.plan is not None
    steps = task.plan.steps
    if number < len(steps):
        engine.timers.at(steps[number], partial(_follow, engine, task, number))


def _follow(engine: Engine, task: Task, number: int, now: float) -> None:
    """Ask for what the course says from now on, unless the life has ended meanwhile."""
    if task.demand is not None:
        renew(engine, task, now)
        _follow_on(engine, task, number + 1)


def renew(engine: Engine, task: Task, now: float) -> None:
    """Count what was used so far, and ask anew."""
    settle_demand(engine, task, now, is_last=False)
    ask(engine, task, now)


def stand_still(engine: Engine, task: Task, now: float) -> None:
    """Ask for no CPU until moving again."""
    assert task.demand is not None
    settle_demand(engine, task, now, is_last=False)
    task.demand.still = True
    _claim_cpu(engine, task, {}, now)


def freeze(engine: Engine, task: Task, now: float) -> None:
    """Ask for nothing while the task is paused."""
    if task.demand is not None:
        settle_demand(engine, task, now, is_last=False)
        _claim_cpu(engine, task, {}, now)
        _claim_disk(engine, task, Steady({}, 0.0, 0.0), now)


def move_again(engine: Engine, task: Task, now: float) -> None:
    """Ask for CPU again, if the instance is still there."""
    if task.demand is not None:
        settle_demand(engine, task, now, is_last=False)
        task.demand.still = False
        ask(engine, task, now)


def ask(engine: Engine, task: Task, now: float) -> None:
    """Claim what the plan asks for at this time, in the place of what was claimed before."""
    demand, plan = task.demand, task.plan
    assert demand is not None and plan is not None
    if demand.still or task.is_paused:
        return
    steady = plan.steady_at(now + RESOLUTION)
    if demand.service is not None:
        steady = demand.service.asks(steady, now)
    _claim_cpu(engine, task, steady.cpu, now)
    _claim_disk(engine, task, steady, now)


def _claim_cpu(engine: Engine, task: Task, shares: Mapping[str, float], now: float) -> None:
    """Hold one claim of as many cores; an idle instance keeps it at none."""
    demand = task.demand
    assert demand is not None
    demand.shares = shares
    cores = demand.cores
    engine.steal.touch(task.machines[-1])
    note_use(engine, task, now)
    weight = max(1.0, cores) * (1.0 if task.plan is None else task.plan.weight)
    if demand.cpu is not None:
        engine.cpu.recap(demand.cpu, now, cap=cores, weight=weight)
    elif cores:
        demand.cpu = engine.cpu.join(
            task.machines[-1].cpu, inf, now, cap=cores, weight=weight, owner=task
        )
        demand.counted = 0.0


def note_use(engine: Engine, task: Task, now: float) -> None:
    """Note that a task works with its memory; who goes on to is swapped out after who does not."""
    goes_on = task.demand is not None and task.demand.cores > 0.0
    used = now + engine.horizon if goes_on else now
    for machine in task.machines:
        machine.kernel.ledger.last_used = used
    if task.account is not None:
        task.account.last_used = used


def _claim_disk(engine: Engine, task: Task, steady: Steady, now: float) -> None:
    demand = task.demand
    assert demand is not None
    cost, cap = engine.blocks.flow(task.machines[-1].crossing)
    rates = ((steady.read, False), (steady.write, True))
    asked = [(min(cap, rate / OPERATION * cost), is_write) for rate, is_write in rates if rate]
    if asked == [(stream.share, stream.is_write) for stream in demand.streams]:
        return
    for stream in demand.streams:
        engine.disk.leave(stream.leaf, now)
    demand.streams.clear()
    for share, is_write in asked:
        leaf = engine.disk.join(engine.disk.root, inf, now, cap=share)
        demand.streams.append(Stream(leaf, share, is_write=is_write))


def settle_demand(engine: Engine, task: Task, now: float, *, is_last: bool) -> None:
    """Count what an instance has used since this was last done; if this is the last, it ends."""
    demand = task.demand
    if demand is None:
        return
    if demand.service is not None:
        demand.service.close(engine, task, now)
    if demand.cpu is not None:
        _count_cpu(engine, task, demand.cpu, now)
    for stream in demand.streams:
        _count_stream(engine, task, stream, now)
    if is_last:
        _drop(engine, task, demand, now)


def _count_cpu(engine: Engine, task: Task, leaf: Leaf, now: float) -> None:
    demand = task.demand
    assert demand is not None
    done = engine.cpu.done(leaf, now)
    if demand.cores:
        engine.meters.ran(task.group, demand.shares, done - demand.counted)
    engine.steal.touch(task.machines[-1], served=done - demand.counted)
    demand.counted = done


def _count_stream(engine: Engine, task: Task, stream: Stream, now: float) -> None:
    cost, _ = engine.blocks.flow(task.machines[-1].crossing)
    done = engine.disk.done(stream.leaf, now)
    size = int(done / cost * OPERATION) - int(stream.counted / cost * OPERATION)
    stream.counted = done
    engine.meters.moved(size, is_write=stream.is_write)
    machine = task.machines[-1]
    if stream.is_write:
        _write_what_fits(machine.store.space, task.name, size)
    elif task.demand is not None and task.demand.service is None:  # a service caches its data
        whole = machine.kernel.ledger.capacity
        machine.remember(f"{task.name}:stream", whole, size, task.reader, once=True)


def _drop(engine: Engine, task: Task, demand: Demand, now: float) -> None:
    if demand.cpu is not None:
        engine.cpu.leave(demand.cpu, now)
        engine.steal.touch(task.machines[-1])
    for stream in demand.streams:
        engine.disk.leave(stream.leaf, now)
    task.demand = None


def _write_what_fits(space: Space, owner: str, size: int) -> None:
    """Keep what a stream has written, as far as there was room for it."""
    while size > 0:
        try:
            space.write(owner, DATA, size)
        except DiskFull as full:
            size -= full.needed - full.available
        else:
            return
