"""Numbers that are varied over an interval, and the values of it that a scenario accepts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sim.errors import UsageError
from sim.studies.sweeps.axes import Writing

Scale = Literal["linear", "log"]


BARE = Writing()
"""How numbers without a unit are written."""


@dataclass(frozen=True)
class Input:
    """A number of a scenario by path, and the interval, in base units, that it is varied over.

    On a scale that is `log`, each factor counts as much as any other. `evidence` is the grade of
    a number of the catalog.
    """

    path: str
    low: float
    high: float
    scale: Scale = "linear"
    writing: Writing = BARE
    evidence: str = ""

    def __post_init__(self) -> None:
        """Raise UsageError for an interval that has no inside, or none on its scale."""
        if not self.low < self.high:
            problem = f"{self.path}: {self.low:g} to {self.high:g} is no interval"
            raise UsageError(problem, "state the lower end first, and then a higher one")
        if self.scale == "log" and self.low <= 0.0:
            problem = f"{self.path}: a scale that is log has no {self.low:g}"
            raise UsageError(problem, "begin above 0, or write scale: linear")

    def at(self, place: float) -> float:
        """The number at a place within the interval, from 0, its lower end, to 1, its upper."""
        if place in (0.0, 1.0):
            return self.high if place else self.low
        if self.scale == "log":
            return self.low * math.pow(self.high / self.low, place)
        return self.low + place * (self.high - self.low)

    def written(self, place: float) -> object:
        """The same as a scenario takes it: with its unit where it has one."""
        return _written(self, place)


@lru_cache(maxsize=65_536)
def _written(varied: Input, place: float) -> object:
    """A design says the same places again and again."""
    return varied.writing.written(varied.at(place))
