"""Means of independent replications and their 95 % intervals, by Student's t."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import nan, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A mean of n replications with the bounds of its interval, which are nan where n is 1.

    Where n is 0 the mean is nan as well.
    """

    mean: float
    low: float
    high: float
    n: int


def interval(values: Sequence[float]) -> Interval:
    """The mean of one statistic per replication: mean ± t(n - 1) · s / √n."""
    return intervals([values])[0]


def intervals(series: Sequence[Sequence[float]]) -> list[Interval]:
    """The same for several statistics of the same replications, which takes little longer."""
    if not len(series[0]):
        return [Interval(nan, nan, nan, 0) for _ in series]
    if len(series[0]) == 1:
        return [Interval(float(value), nan, nan, 1) for (value,) in series]
    data = np.asarray(series, dtype=float)
    n = data.shape[1]
    means = np.add.reduce(data, axis=1) / n
    gaps = data - means[:, np.newaxis]
    halves = _times(n) * np.sqrt(np.add.reduce(gaps * gaps, axis=1))
    bounds = zip(means.tolist(), (means - halves).tolist(), (means + halves).tolist(), strict=True)
    return [Interval(*each, n) for each in bounds]


@cache
def _times(n: int) -> float:
    """By what the root of the sum of squares is multiplied: t / √((n - 1) · n)."""
    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) / sqrt((n - 1) * n)
