"""The findings as tables of words, which terminal, page and Markdown show alike."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from sim.report.answer import tightest
from sim.report.comparison import Comparison, Source, platform_names
from sim.report.estimates import Metrics, estimates
from sim.report.wording import (
    amount,
    change,
    count,
    interval,
    metric_amount,
    metric_name,
    percent,
    resource_name,
    times,
)
from sim.spec.metrics import METRICS
from sim.spec.quantity import Evidence

if TYPE_CHECKING:
    from pandas import DataFrame

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


def _metric(heading: str, metric: str) -> Column:
    def cell(metrics: Metrics) -> Cell:
        estimate = metrics.get(metric)
        if estimate is None:
            return ABSENT
        spread = interval(estimate.low, estimate.high, estimate.unit)
        return Cell(metric_amount(metric, estimate.mean), estimate.mean, spread)

    return Column(heading, cell)


def _tare_each(metrics: Metrics) -> Cell:
    """Tare over the instances that became ready: the box that each of them comes in."""
    tare, ready = metrics.get("memory_tare_bytes"), metrics["instances_ready"].mean
    if tare is None or not ready:
        return ABSENT
    return Cell(amount(tare.mean / ready, tare.unit), tare.mean / ready)


STARTS = (
    _metric("mean start", "startup_mean_s"),
    _metric("p99 start", "startup_p99_s"),
    _metric("all ready", "all_ready_s"),
    _metric("ready", "instances_ready"),
    _metric("failed", "instances_failed"),
    _metric("OOM kills", "oom_kills"),
)
RESOURCES = (
    _metric("memory gross", "memory_gross_bytes"),
    _metric("memory net", "memory_net_bytes"),
    Column("memory tare each", _tare_each),
    _metric("CPU tare", "cpu_tare_core_s"),
    _metric("disk gross", "disk_gross_bytes"),
)


def headline(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """A row for each platform, in the order of the file."""
    whole = estimates(comparison.summary, "platform")
    rows = tuple(
        (Cell(name), *(column.cell(whole[name, ""]) for column in columns))
        for name in platform_names(comparison)
    )
    return Table(("platform", *(column.heading for column in columns)), rows)


def by_group(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """A row for each platform and group."""
    found = estimates(comparison.summary, "group")
    rows = tuple(
        (Cell(platform), Cell(group), *(column.cell(metrics) for column in columns))
        for (platform, group), metrics in found.items()
    )
    return Table(("platform", "group", *(column.heading for column in columns)), rows, words=2)


def limits(comparison: Comparison) -> Table:
    """What start-up spends its time on, how many one host could hold, and what binds that."""
    tightest_of = tightest(comparison.binding)
    rows = tuple(
        (Cell(name), Cell(_time_spent(comparison.binding, name)), *_bound(tightest_of.get(name)))
        for name in platform_names(comparison)
    )
    headings = ("platform", "start-up time", "count bound by", "one host holds")
    return Table(headings, rows, words=3)


def _time_spent(binding: "DataFrame", platform: str) -> str:
    rows = binding[(binding["platform"] == platform) & (binding["question"] == "start-up")]
    shares = zip(rows["resource"], rows["value"], strict=True)
    said = [f"{resource_name(what)} {percent(share)}" for what, share in shares if share >= _WORTH]
    return ", ".join(said[:_MOST_SHOWN]) or "-"


def _bound(found: tuple[str, float] | None) -> tuple[Cell, Cell]:
    return (Cell(resource_name(found[0])), Cell(count(found[1]), found[1])) if found else (ABSENT, ABSENT)


def differences(comparison: Comparison) -> Table:
    """By how much each platform differs from the first, paired by replication."""
    frame = comparison.differences
    shown = frame[frame["metric"].isin(DIFFERENCES_SHOWN)]
    rows = tuple(
        (
            Cell(row.platform),
            Cell(metric_name(row.metric)),
            *_difference(row.mean, row.low, row.high, row.unit, row.ratio),
        )
        for row in shown.sort_values("platform", kind="stable", key=_rank(comparison)).itertuples()
    )
    headings = ("platform", "metric", "difference", "95 % interval", "times")
    return Table(headings, rows, words=2)


def _rank(comparison: Comparison) -> Callable[["DataFrame"], "DataFrame"]:
    order = {name: place for place, name in enumerate(platform_names(comparison))}
    return lambda column: column.map(order)


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
    rows = tuple(
        (
            Cell(row.platform),
            Cell(f"{metric_name(row.metric)} {_bound_in_words(row.metric, row.objective)}"),
            Cell("met" if row.met else "not met"),
            ABSENT if math.isnan(row.value) else Cell(metric_amount(row.metric, row.value)),
        )
        for row in comparison.objectives.itertuples()
    )
    return Table(("platform", "objective", "verdict", "found"), rows, words=3)


def _bound_in_words(metric: str, bound: str) -> str:
    """The bound with its unit, which a file leaves to the metric unless it is a share."""
    stated = metric not in METRICS or "%" in bound
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
    ranked = frame.sort_values("evidence", kind="stable", key=lambda column: column.map(GRADES.index))
    rows = tuple(
        (
            Cell(row.evidence, GRADES.index(row.evidence)),
            Cell(row.path),
            Cell(amount(row.value, row.unit), row.value),
            Cell(_source(row.source, sources)),
            Cell(row.note),
        )
        for row in ranked.itertuples()
    )
    return Table(("evidence", "number", "value", "source", "note"), rows, words=5)


def _distinct(frame: "DataFrame") -> "DataFrame":
    """One row a number, however many platforms lean on it."""
    return frame.drop_duplicates(["path", "value", "unit", "source"])


def _source(key: str, sources: Mapping[str, Source]) -> str:
    source = sources.get(key)
    if source is None:
        return {"scenario": "stated in the scenario", "default": "nothing stated"}.get(key, key)
    return f"{source.title} ({source.where})" if source.where else source.title
