"""The findings as tables of words, which terminal, page and Markdown show alike."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.contrast import MOST_PLATFORMS_NAMED, few
from sim.report.estimates import (
    Estimate,
    Metrics,
    by_platform,
    estimates,
    is_as_live,
    is_comparable,
    ready_at_end,
)
from sim.report.frames import rows
from sim.report.wording import (
    amount,
    change,
    interval,
    listed,
    metric_amount,
    metric_name,
    number,
    percent,
    resource_name,
    times,
)
from sim.spec.metrics import METRICS

DIFFERENCES_SHOWN = (
    "startup_mean_s",
    "startup_p99_s",
    "memory_gross_bytes",
    "cpu_gross_core_s",
    "disk_gross_bytes",
)

_READY_AT_END = "ready_at_end"
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
    """A column of the headline: its heading and the cell that a platform's metrics give.

    One that is not `always` there is left out where it holds nothing but zeros.
    """

    heading: str
    cell: Callable[[Metrics], Cell]
    always: bool = True


ABSENT = Cell("-", note="this platform does not have it")
_SWAPPED = Cell("-", note="less is held than the work needs, since part of it is swapped out")


def metric_column(heading: str, metric: str, *, always: bool = True) -> Column:
    """Give the column of a metric: its mean, with its interval as the note."""

    def cell(metrics: Metrics) -> Cell:
        own = metrics.get(metric)
        return mean_cell(own, metric_amount(metric, own.mean)) if own else ABSENT

    return Column(heading, cell, always)


def mean_cell(own: Estimate, text: str, *notes: str) -> Cell:
    """Give the cell of a mean: on asking its interval, and what else there is to say of it."""
    spread = interval(own.low, own.high, own.unit)
    return Cell(text, own.mean, "; ".join(filter(None, (spread, *notes))))


def _core_seconds(metrics: Metrics) -> Cell:
    """CPU time in the one unit that the heading names."""
    own = metrics.get("cpu_tare_core_s")
    return mean_cell(own, number(own.mean)) if own else ABSENT


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
    return _SWAPPED if share < 0 else Cell(amount(share, "bytes"), share)


STARTS = (
    metric_column("mean start", "startup_mean_s"),
    metric_column("p99 start", "startup_p99_s"),
    metric_column("all ready", "all_ready_s"),
    metric_column("ready", "instances_ready"),
    metric_column("ready at the end", _READY_AT_END),
    metric_column("failed", "instances_failed", always=False),
    metric_column("OOM kills", "oom_kills", always=False),
)
RESOURCES = (
    metric_column("memory gross", "memory_gross_bytes"),
    metric_column("memory net", "memory_net_bytes"),
    Column("memory tare each", _tare_each),
    Column("CPU tare, core-s", _core_seconds),
    metric_column("disk gross", "disk_gross_bytes"),
)


def headline(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """A row for each platform, in the order of the file."""
    whole = by_platform(comparison.summary)
    for name, standing in ready_at_end(comparison).items():
        whole[name][_READY_AT_END] = standing
    rows_of = [((Cell(name),), whole[name]) for name in platform_names(comparison)]
    return _in_columns(("platform",), rows_of, columns)


def by_group(comparison: Comparison, columns: Sequence[Column]) -> Table:
    """A row for each platform and group."""
    found = estimates(comparison.summary, "group")
    rows_of = [((Cell(platform), Cell(group)), of) for (platform, group), of in found.items()]
    return _in_columns(("platform", "group"), rows_of, columns)


def _in_columns(
    heads: tuple[str, ...],
    rows_of: Sequence[tuple[tuple[Cell, ...], Metrics]],
    columns: Sequence[Column],
) -> Table:
    """A table of metrics, without the columns that may be left out where all is zero."""
    kept = [column for column in columns if _is_told(column, [of for _, of in rows_of])]
    said = ((*head, *(column.cell(of) for column in kept)) for head, of in rows_of)
    return Table((*heads, *(column.heading for column in kept)), tuple(said), len(heads))


def _is_told(column: Column, found: Sequence[Metrics]) -> bool:
    """Whether somebody has what a column tells, or some of it where to have none is usual."""
    cells = [column.cell(of) for of in found]
    least = -math.inf if column.always else 0.0
    return any(cell is not ABSENT and cell.value > least for cell in cells)


def limits(comparison: Comparison) -> Table:
    """What start-up spends its time on, what a host is fullest of, and how full that is."""
    tightest_of = tightest(comparison.binding)
    said = tuple(
        (Cell(name), _time_spent(comparison.binding, name), *_bound(tightest_of.get(name)))
        for name in platform_names(comparison)
    )
    headings = ("platform", "start-up time goes to", "host is fullest in", "in use")
    return Table(headings, said, words=3)


def tightest(binding: DataFrame) -> dict[str, tuple[str, float]]:
    """Give what a host is fullest of: platform to resource and the share of it in use."""
    found: dict[str, tuple[str, float]] = {}
    asked = binding[binding["question"] == "use"]
    for platform, resource, share in rows(asked, "platform", "resource", "value"):
        if platform not in found or share > found[platform][1]:
            found[platform] = (resource, share)
    return found


def start_up_shares(binding: DataFrame, platform: str) -> list[tuple[str, float]]:
    """Give what a platform's starts spend their time on, with the share of each, largest first."""
    asked = binding[(binding["platform"] == platform) & (binding["question"] == "start-up")]
    return [row for row in rows(asked, "resource", "value") if row[1] >= _WORTH]


