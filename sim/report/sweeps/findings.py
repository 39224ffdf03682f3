"""The findings of a sweep as tables of words, as long as a page bears; files have the rest."""

import math
from collections.abc import Iterator, Mapping

from sim.report.estimates import Estimate
from sim.report.findings import ABSENT, Cell, Table, mean_cell
from sim.report.frames import rows
from sim.report.sweeps.contests import measured, name_of
from sim.report.sweeps.mattering import Index, Swing, indices, swings
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import Margin, margins, metric_said, per_point, values_of
from sim.report.sweeps.scales import Levels, levels_of, spread_over
from sim.report.sweeps.swept import Swept
from sim.report.sweeps.turning import Crossing, crossings
from sim.report.wording import amount, change, interval, times

MOST_ROWS = 60
"""The most rows that a table of a page has; of more it shows some from all over the design."""

_MOST_VALUES = 8


def cut(table: Table) -> Table:
    """Some rows of a long table, evenly spread over all of them."""
    return Table(table.columns, tuple(spread_over(table.rows, MOST_ROWS)), table.words)


def varied(swept: Swept) -> Table:
    """The axes: how they are called here, their paths, and their values."""
    naming = Naming(swept.axes)
    return Table(
        ("axis", "path", "values"),
        tuple(
            (
                Cell(naming.short(axis.name)),
                Cell(axis.path),
                Cell(_values(levels_of(axis, swept.points), naming)),
            )
            for axis in swept.axes
        ),
        words=3,
    )


def _values(levels: Levels, naming: Naming) -> str:
    said = [naming.value(levels.name, value) for value in levels.values]
    if len(said) <= _MOST_VALUES:
        return ", ".join(said)
    spread = ", on a log scale" if levels.is_log else ""
    return f"{len(said):,} from {said[0]} to {said[-1]}{spread}"


def winners(swept: Swept) -> Table:
    """Who wins each metric at each point, and by how much."""
    found = {
        metric: {margin.point: margin for margin in margins(swept.winners, metric)}
        for metric in swept.metrics
    }
    shown = [metric for metric, of in found.items() if of]
    if not shown:
        return Table((), ())
    naming = Naming(swept.axes)
    columns = (*_axis_names(swept), *map(name_of, shown))
    return Table(
        columns,
        tuple(
            (*_place(naming, place), *(_won(found[metric].get(point), metric) for metric in shown))
            for point, place in values_of(swept.points, _columns(swept)).items()
        ),
        words=max(1, len(swept.axes)),
    )


def _won(margin: Margin | None, metric: str) -> Cell:
    if margin is None:
        return ABSENT
    said, bracket = measured(margin.by, metric)
    note = f"{margin.second} is {said} behind {bracket}".rstrip()
    return Cell("tie", note=note) if margin.tie else Cell(margin.winner, note=note)


def summary(swept: Swept) -> Table:
    """The mean of each metric at each point on each platform."""
    found = {metric: per_point(swept.summary, metric) for metric in swept.metrics}
    shown = [metric for metric, of in found.items() if of]
    naming = Naming(swept.axes)
    return Table(
        (*_axis_names(swept), "platform", *map(name_of, shown)),
        tuple(
            (
                *_place(naming, place),
                Cell(platform),
                *(_mean(found[each].get(platform, {}).get(point), each) for each in shown),
            )
            for point, place in values_of(swept.points, _columns(swept)).items()
            for platform in swept.platforms
        )
        if shown
        else (),
        words=len(swept.axes) + 1,
    )


def _mean(found: Estimate | None, metric: str) -> Cell:
    return mean_cell(found, metric_said(metric, found.mean, found.unit)) if found else ABSENT


def differences(swept: Swept) -> Table:
    """Each platform less the first, point by point."""
    naming = Naming(swept.axes)
    places = values_of(swept.points, _columns(swept))
    return Table(
        (*_axis_names(swept), "platform", "metric", "difference", "95 % interval", "times"),
        tuple(
            (*_place(naming, places[point]), Cell(platform), Cell(name_of(metric)), *cells)
            for metric in swept.metrics
            for point, platform, *cells in _differences(swept, metric)
            if point in places
        ),
        words=len(swept.axes) + 2,
    )


def _differences(swept: Swept, metric: str) -> Iterator[tuple[int, str, Cell, Cell, Cell]]:
    own = swept.differences[swept.differences["metric"] == metric]
    for point, platform, mean, low, high, unit, ratio in rows(
        own, "point", "platform", "mean", "low", "high", "unit", "ratio"
    ):
        is_tie = low <= 0 <= high
        spread = interval(low, high, unit, "+")
        yield (
            point,
            platform,
            Cell(change(mean, unit), mean),
            Cell(f"{spread}, a tie" if is_tie else spread or "-"),
            Cell(times(ratio), ratio) if math.isfinite(ratio) and ratio > 0 else Cell("-"),
        )


