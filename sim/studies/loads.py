"""What loads came to: throughput and latency of each group, simulated beside the closed form."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan, nan

import pandas as pd

from sim.records.metrics import mean_latency, measure_requests, throughput
from sim.records.result import Result
from sim.records.schema import COMPARISON_TABLES, column_names
from sim.spec.scenario import Scenario
from sim.studies.intervals import interval

Reading = dict[str, float]


def loads(scenario: Scenario, results: Sequence[Result]) -> pd.DataFrame:
    """A row for each platform and group that has a load; means of the replications."""
    clients = {
        name: group.load.clients or 0
        for name, group in scenario.groups.items()
        if group.load is not None
    }
    rows = [
        {"platform": platform, "group": group, "clients": clients[group], **told}
        for platform, runs in _by_platform(results).items()
        for group in clients
        if (told := _told(runs, group))
    ]
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["loads"]))


def _by_platform(results: Sequence[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.platform, []).append(result)
    return found


def _told(runs: Sequence[Result], group: str) -> Reading:
    """The numbers of a group over its replications; none where nobody served in any."""
    found = [reading for run in runs if (reading := _read(run, group))]
    if not found:
        return {}
    through = interval([reading["throughput_per_s"] for reading in found])
    bounds = {"throughput_low": through.low, "throughput_high": through.high}
    means = {name: _mean([reading[name] for reading in found]) for name in _MEANS}
    return {"throughput_per_s": through.mean} | bounds | means


_MEANS = ("offered_per_s", "fluid_per_s", "mean_s", "fluid_mean_s", "p50_s", "p99_s", "lost")


def _mean(values: Sequence[float]) -> float:
    """The mean of those replications that have the value; nan where none has."""
    there = [value for value in values if not isnan(value)]
    return sum(there) / len(there) if there else nan


def _read(run: Result, group: str) -> Reading:
    """The numbers of one replication; none where nobody served."""
    windows = run.tables["requests"]
    requests = windows.where(windows.words("group") == group)
    if not len(requests):
        return {}
    metrics = measure_requests(requests, run.tables["latencies"], group)
    is_open = requests.total("offered") > 0
    return {
        "throughput_per_s": metrics["throughput_per_s"],
        "offered_per_s": throughput(requests, "offered") if is_open else nan,
        "fluid_per_s": throughput(requests, "done_fluid"),
        "mean_s": metrics.get("request_mean_s", nan),
        "fluid_mean_s": mean_latency(requests, "fluid_mean_s", "done_fluid"),
        "p50_s": metrics.get("request_p50_s", nan),
        "p99_s": metrics.get("request_p99_s", nan),
        "lost": metrics["requests_lost"],
    }


def latencies(results: Sequence[Result]) -> pd.DataFrame:
    """The distribution of latencies by platform and group, as means of the replications."""
    frames = [result.latencies.assign(platform=result.platform) for result in results]
    columns = column_names(COMPARISON_TABLES["latencies"])
    whole = pd.concat(frames, ignore_index=True)
    if whole.empty:
        return pd.DataFrame(columns=columns)
    keys = ["platform", "group", "share"]
    return whole.groupby(keys, sort=False, as_index=False)[["latency_s"]].mean()[columns]
