"""What changes over time, from rows that tell each change: added up, and thinned to be drawn."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame

Values = NDArray[np.float64]
Course = tuple[Values, Values]
"""Times, and the value from each of them on."""

NOT_GROSS = ("page_cache", "swap")
"""The components of memory that are series of their own and no part of the gross amount."""

MOST_POINTS = 160
_NEAR = 0.01


def added_up(changes: DataFrame) -> Course:
    """Add up the amounts of all hosts and components at each time at which one changes."""
    changes = changes.sort_values("time_s", kind="stable")
    before = changes.groupby(["host", "component"], sort=False)["value"].shift(fill_value=0.0)
    times = changes["time_s"].to_numpy(dtype=float)
    total = np.cumsum((changes["value"] - before).to_numpy(dtype=float))
    last_of_instant = np.flatnonzero(np.append(times[1:] != times[:-1], len(times) > 0))
    return times[last_of_instant], total[last_of_instant]


def at(moments: Values, course: Course) -> Values:
    """Give the value of a course at each of some moments; 0 before its first."""
    times, values = course
    return np.append(0.0, values)[np.searchsorted(times, moments, side="right")]


def settled(course: Course) -> float:
    """Give the time from which the value stays near its last."""
    times, values = course
    far = _NEAR * np.abs(values).max(initial=0.0)
    away = np.flatnonzero(np.abs(values - values[-1:]) > far)
    return float(times[min(away[-1] + 1, len(times) - 1)]) if len(away) else 0.0


def telling(moments: Values, series: Values, most: int = MOST_POINTS) -> Values:
    """Choose at most so many of the moments, with the highs and lows of every series among them.

    `series` has a row a series and a column a moment. Time is cut into equal runs, and from each
    that has moments come the first, and those where a series is highest and lowest.
    """
    if len(moments) <= most:
        return moments
    runs = most // 2
    kept = _highs_and_lows(moments, series, runs)
    while len(kept) > most and runs > 1:
        runs = runs * 3 // 4
        kept = _highs_and_lows(moments, series, runs)
    return moments[kept]


def _highs_and_lows(moments: Values, series: Values, runs: int) -> NDArray[np.intp]:
    borders = np.linspace(moments[0], moments[-1], runs + 1)[1:-1]
    edges = np.unique([0, *np.searchsorted(moments, borders), len(moments)])
    kept = [edges[:-1]]
    for start, end in pairwise(edges.tolist()):
        part = series[:, start:end]
        kept += [start + part.argmax(axis=1), start + part.argmin(axis=1)]
    return np.unique(np.concatenate(kept))
