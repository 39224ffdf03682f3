"""Simulate observations anew under their stated conditions: what the model says of each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.catalog.observed import (
    MOST_FAULTS,
    Row,
    calibrations,
    catalog_observations,
    read_what_can_be,
)
from sim.catalog.supposing import supposed
from sim.errors import Fault, ScenarioError
from sim.spec.observation import Observation
from sim.studies.conditions import scenario_of
from sim.studies.readings import Unreadable, predict
from sim.studies.workers import deaf_to_interrupts, workers

Progress = Callable[[int, int], None]
Role = Literal["fitted", "left-out", "outside", "unused"]
Outcome = tuple[float | None, str]

_COLUMN_OF = {
    **{"link": "link", "host": "host", "platforms": "platform", "load": "clients"},
    **{"image": "image", "workload": "workload", "cpu": "vcpus", "memory": "guest_memory"},
}
"""The column in which stands what a part of a scenario is made of; inner parts come first."""

_CELL = re.compile(r"^(platforms\.[^.]+|groups\.\w+\.\w+|host)\.?")
"""What of a path stands for the whole of a cell."""


@dataclass(frozen=True)
class Question:
    """What the model is asked of: an observation, under suppositions about numbers by path."""

    observation: Observation
    supposed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """One observation beside what the model says of it.

    `predicted` is in the observation's own unit, and `error` relative to what was measured, above
    zero where the model says more; both are None where it says nothing, for the `reason`.
    """

    observation: Observation
    predicted: float | None
    role: Role
    reason: str = ""

    @property
    def error(self) -> float | None:
        """The signed relative error."""
        if self.predicted is None:
            return None
        return self.predicted / self.observation.value - 1.0


def judge(
    rows: Sequence[Row] | None = None, *, jobs: int = 1, progress: Progress | None = None
) -> list[Judged]:
    """Judge observations, those of the catalog where none are given, in their order.

    `jobs` processes share them; what comes out does not depend on how many.
    Raises ScenarioError with all that is wrong with what the rows name.
    """
    chosen = catalog_observations() if rows is None else rows
    if rows is not None:
        check(rows)
    roles = _Roles()
    observations = [row.observation for row in chosen]
    told = _counted(outcomes([*map(Question, observations)], jobs), len(observations), progress)
    return [
        roles.judged(observation, each, is_own=rows is None)
        for observation, each in zip(observations, told, strict=True)
    ]


class _Roles:
    """Tells of each row of the catalog what part it had in the catalog's own numbers."""

    def __init__(self) -> None:
        self._fitted = {row for each in calibrations() for row in each.rows}
        told = (row.observation for row in catalog_observations())
        self._sources = {each.source for each in told if each.id in self._fitted}

    def judged(self, observation: Observation, outcome: Outcome, *, is_own: bool) -> Judged:
        """Put a row beside its outcome; of rows from elsewhere none was fitted."""
        predicted, reason = outcome
        if predicted is None:
            return Judged(observation, None, "unused", reason)
        value = predicted / observation.factor
        return Judged(observation, value, self._role(observation) if is_own else "outside")

    def _role(self, observation: Observation) -> Role:
        if observation.id in self._fitted:
            return "fitted"
        return "left-out" if observation.source in self._sources else "outside"


def read_checked(path: str | os.PathLike[str]) -> list[Row]:
    """Read a CSV file of observations, and look up all that its rows name.

    Raises ScenarioError with all that is wrong with it, by line, at most a hundred faults.
    """
    rows, faults = read_what_can_be(path)
    faults += _faults_of(rows)
    if faults:
        in_order = sorted(faults, key=lambda fault: fault.line or 0)
        raise ScenarioError(in_order[:MOST_FAULTS])
    return rows


def check(rows: Iterable[Row]) -> None:
    """Raise ScenarioError with all that is wrong with the hosts, platforms and so on of rows."""
    if faults := _faults_of(rows):
        raise ScenarioError(faults)


def _faults_of(rows: Iterable[Row]) -> list[Fault]:
    return [*dict.fromkeys(fault for row in rows for fault in _faults(row))]


def _faults(row: Row) -> Iterator[Fault]:
    references = (False,) if row.observation.relative_to is None else (False, True)
    for reference in references:
        try:
            scenario_of(row.observation, reference=reference)
        except ScenarioError as error:
            for fault in error.faults:
                yield _in_row(row, fault, reference=reference)


def _in_row(row: Row, fault: Fault, *, reference: bool) -> Fault:
    """A fault of a scenario as one of the cell that it comes from, with its place inside of it."""
    column = _column(fault.path)
    if reference and column == "platform":
        column = "relative_to"
    inside = _CELL.sub("", fault.path) if column else fault.path
    problem = f"{inside}: {fault.problem}" if inside else fault.problem
    return row.fault(column, problem, fault.remedy)


def _column(path: str) -> str:
    """The column that a path of the scenario was made from."""
    steps = path.split(".")
    inside = (column for step, column in _COLUMN_OF.items() if step in steps)
    return next(inside, "")


def outcomes(questions: Sequence[Question], jobs: int) -> Iterator[Outcome]:
    """What the model says of each, in order, whoever simulates it."""
    if jobs <= 1 or len(questions) == 1:
        yield from map(outcome, questions)
        return
    with workers(min(jobs, len(questions))) as pool:
        with deaf_to_interrupts():
            futures = [pool.submit(outcome, each) for each in questions]
        for future in futures:
            yield future.result()


def outcome(question: Question) -> Outcome:
    """What the model says of an observation, in base units, or None and why it says nothing."""
    observation = question.observation
    with supposed(question.supposed):
        try:
            value = predict(observation, scenario_of(observation))
            if observation.relative_to is None:
                return value, ""
            return value / predict(observation, scenario_of(observation, reference=True)), ""
        except Unreadable as reason:
            return None, str(reason)


def _counted(
    outcomes: Iterable[Outcome], total: int, progress: Progress | None
) -> Iterator[Outcome]:
    for done, each in enumerate(outcomes, start=1):
        if progress is not None:
            progress(done, total)
        yield each
