"""An agenda carried out by a crew: what comes back is kept, whatever becomes of who did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from typing import TypeAlias

from sim.errors import TareError
from sim.studies.sweeps.agenda import Agenda
from sim.studies.sweeps.crews import Crew, Outcomes
from sim.studies.sweeps.journal import Journal
from sim.studies.sweeps.pace import Pace
from sim.studies.sweeps.runs import Outcome, Task, reason_of

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many runs are done, of how many that are known to be needed."""

_AHEAD = 2
"""Chunks under way for each worker, so that none waits for its next."""

_TRIES = 2
"""How often a run is done alone: the first time may meet a crew that has fallen already."""

_MOST_LOST = 5
"""Runs in a row of which no answer came, after which something else is wrong."""


def carry_out(
    agenda: Agenda, crew: Crew, journal: Journal, progress: Progress | None = None
) -> None:
    """Do all runs of an agenda. Raises: OutputError, or TareError where the crew is beyond help."""
    _Foreman(agenda, crew, journal, progress or _quiet).work()


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


class _Foreman:
    """Hands out chunks, and sees to it that each run has an outcome."""

    def __init__(self, agenda: Agenda, crew: Crew, journal: Journal, progress: Progress) -> None:
        self._agenda, self._crew, self._journal = agenda, crew, journal
        self._progress = progress
        self._pace = Pace()
        self._flying: dict[Outcomes, list[Task]] = {}
        self._lost = 0

    def work(self) -> None:
        """Go on until all is done."""
        while self._send():
            done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            broken = [task for future in done for task in self._received(future)]
            if broken:
                self._again(broken)

    def _send(self) -> bool:
        """Hand out what there is; say whether anything is under way."""
        most = self._crew.width * _AHEAD
        while len(self._flying) < most and (tasks := self._agenda.take(self._pace.size)):
            try:
                self._flying[self._crew.submit(tasks)] = tasks
            except BrokenExecutor:
                self._again(tasks)
        return bool(self._flying)

    def _received(self, future: Outcomes) -> list[Task]:
        """Keep what came back; what did not is returned."""
        tasks = self._flying.pop(future)
        try:
            outcomes = future.result()
        except TareError:
            raise
        except Exception:  # whatever an executor says of those that it lost
            return tasks
        self._pace.tell(sum(outcome.seconds for outcome in outcomes), len(outcomes))
        self._keep(outcomes)
        return []

    def _keep(self, outcomes: Sequence[Outcome]) -> None:
        self._journal.append(outcomes)
        self._lost = 0
        for outcome in outcomes:
            self._agenda.tell(outcome.key)
        self._progress(self._agenda.done, self._agenda.total)

    def _again(self, tasks: list[Task]) -> None:
        """Do runs again that came to nothing, each alone, to find the one that kills.

        All else that was under way is awaited first, or falls with it.
        """
        for future in list(self._flying):
            tasks += self._received(future)
        for task in tasks:
            self._alone(task)

    def _alone(self, task: Task) -> None:
        """Do one run with nothing beside it; where that fails too, so does the run, for now."""
        reason = "the process that ran it was ended, perhaps for want of memory"
        for _ in range(_TRIES):
            try:
                return self._keep(self._crew.submit([task]).result())
            except BrokenExecutor:
                self._crew.renew()
            except TareError:
                raise
            except Exception as error:
                reason = reason_of(error)
                break
        return self._give_up(task, reason)

    def _give_up(self, task: Task, reason: str) -> None:
        self._lost += 1
        if self._lost >= _MOST_LOST:
            problem = f"no answer came of {self._lost} runs in a row; the last: {reason}"
            raise TareError(problem, "the runs so far are kept; the same sweep goes on from them")
        self._journal.remember(Outcome(task.key, {}, reason))
        self._agenda.tell(task.key)
