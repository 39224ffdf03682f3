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
    data = np.asarray(values, dtype=float)
    n, mean = len(data), float(np.mean(data))
    if n == 1:
        return Interval(mean, nan, nan, 1)
    deviation = float(np.std(data, ddof=1))
    half = float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) * deviation / sqrt(n)
    return Interval(mean, mean - half, mean + half, n)
