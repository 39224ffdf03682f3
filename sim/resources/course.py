"""When requests come and what they bring, over windows in which all is constant.

Draws are made in order of request and for nothing else, so that the n-th gap and the n-th work
are those of the n-th request, whatever serves it.

Units: time in seconds, rates in requests per second, capacity in cores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

DRAWN_AT_ONCE = 4096

Times: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Draws: TypeAlias = np.random.Generator


@dataclass(frozen=True, slots=True)
class Window:
    """A time over which all is constant.

    The cores that the server gets, the rate of an open stream, and its share of the disk.
    """

    start: float
    end: float
    capacity: float
    rate: float = 0.0
    disk: float = 1.0


class Course:
    """The parts of the windows that are simulated, laid end to end."""

    def __init__(self, windows: Sequence[Window], rates: Sequence[float], most: float) -> None:
        """Take so much of each window that `most` are expected at these rates."""
        self.windows = windows
        lengths = np.array([window.end - window.start for window in windows])
        expected = float(lengths @ np.array(rates))
        self.lengths = lengths * min(1.0, most / expected) if expected else lengths
        self.edges = np.concatenate([[0.0], np.cumsum(self.lengths)])

    def parts(self) -> Iterator[tuple[Window, float, float]]:
        """Yield each window, and when its part begins and ends."""
        edges: list[float] = self.edges.tolist()
        return ((window, *part) for window, part in zip(self.windows, pairwise(edges), strict=True))

    def window_of(self, times: Times) -> Counts:
        """Return in which window each time of the simulation is."""
        found = np.searchsorted(self.edges, times, side="right") - 1
        return np.clip(found, 0, len(self.windows) - 1)

    def real(self, times: Times, window: Counts) -> Times:
        """Return when that is in the windows' own time."""
        starts = np.array([window.start for window in self.windows])
        offsets: Times = starts[window] - self.edges[window]
        return times + offsets


def poisson_times(course: Course, rates: Sequence[float], gaps: Draws) -> list[float]:
    """Return the times of a Poisson stream: unit exponential gaps, by the cumulative rate."""
    expected = np.concatenate([[0.0], np.cumsum(course.lengths * np.array(rates))])
    drawn: list[Times] = []
    reached = 0.0
    while reached < expected[-1]:
        drawn.append(reached + np.cumsum(gaps.standard_exponential(DRAWN_AT_ONCE)))
        reached = float(drawn[-1][-1])
    counted = np.concatenate([np.empty(0), *drawn])
    times = np.interp(counted[counted < expected[-1]], expected, course.edges)
    arrivals: list[float] = times.tolist()
    return arrivals


def gamma_factors(variation: float, draws: Draws, count: int) -> Times:
    """Return factors of mean 1 and a standard deviation: 1 is exponential, 0 constant."""
    if not variation:
        return np.ones(count)
    scale = variation * variation
    factors: Times = draws.standard_gamma(1.0 / scale, count) * scale
    return factors
