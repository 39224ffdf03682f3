"""Predicted against measured: a point an observation, on log axes, a chart a kind of thing."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray
from pandas import DataFrame

from sim.records.validation import KINDS, Validation
from sim.report.figures import layout, panels
from sim.report.figures.off import name_roles, scatter
from sim.report.figures.style import GRID, MUTED, ROLES, SMALL_POINTS, Size, is_wide
from sim.report.figures.text import text_width
from sim.report.figures.ticks import Ticks, log_ticks
from sim.report.validation import NEAR, TWICE, size_of, told

_BESIDE_LABELS = 0.1
_BEYOND = 1.6
_MOST_TICKS = 3
_HEIGHT, _ABOVE, _ABOVE_NARROW = 1.95, 1.1, 1.7
_ACROSS, _ACROSS_NARROW = 4, 2
_NAMES_OF_BASES = {"1/s": "a second", "s": "seconds"}
_RATIO, _RATIOS = "ratio", "one platform over another"
_SUBTITLE = (
    "Across: measured; up: predicted; a point an observation, both on log scales. Between the "
    "dashed lines predictions are off by less than a factor of 2, in the band by less than 10 %"
)


def predicted(validation: Validation, size: Size) -> Figure | None:
    """Draw each prediction over what was measured, with the lines of 10 % and a factor of 2."""
    found = told(validation.observations)
    charts = _charts(found)
    if not charts:
        return None
    across = min(len(charts), _ACROSS if is_wide(size) else _ACROSS_NARROW)
    above = _ABOVE if is_wide(size) else _ABOVE_NARROW
    size = size[0], max(size[1], above + -(-len(charts) // across) * _HEIGHT)
    figure, top = layout.titled(_title(validation), _SUBTITLE, size)
    top = name_roles(figure, found, top)
    boxes = panels.in_rows(len(charts), across, size, top)
    room = max(_labels_width(chart) for chart in charts.values()) + _BESIDE_LABELS
    for (name, chart), (left, bottom, right, high) in zip(charts.items(), boxes, strict=True):
        drawn = layout.axes(figure, left + room, bottom, right, high)
        panels.title(drawn, name)
        _draw(drawn, chart)
    return figure


def _title(validation: Validation) -> str:
    whole = validation.errors[validation.errors["by"] == "all"].iloc[0]
    return (
        f"Half of {whole['rows']:,} predictions are within {size_of(whole['median'])} of what was "
        f"measured, nine of ten within {size_of(whole['p90'])}"
    )


def _charts(observations: DataFrame) -> dict[str, DataFrame]:
    """The observations of each kind, and of each unit where a kind has several, by its name.

    What divides two platforms stands on a chart of its own, whatever its kind.
    """
    is_ratio = observations["base"] == _RATIO
    found: dict[str, DataFrame] = {}
    for kind in KINDS:
        of_kind = observations[(observations["kind"] == kind) & ~is_ratio]
        units = of_kind["base"].unique()
        for base in units:
            name = f"{kind}, {_NAMES_OF_BASES.get(base, base)}" if len(units) > 1 else kind
            found[name] = of_kind[of_kind["base"] == base]
    return found | ({_RATIOS: observations[is_ratio]} if is_ratio.any() else {})


def _limits(chart: DataFrame) -> tuple[float, float]:
    """The ends of both axes of a chart."""
    both = np.concatenate([_amounts(chart, name) for name in ("value", "predicted")])
    return float(both.min()) / _BEYOND, float(both.max()) * _BEYOND


def _amounts(chart: DataFrame, column: str) -> NDArray[np.float64]:
    return (chart[column] * chart["factor"]).to_numpy(dtype=float)


def _ticks(chart: DataFrame) -> Ticks:
    return log_ticks(*_limits(chart), chart["base"].iloc[0], _MOST_TICKS)


def _labels_width(chart: DataFrame) -> float:
    _, labels = _ticks(chart)
    return max((text_width(label, SMALL_POINTS) for label in labels), default=0.0)


def _draw(drawn: Axes, chart: DataFrame) -> None:
    low, high = _limits(chart)
    _draw_lines(drawn, low, high)
    hues = [ROLES[role] for role in chart["role"]]
    scatter(drawn, _amounts(chart, "value"), _amounts(chart, "predicted"), hues)
    _set_axes(drawn, low, high, _ticks(chart))


def _draw_lines(drawn: Axes, low: float, high: float) -> None:
    ends = np.array([low, high])
    near = ends * (1 - NEAR), ends * (1 + NEAR)
    drawn.fill_between(ends, *near, color=GRID, linewidth=0, zorder=1)
    drawn.plot(ends, ends, color=MUTED, linewidth=0.8, zorder=2)
    for factor in (1 / TWICE, TWICE):
        drawn.plot(ends, ends * factor, "--", color=MUTED, linewidth=0.7, zorder=2)


def _set_axes(drawn: Axes, low: float, high: float, ticks: Ticks) -> None:
    """The same log scale both ways, with a few round amounts."""
    drawn.set_xscale("log")
    drawn.set_yscale("log")
    drawn.set_xlim(low, high)
    drawn.set_ylim(low, high)
    for axis in (drawn.xaxis, drawn.yaxis):
        axis.set_minor_locator(NullLocator())
    places, labels = ticks
    drawn.set_yticks(places, labels=labels)
    panels.set_ticks(drawn, dict(zip(places, labels, strict=True)))
    drawn.spines[["left", "bottom"]].set(visible=True, color=GRID)
