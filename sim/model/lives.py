"""How lives begin, end and begin again, and what goes down with a machine or a host.

When a main process ends, the machines around it whose kernel is their own go on, and a restart
finds them; what is inside of the innermost such kernel is made anew. When a kernel goes, all that
runs on it goes, however deep inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from sim.model.demand import settle_demand
from sim.model.ending import KILLED as KILLED_STATUS
from sim.model.ending import returns
from sim.model.instance import EXITED, FAILED, READY, STOPPING, Instance
from sim.model.machine import Machine, tear_down
from sim.model.plan import Plan
from sim.model.shared import Shared
from sim.model.task import Task
from sim.resources.memory import Ledger

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

MOST_RESTARTS = 10_000
"""An instance that has been restarted so often is given up."""

GONE = "the machine around it is gone"


def live(
    engine: Engine, instance: Instance, ends: Callable[[Task, float], None], now: float
) -> Task:
    """Give an instance a life on a host, which begins with nothing."""
    plan = instance.plan
    task = Task(instance.name, plan, plan.activities, [engine.machine], now, instance=instance)
    task.ends = ends
    instance.life = task
    instance.waits = False
    engine.expect(task, plan.fetches[0])
    return task


def renew(engine: Engine, instance: Instance, plan: Plan, now: float) -> None:
    """Let an instance live anew by another plan, with nothing of what it had."""
    life = instance.life
    assert life is not None
    instance.plan = plan
    if not life.is_live:
        return
    ends = life.ends
    _stop(engine, life, EXITED, "another version comes", now)
    _release(engine, life, now, keep=0)
    report_free(engine, life.machines, now)
    assert ends is not None
    engine.wake(live(engine, instance, ends, now), now)


def end(
    engine: Engine,
    task: Task,
    state: str,
    reason: str,
    now: float,
    *,
    keep: int = 0,
    status: int | None = None,
) -> None:
    """End a task in a state, and take back all that was its.

    If it is the life of an instance that is restarted, the outermost `keep` boundaries stand, as
    far as they have been made. A main process that left no `status` was killed.
    """
    if status is not None or task.is_up:
        task.status = KILLED_STATUS if status is None else status
    _stop(engine, task, state, reason, now)
    instance = task.instance
    if instance is not None and _comes_back(engine, instance, task):
        keep = _made(task, instance, keep)
        heir = Task(task.name, task.plan, task.activities, task.machines, now, instance=instance)
        heir.ends = task.ends
        _release(engine, task, now, keep=keep)
        report_free(engine, task.machines, now)
        _bequeath(engine, task, heir, keep)
        _restart(engine, instance, task, heir, now)
        return
    _release(engine, task, now, keep=0)
    report_free(engine, task.machines, now)
    engine.ports.give(task.name)
    if task.ends is not None:
        task.ends(task, now)


def _stop(engine: Engine, task: Task, state: str, reason: str, now: float) -> None:
    """Take a task off all that it uses or waits for, and note how it ended."""
    call_off(engine, task, now)
    settle_demand(engine, task, now, is_last=True)
    engine.ready.pop(task, None)
    engine.working.pop(task, None)
    task.begin("", now)
    was_ready = task.state in (READY, STOPPING)
    task.state, task.reason, task.exited_s = state, reason, now
    if task.instance is None or not task.instance.waits:
        told = reason or (f"with status {task.status}" if task.status else "")
        engine.meters.note(task.name, state, told, now)
    engine.expect(task, -task.fetches)
    if task.instance is not None:
        _note_end(task.instance, task, was_ready=was_ready, now=now)


def call_off(engine: Engine, task: Task, now: float) -> None:
    """Take a task off what it waits for, and let others have the locks that it holds."""
    if task.call_off is not None:
        task.call_off(now)
        task.call_off = None
    for lock in reversed(task.holds):
        engine.pass_on(lock, now)
    task.holds.clear()


def _note_end(instance: Instance, task: Task, *, was_ready: bool, now: float) -> None:
    if instance.ready_s != instance.ready_s:
        instance.phases, instance.spent = task.phases, task.spent
    if not instance.waits:
        instance.status, instance.ended_s = task.status, now
    is_done = task.state == EXITED and not returns(instance.plan.restart.policy, task.status)
    if was_ready and not instance.rests and not is_done:
        instance.fall(now)


def _release(engine: Engine, task: Task, now: float, *, keep: int) -> None:
    """Give back memory, disk, CPU shares and places beyond a depth, from the inside out."""
    if task.account is not None:
        task.account.close()
        task.account = None
    for depth in sorted(_beyond(keep, task.owned), reverse=True):
        _dismantle(engine, task.machines[depth - 1], task.machines[depth], now)
        task.owned.remove(depth)
    for at in _beyond(keep - 1, task.outside):
        task.outside.pop(at).close()
    for machine in task.machines[keep:]:
        if not machine.store.space.closed:
            machine.store.space.delete(task.name)
    for depth in _beyond(keep, task.visits):
        task.visits.pop(depth).leave(task)


def _beyond(keep: int, depths: Iterable[int]) -> list[int]:
    return [depth for depth in depths if depth > keep]


def _dismantle(engine: Engine, outer: Machine, machine: Machine, now: float) -> None:
    """Take a machine down, after all that still works in it, shared machines among it."""
    for task in _makers(machine):
        task.ends = None
        end(engine, task, FAILED, GONE, now)
    for task in [task for task in engine.working if machine in task.machines]:
        end(engine, task, FAILED, GONE, now)
    engine.idling.end(machine, now)
    tear_down(engine.cpu, outer, machine)


def _makers(machine: Machine) -> list[Task]:
    """Who made the shared machines inside a machine, and holds what they take."""
    shared = (one for sharing in machine.shared.values() for one in sharing.machines)
    return [one.maker for one in shared if one.maker.is_live]


def report_free(engine: Engine, machines: list[Machine], now: float) -> None:
    """Let guests that report their free pages give back, after their delay, what is free now."""
    for machine in machines:
        ledger = machine.kernel.ledger
        if machine.reporting is not None and not ledger.closed and ledger.stranded:
            size = ledger.stranded
            engine.timers.at(now + machine.reporting, partial(_give_back, ledger, size))


def _give_back(ledger: Ledger, size: int, now: float) -> None:
    if not ledger.closed:
        ledger.give_back(size)


def _bequeath(engine: Engine, task: Task, heir: Task, keep: int) -> None:
    """Pass on the machines that stand, and what belongs to them."""
    assert task.plan is not None
    heir.machines = task.machines[: keep + 1]
    heir.cursor = task.plan.starts[keep]
    heir.owned, heir.outside = task.owned, task.outside
    for depth, shared in task.visits.items():
        shared.leave(task)
        shared.take(heir)
        heir.visits[depth] = shared
    for depth in heir.owned:
        if heir.insides[depth - 1].own_kernel:
            heir.machines[depth].kernel.ledger.owner = heir
    engine.expect(heir, task.plan.fetches[keep])


def _comes_back(engine: Engine, instance: Instance, task: Task) -> bool:
    restart = instance.plan.restart
    most = MOST_RESTARTS if restart.retries is None else restart.retries
    wanted = returns(restart.policy, task.status) and not instance.rests
    return wanted and engine.up_from < inf and instance.restarts < most


def _made(task: Task, instance: Instance, keep: int) -> int:
    """Of so many boundaries, those whose making is over: one that still boots does not stand."""
    while keep and not instance.waits and task.cursor <= instance.plan.starts[keep]:
        keep -= 1
    return keep


def _restart(engine: Engine, instance: Instance, task: Task, heir: Task, now: float) -> None:
    """Begin the next life after the back-off, once the host is up."""
    if not instance.waits:
        instance.again_s = now + _delay(instance, now - task.up_s)
    instance.again_s = max(instance.again_s, engine.up_from)
    instance.life = heir
    instance.waits = True
    heir.call_off = engine.timers.at(
        instance.again_s, partial(_begin_again, engine, instance, heir)
    )


def _delay(instance: Instance, up: float) -> float:
    """How long a restart waits after a main process that was up for a time, in seconds."""
    back_off = instance.plan.restart
    delay = back_off.first if up >= back_off.reset else instance.delay
    instance.delay = min(2.0 * delay, back_off.most)
    return delay


def _begin_again(engine: Engine, instance: Instance, heir: Task, now: float) -> None:
    instance.waits = False
    instance.restarts += 1
    heir.created_s = heir.since = now
    engine.meters.note(heir.name, "restarted", f"for the {instance.restarts}. time", now)
    engine.wake(heir, now)


def crash(engine: Engine, shared: Shared, state: str, reason: str, now: float) -> list[Instance]:
    """Take down a machine that several share, and all in it; return which instances were in it."""
    shared.fail(reason)
    shared.sharing.has_crashed = True
    lost = []
    for task in tuple(shared.inside):
        depth = next(depth for depth, visited in task.visits.items() if visited is shared)
        if task.instance is not None and not task.instance.waits:
            lost.append(task.instance)
        end(engine, task, state, reason, now, keep=depth - 1)
    shared.machine = None
    maker = shared.maker
    if maker.is_live:
        maker.ends = None
        end(engine, maker, state, reason, now)
    return lost


def panic(engine: Engine, reason: str, now: float, up_from: float) -> list[Instance]:
    """Take a host down with all on it until a time; its disk keeps what was finished.

    Returns the instances that this took; those that waited for a restart wait longer.
    """
    engine.up_from = up_from
    engine.has_rebooted = True
    lost = []
    for instance in engine.instances:
        life = instance.life
        if life is not None and life.is_live:
            if not instance.waits:
                lost.append(instance)
            end(engine, life, FAILED, reason, now)
    for task in (*engine.working, *engine.servants):
        if task.is_live:
            task.ends = None
            end(engine, task, FAILED, reason, now)
    _forget(engine, now)
    return lost


def _forget(engine: Engine, now: float) -> None:
    """Empty the host's memory of daemons, caches and shared machines."""
    machine = engine.machine
    engine.scanner.forget(now)
    engine.idling.end(machine, now)
    for account in machine.daemons.values():
        account.close()
    machine.daemons.clear()
    machine.shared.clear()
    machine.kernel.forget()
    machine.store.forget()
