"""What each kind of activity does: start a wait and return True, or return False, done at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sim.model.activity import (
    Acquire,
    Allocate,
    Arrive,
    Begin,
    Compute,
    Enter,
    Join,
    Lie,
    Map,
    Occupy,
    PassOn,
    Read,
    Refuse,
    Sync,
    Wait,
    Write,
)
from sim.model.gate import Gate
from sim.model.machine import build
from sim.model.pressure import commit, pay, touch
from sim.model.residence import settle_in
from sim.model.sharing import find_shared, install
from sim.model.spinning import spin
from sim.model.task import DISK, LOCKS, WAITING, Task, Unavailable
from sim.resources.memory import Account, Exhausted

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

Handler = Callable[["Engine", Task, Any, float], bool]  # each takes the kind it is listed under
Handlers = Mapping[type, Handler]


def begin(engine: Engine, task: Task, activity: Begin, now: float) -> bool:
    """Note the phase."""
    task.begin(activity.phase, now)
    return False


def refuse(engine: Engine, task: Task, activity: Refuse, now: float) -> bool:
    """Fail."""
    raise Unavailable(activity.reason)


def occupy(engine: Engine, task: Task, activity: Occupy, now: float) -> bool:
    """Have the paths, which stay what they are when the instance ends."""
    reason = task.machines[activity.at].store.occupy(activity.bundle)
    if reason:
        raise Unavailable(reason)
    return False


def wait(engine: Engine, task: Task, activity: Wait, now: float) -> bool:
    """Set a timer; who waits busily works with its memory meanwhile."""
    if activity.spins:
        if touch(engine, task, now):
            task.cursor -= 1
            return True
        return spin(engine, task, activity, now)
    seconds = activity.seconds * task.varied(activity.variation)
    engine.sleep(task, now + seconds + _grown(task, activity))
    task.spending(WAITING, now)
    return True


def compute(engine: Engine, task: Task, activity: Compute, now: float) -> bool:
    """Join the CPU of the machine, with all in memory that the work touches.

    Threads share as that many claims of one core would.
    """
    if touch(engine, task, now):
        task.cursor -= 1
        return True
    factor = task.varied(activity.variation)
    task.net, task.tare = activity.net * factor, activity.tare
    work = activity.work * factor + _grown(task, activity)
    engine.compute(task, task.machines[activity.at], work, activity.threads, now)
    return True


def _grown(task: Task, activity: Wait | Compute) -> float:
    """What an activity takes more for the instances that exist on the kernel where it happens.

    Who waits for the lock under which it is done has added nothing yet to what it scans.
    """
    waiting = task.holds[-1].waiting if task.holds else 0
    existing = task.machines[activity.at].kernel.existing - waiting
    return (activity.linear + activity.quadratic * existing) * existing


def read(engine: Engine, task: Task, activity: Read, now: float) -> bool:
    """Read what no page cache on the way has; who wants what is being read waits for it."""
    if not activity.size:
        return False
    machine = task.machines[activity.at]
    gate = machine.pending(activity.content)
    if gate is not None:
        task.cursor -= 1
        return engine.wait_at(gate, task, DISK, now)
    size = machine.absent(activity.content, activity.size, task.account or machine.account)
    if size <= 0:
        return pay(engine, task, now)
    task.arrival = Gate()
    machine.expect(activity.content, task.arrival)
    engine.blocks.transfer(task, machine, size, now, is_write=False)
    return True


def write(engine: Engine, task: Task, activity: Write, now: float) -> bool:
    """Take the space, then write to the host's disk."""
    take_space(engine, task, activity, now)
    machine = task.machines[activity.at]
    engine.blocks.transfer(task, machine, activity.size, now, is_write=True)
    return True


def sync(engine: Engine, task: Task, activity: Sync, now: float) -> bool:
    """Write page after page, each when the disk has the one before."""
    engine.blocks.sync(task, task.machines[activity.at], activity.count, now)
    return True


def take_space(engine: Engine, task: Task, activity: Write | Lie, now: float) -> bool:
    """Take the space of what is written, or lies there, and no time."""
    if activity.component is not None:
        space = task.machines[activity.at].store.space
        space.write(task.name, activity.component, activity.size)
    return False


def acquire(engine: Engine, task: Task, activity: Acquire, now: float) -> bool:
    """Queue for a lock of the machine's kernel."""
    lock = task.machines[activity.at].kernel.lock(activity.lock)
    if lock.acquire(task):
        task.holds.append(lock)
        return False
    task.call_off = lambda now: lock.withdraw(task)
    task.spending(LOCKS, now)
    return True


def pass_on(engine: Engine, task: Task, activity: PassOn, now: float) -> bool:
    """Let go of a lock; who is next in its queue goes on."""
    engine.pass_on(task.holds.pop(), now)
    return False


def allocate(engine: Engine, task: Task, activity: Allocate, now: float) -> bool:
    """Charge memory to the instance, to the machine inside, or to what stands around it."""
    account = _account(task, activity)
    commit(engine, task.machines[activity.at].kernel, activity.size)
    account.charge(
        activity.component,
        activity.size,
        pinned=activity.pinned,
        content=activity.content,
        alike=activity.alike,
    )
    return pay(engine, task, now, activity.size)


def map_(engine: Engine, task: Task, activity: Map, now: float) -> bool:
    """Map files, of which each kernel holds one copy, the one around perhaps for this one."""
    account, size, component = _account(task, activity), activity.size, activity.component
    here, content = task.machines[activity.at].holder(activity.content)
    if here.kernel.ledger is account.ledger:
        account.map(content, size, component)
    else:
        account.map_outside(here.account, content, size, component)
    return pay(engine, task, now)


def _account(task: Task, activity: Allocate | Map) -> Account:
    machine = task.machines[activity.at]
    if activity.outside:
        if activity.at not in task.outside:
            task.outside[activity.at] = Account(machine.account, name=task.name)
        return task.outside[activity.at]
    if task.instance is None or activity.at < len(task.insides):
        return machine.account
    if task.account is None:
        task.account = settle_in(task, machine)
    return task.account


def enter(engine: Engine, task: Task, activity: Enter, now: float) -> bool:
    """Put up the walls of the next boundary, or fail: nobody is killed for what is reserved."""
    inside = task.insides[activity.depth - 1]
    outer = task.machines[activity.depth - 1]
    is_warm = engine.is_warm and inside.is_ahead
    if inside.own_kernel:
        commit(engine, outer.kernel, inside.promised)
    install(engine, outer, inside, now)
    try:
        machine = build(engine.cpu, outer, inside, task, is_warm=is_warm)
    except Exhausted as full:
        raise Unavailable(f"no memory to make {inside.key}: {full}") from None
    task.machines.append(machine)
    task.owned.append(activity.depth)
    if inside.own_kernel:
        engine.scanner.look(machine, inside, now)
    return pay(engine, task, now)


def join(engine: Engine, task: Task, activity: Join, now: float) -> bool:
    """Take a place in a shared machine, and wait until it is up."""
    shared = find_shared(engine, task, activity.depth, now)
    shared.take(task)
    task.visits[activity.depth] = shared
    inside = task.insides[activity.depth - 1]
    if not inside.is_ahead:
        engine.expect(task, -inside.fetches)
    return engine.wait_at(shared.gate, task, WAITING, now)


def arrive(engine: Engine, task: Task, activity: Arrive, now: float) -> bool:
    """Go into the shared machine, which is up or has failed."""
    shared = task.visits[activity.depth]
    machine = shared.machine
    if machine is None:
        raise Unavailable(shared.failure)
    task.machines.append(machine)
    return False
