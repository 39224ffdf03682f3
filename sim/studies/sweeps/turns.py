"""Where platforms change places along an axis of a sweep, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import nan

import pandas as pd

from sim.spec.sweep import Crossover
from sim.studies.sweeps.answers import framed
from sim.studies.sweeps.axes import Axis
from sim.studies.sweeps.conduct import Conduct
from sim.studies.sweeps.crossings import Along, Crossing, crossings
from sim.studies.sweeps.designs import Points
from sim.studies.sweeps.narrowing import Scale
from sim.studies.sweeps.runs import Values
from sim.studies.sweeps.sheet import Row
from sim.studies.sweeps.told import Told

_WITHIN = 0.02
"""How closely a place is found where the sweep does not say it, as a share of it."""


def turns_of(
    conduct: Conduct,
    tell: Callable[[], Iterator[Told]],
    design: Points,
    metrics: Sequence[str],
    asked: Crossover | None,
) -> pd.DataFrame:
    """Find where platforms change places in what was asked.

    Where nothing was, it is the first metric on a grid, along its axis of most numbers.
    """
    axis, of, within = _asked(design, metrics, asked)
    if axis is None:
        return framed("crossings", design.axes, [])
    others = [each for each in design.axes if each is not axis]
    found = crossings(tell(), of, _along(axis, within), _perform(conduct))
    rows = (_row(each, axis, others) for each in found)
    return framed("crossings", others, rows)


def _asked(
    design: Points, metrics: Sequence[str], asked: Crossover | None
) -> tuple[Axis | None, Sequence[str], float]:
    """The axis, the metrics and how closely; no axis where there is none of numbers on a grid."""
    numbers = [axis for axis in design.axes if axis.writing is not None and len(axis.values) > 1]
    if asked is None:
        longest = max(numbers, key=lambda axis: len(axis.values), default=None)
        return longest if design.design == "grid" else None, metrics[:1], _WITHIN
    along = next((axis for axis in numbers if axis.path == asked.along), None)
    return along, [asked.of], asked.within


def _along(axis: Axis, within: float) -> Along:
    writing = axis.writing
    assert writing is not None
    scale = Scale(within, axis.is_log, writing.is_whole)
    return Along(axis.path, writing.number, writing.written, scale)


def _perform(conduct: Conduct) -> Callable[[Sequence[Values], Sequence[str]], list[Told]]:
    def perform(design: Sequence[Values], platforms: Sequence[str]) -> list[Told]:
        return [*conduct.told(design, conduct.run(design, platforms))]

    return perform


def _row(each: Crossing, axis: Axis, others: Sequence[Axis]) -> Row:
    turn = each.turn
    precision = (turn.high - turn.low) / 2 / turn.value if turn.value else nan
    at = [other.cell(each.values) for other in others]
    names = axis.name, each.first, each.second
    return (
        each.metric,
        *at,
        *names,
        *(turn.value, turn.low, turn.high, precision),
        axis.unit,
        each.reason,
    )