def _time_spent(binding: DataFrame, platform: str) -> Cell:
    shares = start_up_shares(binding, platform)[:_MOST_SHOWN]
    said = (f"{resource_name(what)} {percent(share)}" for what, share in shares)
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


def ratios(comparison: Comparison) -> Table:
    """How many times what the first platform takes each other takes: a row for each."""
    numbers = ("platform", "metric", "low", "high", "ratio")
    found = {
        (platform, metric): _ratio(*interval_and_ratio)
        for platform, metric, *interval_and_ratio in rows(comparison.differences, *numbers)
        if _is_fair(comparison, platform, metric)
    }
    named = [name for name in platform_names(comparison)[1:] if is_comparable(comparison, name)]
    said = (
        (Cell(name), *(found.get((name, metric), ABSENT) for metric in DIFFERENCES_SHOWN))
        for name in named
    )
    headings = ("platform", *map(metric_name, DIFFERENCES_SHOWN))
    return Table(headings, tuple(said) if found else ())


def _ratio(low: float, high: float, ratio: float) -> Cell:
    if low <= 0 <= high:
        return Cell("tie", ratio)
    return ABSENT if math.isnan(ratio) else Cell(times(ratio), ratio)


def objectives(comparison: Comparison) -> Table:
    """What each platform comes to in each stated objective, and which it misses."""
    found: dict[str, dict[str, Cell]] = {}
    for platform, metric, bound, value, met in rows(
        comparison.objectives, "platform", "metric", "objective", "value", "met"
    ):
        stated = f"{metric_name(metric)} {_bound_in_words(metric, bound)}"
        found.setdefault(platform, {})[stated] = _judged(metric, value, met)
    stated_ones = list(dict.fromkeys(stated for cells in found.values() for stated in cells))
    said = tuple(
        (Cell(name), *(cells.get(stated, ABSENT) for stated in stated_ones))
        for name, cells in found.items()
    )
    return Table(("platform", *stated_ones), said)


def _judged(metric: str, value: float, met: bool) -> Cell:
    """What was found, and whether that is what was asked for."""
    said = "none" if math.isnan(value) else metric_amount(metric, value)
    verdict = "met" if met else "missed"
    return Cell(f"{said}, {verdict}", value, verdict)


def _bound_in_words(metric: str, bound: str) -> str:
    """The bound with its unit, which a file leaves to the metric unless it is a share."""
    stated = metric not in METRICS or "%" in bound or bound[-1:].isalpha()
    return bound if stated else f"{bound} {METRICS[metric].unit}".rstrip()


def meeting(comparison: Comparison) -> list[str]:
    """Give the platforms that meet every stated objective, which are all where none is stated."""
    frame = comparison.objectives
    missed = set(frame.loc[~frame["met"].astype(bool), "platform"])
    return [name for name in platform_names(comparison) if name not in missed]


def who_meets(comparison: Comparison) -> str:
    """Say which platforms meet all objectives; nothing where none is stated."""
    if comparison.objectives.empty:
        return ""
    names, found = platform_names(comparison), meeting(comparison)
    missing = [name for name in names if name not in found]
    if not found:
        return "No platform meets every stated objective"
    if not missing:
        return "Every platform meets every stated objective"
    not_by = f", not by {listed(missing)}" if len(missing) <= MOST_PLATFORMS_NAMED else ""
    return f"Every stated objective is met by {few(found, len(names))}{not_by}"
