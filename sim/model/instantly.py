"""What activities do for machines that are there before a run: the same state, in no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.activity import (
    Acquire,
    Allocate,
    Begin,
    Compute,
    Enter,
    Fetch,
    Map,
    PassOn,
    Read,
    Sync,
    Wait,
    Write,
)
from sim.model.perform import Handlers, allocate, enter, map_, take_space
from sim.model.pulling import provide
from sim.model.task import Task

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


def _recall(engine: Engine, task: Task, activity: Read, now: float) -> bool:
    """Have the content in the page caches, as a read leaves it."""
    machine = task.machines[activity.at]
    machine.absent(activity.content, activity.size, machine.account)
    return False


def _pass_over(engine: Engine, task: Task, activity: object, now: float) -> bool:
    return False


INSTANTLY: Handlers = {
    Acquire: _pass_over,
    Allocate: allocate,
    Begin: _pass_over,
    Compute: _pass_over,
    Enter: enter,
    Fetch: provide,
    Map: map_,
    PassOn: _pass_over,
    Read: _recall,
    Sync: _pass_over,
    Wait: _pass_over,
    Write: take_space,
}
