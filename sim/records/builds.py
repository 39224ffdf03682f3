"""The metrics of builds: how many are done, how long they take, and what the cache saves."""

from __future__ import annotations

import pandas as pd


def build_times(builds: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """A row a build that is over: `keys`, group, instance, build, change, its begin and seconds."""
    by = [*keys, "group", "instance", "build", "change"]
    of = builds.assign(done=builds["ends_s"].notna()).groupby(by, sort=False, as_index=False)
    times = of.agg(
        begins_s=("begins_s", "min"),
        ends_s=("ends_s", "max"),
        done=("done", "all"),
        steps=("step", "count"),
        cached=("cached", "sum"),
    )
    times = times[times["done"]].drop(columns="done")
    return times.assign(seconds=times["ends_s"] - times["begins_s"])


def measure_builds(builds: pd.DataFrame) -> dict[str, float]:
    """The metrics of builds by name; none where nothing is built."""
    if builds.empty:
        return {}
    times = build_times(builds, [])
    metrics = {"builds_done": float(len(times))}
    first, again = times[times["build"] == 0], times[times["build"] > 0]
    if len(first):
        metrics["build_first_s"] = float(first["seconds"].mean())
    if len(again):
        metrics["build_again_s"] = float(again["seconds"].mean())
        metrics["build_cached_share"] = float(again["cached"].sum() / again["steps"].sum())
    if len(times):
        metrics["build_total_s"] = float(times["seconds"].sum())
    return metrics
