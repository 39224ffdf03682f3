"""The levels of an axis in order, and the scale on which they lie most evenly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from pandas import DataFrame

from sim.report.sweeps.swept import Axis

Some = TypeVar("Some")

_TWO = 2
_CLEARLY = 0.005
"""How much evener levels must lie on a log scale, so that it is worth its reading."""


@dataclass(frozen=True)
class Levels:
    """The different values of an axis: numbers from the least, words as they were written."""

    axis: Axis
    values: Sequence[object]

    @property
    def name(self) -> str:
        """The column of the axis."""
        return self.axis.name

    @property
    def is_words(self) -> bool:
        """Whether the values are no numbers, and lie side by side without a distance."""
        return self.axis.numbers is None

    @cached_property
    def numbers(self) -> Sequence[float]:
        """Where the values lie along the axis: words in steps of one."""
        if self.is_words:
            return [float(place) for place in range(len(self.values))]
        return [float(str(value)) for value in self.values]

    @cached_property
    def _places(self) -> dict[object, float]:
        return dict(zip(self.values, self.numbers, strict=True))

    def at(self, value: object) -> float:
        """Where a value lies along the axis."""
        return self._places[value]

    @cached_property
    def is_log(self) -> bool:
        """Whether they lie more evenly on a log scale than on a plain one."""
        if self.is_words or min(self.numbers, default=0.0) <= 0:
            return False
        return _evenness(np.log(self.numbers)) > _evenness(np.array(self.numbers)) + _CLEARLY

    @cached_property
    def middle(self) -> object:
        """The value in the middle of the order."""
        return self.values[len(self.values) // 2]

    def thinned(self, most: int) -> "Levels":
        """At most so many of the levels, evenly spread over the order, with both ends."""
        return Levels(self.axis, spread_over(self.values, most))


def levels_of(axis: Axis, points: DataFrame) -> Levels:
    """Give the levels of an axis that points of a sweep have."""
    found = [*dict.fromkeys(points[axis.name].tolist())]
    if axis.numbers is not None:
        found = sorted((value for value in found if not math.isnan(value)), key=float)
    return Levels(axis, found)


def spread_over(values: Sequence[Some], most: int) -> Sequence[Some]:
    """At most so many of some values, evenly spread over their order, with both ends."""
    if len(values) <= most:
        return values
    if most == 1:
        return [values[len(values) // 2]]
    step = (len(values) - 1) / (most - 1)
    return [values[round(place * step)] for place in range(most)]


def _evenness(places: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """How well places lie on a straight line: the square of their correlation with their order."""
    if len(places) <= _TWO or np.ptp(places) == 0:
        return 1.0
    return float(np.corrcoef(places, np.arange(len(places)))[0, 1] ** 2)