def crossings_table(swept: Swept) -> Table:
    """Where platforms change places, and where that was looked for and not found."""
    found = [crossing for metric in swept.metrics for crossing in crossings(swept, metric)]
    has_remarks = any(crossing.reason for crossing in found)
    words = ("metric", "with", "better below", "better above", *["remark"] * has_remarks)
    naming = Naming(swept.axes)
    return Table(
        (*words, "at", "95 % interval"),
        tuple((*_crossing(each, naming)[: len(words)], *_where(each, naming)) for each in found),
        words=len(words),
    )


def _crossing(found: Crossing, naming: Naming) -> tuple[Cell, ...]:
    held = naming.held(found.others) if found.others else "-"
    said = (name_of(found.metric), held, found.first, found.second, found.reason)
    return tuple(map(Cell, said))


def _where(found: Crossing, naming: Naming) -> tuple[Cell, Cell]:
    at = naming.holds(found.along, found.at.mean) if found.is_known else "-"
    spread = interval(found.at.low, found.at.high, found.at.unit) or "-"
    return Cell(at, found.at.mean), Cell(spread)


def effects(swept: Swept) -> Table:
    """The mean of each metric over all points that share a value of an axis."""
    naming = Naming(swept.axes)
    columns = ("metric", "platform", "axis", "level", "mean", "low", "high", "n", "unit")
    return Table(
        ("metric", "axis", "value", "platform", "mean", "95 % interval", "points"),
        tuple(
            (
                Cell(name_of(metric)),
                Cell(naming.short(axis)),
                Cell(level_said(naming, axis, level)),
                Cell(platform),
                Cell(metric_said(metric, mean, unit), mean),
                Cell(interval(low, high, unit) or "-"),
                Cell(f"{n:,}", n),
            )
            for metric, platform, axis, level, mean, low, high, n, unit in rows(
                swept.effects, *columns
            )
            if metric in swept.metrics
        ),
        words=4,
    )


def level_said(naming: Naming, axis: str, level: object) -> str:
    """Say a level, which a table holds as text, in the unit of its axis."""
    numbers = next((each.numbers for each in naming.axes if each.name == axis), None)
    return naming.value(axis, level if numbers is None else float(str(level)))


def sensitivity(swept: Swept) -> Table:
    """How much each input moves each metric, by either method."""
    units = dict(zip(swept.summary["metric"], swept.summary["unit"], strict=True))
    headings = ("mean effect", "its spread", "alone", "in all")
    return Table(
        ("metric", "platform", "input", "evidence", "remark", *headings),
        tuple(
            (
                *(Cell(name_of(metric)), Cell(platform), Cell(index.input), Cell(index.evidence)),
                *(Cell(index.reason), *_weights(index, metric, units.get(metric, ""))),
            )
            for metric in swept.metrics
            for platform, of in indices(swept, metric).items()
            for index in of
        ),
        words=5,
    )


def _weights(index: Index, metric: str, unit: str) -> Iterator[Cell]:
    mean, sigma = index.mu_star, index.sigma
    none = Cell("-")
    yield none if math.isnan(mean.mean) else mean_cell(
        Estimate(mean.mean, mean.low, mean.high, 0, unit), metric_said(metric, mean.mean, unit)
    )
    yield none if math.isnan(sigma) else Cell(metric_said(metric, sigma, unit), sigma)
    for share in (index.first, index.total):
        yield none if math.isnan(share.mean) else mean_cell(share, f"{share.mean:.2f}")


def tornado(swept: Swept) -> Table:
    """What each metric is at both ends of each input."""
    return Table(
        ("metric", "platform", "input", "evidence", "remark", "from", "to", "at first", "at last"),
        tuple(
            (
                *(Cell(name_of(metric)), Cell(platform), Cell(swing.input), Cell(swing.evidence)),
                *(Cell(swing.reason), *_swing(swing, metric)),
            )
            for metric in swept.metrics
            for platform, of in swings(swept, metric).items()
            for swing in of
        ),
        words=5,
    )


def _swing(swing: Swing, metric: str) -> Iterator[Cell]:
    for end in swing.ends:
        yield Cell(amount(end, swing.input_unit), end)
    for value in swing.at:
        said = "-" if math.isnan(value) else metric_said(metric, value, swing.unit)
        yield Cell(said, value)


def _columns(swept: Swept) -> list[str]:
    return [axis.name for axis in swept.axes]


def _axis_names(swept: Swept) -> Iterator[str]:
    naming = Naming(swept.axes)
    return (naming.short(axis.name) for axis in swept.axes)


def _place(naming: Naming, values: Mapping[str, object]) -> Iterator[Cell]:
    """A cell for each axis, which sorts by its number."""
    for name, value in values.items():
        as_number = float(value) if isinstance(value, (int, float)) else math.nan
        yield Cell(naming.value(name, value), as_number)
