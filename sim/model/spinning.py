"""Waiting busily: a thread takes what it gets of a core until a time, whatever that is."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from sim.model.task import Task
from sim.model.timers import Action

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine
    from sim.model.machine import Machine


def spin(
    engine: Engine, task: Task, machine: Machine, tare: str, until: float, now: float
) -> None:
    """Let a task claim a core of a machine until a time; what it gets counts as `tare`."""
    task.net, task.tare = 0.0, tare
    engine.compute(task, machine, inf, 1, now)
    stop = task.call_off
    assert stop is not None
    end = engine.timers.at(until, partial(_end, engine, task, stop))
    task.call_off = partial(_call_off, stop, end)


def _end(engine: Engine, task: Task, stop: Action, now: float) -> None:
    stop(now)
    engine.wake(task, now)


def _call_off(stop: Action, end: Action, now: float) -> None:
    stop(now)
    end(now)
