"""The memory of an instance while it lives: its account, its growth, and the course it follows."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

from sim.model.components import PRIVATE
from sim.model.lives import report_free
from sim.model.machine import Machine
from sim.model.pressure import ask_for
from sim.model.task import Task
from sim.resources.memory import Account
from sim.resources.rate import RESOLUTION

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

MOST_STEPS = 10_000
"""Memory that grows does so in steps: one a second, but no more than this in a run."""


def settle_in(task: Task, machine: Machine) -> Account:
    """Open the account of a main process, which the kernel may choose as a victim."""
    plan = task.plan
    assert plan is not None
    residence = plan.residence
    machine.kernel.ledger.active = residence.active
    return Account(
        machine.account,
        owner=task,
        adjust=residence.adjust,
        processes=residence.processes,
        active=residence.active,
        name=task.name,
    )


def live_on(engine: Engine, task: Task, now: float) -> None:
    """Let the memory of an instance that is ready grow, or follow its course."""
    plan = task.plan
    assert plan is not None
    residence = plan.residence
    if task.account is None:
        task.account = settle_in(task, task.machines[-1])
    if residence.times:
        _follow_on(engine, task, bisect_right(residence.times, now + RESOLUTION))
    elif residence.growth:
        every = max(1.0, engine.horizon / MOST_STEPS)
        engine.timers.at(now + every, partial(_grow, engine, task, every, residence.most))


def _grow(engine: Engine, task: Task, every: float, most: float, now: float) -> None:
    """Take what has been growing since the last step, as far as it goes; slower above `high`."""
    if not task.is_live:
        return
    assert task.plan is not None
    size = int(min(most, task.plan.residence.growth * every))
    excess = ask_for(engine, task, PRIVATE, size, now)
    if most > size:
        engine.timers.at(now + every + excess, partial(_grow, engine, task, every, most - size))


def _follow_on(engine: Engine, task: Task, number: int) -> None:
    """Set a timer for a step of the course, by its number."""
    assert task.plan is not None
    times = task.plan.residence.times
    if number < len(times):
        engine.timers.at(times[number], partial(_follow, engine, task, number))


def _follow(engine: Engine, task: Task, number: int, now: float) -> None:
    """Take or give back the difference to what the course says."""
    if not task.is_live or task.account is None:
        return
    assert task.plan is not None
    residence = task.plan.residence
    aim = int(residence.values[number])
    held = task.account.private.get(PRIVATE, 0)
    if aim > held:
        ask_for(engine, task, PRIVATE, aim - held, now)
    elif aim < held:
        task.account.discharge(PRIVATE, held - aim)
        report_free(engine, task.machines, now)
    _follow_on(engine, task, number + 1)
