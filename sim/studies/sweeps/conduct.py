"""Designs run, one after the other, by one crew and with one journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.errors import UsageError
from sim.studies.sweeps.agenda import Agenda, Point
from sim.studies.sweeps.carrying_out import Progress, carry_out
from sim.studies.sweeps.crews import Crew, cores, crew
from sim.studies.sweeps.journal import Journal
from sim.studies.sweeps.rules import Rule
from sim.studies.sweeps.runs import Problem, Values
from sim.studies.sweeps.told import Told, told

_MOST_NAMED = 12
"""How many points are named, of those that lack runs."""


class Tally:
    """How many runs are done, of how many, in this design and in those before it."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._before = self._now = (0, 0)

    def tell(self, done: int, total: int) -> None:
        """Hear of the design under way, and tell of all."""
        self._now = self._before[0] + done, self._before[1] + total
        if self._progress is not None:
            self._progress(*self._now)

    def end(self) -> None:
        """Begin another design."""
        self._before = self._now


@dataclass(frozen=True)
class Conduct:
    """How the runs of a problem are done, how often, and where what comes of them is kept."""

    problem: Problem
    rule: Rule
    journal: Journal
    crew: Crew
    tally: Tally

    def run(
        self,
        design: Sequence[Values],
        platforms: Sequence[str] | None = None,
        numbers: Sequence[int] | None = None,
    ) -> list[Point]:
        """Run the points of a design, or those of some numbers, on all platforms or some."""
        agenda = self._agenda(design, platforms, numbers)
        carry_out(agenda, self.crew, self.journal, self.tally.tell)
        self.tally.end()
        return agenda.points

    def found(self, design: Sequence[Values]) -> list[Point]:
        """The points of a design whose runs are all in the journal.

        Raises: UsageError where some are not.
        """
        agenda = self._agenda(design, None, None)
        missing = len(agenda.take(len(design) * self.rule.least * len(self.problem.platforms)))
        if missing:
            points = ", ".join(map(str, agenda.unfinished[:_MOST_NAMED]))
            where = points + ", …" * (len(agenda.unfinished) > _MOST_NAMED)
            problem = f"{missing} runs are not there yet, of {agenda.total}: at point {where}"
            raise UsageError(problem, "run the shards that are missing, or leave out --merge")
        return agenda.points

    def told(self, design: Sequence[Values], points: Sequence[Point]) -> Iterator[Told]:
        """What came of points, in order."""
        return told(points, design, self.journal)

    def _agenda(
        self,
        design: Sequence[Values],
        platforms: Sequence[str] | None,
        numbers: Sequence[int] | None,
    ) -> Agenda:
        whole = range(len(design)) if numbers is None else numbers
        chosen = self.problem.platforms if platforms is None else platforms
        return Agenda(self.problem, design, self.rule, self.journal, whole, chosen)


@contextmanager
def conducting(
    problem: Problem,
    rule: Rule,
    *,
    runs: Path | None = None,
    label: str = "runs",
    tries_again: bool = True,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[Conduct]:
    """Have runs done by all cores, by so many processes, or by an executor.

    What comes of them is kept in the folder `runs`, or else in memory; `label` begins the names of
    the files there. Runs there that were lost with their process are tried again, or stay lost.
    """
    journal = Journal(runs, label, tries_again=tries_again)
    try:
        with crew(problem, jobs or cores(), executor) as hands:
            yield Conduct(problem, rule, journal, hands, Tally(progress))
    finally:
        journal.close()
