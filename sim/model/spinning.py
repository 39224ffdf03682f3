"""Waiting busily: a thread takes what it gets of a core until a time, whatever that is."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from sim.model.activity import Wait
from sim.model.task import Task
from sim.model.timers import Action
from sim.resources.rate import RESOLUTION

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


def spin(engine: Engine, task: Task, activity: Wait, now: float) -> bool:
    """Claim a core until so long after the phase began; False where that is over already."""
    until = task.phase_since + activity.seconds
    if until <= now + RESOLUTION:
        return False
    task.net, task.tare = 0.0, activity.spins
    engine.compute(task, task.machines[activity.at], inf, 1, now)
    stop = task.call_off
    assert stop is not None
    end = engine.timers.at(until, partial(_end, engine, task, stop))
    task.call_off = partial(_call_off, stop, end)
    return True


def _end(engine: Engine, task: Task, stop: Action, now: float) -> None:
    stop(now)
    engine.wake(task, now)


def _call_off(stop: Action, end: Action, now: float) -> None:
    stop(now)
    end(now)
