"""The metrics of builds, by builders and by hand: how many, how long, and how alike."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.records.table import Table


def build_times(builds: pd.DataFrame, keys: Sequence[str] = ()) -> pd.DataFrame:
    """A row a build that is over: `keys`, group, instance, build, change, its begin and seconds.

    `steps` counts those of its steps that stand in the Dockerfile, and `cached` those of them that
    were.
    """
    by = [*keys, "group", "instance", "build", "change"]
    is_own = builds["line"] > 0
    told = builds.assign(
        done=builds["ends_s"].notna(), own=is_own, cached=builds["cached"].astype(bool) & is_own
    )
    of = told.groupby(by, sort=False, as_index=False)
    times = of.agg(
        begins_s=("begins_s", "min"),
        ends_s=("ends_s", "max"),
        done=("done", "all"),
        steps=("own", "sum"),
        cached=("cached", "sum"),
    )
    times = times[times["done"]].drop(columns="done")
    return times.assign(seconds=times["ends_s"] - times["begins_s"])


def measure_builds(builds: Table) -> dict[str, float]:
    """The metrics of builds by name; none where nothing is built."""
    if not len(builds):
        return {}
    times = build_times(builds.frame)
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


def measure_hands(hands: Table) -> dict[str, float]:
    """What a person did, and which share of what they set up one by one differs from the rest."""
    if not len(hands):
        return {}
    metrics = {"person_steps": hands.total("steps")}
    machines, differing = hands.total("machines"), hands.total("differing")
    return metrics | {"drift_share": differing / machines if machines else 0.0}
