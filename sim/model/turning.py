"""The turning points of a life: it gets its ports, is ready, has stopped, and is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.activity import Exit, Ready, Stop
from sim.model.demand import go_on, settle_demand
from sim.model.instance import EXITED, READY, STOPPING
from sim.model.lives import end
from sim.model.ports import Bind, Taken
from sim.model.residence import live_on
from sim.model.task import Task, Unavailable

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


def ready(engine: Engine, task: Task, activity: Ready, now: float) -> bool:
    """Become ready, and go on asking for the steady demand."""
    task.begin("", now)
    task.state = READY
    task.ready_s = now
    engine.meters.note(task.name, READY, "", now)
    instance = task.instance
    assert instance is not None
    if instance.rise(now):
        instance.phases, instance.spent = task.phases, task.spent
    go_on(engine, task, now)
    live_on(engine, task, now)
    return False


def stop(engine: Engine, task: Task, activity: Stop, now: float) -> bool:
    """Give back what the main process held and asked for; what is around it stands yet."""
    settle_demand(engine, task, now, is_last=True)
    engine.ready.pop(task, None)
    if task.account is not None:
        task.account.close()
        task.account = None
    task.state = STOPPING
    return False


def exit_(engine: Engine, task: Task, activity: Exit, now: float) -> bool:
    """End with a status, which stands already where the main process was stopped."""
    status = activity.status if activity.status is not None else task.status
    end(engine, task, EXITED, "", now, keep=task.lasting_depth, status=status)
    return True


def bind(engine: Engine, task: Task, activity: Bind, now: float) -> bool:
    """Take the ports of the host that the instance publishes, or fail as an engine would."""
    instance = task.instance
    assert instance is not None
    try:
        engine.ports.take(instance.plan.ports, instance.name)
    except Taken as taken:
        who = f"port {taken.port} of the host is already {{}} {taken.owner}"
        if activity.is_main:
            raise Unavailable(who.format("in use by")) from None
        instance.rests = True
        raise Unavailable(who.format("allocated to")) from None
    return False
