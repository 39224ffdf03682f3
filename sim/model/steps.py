"""Builds in motion: steps go on side by side as soon as those that they need are over.

A step whose outcome the store has is not performed again. What a step writes is in the page cache
and goes to the disk meanwhile, for which nobody waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import nan
from typing import TYPE_CHECKING

from sim.model.activity import Await, Write
from sim.model.build_activity import ByHand, Commit, Download, Make, Pause, Recall
from sim.model.building import BY_HAND, PlannedBuild
from sim.model.components import BUILD_CACHE, FILES
from sim.model.gate import Gate
from sim.model.inside import count_fetches
from sim.model.instance import FAILED
from sim.model.lives import end
from sim.model.machine import Machine
from sim.model.origin import OUTSIDE
from sim.model.task import WAITING, Task

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


class StepRecord:
    """A step of a build of an instance: when it began and was over, and whether it was cached."""

    __slots__ = (
        "begins_s", "build", "ends_s", "group", "instance", "is_cached", "machine", "number",
        "over", "planned",
    )  # fmt: skip

    def __init__(self, task: Task, build: PlannedBuild, number: int, machine: Machine) -> None:
        self.group = task.group
        self.instance = task.name
        self.build = build
        self.number = number
        self.planned = build.steps[number]
        self.machine = machine
        self.begins_s = self.ends_s = nan
        self.is_cached = False
        self.over = Gate()

    @property
    def key(self) -> str:
        """What its outcome is known by: its key in a cache, or its place where there is none."""
        step = self.planned.step
        return step.key if self.build.keeps else f"{self.instance}:{step.line}:{step.name}"


def pause(engine: Engine, task: Task, activity: Pause, now: float) -> bool:
    """Wait until so long after the instance was ready."""
    until = task.ready_s + activity.seconds
    if until <= now:
        return False
    engine.sleep(task, until)
    return True


def make(engine: Engine, task: Task, activity: Make, now: float) -> bool:
    """Start all steps of a build, and wait for the last of them."""
    build, machines = activity.build, task.machines[: activity.build.at + 1]
    numbers = range(len(build.steps))
    records = [StepRecord(task, build, number, machines[-1]) for number in numbers]
    engine.steps.extend(records)
    makers = [_maker(task, record, records, machines, now) for record in records]
    done = Gate()
    for maker in makers:
        maker.ends = partial(_end_step, engine, task, build, records, done)
        engine.expect(maker, count_fetches(maker.activities))
        engine.start(maker, now)
    if not records:
        _be_done(engine, task, build, done, now)
    if not engine.wait_at(done, task, WAITING, now):
        return False
    task.call_off = partial(_abandon, engine, makers)
    return True


def _maker(
    task: Task,
    record: StepRecord,
    records: Sequence[StepRecord],
    machines: list[Machine],
    now: float,
) -> Task:
    """Who performs a step once those before it are over."""
    planned = record.planned
    if planned.bundle is not None and planned.bundle.is_present:
        record.machine.store.provide(planned.bundle)
    before = (Await(records[need].over) for need in planned.needs)
    activities = (*before, Recall(record), *_typed(task, record), *planned.activities)
    name = f"{task.name}: {planned.step.name}"
    return Task(name, None, (*activities, Commit(record)), machines, now, group=task.group)


def _typed(task: Task, record: StepRecord) -> Iterator[ByHand]:
    """What a person does where there is no builder who would."""
    build = record.build
    if build.order.by_hand and not build.keeps and record.planned.step.kind in BY_HAND:
        yield ByHand(task.name if build.order.is_repeated else "")


def _end_step(
    engine: Engine,
    task: Task,
    build: PlannedBuild,
    records: Sequence[StepRecord],
    done: Gate,
    maker: Task,
    now: float,
) -> None:
    """Let the builder go on after the last step, or fail with one that failed."""
    if maker.state == FAILED:
        end(engine, task, FAILED, f"{maker.name}: {maker.reason}", now)
    elif all(record.over.is_open for record in records):
        _be_done(engine, task, build, done, now)


def _be_done(engine: Engine, task: Task, build: PlannedBuild, done: Gate, now: float) -> None:
    """Note that a build is over, and let those know who wait for what came out of it."""
    engine.open(done, now)
    deliveries = engine.network.deliveries
    if build.order.is_delivered and deliveries is not None:
        deliveries.tell(task.group, build.number, now)
    engine.expect(task, -1)


def _abandon(engine: Engine, makers: Sequence[Task], now: float) -> None:
    """Stop the steps that are under way, since nobody waits for them any more."""
    for maker in makers:
        maker.ends = None
        if maker in engine.working:
            end(engine, maker, FAILED, "the build was given up", now)


def recall(engine: Engine, task: Task, activity: Recall, now: float) -> bool:
    """Begin a step; go to its end where its outcome is known."""
    record = activity.step
    record.begins_s = now
    if record.build.keeps and record.key in record.machine.store.outcomes:
        record.is_cached = True
        task.cursor = len(task.activities) - 1
    return False


def commit(engine: Engine, task: Task, activity: Commit, now: float) -> bool:
    """Keep what a step wrote, send it to the disk, and let go on who needs it."""
    record, step = activity.step, activity.step.planned.step
    if not record.is_cached:
        _keep(record)
        if step.work.write:
            writing = Write(record.build.at, step.work.write, component=None)
            engine.start(Task(task.name, None, (writing,), task.machines, now), now)
    record.ends_s = now
    engine.open(record.over, now)
    return False


def _keep(record: StepRecord) -> None:
    """Take the space of what a step wrote, once. Raises: DiskFull.

    What later builds leave beside the first is more than a process would need.
    """
    store, layer = record.machine.store, record.planned.step.layer
    if record.key and layer and record.key not in store.outcomes:
        store.space.hold(record.key, layer, BUILD_CACHE if record.build.number else FILES)
        store.have_built(record.key)
    if record.key:
        store.outcomes.add(record.key)


def download(engine: Engine, task: Task, activity: Download, now: float) -> bool:
    """Bytes of servers outside, over the host's link, on several connections at once."""
    many = activity.connections
    engine.network.transfer(engine, task, activity.size, now, source=OUTSIDE, connections=many)
    return True
