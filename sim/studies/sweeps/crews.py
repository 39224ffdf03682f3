"""Who does the runs: this process, others on this machine, or an executor that somebody gave."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeAlias

from sim.errors import TareError
from sim.studies.sweeps.program import program
from sim.studies.sweeps.runs import Outcome, Problem, Task, perform, perform_sent
from sim.studies.workers import deaf_to_interrupts, ending_children, started

Outcomes: TypeAlias = "Future[list[Outcome]]"

_AHEAD = 2
"""Chunks under way for each worker, so that none waits for its next."""


class Crew(Protocol):
    """Those who do runs."""

    @property
    def width(self) -> int:
        """How many chunks they have under way at a time."""

    def submit(self, tasks: Sequence[Task]) -> Outcomes:
        """Let them do some."""

    def renew(self) -> None:
        """Put others in the place of those that died. Raises: TareError where that cannot be."""


@contextmanager
def crew(problem: Problem, jobs: int, executor: Executor | None) -> Iterator[Crew]:
    """Whoever does the runs of a problem, until what is done with them ends."""
    if executor is not None:
        yield _Given(problem, executor, jobs)
    elif jobs == 1:
        yield _Here(problem)
    else:
        processes = _Processes(problem, jobs)
        try:
            with ending_children():
                yield processes
        finally:
            processes.pool.shutdown()


class _Here:
    """This process does them, as they come."""

    width = 1

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def submit(self, tasks: Sequence[Task]) -> Outcomes:
        future: Outcomes = Future()
        future.set_result(perform(self._problem, tasks))
        return future

    def renew(self) -> None:
        raise AssertionError  # this process does not die before itself


class _Processes:
    """Processes on this machine, of which a new set is started where one of them dies."""

    def __init__(self, problem: Problem, jobs: int) -> None:
        self.pool: ProcessPoolExecutor = started(jobs)
        self._jobs, self.width = jobs, jobs * _AHEAD
        self._pickled = pickle.dumps(problem)

    def submit(self, tasks: Sequence[Task]) -> Outcomes:
        with deaf_to_interrupts():
            return self.pool.submit(perform_sent, program(), self._pickled, tasks)

    def renew(self) -> None:
        self.pool.shutdown()
        self.pool = started(self._jobs)


class _Given:
    """An executor of the standard library's kind, wherever its workers are."""

    def __init__(self, problem: Problem, executor: Executor, jobs: int) -> None:
        self.width = jobs * _AHEAD
        self._executor = executor
        self._pickled = pickle.dumps(problem)

    def submit(self, tasks: Sequence[Task]) -> Outcomes:
        return self._executor.submit(perform_sent, program(), self._pickled, list(tasks))

    def renew(self) -> None:
        problem = "the executor that was given has broken down"
        raise TareError(problem, "the runs so far are kept; the same sweep goes on from them")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
