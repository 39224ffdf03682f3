"""Memory that runs short: what is read back before it is touched, what is paid, and who is killed.

Ledgers decide what makes way, cache first, then swap; they count bytes and take no time. Here the
bytes that went to and from the swap become work for the disk, above `high` an asker is slowed,
and where nothing makes way any more the kernel kills.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING

from sim.model.demand import move_again, note_use, stand_still
from sim.model.ending import FAILED as FAILED_STATUS
from sim.model.instance import FAILED, KILLED
from sim.model.lives import crash, end, report_free
from sim.model.machine import Kernel, Machine
from sim.model.task import WAITING, Task, Unavailable
from sim.resources.memory import Account, Exhausted, Ledger
from sim.resources.victims import Victim
from sim.units import SIZE, format_quantity

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

LOOK_AGAIN_S = 1.0
"""Instances whose memory was swapped out touch it again within this time, in seconds."""

MOST_LOOKS = 10_000
"""There are no more such times than this in a run, which are further apart in a long one."""

COMMIT_SHARE = 0.5
"""Of the memory, besides the swap, that `never` lets be promised: Linux's overcommit_ratio."""

LEAST_PIECE = 1024 * 1024
"""Swapped memory comes back in pieces of this many bytes, or the kernel must kill."""

PENALTY_S, LEAST_PENALTY_S, MOST_PENALTY_S = 64.0, 0.01, 2.0
BATCH = 64 * 4096
"""Above `high`, each `BATCH` bytes that are taken wait PENALTY_S times the square of the relative
excess, not at all below LEAST_PENALTY_S, and no longer than MOST_PENALTY_S. Source:
mem_cgroup_handle_over_high and calculate_high_delay in Linux's memcontrol.c."""


def make_way(engine: Engine, asker: Task, full: Exhausted, now: float) -> None:
    """Kill who must go so that the asker can ask again; it may be the asker itself."""
    kill_one(engine, asker, full, now)
    if asker.is_live:
        engine.retry(asker, now)


def kill_one(engine: Engine, asker: Task, full: Exhausted, now: float) -> None:
    """Kill the victim that the kernel chooses, or the asker where there is no other."""
    if not kill_victim(engine, full, now):
        _note_kill(asker)
        end(engine, asker, KILLED, _reason(full), now)


def kill_victim(engine: Engine, full: Exhausted, now: float) -> bool:
    """Kill the victim that the kernel chooses; False where there is none."""
    victims = full.where.victims() if isinstance(full.where, Ledger | Account) else []
    if victims:
        _kill(engine, victims[0], _reason(full), now)
    return bool(victims)


def _reason(full: Exhausted) -> str:
    return f"out of memory: {full}"


def _kill(engine: Engine, victim: Victim, reason: str, now: float) -> None:
    task = victim.owner
    assert isinstance(task, Task)
    holder = victim.holder
    if isinstance(holder, Ledger):
        _kill_machine(engine, task, holder, reason, now)
    elif holder.processes > 1:
        _kill_process(engine, task, holder, reason, now)
    else:
        _note_kill(task)
        end(engine, task, KILLED, reason, now, keep=task.lasting_depth)


def _note_kill(task: Task) -> None:
    if task.instance is not None and not task.instance.waits:
        task.instance.oom_kills += 1


def _kill_process(engine: Engine, task: Task, account: Account, reason: str, now: float) -> None:
    """Kill one of several processes, whose part of the memory is free; the others go on."""
    _note_kill(task)
    account.lose_process()
    report_free(engine, task.machines, now)
    left = f"one of {account.processes + 1} processes, {reason}"
    engine.meters.note(task.name, "process-killed", left, now)


def _kill_machine(engine: Engine, task: Task, ledger: Ledger, reason: str, now: float) -> None:
    """Kill a guest from outside: whoever made it, and all in it."""
    depth = next(
        depth for depth, machine in enumerate(task.machines) if machine.kernel.ledger is ledger
    )
    if task.instance is not None:
        _note_kill(task)
        end(engine, task, KILLED, reason, now, keep=depth - 1)
        return
    sharing = task.machines[depth - 1].shared.values()
    shared = next(one for of in sharing for one in of.machines if one.maker is task)
    for inside in shared.inside:
        _note_kill(inside)
    crash(engine, shared, KILLED, reason, now)


def ask_for(engine: Engine, task: Task, component: str, size: int, now: float) -> float:
    """Charge memory to an instance that runs; it, or another, may be killed for it.

    Returns the seconds that it is slowed for what it has above `high`.
    """
    while task.is_live and task.account is not None and size > 0:
        try:
            commit(engine, task.machines[-1].kernel, size)
            task.account.charge(component, size)
        except Unavailable as refused:
            keep = task.lasting_depth
            end(engine, task, FAILED, str(refused), now, keep=keep, status=FAILED_STATUS)
        except Exhausted as full:
            kill_one(engine, task, full, now)
        else:
            excess = _excess(task, size)
            pay_aside(engine, task.machines, now)
            return excess
    return 0.0


def commit(engine: Engine, kernel: Kernel, size: int) -> None:
    """Refuse what the kernel may not promise. Raises: Unavailable."""
    policy = engine.host.overcommit
    ledger = kernel.ledger
    if ledger.outer is not None or policy == "always":
        return
    most = ledger.capacity + ledger.swap
    if policy == "never":
        most = int(COMMIT_SHARE * ledger.capacity) + ledger.swap - ledger.committed
    if size > most:
        asked, left = (format_quantity(max(0, bytes_), SIZE) for bytes_ in (size, most))
        raise Unavailable(f"the host may promise {left} more, and {asked} were asked for")


