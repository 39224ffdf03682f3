"""The tables of a comparison, from the results of its runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan

import pandas as pd

from sim.records.metrics import Metrics, measure, measure_groups, measure_hosts
from sim.records.result import Result
from sim.records.schema import COMPARISON_TABLES, column_names
from sim.spec.metrics import METRICS, UNITS_OF_RESOURCES
from sim.studies.intervals import interval

Readings = dict[tuple[str, str, str], list[Metrics]]
"""The metrics of each replication, by platform, scope and name."""

_NO_PHASES = {"created_s", "ready_s", "exited_s", "downtime_s", "image_s"}


def readings(results: Sequence[Result]) -> Readings:
    """The metrics of all runs: of the whole, of each group and of each host."""
    found: Readings = {}
    for result in results:
        for scope, name, metrics in _scopes(result):
            found.setdefault((result.platform, scope, name), []).append(metrics)
    return found


def _scopes(result: Result) -> Iterator[tuple[str, str, Metrics]]:
    yield "platform", "", measure(result)
    yield from (("group", name, metrics) for name, metrics in measure_groups(result))
    yield from (("host", name, metrics) for name, metrics in measure_hosts(result))


def summary(found: Readings) -> pd.DataFrame:
    """Each metric that all replications have, with its mean and interval."""
    rows = [
        (*key, metric, *interval([metrics[metric] for metrics in runs]), METRICS[metric].unit)
        for key, runs in found.items()
        for metric in _shared_by_all(runs)
    ]
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["summary"]))


def differences(found: Readings, platforms: Sequence[str]) -> pd.DataFrame:
    """Each platform less the first, replication by replication, for each metric of the whole."""
    reference = platforms[0]
    first = found[reference, "platform", ""]
    rows = [
        (metric, platform, reference, *_difference(runs, first, metric))
        for platform in platforms[1:]
        for runs in [found[platform, "platform", ""]]
        for metric in _shared_by_all([*first, *runs])
    ]
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["differences"]))


def _difference(
    runs: Sequence[Metrics], first: Sequence[Metrics], metric: str
) -> tuple[float, float, float, int, str, float]:
    ours, theirs = [run[metric] for run in runs], [run[metric] for run in first]
    gaps = interval([a - b for a, b in zip(ours, theirs, strict=True)])
    ratio = sum(ours) / sum(theirs) if sum(theirs) else nan
    return (*gaps, METRICS[metric].unit, ratio)


def _shared_by_all(runs: Sequence[Metrics]) -> list[str]:
    """The metrics that every replication has, in the order of the report."""
    return [name for name in METRICS if all(name in metrics for metrics in runs)]


def components(results: Sequence[Result]) -> pd.DataFrame:
    """What each component comes to over all hosts and groups, as means of the replications."""
    frame = stacked(results, "components", replication=True)
    runs = frame.groupby("platform", sort=False)["replication"].nunique()
    keys = ["platform", "resource", "component"]
    totals = frame.groupby(keys, sort=False, as_index=False)[["value"]].sum()
    totals["value"] /= totals["platform"].map(runs)
    totals["unit"] = totals["resource"].map(UNITS_OF_RESOURCES)
    return totals


def phases(results: Sequence[Result]) -> pd.DataFrame:
    """Mean seconds that a ready instance spent in each phase of its start, in order."""
    by_platform: dict[str, list[pd.DataFrame]] = {}
    for result in results:
        by_platform.setdefault(result.platform, []).append(result.instances)
    rows = [row for platform, runs in by_platform.items() for row in _phases(platform, runs)]
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["phases"]))


def _phases(platform: str, runs: list[pd.DataFrame]) -> Iterator[tuple[str, str, int, float]]:
    """Means of each replication's mean, as the metrics have it."""
    instances = pd.concat(dict(enumerate(runs)))
    names = [name for name in instances.columns if _is_phase(name)]
    ready = instances.loc[instances["ready_s"].notna(), names].fillna(0.0)
    means = ready.groupby(level=0).mean().mean()
    for order, name in enumerate(names if len(ready) else []):
        yield platform, name.removesuffix("_s"), order, float(means[name])


def _is_phase(column: str) -> bool:
    is_other = column in _NO_PHASES or column.startswith("spent_")
    return column.endswith("_s") and not is_other


def stacked(results: Sequence[Result], table: str, *, replication: bool = False) -> pd.DataFrame:
    """One table of all runs, with the run's platform, and replication, in front."""
    frames = []
    for result in results:
        frame: pd.DataFrame = getattr(result, table).copy()
        if replication:
            frame.insert(0, "replication", result.replication)
        frame.insert(0, "platform", result.platform)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
