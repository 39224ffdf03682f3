"""Main effects: what a metric is on average where an axis has a value, whatever the others have.

The interval is that of the mean over points, replication by replication, so that points that share
their random numbers are not taken for independent ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.studies.intervals import interval
from sim.studies.sweeps.rows import unit_of
from sim.studies.sweeps.sheet import Cell, Row
from sim.studies.sweeps.told import Told
from sim.studies.sweeps.winners import short

MOST_LEVELS = 50
"""The most values of an axis for which effects are told."""


class Effects:
    """Sums over the points with each value of each axis, as points are told."""

    def __init__(self, axes: Sequence[str], metrics: Sequence[str], replications: int) -> None:
        self._axes, self._metrics, self._replications = axes, metrics, replications
        self._points = 0
        self._levels: dict[str, set[Cell]] = {axis: set() for axis in axes}
        self._sums: dict[tuple[str, str, str, Cell], _Sum] = {}

    def tell(self, told: Told, levels: Row) -> None:
        """Add a point, unless a metric is missing in one of its first replications.

        A platform that did less there than another is left out: little work takes little.
        """
        self._points += 1
        few, less = [*self._few(levels)], short(told)
        whole = {name: metrics for name, metrics in told.metrics.items() if name not in less}
        for metric in self._metrics:
            for platform, metrics in whole.items():
                values = metrics.get(metric, [])[: self._replications]
                for axis, level in few if len(values) == self._replications else ():
                    key = metric, platform, axis, level
                    self._sums.setdefault(key, _Sum(self._replications)).add(values)

    def _few(self, levels: Row) -> Iterator[tuple[str, Cell]]:
        """The axes that have few values so far, with those of the point."""
        for axis, level in zip(self._axes, levels, strict=True):
            known = self._levels[axis]
            if len(known) <= MOST_LEVELS:
                known.add(level)
                yield axis, level

    def rows(self) -> Iterator[Row]:
        """The means, axis by axis, of axes of which they tell something."""
        platforms = [*dict.fromkeys(platform for _, platform, _, _ in self._sums)]

        def place(key: tuple[str, str, str, Cell]) -> tuple[int, int, int]:
            metric, platform, axis, _ = key
            places = self._metrics.index(metric), platforms.index(platform)
            return *places, self._axes.index(axis)

        for key in sorted(self._sums, key=place):
            metric, platform, axis, level = key
            if self._is_told(axis):
                found = self._sums[key]
                mean = interval([value / found.points for value in found.values])
                start = (metric, platform, axis, _named(level))
                yield *start, *mean[:3], found.points, unit_of(metric)


    def _is_told(self, axis: str) -> bool:
        """Whether its values are few, and points share them: or else each is a point's own."""
        count = len(self._levels[axis])
        return count <= MOST_LEVELS and (len(self._axes) == 1 or count < self._points)


def _named(level: Cell) -> str:
    return f"{level:.15g}" if isinstance(level, float) else str(level)


class _Sum:
    """The sum over points in each replication."""

    def __init__(self, replications: int) -> None:
        self.values = [0.0] * replications
        self.points = 0

    def add(self, values: Sequence[float]) -> None:
        self.values = [ours + value for ours, value in zip(self.values, values, strict=True)]
        self.points += 1