def pay(engine: Engine, task: Task, now: float, size: int = 0) -> bool:
    """Wait for what was swapped out for a task's sake, or, as it took so much, for its excess."""
    if task.instance is None and task not in engine.working:  # it is made in no time
        pay_aside(engine, task.machines, now)
        return False
    excess = _excess(task, size)
    written = _written(engine, task.machines)
    if written:
        engine.blocks.transfer(task, engine.machine, written, now, is_write=True)
        look_again(engine, now)
    elif excess:
        engine.sleep(task, now + excess)
        task.spending(WAITING, now)
    return bool(written or excess)


def pay_aside(engine: Engine, machines: list[Machine], now: float) -> None:
    """Load the disk with what was swapped out, though nobody waits for it."""
    written = _written(engine, machines)
    if written:
        writer = Task("swap", None, (), [engine.machine], now)
        engine.working[writer] = None
        engine.blocks.transfer(writer, engine.machine, written, now, is_write=True)
        look_again(engine, now)


def _written(engine: Engine, machines: list[Machine]) -> int:
    """Bytes swapped out on these machines' kernels since this was last asked."""
    return sum(machine.kernel.newly_written() for machine in _kernels(machines))


def _kernels(machines: list[Machine]) -> list[Machine]:
    """One machine for each kernel."""
    return list({machine.kernel: machine for machine in machines}.values())


def _excess(task: Task, size: int) -> float:
    """Seconds that a task is slowed that has taken so much and is above a `high` around it."""
    if task.account is None:
        return 0.0
    within = [account for account in task.account.enclosing() if account.high]
    above = [(account.reclaim_high(), account.high or 0) for account in within]
    return max((_penalty(max(0, over - size), over, high) for over, high in above), default=0.0)


def _penalty(before: float, after: float, high: float) -> float:
    """Seconds that an account waits whose excess grows from one size to another, batch by batch."""
    least, most = (high * sqrt(each / PENALTY_S) for each in (LEAST_PENALTY_S, MOST_PENALTY_S))
    start, end = max(before, least), max(least, min(after, most))
    rising = PENALTY_S * max(0.0, end**3 - start**3) / (3.0 * high * high)
    return (rising + MOST_PENALTY_S * max(0.0, after - max(before, most))) / BATCH


def touch(engine: Engine, task: Task, now: float) -> bool:
    """Have in memory what a task's work touches; True where it has to be read back first.

    What was swapped out when it asked is read back once, however much of it goes out again
    meanwhile: so those who need more than there is are slow, and all get on.
    """
    note_use(engine, task, now)
    missing = _missing(task) if engine.machine.kernel.ledger.swap_used else 0
    task.owes = missing if task.owes is None else min(task.owes, missing)
    if task.owes <= 0:
        task.owes = None
        return False
    size = _swap_in(engine, task, now)
    task.owes -= size
    engine.blocks.transfer(task, engine.machine, size, now, is_write=False)
    pay_aside(engine, task.machines, now)
    return True


def _missing(task: Task) -> int:
    """Bytes of what it touches that are swapped out: its own, and those of the guests around."""
    own = 0 if task.account is None else task.account.missing
    return own + sum(machine.kernel.ledger.missing for machine in _kernels(task.machines))


def _swap_in(engine: Engine, task: Task, now: float) -> int:
    """Bring back what is missing. Raises: Exhausted."""
    note_use(engine, task, now)
    size = 0
    for machine in _kernels(task.machines):
        ledger = machine.kernel.ledger
        size += _as_fits(ledger.swap_in_region, ledger.missing)
    if task.account is not None:
        size += _as_fits(task.account.swap_in, task.account.missing)
    return size


def _as_fits(swap_in: Callable[[int], int], missing: int) -> int:
    """Bring bytes back, as many as there is room for: the swap that this frees makes room for more.

    Raises: Exhausted, where there is no room for the least piece.
    """
    try:
        return swap_in(missing)
    except Exhausted as full:
        if full.available < LEAST_PIECE:
            raise
        return swap_in(full.available)


def look_again(engine: Engine, now: float) -> None:
    """See soon to the ready instances whose memory was swapped out."""
    if not engine.is_looking:
        engine.is_looking = True
        every = max(LOOK_AGAIN_S, engine.horizon / MOST_LOOKS)
        engine.timers.at(now + every, partial(_look, engine))


def _look(engine: Engine, now: float) -> None:
    """Let those read back what their work touches, who work; they stand still meanwhile."""
    engine.is_looking = False
    if not engine.machine.kernel.ledger.swap_used:
        return
    look_again(engine, now)
    for task in tuple(engine.ready):
        if _works(task) and _missing(task) > 0:
            _page_in(engine, task, now)


def _works(task: Task) -> bool:
    """Whether it is still ready and asks for CPU."""
    return task.demand is not None and task.demand.cores > 0.0


def _page_in(engine: Engine, task: Task, now: float) -> None:
    try:
        size = _swap_in(engine, task, now)
    except Exhausted as full:
        kill_one(engine, task, full, now)
        return
    stand_still(engine, task, now)
    reader = Task("swap", None, (), [engine.machine], now)
    reader.ends = lambda reader, now: move_again(engine, task, now)
    engine.working[reader] = None
    engine.blocks.transfer(reader, engine.machine, size, now, is_write=False)
    pay_aside(engine, task.machines, now)
