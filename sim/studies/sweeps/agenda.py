"""Which runs a sweep still needs, in the order of its design, as what came of others is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import nan

from sim.errors import TareError
from sim.studies.sweeps.journal import Journal
from sim.studies.sweeps.program import program
from sim.studies.sweeps.rules import Rule
from sim.studies.sweeps.runs import Problem, Task, Values

_KEY = 32
"""The hexadecimal digits of a run's key: 128 bits, so that no two runs share one."""


@dataclass(slots=True)
class Point:
    """A point of the design: what names its runs, or why it has none, and how many it has."""

    number: int
    keys: dict[str, bytes]
    reason: str = ""
    replications: int = 0

    def run(self, platform: str, replication: int) -> str:
        """The key of a run."""
        return _run_key(self.keys[platform], replication)


@dataclass(slots=True)
class _Open:
    """A point some of whose runs are still to come."""

    point: Point
    values: Values
    waiting: set[str] = field(default_factory=set)


class Agenda:
    """What is still to be run, point by point; what the journal holds is not run again.

    `numbers` are those of the design's points that are to be looked at, on which platforms.
    """

    def __init__(
        self,
        problem: Problem,
        design: Sequence[Values],
        rule: Rule,
        journal: Journal,
        numbers: Sequence[int],
        platforms: Sequence[str],
    ) -> None:
        self.points: list[Point] = []
        self.done, self.total = 0, len(numbers) * len(platforms) * rule.least
        self._problem, self._design, self._rule, self._journal = problem, design, rule, journal
        self._platforms = platforms
        self._coming: Iterator[int] = iter(numbers)
        self._ready: deque[Task] = deque()
        self._open: dict[str, list[_Open]] = {}

    @property
    def unfinished(self) -> list[int]:
        """The numbers of points some of whose runs are still to come, of those looked at so far."""
        return sorted({each.point.number for same in self._open.values() for each in same})

    def take(self, most: int) -> list[Task]:
        """The next runs, at most so many; none where all are done, or wait for others."""
        while len(self._ready) < most and (number := next(self._coming, None)) is not None:
            self._begin(number)
        return [self._ready.popleft() for _ in range(min(most, len(self._ready)))]

    def tell(self, key: str) -> None:
        """Say that a run's outcome is in the journal."""
        for opened in self._open.pop(key, []):
            opened.waiting.discard(key)
            self.done += 1
            if not opened.waiting:
                self._go_on(opened)

    def _begin(self, number: int) -> None:
        values = self._design[number]
        try:
            keys = {name: self._problem.key(values, name) for name in self._platforms}
        except TareError as error:
            self.points.append(Point(number, {}, " ".join(str(error).split())))
            self.total -= len(self._platforms) * self._rule.least
            return
        opened = _Open(Point(number, keys), values)
        self.points.append(opened.point)
        self._more(opened, self._rule.least)

    def _go_on(self, opened: _Open) -> None:
        """Decide whether a point that has all of its runs is to have more of them."""
        there = opened.point.replications
        if not self._rule.metric:
            return
        wanted = self._rule.wanted({name: self._told(opened, name) for name in opened.point.keys})
        if wanted > there:
            self.total += (wanted - there) * len(opened.point.keys)
            self._more(opened, wanted)

    def _more(self, opened: _Open, wanted: int) -> None:
        """Ask for replications up to a number, of every platform."""
        point = opened.point
        first, point.replications = point.replications, wanted
        for name in point.keys:
            for number in range(first, wanted):
                self._ask(opened, Task(point.run(name, number), opened.values, name, number))
        if not opened.waiting:
            self._go_on(opened)

    def _ask(self, opened: _Open, task: Task) -> None:
        """Have a run done, unless it is there or under way for a point that is the same."""
        if task.key in self._journal:
            self.done += 1
            return
        opened.waiting.add(task.key)
        same = self._open.setdefault(task.key, [])
        same.append(opened)
        if len(same) == 1:
            self._ready.append(task)

    def _told(self, opened: _Open, platform: str) -> list[float]:
        """The rule's metric in each replication that is done, in order."""
        runs = range(opened.point.replications)
        keys = (opened.point.run(platform, replication) for replication in runs)
        return [self._journal[key].metrics.get(self._rule.metric, nan) for key in keys]


def _run_key(key: bytes, replication: int) -> str:
    whole = sha256(program().encode() + key)
    whole.update(str(replication).encode())
    return whole.hexdigest()[:_KEY]
