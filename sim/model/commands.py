"""What somebody does to an instance: stops it, pauses it, starts it again, takes it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sim.model.activity import Activity
from sim.model.ending import KILLED
from sim.model.engine import Engine
from sim.model.instance import EXITED, Instance
from sim.model.lives import end
from sim.model.pausing import go_on, pause
from sim.model.task import Task

NOT_UP = "its main process did not run"


def obey(engine: Engine, instance: Instance, do: str, grace: float, now: float) -> None:
    """Do something to an instance that is on a host; where it cannot be done, note why.

    A main process that is still being made is not there to be stopped or paused, as in life.
    """
    if instance.leaving:
        return
    reason = _DOING[do](engine, instance, grace, now)
    engine.meters.note(instance.name, do, reason, now)
    engine.perform_all(now)


def can_start(instance: Instance) -> bool:
    """Whether there can be another life of an instance, whose last has to have ended."""
    has_ended = instance.life is not None and not instance.life.is_live
    return has_ended and not instance.leaving


def _stop(engine: Engine, instance: Instance, grace: float, now: float) -> str:
    """Ask by SIGTERM, and no longer after a time of grace."""
    life = _up(instance)
    if life is None:
        return _stay_down(engine, instance, now)
    instance.rests = True
    how = instance.plan.ending
    go_on(engine, life, now)
    if how.takes <= grace:
        engine.timers.at(now + how.takes, partial(_end_main, engine, life))
    if how.takes > grace or how.shuts_down:
        engine.timers.at(now + grace, partial(_end_by_force, engine, life))
    return ""


def _kill(engine: Engine, instance: Instance, grace: float, now: float) -> str:
    life = _up(instance)
    if life is None:
        return _stay_down(engine, instance, now)
    instance.rests = True
    _end_by_force(engine, life, now)
    return ""


def _stay_down(engine: Engine, instance: Instance, now: float) -> str:
    """Keep one that waits for its restart from it; of others nothing runs that could be stopped."""
    if not instance.waits or instance.life is None:
        return NOT_UP
    instance.rests = True
    end(engine, instance.life, EXITED, "", now, status=instance.status)
    instance.waits = False
    return ""


def _pause(engine: Engine, instance: Instance, grace: float, now: float) -> str:
    """Keep an instance off the processor; what it waits for goes on, and is taken up later."""
    life = _up(instance)
    if life is None:
        return NOT_UP
    if life.is_paused:
        return "it was paused already"
    pause(engine, life, now)
    return ""


def _unpause(engine: Engine, instance: Instance, grace: float, now: float) -> str:
    life = _up(instance)
    if life is None or not life.is_paused:
        return "it was not paused"
    go_on(engine, life, now)
    return ""


def _start(engine: Engine, instance: Instance, grace: float, now: float) -> str:
    """Begin another life after one that has ended; nothing of that one is left."""
    last = instance.life
    if last is None or last.ends is None or not can_start(instance):
        return "it had not ended"
    instance.rests = False
    instance.delay = instance.plan.restart.first
    engine.begin(instance, last.ends, now)
    return ""


def _remove(engine: Engine, instance: Instance, grace: float, now: float) -> str:
    instance.rests = instance.leaving = True
    life = instance.life
    if life is None or not life.is_live:
        return ""
    if life.is_up:
        _end_by_force(engine, life, now)
    else:
        end(engine, life, EXITED, "", now, status=instance.status)
        instance.waits = False
    return ""


def _up(instance: Instance) -> Task | None:
    """The life of an instance whose main process runs."""
    life = instance.life
    return life if life is not None and life.is_up and not instance.waits else None


def _end_main(engine: Engine, life: Task, now: float) -> None:
    """End a main process as the signal, or its handler, does."""
    if life.is_up and life.instance is not None:
        how = life.instance.plan.ending
        _leave(engine, life, how.status, how.stopped, now)


def _end_by_force(engine: Engine, life: Task, now: float) -> None:
    """End a main process that has not ended, or the init that shuts down after it."""
    if life.instance is None:
        return
    how = life.instance.plan.ending
    shuts_down = life.activities is how.stopped and life.cursor <= how.inside
    if life.is_up or (life.is_live and shuts_down):
        _leave(engine, life, KILLED, how.killed, now)


def _leave(
    engine: Engine, life: Task, status: int, activities: Sequence[Activity], now: float
) -> None:
    go_on(engine, life, now)
    life.status = status
    engine.turn(life, activities, now)


_DOING: Mapping[str, Callable[[Engine, Instance, float, float], str]] = {
    "stop": _stop,
    "kill": _kill,
    "pause": _pause,
    "unpause": _unpause,
    "start": _start,
    "remove": _remove,
}
