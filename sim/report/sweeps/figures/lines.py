"""A metric along an axis, and the mean over everything else: lines with their bands."""

from collections.abc import Iterator, Mapping, Sequence

from matplotlib.figure import Figure
from pandas import DataFrame

from sim.report.estimates import Estimate
from sim.report.figures.style import Size
from sim.report.sweeps.contests import measured, name_of
from sim.report.sweeps.figures import titles
from sim.report.sweeps.figures.charts import Chart, Mark
from sim.report.sweeps.figures.multiples import draw_charts
from sim.report.sweeps.foremost import MOST_PLATFORMS, foremost
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import PerPoint, compared, values_of
from sim.report.sweeps.scales import levels_of
from sim.report.sweeps.slices import MOST_SLICES, Slice, slices
from sim.report.sweeps.swept import Axis, Swept
from sim.report.sweeps.turning import Crossing, crossings
from sim.report.wording import capital
from sim.spec.sweep import SAMPLED

_MOST_MARKS, _FEWEST_EFFECTS = 3, 2
_MEANS = ("platform", "mean", "low", "high", "n", "unit")


def lines(swept: Swept, metric: str, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a metric along an axis, a line a platform, side by side over the other axes."""
    naming, cut = Naming(swept.axes), slices(swept)
    found = compared(swept, metric)
    charts = [_chart(of, found, swept, metric) for of in cut.found]
    charts = [chart for chart in charts if chart.lines]
    if not charts:
        return None
    subtitle = _subtitle(swept, metric, cut.found, cut.left_out)
    head = (titles.of_lines(swept, metric, charts), subtitle)
    return draw_charts(head, charts, metric, naming, colours, size)


def _subtitle(swept: Swept, metric: str, found: Sequence[Slice], left_out: str) -> str:
    naming, name = Naming(swept.axes), capital(name_of(metric))
    if swept.design in SAMPLED:
        said = f"{name} at each point along each axis, while the others vary as well"
    elif swept.design == "one-at-a-time":
        said = f"{name} along one axis at a time"
    else:
        said = f"{name} along {naming.short(found[0].levels.name)}"
    bands = "; with 95 % intervals" if _has_intervals(swept, metric) else ""
    return f"{said}{f', {left_out}' if left_out else ''}{_some(swept)}{bands}"


def _some(swept: Swept) -> str:
    """That only some platforms are drawn, where there are too many to be told apart."""
    many = len(swept.platforms)
    return f", {MOST_PLATFORMS} of {many} platforms" if many > MOST_PLATFORMS else ""


def _has_intervals(swept: Swept, metric: str) -> bool:
    own = swept.summary[swept.summary["metric"] == metric]
    return bool(own["low"].notna().any())


def _chart(of: Slice, found: PerPoint, swept: Swept, metric: str) -> Chart:
    values = values_of(swept.points, [of.levels.name])
    lines = {
        name: [(of.at(point, values), own[point]) for point in of.points if point in own]
        for name in foremost(swept, metric)
        if (own := found.get(name))
    }
    lines = {name: line for name, line in lines.items() if line}
    marks = list(_marks(of, crossings(swept, metric), Naming(swept.axes)))
    return Chart(of.title, of.levels, lines, marks, of.is_joined)


def _marks(of: Slice, crossed: Sequence[Crossing], naming: Naming) -> Iterator[Mark]:
    """The crossings on a slice, as many as can be told from each other."""
    own = [
        each
        for each in crossed
        if each.is_known and each.along == of.levels.name and dict(each.others) == dict(of.held)
    ]
    for each in own[:_MOST_MARKS] if of.is_joined else ():
        told, bracket = measured(each.at, "")
        yield Mark(each.at.mean, each.at.low, each.at.high, f"{told} {bracket}".rstrip())


def effects(swept: Swept, metric: str, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw the mean of a metric over all points with a value of an axis, an axis a chart."""
    naming = Naming(swept.axes)
    charts = [_effect(axis, swept, metric) for axis in swept.axes]
    charts = [chart for chart in charts if chart.lines][:MOST_SLICES]
    title = titles.of_effects(swept, metric)
    if len(charts) < _FEWEST_EFFECTS or not title:
        return None
    subtitle = f"{capital(name_of(metric))} by each axis, in the mean over all others{_some(swept)}"
    return draw_charts((title, subtitle), charts, metric, naming, colours, size)


def _effect(axis: Axis, swept: Swept, metric: str) -> Chart:
    """The means at the levels of one axis, which a table holds as text."""
    frame = swept.effects
    own = frame[(frame["metric"] == metric) & (frame["axis"] == axis.name)]
    kept = own["level"].map(str if axis.numbers is None else float)
    levels = levels_of(axis, DataFrame({axis.name: kept}))
    found: dict[str, list[tuple[float, Estimate]]] = {}
    for level, platform, *numbers in zip(
        kept.tolist(), *(own[column].tolist() for column in _MEANS), strict=True
    ):
        found.setdefault(platform, []).append((levels.at(level), Estimate(*numbers)))
    shown = foremost(swept, metric)
    lines = {name: sorted(found[name], key=_along) for name in shown if name in found}
    return Chart(Naming(swept.axes).short(axis.name), levels, lines)


def _along(found: tuple[float, Estimate]) -> float:
    return found[0]
