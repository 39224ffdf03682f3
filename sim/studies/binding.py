"""What binds: what instances spend their start-up with, and what a host is fullest of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.records.result import Result
from sim.records.schema import COMPARISON_TABLES, column_names

Row = tuple[str, str, str, float, str, str]
_USES = {
    "memory": ("memory_peak_bytes", "memory_capacity_bytes", "share of the fullest host, at most"),
    "disk": ("disk_gross_bytes", "disk_capacity_bytes", "share of the fullest host, at the end"),
    "cpu": ("cpu_gross_core_s", "cores", "share of the busiest host, in the mean"),
}


def binding(results: Sequence[Result]) -> pd.DataFrame:
    """For each platform: shares of the start-up time by resource, and shares of a host in use.

    Both come largest first: the first of each is what binds.
    """
    rows: list[Row] = []
    for platform in dict.fromkeys(result.platform for result in results):
        runs = [result for result in results if result.platform == platform]
        rows += _startup(platform, runs)
        rows += _use(platform, runs)
    return pd.DataFrame(rows, columns=column_names(COMPARISON_TABLES["binding"]))


def _startup(platform: str, runs: Sequence[Result]) -> list[Row]:
    instances = pd.concat([result.instances for result in runs])
    ready = instances[instances["ready_s"].notna()]
    spent = ready[[name for name in ready.columns if name.startswith("spent_")]].sum()
    total = float(spent.sum())
    if not total:
        return []
    shares = sorted(
        ((float(value) / total, str(name)) for name, value in spent.items()), reverse=True
    )
    return [
        (platform, "start-up", _resource(name), share, "", "share of the mean start-up")
        for share, name in shares
        if share > 0
    ]


def _resource(column: str) -> str:
    return column.removeprefix("spent_").removesuffix("_s")


def _use(platform: str, runs: Sequence[Result]) -> list[Row]:
    """How much of each resource the fullest host had in use, as a mean of the replications."""
    rows = []
    for resource, (used, whole, detail) in _USES.items():
        fullest = [float((result.hosts[used] / _whole(result, whole)).max()) for result in runs]
        rows.append((platform, "use", resource, sum(fullest) / len(fullest), "", detail))
    return sorted(rows, key=lambda row: -row[3])


def _whole(result: Result, column: str) -> pd.Series:
    """What a host has of a resource; of CPU, its cores all the time."""
    whole = result.hosts[column]
    return whole * result.horizon_s if column == "cores" else whole
