"""How often the points of a sweep are run: so many times, or until an interval is narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.spec.sweep import FEWEST_REPLICATIONS
from sim.studies.sweeps.precision import decide


class Rule(Protocol):
    """How often each point is to be run."""

    @property
    def least(self) -> int:
        """How often it is in any case."""

    @property
    def metric(self) -> str:
        """The metric that it depends on, or nothing."""

    def wanted(self, so_far: Mapping[str, Sequence[float]]) -> int:
        """How many replications to have, given the metric of each platform in those that are done.

        No more than there are already means that it is enough.
        """


@dataclass(frozen=True)
class Fixed:
    """As often as was said."""

    least: int
    metric: str = ""

    def wanted(self, so_far: Mapping[str, Sequence[float]]) -> int:
        """That often."""
        return self.least


@dataclass(frozen=True)
class Precise:
    """Until half of the interval of a metric is at most a share of its mean, on each platform."""

    metric: str
    share: float
    at_most: int

    @property
    def least(self) -> int:
        """As often as comes before the first look."""
        return min(FEWEST_REPLICATIONS, self.at_most)

    def wanted(self, so_far: Mapping[str, Sequence[float]]) -> int:
        """As many as the values so far decide."""
        return decide(so_far, self.share, self.at_most).replications
