"""The findings as tables of words, which terminal, page and Markdown show alike."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from pandas import DataFrame

from sim.report.comparison import Comparison, Source, platform_names
from sim.report.estimates import Metrics, estimates, is_as_live, is_comparable
from sim.report.frames import rows
from sim.report.wording import (
    amount,
    change,
    interval,
    metric_amount,
    metric_name,
    percent,
    resource_name,
    times,
)
from sim.spec.metrics import METRICS
from sim.spec.quantity import SCENARIO, Evidence

GRADES = tuple(reversed(get_args(Evidence)))
"""The grades of evidence, weakest first."""

DIFFERENCES_SHOWN = (
    "startup_mean_s",
    "startup_p99_s",
    "memory_gross_bytes",
    "cpu_gross_core_s",
    "disk_gross_bytes",
)

_WORTH = 0.005
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table shows in one place, the number to sort it by, and what to say on asking."""

    text: str
    value: float = math.nan
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading for each column, and rows of as many cells; the first `words` columns are text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the headline: its heading and the cell that a platform's metrics give."""

    heading: str
    cell: Callable[[Metrics], Cell]


ABSENT = Cell("-", note="this platform does not have it")


def metric_column(heading: str, metric: str) -> Column:
    """Give the column of a metric: its mean, with its interval as the note."""
    def cell(metrics: Metrics) -> Cell:
        estimate = metrics.get(metric)
        if estimate is None:
            return ABSENT
        spread = interval(estimate.low, estimate.high, estimate.unit)
        return Cell(metric_amount(metric, estimate.mean), estimate.mean, spread)

    return Column(heading, cell)


def _tare_each(metrics: Metrics) -> Cell:
    """Tare over the instances that exist at the horizon: the box that each of them comes in."""
    wanted = ("memory_tare_bytes", "memory_gross_bytes", "memory_fixed_tare_bytes",
              "memory_per_instance_bytes")  # fmt: skip
    if not all(metric in metrics for metric in wanted):
        return ABSENT
    tare, gross, fixed, each = (metrics[metric].mean for metric in wanted)
    if gross <= fixed or each <= 0:
        return ABSENT
    share = tare * each / (gross - fixed)
    return Cell(amount(share, "bytes"), share)


STARTS = (
    metric_column("mean start", "startup_mean_s"),
    metric_column("p99 start", "startup_p99_s"),
    metric_column("all ready", "all_ready_s"),
    metric_column("ready", "instances_ready"),
    metric_column("failed", "instances_failed"),
    metric_column("OOM kills", "oom_kills"),
)
RESOURCES = (
    metric_column("memory gross", "memory_gross_bytes"),
    metric_column("memory net", "memory_net_bytes"),
    Column("memory tare each", _tare_each),
    metric_column("CPU tare", "cpu_tare_core_s"),
    metric_column("disk gross", "disk_gross_bytes"),
)


