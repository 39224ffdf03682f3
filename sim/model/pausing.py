"""A main process kept off the processor for a while: what it waits for goes on without it."""

from __future__ import annotations

from sim.model.demand import freeze, renew
from sim.model.engine import Engine
from sim.model.machine import Machine
from sim.model.task import Task
from sim.resources.rate import Leaf


def pause(engine: Engine, task: Task, now: float) -> None:
    """Let a task do nothing; disk, timers and links go on with what it asked of them."""
    task.is_paused = True
    freeze(engine, task, now)
    leaf = _computing(engine, task)
    if leaf is not None:
        task.claim = engine.cpu.claim(leaf)
        _recap(engine, leaf, (0.0, task.claim[1]), now)


def go_on(engine: Engine, task: Task, now: float) -> None:
    """Let a task that was paused take up what it was at, or what has come for it."""
    if not task.is_paused:
        return
    task.is_paused = False
    leaf = _computing(engine, task)
    if leaf is not None:
        _recap(engine, leaf, task.claim, now)
    if task.demand is not None:
        renew(engine, task, now)
    if task.is_due:
        task.is_due = False
        engine.wake(task, now)


def _computing(engine: Engine, task: Task) -> Leaf | None:
    return next((leaf for leaf, one in engine.computing.items() if one is task), None)


def _recap(engine: Engine, leaf: Leaf, claim: tuple[float, float], now: float) -> None:
    engine.cpu.recap(leaf, now, cap=claim[0], weight=claim[1])
    if isinstance(leaf.owner, Machine):
        engine.steal.touch(leaf.owner)
