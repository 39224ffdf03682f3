"""What a run measures once it is steady: requests after its warm-up, and when that is over.

MSER-5: White, Simulation 69(6), 1997; White, Cobb and Spratt, Winter Simulation Conference, 2000.
Of a series, so much is left out that the mean of the rest has the least squared standard error, as
if values were independent. What is left out must not be chosen by the values that are averaged: of
latencies, which are skewed, it would drop the bad times, and means would come out low. So the time
is found in a run of its own, and holds for all others of the same scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.records.metrics import Metrics, mean_latency, throughput
from sim.records.table import Floats, Table

BATCH = 5
"""Values of a series that are averaged before it is judged."""


def warmed_up_s(requests: Table) -> float:
    """When the last group has settled, by latency and by throughput; 0 where nobody asks."""
    groups = sorted(set(requests.words("group").tolist()))
    each = (requests.where(requests.words("group") == group) for group in groups)
    return max(map(_settled_s, each), default=0.0)


def _settled_s(windows: Table) -> float:
    starts, lasted = windows.numbers("start_s"), windows.numbers("end_s")
    rate = windows.numbers("done") / (lasted - starts)
    latency = windows.numbers("mean_s")
    is_told = ~np.isnan(latency)
    by_latency = starts[is_told][mser5(latency[is_told])] if is_told.any() else starts[0]
    return float(max(starts[mser5(rate)], by_latency))


def mser5(series: Floats) -> int:
    """How many values from the beginning are left out: a multiple of five, and half at most.

    Half of them means that the series is too short to tell.
    """
    count = len(series) // BATCH
    if not count:
        return 0
    means = series[: count * BATCH].reshape(count, BATCH).mean(axis=1)
    errors = _squared_errors(means.tolist())[: count // 2 + 1]
    return BATCH * errors.index(min(errors))


def _squared_errors(values: Sequence[float]) -> list[float]:
    """The squared standard error of the mean of what is left from each place on.

    By Welford's recursion from the end, by which equal values have no error, to the last bit.
    """
    errors, mean, squares = [], 0.0, 0.0
    for count, value in enumerate(reversed(values), start=1):
        off = value - mean
        mean += off / count
        squares += off * (value - mean)
        errors.append(squares / count**2)
    return errors[::-1]


def measure_steady(requests: Table, since_s: float) -> Metrics:
    """The metrics of the windows from a time on, by name; none where nobody asks then."""
    is_after = requests.numbers("start_s") >= since_s * (1.0 - 1e-12)
    windows = requests.where(is_after)
    if not len(windows):
        return {}
    metrics = {
        "warm_up_s": float(windows.numbers("start_s").min()),
        "steady_throughput_per_s": throughput(windows, "done"),
    }
    told = windows.where(windows.numbers("simulated") > 0)
    if len(told):
        metrics["steady_request_mean_s"] = mean_latency(told, "mean_s", "answered")
    return metrics
