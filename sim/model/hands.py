"""The hands of one person who sets machines up: one step at a time, on whatever host."""

from __future__ import annotations

from collections import Counter, deque
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.model.build_activity import ByHand
from sim.model.streams import stream
from sim.model.task import WAITING, Task
from sim.spec.scenario import Person

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine


class Hands:
    """A queue of steps, first come first served, and what has been done by hand so far.

    `steps` counts those of each group; `slips` tells of each that an instance repeats whether it
    came out differently.
    """

    def __init__(self, person: Person, seed: int, replication: int) -> None:
        self.steps: Counter[str] = Counter()
        self.slips: dict[str, list[bool]] = {}
        self._person = person
        self._key = seed, replication
        self._draws: dict[str, np.random.Generator] = {}
        self._queue: deque[tuple[Engine, Task, ByHand]] = deque()
        self._until = inf

    def ask(self, engine: Engine, task: Task, activity: ByHand, now: float) -> None:
        """Queue for one step of the person."""
        self._queue.append((engine, task, activity))
        if self._until == inf:
            self._until = now + self._person.step.value

    def next(self) -> float:
        """When the step under way is done, infinite if there is none."""
        return self._until

    def step(self, now: float) -> list[Engine]:
        """Be done with a step, and begin the next; return the host that this reached."""
        engine, task, activity = self._queue.popleft()
        self._until = now + self._person.step.value if self._queue else inf
        self.steps[task.group] += 1
        if activity.repeats:
            slips = self.slips.setdefault(activity.repeats, [])
            slips.append(self._draw(activity.repeats) < self._person.slip.value)
        if task.is_live:
            engine.resume(task, now)
        return [engine]

    def _draw(self, instance: str) -> float:
        """The next number of an instance, whatever happens to others."""
        if instance not in self._draws:
            self._draws[instance] = stream(*self._key, instance, "slips")
        return float(self._draws[instance].random())


def by_hand(engine: Engine, task: Task, activity: ByHand, now: float) -> bool:
    """Wait for the person; what a restart does again, nobody does by hand."""
    hands = engine.network.hands
    if hands is None or (task.instance is not None and task.instance.restarts):
        return False
    hands.ask(engine, task, activity, now)
    task.spending(WAITING, now)
    return True
