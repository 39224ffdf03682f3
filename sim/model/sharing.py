"""What is on a machine once for all who use it: images, daemons, and machines that are shared."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.model.inside import Inside
from sim.model.instance import READY
from sim.model.machine import Machine
from sim.model.plan import Plan
from sim.model.shared import Shared, Sharing
from sim.model.task import Task
from sim.resources.memory import Account, Exhausted

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


def prepare(engine: Engine, plan: Plan) -> None:
    """Have on the host what is there before the first instance of a plan.

    Raises: Exhausted, DiskFull.
    """
    machines = [engine.machine]
    store, installed = engine.machine.store, plan.installed
    if installed is not None and installed.is_present and not store.occupy(installed):
        store.provide(installed)
    for depth, inside in enumerate(plan.insides, start=1):
        install(engine, machines[-1], inside, 0.0)
        if not (inside.is_ahead and inside.places == inf):
            return
        shared = find_shared(engine, Task(inside.key, plan, (), machines, 0.0), depth, 0.0)
        if shared.machine is None:
            return
        machines.append(shared.machine)


def install(engine: Engine, outer: Machine, inside: Inside, now: float) -> None:
    """Have on a machine what a boundary needs there once: its images, files and daemons.

    Raises: DiskFull, Exhausted; no daemon runs then.
    """
    if inside.bundle is not None:
        outer.store.have(inside.bundle)
    if inside.bundle is not None and inside.bundle.is_present:
        outer.store.provide(inside.bundle)
    if inside.key in outer.daemons:
        return
    outer.store.install(inside.key, int(inside.boundary.daemon.files.value))
    outer.daemons[inside.key] = _start_daemons(outer, inside)
    engine.idling.begin(outer, inside.daemon_cpu, now)


def _start_daemons(outer: Machine, inside: Inside) -> Account:
    account = Account(outer.account, name=inside.key)
    try:
        for memory in inside.daemon:
            account.charge(memory.component, memory.private)
            if memory.mapped:
                account.map(memory.content, memory.mapped, memory.component)
    except Exhausted:
        account.close()
        raise
    return account


def find_shared(engine: Engine, task: Task, depth: int, now: float) -> Shared:
    """Find the shared machine with a free place at this depth; one is made if there is none."""
    inside, outer = task.insides[depth - 1], task.machines[depth - 1]
    sharing = outer.shared.setdefault(inside.sharing, Sharing(inside.places))
    if sharing.free:
        return next(iter(sharing.free))
    name = f"{inside.key}/{len(engine.servants)}"
    maker = Task(name, task.plan, inside.making, task.machines[:depth], now)
    shared = sharing.add(maker)
    maker.ends = lambda maker, now: _open(engine, shared, inside, now)
    engine.servants.append(maker)
    if inside.is_ahead and not (sharing.has_crashed or engine.has_rebooted):
        engine.make_instantly(maker, now)
    else:
        engine.expect(maker, inside.fetches)
        engine.start(maker, now)
    return shared


def _open(engine: Engine, shared: Shared, inside: Inside, now: float) -> None:
    """Let those in who wait for a shared machine, or know that it could not be made."""
    maker = shared.maker
    if maker.is_live:
        maker.state = READY
        shared.machine = maker.machines[-1]
        engine.idling.begin(shared.machine, inside.idle, now)
    else:
        shared.fail(f"{inside.key} could not be made: {maker.reason}")
    engine.open(shared.gate, now)
