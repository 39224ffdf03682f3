"""The points of a sweep: which values the axes have together, worked out as they are asked for."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from sim.spec.scenario import Scenario
from sim.spec.sweep import SAMPLED, Design, Sweep
from sim.studies.sweeps.axes import Axis
from sim.studies.sweeps.lazy import Lazy
from sim.studies.sweeps.levels import away_from_base, drawn_axis, once, stepped_axis


@dataclass(frozen=True)
class Points(Lazy[Mapping[str, object]]):
    """The points of a design in their order, each with what it sets, by path."""

    axes: tuple[Axis, ...]
    design: Design

    def __len__(self) -> int:
        raise NotImplementedError

    def levels(self, point: int) -> Mapping[int, int]:
        """Which of its values each axis has that the point sets, both by number."""
        raise NotImplementedError

    def at(self, number: int) -> Mapping[str, object]:
        """What a point sets, by path."""
        found = self.levels(number).items()
        return {self.axes[axis].path: self.axes[axis].values[level] for axis, level in found}


class Grid(Points):
    """All combinations, the values of the last axis in the quickest turn."""

    def __len__(self) -> int:
        return prod(len(axis.values) for axis in self.axes)

    def levels(self, point: int) -> Mapping[int, int]:
        """Count as an odometer does."""
        found = {}
        for number in reversed(range(len(self.axes))):
            point, found[number] = divmod(point, len(self.axes[number].values))
        return dict(reversed(found.items()))


class Row(Points):
    """The first value of each axis with the first of all others, and so on."""

    def __len__(self) -> int:
        return min((len(axis.values) for axis in self.axes), default=1)

    def levels(self, point: int) -> Mapping[int, int]:
        """The same number on every axis."""
        return dict.fromkeys(range(len(self.axes)), point)


class OneAtATime(Points):
    """The scenario's own values, which set nothing; then one axis after the other away from it."""

    def __len__(self) -> int:
        return 1 + sum(len(axis.values) for axis in self.axes)

    def levels(self, point: int) -> Mapping[int, int]:
        """Go past all values of the axes before."""
        level = point - 1
        for number, length in enumerate(len(axis.values) for axis in self.axes):
            if 0 <= level < length:
                return {number: level}
            level -= length
        return {}


def points_of(scenario: Scenario) -> Points:
    """The points of a scenario's sweep. Raises TareError for a path that leads nowhere."""
    sweep = scenario.sweep or Sweep()
    if sweep.design in SAMPLED:
        drawn = zip(sweep.axes.items(), _drawn(sweep, scenario.seed), strict=True)
        axes = [drawn_axis(scenario, *given, shares) for given, shares in drawn]
        return Row(tuple(axes), sweep.design)
    if sweep.design == "zip":
        axes = [stepped_axis(scenario, path, levels) for path, levels in sweep.axes.items()]
        return Row(tuple(axes), sweep.design)
    axes = [once(stepped_axis(scenario, path, levels)) for path, levels in sweep.axes.items()]
    if sweep.design == "grid":
        return Grid(tuple(axes), sweep.design)
    return OneAtATime(tuple(map(away_from_base, axes)), sweep.design)


def _drawn(sweep: Sweep, seed: int) -> list[Sequence[float]]:
    """How far along each axis its values are in turn, from 0 to 1."""
    import numpy as np
    from scipy.stats import qmc  # it takes a second to load, and most sweeps draw nothing

    count, chance = sweep.points or 1, np.random.default_rng(seed)
    if sweep.design == "sobol":
        points = qmc.Sobol(len(sweep.axes), rng=chance).random_base2(count.bit_length() - 1)
    else:
        points = qmc.LatinHypercube(len(sweep.axes), rng=chance).random(count)
    return [array("d", column) for column in points.T]
