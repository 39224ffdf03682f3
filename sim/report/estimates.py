"""The summary's rows as numbers that can be looked up by platform and metric."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame


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


def estimates(summary: "DataFrame", scope: str) -> dict[tuple[str, str], Metrics]:
    """Give the metrics of each (platform, part), where the parts are its groups or its hosts."""
    found: dict[tuple[str, str], Metrics] = {}
    rows = summary[summary["scope"] == scope]
    columns = ("platform", "name", "metric", "mean", "low", "high", "n", "unit")
    for platform, part, metric, mean, low, high, n, unit in zip(
        *(rows[column].tolist() for column in columns), strict=True
    ):
        metrics = found.setdefault((platform, str(part)), {})
        metrics[metric] = Estimate(mean, low, high, int(n), unit)
    return found


def by_platform(summary: "DataFrame") -> dict[str, Metrics]:
    """Give the metrics of each platform as a whole; a metric that it lacks is absent."""
    return {platform: metrics for (platform, _), metrics in estimates(summary, "platform").items()}


def of_metric(platforms: dict[str, Metrics], metric: str) -> dict[str, Estimate]:
    """Give one metric of every platform that has it."""
    return {name: metrics[metric] for name, metrics in platforms.items() if metric in metrics}
