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

_TRIES = 2
"""How often a run is done alone: the first time may meet a crew that has fallen already."""


_STILL_THERE = (
    "the runs so far are kept, and the same sweep goes on from them; a script calls it under "
    "`if __name__ == '__main__':`, since each process reads the script anew"
)


def carry_out(agenda: Agenda, crew: Crew, journal: Journal, progress: Progress) -> None:
    """Do all runs of an agenda. Raises: OutputError, or TareError where the crew is beyond help."""
    _Foreman(agenda, crew, journal, progress).work()


class _Foreman:
    """Hands out chunks, and sees to it that each run has an outcome."""

    def __init__(self, agenda: Agenda, crew: Crew, journal: Journal, progress: Progress) -> None:
        self._agenda, self._crew, self._journal = agenda, crew, journal
        self._progress = progress
        self._pace = Pace()
        self._flying: dict[Outcomes, list[Task]] = {}

    def work(self) -> None:
        """Go on until all is done."""
        self._progress(self._agenda.done, self._agenda.total)
        while self._send():
            done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            broken = [task for future in done for task in self._received(future)]
            if broken:
                self._again(broken)

    def _send(self) -> bool:
        """Hand out what there is; say whether anything is under way."""
        width = self._crew.width
        while len(self._flying) < width and (tasks := self._agenda.take(self._pace.size)):
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
        outcomes: Sequence[Outcome] = ()
        for _ in range(_TRIES):
            try:
                outcomes = self._crew.submit([task]).result()
                break
            except BrokenExecutor:
                self._crew.renew()
            except TareError:
                raise
            except Exception as error:
                reason = reason_of(error)
                break
        if not outcomes:
            self._check_crew()
        self._keep(outcomes or [Outcome(task.key, {}, reason, lost=True)])

    def _check_crew(self) -> None:
        """See that it is the run which came to nothing, and not whoever is to do it."""
        try:
            self._crew.submit([]).result()
        except TareError:
            raise
        except Exception as error:
            problem = f"nobody is left who could do a run: {reason_of(error)}"
            raise TareError(problem, _STILL_THERE) from error
