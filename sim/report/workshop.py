"""What a comparison tells of builds, and of what a person did by hand, platform by platform."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.records.builds import build_times
from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Metrics, estimates
from sim.report.findings import ABSENT, Cell, Table
from sim.report.frames import rows
from sim.report.wording import amount, metric_amount

BUILD_NOTE = (
    "The mean of first builds, and of those after changes, which find in the cache what has not "
    "changed since; all builds together is how long somebody waited for them. Where nothing keeps "
    "the outcome of steps, all of them are performed again."
)

_BUILDS = ("build_first_s", "build_again_s", "build_cached_share", "build_total_s")
_SET_UP = ("all_ready_s", "pulled_bytes", "person_steps", "drift_share")
_HANDS = ("person_steps", "drift_share")


def builds(comparison: Comparison) -> Table:
    """How long builds take on each platform, group by group."""
    heads = ("group", "platform", "first build", "later builds", "cached", "all builds")
    return Table(heads, tuple(_told(comparison, _BUILDS, "build_first_s")), words=2)


def hands(comparison: Comparison) -> Table:
    """What a person did on each platform, group by group, and what came out differently."""
    heads = ("group", "platform", "steps by hand", "machines that differ")
    return Table(heads, tuple(_told(comparison, _HANDS, "person_steps")), words=2)


def set_up(comparison: Comparison) -> Table:
    """What it takes to set up all machines and keep them alike, platform by platform."""
    found = estimates(comparison.summary, "platform")
    said = [
        (Cell(name), *(_cell(found[name, ""], metric) for metric in _SET_UP))
        for name in platform_names(comparison)
        if "person_steps" in found.get((name, ""), {})
    ]
    heads = ("platform", "all ready after", "moved", "steps by hand", "machines that differ")
    return Table(heads, tuple(said))


def _told(
    comparison: Comparison, metrics: tuple[str, ...], needed: str
) -> Iterator[tuple[Cell, ...]]:
    found = estimates(comparison.summary, "group")
    for group in comparison.scenario.groups:
        for platform in platform_names(comparison):
            of = found.get((platform, group), {})
            if needed in of:
                told = (_cell(of, metric) for metric in metrics)
                yield Cell(group), Cell(platform), *told


def _cell(metrics: Metrics, name: str) -> Cell:
    if name not in metrics:
        return ABSENT
    mean = metrics[name].mean
    return Cell(metric_amount(name, mean), mean)


def steps(comparison: Comparison) -> Table:
    """Which steps the time of builds goes into: the three longest of each group and platform."""
    if comparison.builds.empty:
        return Table((), ())
    of = comparison.builds[(comparison.builds["replication"] == 0) & ~comparison.builds["cached"]]
    of = of.assign(seconds=of["ends_s"] - of["begins_s"])
    said = []
    for (group, platform), part in of.groupby(["group", "platform"], sort=False):
        by_name = part.groupby("name", sort=False)["seconds"].agg(["count", "sum"])
        longest = by_name.sort_values("sum", ascending=False, kind="stable").head(3)
        for name, count, total in longest.itertuples():
            cells = (Cell(str(count), count), Cell(amount(total, "s"), total))
            said.append((Cell(str(group)), Cell(str(platform)), Cell(name), *cells))
    heads = ("group", "platform", "step", "performed", "time in all")
    return Table(heads, tuple(said), words=3)


def day(comparison: Comparison) -> pd.DataFrame:
    """The seconds of each build of the first replication, in order: platform, group, build."""
    return build_times(comparison.builds[comparison.builds["replication"] == 0], ["platform"])


def changes(comparison: Comparison) -> Table:
    """How long the build after each kind of change takes, in the mean of the first replication."""
    if comparison.builds.empty:
        return Table((), ())
    times = day(comparison)
    means = times.groupby(["group", "change", "platform"], sort=False)["seconds"].mean()
    names = platform_names(comparison)
    said = []
    for group, change in dict.fromkeys(rows(times, "group", "change")):
        found = (means.get((group, change, name)) for name in names)
        cells = (ABSENT if each is None else Cell(amount(each, "s"), each) for each in found)
        said.append((Cell(group), Cell(change or "first"), *cells))
    return Table(("group", "after", *names), tuple(said), words=2)
