"""What a run is to a sweep: one alternative at one point, once more."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Protocol, TypeAlias

from sim.errors import TareError, UsageError
from sim.studies.sweeps.program import program

Values: TypeAlias = Mapping[str, object]
"""What a point sets, by path."""


class Problem(Protocol):
    """What is swept. It can be pickled, and answers the same question alike on any machine."""

    @property
    def platforms(self) -> Sequence[str]:
        """The alternatives that are compared at every point."""

    def key(self, values: Values, platform: str) -> bytes:
        """All that decides the outcome of runs there, but for the number of the replication.

        Raises: TareError where the point cannot be, with the reason.
        """

    def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
        """What one run measures, by metric."""


@dataclass(frozen=True, slots=True)
class Task:
    """A run that is to be done; `key` names it wherever it is kept."""

    key: str
    values: Values
    platform: str
    replication: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: its metrics, or the reason for which there are none.

    `seconds` is how long it took on the machine that ran it. It is `lost` where that machine is the
    reason, so that another command is to try it again.
    """

    key: str
    metrics: dict[str, float]
    reason: str = ""
    seconds: float = 0.0
    lost: bool = False


def perform(problem: Problem, tasks: Sequence[Task]) -> list[Outcome]:
    """Run tasks one after the other; one that fails is an outcome as well."""
    return [_perform(problem, task) for task in tasks]


def perform_sent(written_by: str, pickled: bytes, tasks: Sequence[Task]) -> list[Outcome]:
    """Run tasks in another process, which may be on another machine.

    Raises: UsageError where another program than that of the sender runs there.
    """
    if written_by != program():
        problem = "a worker runs another version of Tare, of Python or of their libraries"
        raise UsageError(problem, "install on every worker what is installed here")
    return perform(_unpickled(pickled), tasks)


@lru_cache(maxsize=2)
def _unpickled(pickled: bytes) -> Problem:
    problem: Problem = pickle.loads(pickled)
    return problem


def _perform(problem: Problem, task: Task) -> Outcome:
    began = perf_counter()
    metrics: dict[str, float] = {}
    reason, lost = "", False
    try:
        metrics = problem.run(task.values, task.platform, task.replication)
    except Exception as error:  # whatever it is, the other runs go on
        reason, lost = reason_of(error), isinstance(error, MemoryError | OSError)
    return Outcome(task.key, metrics, reason, perf_counter() - began, lost)


def reason_of(error: Exception) -> str:
    """Why a run failed, on one line."""
    named = str(error) if isinstance(error, TareError) else f"{type(error).__name__}: {error}"
    return " ".join(named.split())
