"""Means of independent replications and their 95 % intervals, by Student's t."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A mean of n replications with the bounds of its interval, which are nan where n is 1."""

    mean: float
    low: float
    high: float
    n: int


def interval(values: Sequence[float]) -> Interval:
    """The mean of one statistic per replication: mean ± t(n - 1) · s / √n."""
    return intervals([values])[0]


def intervals(series: Sequence[Sequence[float]]) -> list[Interval]:
    """The same for several statistics of the same replications, which takes little longer."""
    data = np.asarray(series, dtype=float)
    n, means = data.shape[1], np.mean(data, axis=1)
    if n == 1:
        return [Interval(float(mean), nan, nan, 1) for mean in means]
    halves = stdtrit(n - 1, 0.5 + CONFIDENCE / 2) * np.std(data, axis=1, ddof=1) / sqrt(n)
    bounds = zip(means.tolist(), (means - halves).tolist(), (means + halves).tolist(), strict=True)
    return [Interval(*each, n) for each in bounds]