def headline(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """A row for each platform, in the order of the file."""
    whole = estimates(comparison.summary, "platform")
    said = tuple(
        (Cell(name), *(column.cell(whole[name, ""]) for column in columns))
        for name in platform_names(comparison)
    )
    return Table(("platform", *(column.heading for column in columns)), said)


def by_group(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """A row for each platform and group."""
    found = estimates(comparison.summary, "group")
    said = tuple(
        (Cell(platform), Cell(group), *(column.cell(metrics) for column in columns))
        for (platform, group), metrics in found.items()
    )
    return Table(("platform", "group", *(column.heading for column in columns)), said, words=2)


def limits(comparison: Comparison) -> Table:
    """What start-up spends its time on, what a host is fullest of, and how full that is."""
    tightest_of = tightest(comparison.binding)
    said = tuple(
        (Cell(name), _time_spent(comparison.binding, name), *_bound(tightest_of.get(name)))
        for name in platform_names(comparison)
    )
    headings = ("platform", "start-up time", "host is fullest in", "in use")
    return Table(headings, said, words=3)


def tightest(binding: DataFrame) -> dict[str, tuple[str, float]]:
    """Give what a host is fullest of: platform to resource and the share of it in use."""
    found: dict[str, tuple[str, float]] = {}
    asked = binding[binding["question"] == "use"]
    for platform, resource, share in rows(asked, "platform", "resource", "value"):
        if platform not in found or share > found[platform][1]:
            found[platform] = (resource, share)
    return found


def _time_spent(binding: DataFrame, platform: str) -> Cell:
    asked = binding[(binding["platform"] == platform) & (binding["question"] == "start-up")]
    shares = [row for row in rows(asked, "resource", "value") if row[1] >= _WORTH]
    said = (f"{resource_name(what)} {percent(share)}" for what, share in shares[:_MOST_SHOWN])
    return Cell(", ".join(said) or "-")


def _bound(found: tuple[str, float] | None) -> tuple[Cell, Cell]:
    if found is None:
        return ABSENT, ABSENT
    resource, share = found
    return Cell(resource_name(resource)), Cell(percent(share), share)


def differences(comparison: Comparison) -> Table:
    """By how much each platform differs from the first, paired by replication."""
    order = platform_names(comparison)
    frame = comparison.differences
    shown = frame[frame["metric"].isin(DIFFERENCES_SHOWN)]
    found = rows(shown, "platform", "metric", "mean", "low", "high", "unit", "ratio")
    said = tuple(
        (Cell(platform), Cell(metric_name(metric)), *_difference(*numbers))
        for platform, metric, *numbers in sorted(found, key=lambda row: order.index(row[0]))
        if is_comparable(comparison, platform) and _is_fair(comparison, platform, metric)
    )
    return Table(("platform", "metric", "difference", "95 % interval", "times"), said, words=2)


def _is_fair(comparison: Comparison, platform: str, metric: str) -> bool:
    """Who lost instances holds less for that, which is no difference between platforms."""
    return not metric.startswith("memory_") or is_as_live(comparison, platform)


def _difference(
    mean: float, low: float, high: float, unit: str, ratio: float
) -> tuple[Cell, Cell, Cell]:
    """The three cells of a difference; a tie where the interval covers 0."""
    tie = mean == 0 or low <= 0 <= high
    return (
        Cell("tie" if tie else change(mean, unit), mean),
        Cell(interval(low, high, unit, "+") or "one run: none", low),
        Cell("-" if math.isnan(ratio) else times(ratio), ratio),
    )


def objectives(comparison: Comparison) -> Table:
    """Which platform meets which of the stated objectives."""
    found = rows(comparison.objectives, "platform", "metric", "objective", "value", "met")
    said = tuple(
        (
            Cell(platform),
            Cell(f"{metric_name(metric)} {_bound_in_words(metric, bound)}"),
            Cell("met" if met else "not met"),
            ABSENT if math.isnan(value) else Cell(metric_amount(metric, value), value),
        )
        for platform, metric, bound, value, met in found
    )
    return Table(("platform", "objective", "verdict", "found"), said, words=3)


def _bound_in_words(metric: str, bound: str) -> str:
    """The bound with its unit, which a file leaves to the metric unless it is a share."""
    stated = metric not in METRICS or "%" in bound or bound[-1:].isalpha()
    return bound if stated else f"{bound} {METRICS[metric].unit}".rstrip()


def verdict(comparison: Comparison) -> str:
    """Say which platforms meet all objectives; nothing where none is stated."""
    frame = comparison.objectives
    if frame.empty:
        return ""
    missed = set(frame.loc[~frame["met"].astype(bool), "platform"])
    meeting = [name for name in platform_names(comparison) if name not in missed]
    if not meeting:
        return "No platform meets every stated objective."
    return f"Every stated objective is met by: {', '.join(meeting)}."


def evidence(comparison: Comparison) -> str:
    """Say how many of the numbers that the run leaned on have which grade, weakest first."""
    grades = Counter(_distinct(comparison.assumptions)["evidence"])
    return ", ".join(f"{grades[grade]:,} {grade}" for grade in GRADES if grades[grade])


def assumptions(comparison: Comparison, sources: Mapping[str, Source]) -> Table:
    """Every number that the run leaned on, assumed ones first, with where it comes from."""
    frame = _distinct(comparison.assumptions)
    found = rows(frame, "evidence", "path", "value", "unit", "source", "note")
    said = tuple(
        (
            Cell(grade, GRADES.index(grade)),
            Cell(path),
            Cell(amount(value, unit), value),
            Cell(_title(source, sources)),
            Cell(note),
        )
        for grade, path, value, unit, source, note in sorted(found, key=_weakest_first)
    )
    return Table(("evidence", "number", "value", "source", "note"), said, words=5)


def _weakest_first(row: tuple[str, ...]) -> int:
    return GRADES.index(row[0])


def _distinct(frame: DataFrame) -> DataFrame:
    """One row a number, however many platforms, or groups of a mix, lean on it."""
    numbers = frame.assign(number=frame["path"].map(_within_boundaries))
    once = numbers.drop_duplicates(["number", "value", "unit", "source", "note"])
    return once.drop(columns="number")


def _within_boundaries(path: str) -> str:
    """Where a number of a platform stands in its stack; the whole path of any other."""
    return path.rpartition("boundaries.")[2]


def cited(comparison: Comparison, sources: Mapping[str, Source]) -> list[str]:
    """Every source that the numbers name, once, with the place in it."""
    found = (sources[key] for key in dict.fromkeys(comparison.assumptions["source"])
             if key in sources)
    return [f"{source.title} ({source.where})" if source.where else source.title
            for source in found]


def _title(key: str, sources: Mapping[str, Source]) -> str:
    if key in sources:
        return sources[key].title
    return "stated in the scenario" if key == SCENARIO else key
