"""What binds: what instances spend their start-up with, and what a host runs out of first."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import pandas as pd

from sim.records.result import Result

COLUMNS = ["platform", "question", "resource", "value", "unit", "detail"]
Row = tuple[str, str, str, float, str, str]
_AS_GOOD_AS_WHOLE = 1.0 + 1e-9  # 4 cores hold 80 of 0.05, and not the 79.999… of rounding


def binding(results: Sequence[Result]) -> pd.DataFrame:
    """For each platform: shares of the start-up time by resource, and instances a host can hold.

    Start-up shares come largest first, counts smallest first: the first of each is what binds.
    """
    rows: list[Row] = []
    for platform in dict.fromkeys(result.platform for result in results):
        runs = [result for result in results if result.platform == platform]
        rows += _startup(platform, runs)
        rows += _count(platform, runs)
    return pd.DataFrame(rows, columns=COLUMNS)


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


def _count(platform: str, runs: Sequence[Result]) -> list[Row]:
    """How many instances of this mix one host could hold, by each resource alone."""
    hosts = pd.concat([result.hosts for result in runs])
    instances = float(hosts["instances"].sum())
    if not instances:
        return []

    def fits(capacity: str, fixed: float, used: str) -> float:
        room = float(hosts[capacity].sum()) - fixed
        each = (float(hosts[used].sum()) - fixed) / instances
        return room / len(hosts) / each if each > 0 else inf

    memory_fixed = float(hosts["memory_fixed_bytes"].sum())
    disk_fixed = float(hosts["disk_fixed_bytes"].sum())
    counts = {
        "memory": fits("memory_capacity_bytes", memory_fixed, "memory_gross_bytes"),
        "disk": fits("disk_capacity_bytes", disk_fixed, "disk_gross_bytes"),
        "cpu": fits("cores", 0.0, "cpu_demand_cores"),
    }
    detail = "instances of this mix that one host could hold"
    return [
        (platform, "count", resource, float(int(count * _AS_GOOD_AS_WHOLE)), "", detail)
        for resource, count in sorted(counts.items(), key=lambda item: item[1])
        if count != inf
    ]
