"""The summary's rows as numbers that can be looked up by platform and metric."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.frames import rows


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` replications and its 95 % interval, which is NaN where n is 1."""

    mean: float
    low: float
    high: float
    n: int
    unit: str

    def overlaps(self, other: "Estimate") -> bool:
        """Whether the two intervals meet, or the means are equal where there are none."""
        if self.mean == other.mean:
            return True
        return self.low <= other.high and other.low <= self.high


Metrics = dict[str, Estimate]

_ENDED = ("exited", "failed", "oom-killed")


def estimates(summary: DataFrame, scope: str) -> dict[tuple[str, str], Metrics]:
    """Give the metrics of each (platform, part), where the parts are its groups or its hosts."""
    found: dict[tuple[str, str], Metrics] = {}
    of_scope = summary[summary["scope"] == scope]
    for platform, part, metric, *numbers in rows(
        of_scope, "platform", "name", "metric", "mean", "low", "high", "n", "unit"
    ):
        found.setdefault((platform, part), {})[metric] = Estimate(*numbers)
    return found


def by_platform(summary: DataFrame) -> dict[str, Metrics]:
    """Give the metrics of each platform as a whole; a metric that it lacks is absent."""
    return {platform: metrics for (platform, _), metrics in estimates(summary, "platform").items()}


def of_metric(platforms: Mapping[str, Metrics], metric: str) -> dict[str, Estimate]:
    """Give one metric of every platform that has it."""
    return {name: metrics[metric] for name, metrics in platforms.items() if metric in metrics}


def with_most_live(comparison: Comparison) -> dict[str, Metrics]:
    """Give the platforms on which as many live at the end as on any; where none became ready, none.

    Where nothing lives on, as many must have become ready.
    """
    platforms, live = by_platform(comparison.summary), _live(comparison)
    found = {name: (live[name], of["instances_ready"].mean) for name, of in platforms.items()}
    most = max((both for both in found.values() if both[1]), default=None)
    return {name: of for name, of in platforms.items() if found[name] == most}


def ready_at_end(comparison: Comparison) -> dict[str, Estimate]:
    """Give how many stand at the end, by platform, where some were killed or started again."""
    platforms, runs = by_platform(comparison.summary), comparison.scenario.replications
    gone = (of_metric(platforms, metric) for metric in ("oom_kills", "restarts"))
    if not any(found.mean for of in gone for found in of.values()):
        return {}
    frame = comparison.instances
    ready = frame.loc[frame["state"] == "ready", "platform"].value_counts().to_dict()
    return {
        name: Estimate(ready.get(name, 0) / runs, math.nan, math.nan, runs, "")
        for name in platforms
    }


def _live(comparison: Comparison) -> dict[str, float]:
    """How many have not ended at the horizon, by platform, in the mean of the replications."""
    frame, runs = comparison.instances, comparison.scenario.replications
    living = frame.loc[~frame["state"].isin(_ENDED), "platform"].value_counts().to_dict()
    return {name: living.get(name, 0) / runs for name in platform_names(comparison)}


def is_comparable(comparison: Comparison, platform: str) -> bool:
    """Tell whether as many instances became ready on a platform as on the first."""
    ready = of_metric(by_platform(comparison.summary), "instances_ready")
    reference = platform_names(comparison)[0]
    if platform not in ready or reference not in ready:
        return True
    return ready[platform].mean == ready[reference].mean


def is_as_live(comparison: Comparison, platform: str) -> bool:
    """Tell whether as many instances live at the end on a platform as on the first."""
    live = _live(comparison)
    return live[platform] == live[platform_names(comparison)[0]]
