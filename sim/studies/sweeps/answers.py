"""What a report is about, gathered from all points as they are told: frames of some metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from sim.records.schema import Column, number, text
from sim.records.sweep_schema import AXIS, SWEEP_TABLES
from sim.studies.sweeps import rows
from sim.studies.sweeps.axes import Axis
from sim.studies.sweeps.effects import Effects
from sim.studies.sweeps.frames import Gathered
from sim.studies.sweeps.sheet import Row
from sim.studies.sweeps.told import Told
from sim.studies.sweeps.winners import short, winner


@dataclass(frozen=True)
class Answers:
    """The frames of `records.sweep_schema` that say what came of a design."""

    points: pd.DataFrame
    summary: pd.DataFrame
    differences: pd.DataFrame
    winners: pd.DataFrame
    effects: pd.DataFrame
    short: pd.DataFrame
    failures: pd.DataFrame
    runs: int


def columns(table: str, axes: Sequence[Axis]) -> list[Column]:
    """The columns of a table, with those of the axes in their place."""
    known = SWEEP_TABLES[table]
    if AXIS not in known:
        return [*known]
    place = known.index(AXIS)
    return [*known[:place], *map(_column, axes), *known[place + 1 :]]


def levels(told: Told, axes: Sequence[Axis]) -> Row:
    """The values of a point as they stand in tables: numbers in base units, or words."""
    return [axis.cell(told.values) for axis in axes]


def gathered(
    points: Iterable[Told], axes: Sequence[Axis], metrics: Sequence[str], replications: int
) -> Answers:
    """Gather the answers of a design, of some metrics alone."""
    names = ("points", "summary", "differences", "winners", "short")
    tables = {name: Gathered(columns(name, axes)) for name in names}
    effects = Effects([axis.name for axis in axes], metrics, replications)
    failures, runs = _Failures(), 0
    for told in points:
        runs += sum(map(len, told.runs.values()))
        at = levels(told, axes)
        tables["points"].write(rows.points(told, at))
        tables["summary"].write(rows.summary(told, at, metrics))
        tables["differences"].write(rows.differences(told, at, metrics))
        tables["winners"].write(winners(told, at, metrics))
        tables["short"].write((told.number, name, *both) for name, both in short(told).items())
        effects.tell(told, at)
        failures.tell(told)
    frames = {name: table.frame() for name, table in tables.items()}
    return Answers(
        **frames,
        effects=framed("effects", axes, effects.rows()),
        failures=framed("failures", axes, failures.rows()),
        runs=runs,
    )


def winners(told: Told, at: Row, metrics: Iterable[str]) -> Iterator[Row]:
    """Who is best at a point, metric by metric."""
    found = (winner(told, at, metric) for metric in metrics)
    return (row for row in found if row is not None)


def framed(table: str, axes: Sequence[Axis], found: Iterable[Row]) -> pd.DataFrame:
    """Rows as the frame of a table."""
    whole = Gathered(columns(table, axes))
    whole.write(found)
    return whole.frame()


def _column(axis: Axis) -> Column:
    describe = text if axis.numbers is None else partial(number, unit=axis.unit)
    return describe(axis.name, AXIS.meaning)


class _Failures:
    """How often each reason was met: first those of points, then those of runs, by platform."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[int]] = {}

    def tell(self, told: Told) -> None:
        if told.reason:
            self._count(told.reason, "", told.number, 0)
        for platform, outcomes in told.runs.items():
            reasons = [outcome.reason for outcome in outcomes if outcome.reason]
            for reason in dict.fromkeys(reasons):
                self._count(reason, platform, told.number, reasons.count(reason))

    def _count(self, reason: str, platform: str, point: int, runs: int) -> None:
        found = self._found.setdefault((platform, reason), [0, 0, point])
        found[0] += 1
        found[1] += runs

    def rows(self) -> Iterator[Row]:
        for (platform, reason), found in sorted(self._found.items()):
            yield reason, platform, *found
