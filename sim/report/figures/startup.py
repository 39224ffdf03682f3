"""How long a start takes, as the share of instances that is ready by each time."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Metrics, by_platform, of_metric
from sim.report.figures import layout, titles
from sim.report.figures.style import (
    BASE_POINTS,
    INK,
    MUTED,
    PAPER,
    SMALL_POINTS,
    WIDE,
    Size,
    platform_colours,
)
from sim.report.wording import amount, host_name, mix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

_QUANTILES = np.linspace(0, 1, 101)
_LOG_FROM_RATIO = 6.0
_ROOMY_DECADE = 1.6
_COLUMN_WIDTH = 0.66
_ROW_USED = 0.78
_SHOWN = (("median", "startup_p50_s", 0.5), ("p99", "startup_p99_s", 0.99))


def startup(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw, a row a platform, which share of the instances is ready so long after its request."""
    names = platform_names(comparison)
    curves = {name: _curve(comparison.instances, name) for name in names}
    times = [curve for curve, _ in curves.values() if len(curve)]
    if not times:
        return None
    metrics = by_platform(comparison.summary)
    subtitle = f"Share that is ready, from 0 to 100 % in each row; {mix(comparison.scenario)}"
    figure, top = layout.titled(_title(metrics), f"{subtitle} on {host_name(comparison.scenario)}", size)
    gutter = layout.names_width(names, size)
    right = size[0] - layout.MARGIN - _COLUMN_WIDTH * len(_SHOWN)
    drawn = layout.axes(figure, layout.MARGIN + gutter + 0.16, 0.34, right, top - 0.2)
    _set_time_axis(drawn, np.concatenate(times))
    colours = platform_colours(names)
    layout.name_rows(drawn, colours, gutter)
    for row, name in enumerate(names):
        _draw_curve(drawn, row, *curves[name], colours[name])
    _write_quantiles(drawn, metrics, names)
    return figure


def _title(metrics: Mapping[str, Metrics]) -> str:
    slowest = of_metric(metrics, "startup_p99_s")
    return titles.fewest_ready(metrics) or titles.most_against_least(slowest, titles.STARTUP)


def _curve(instances: "DataFrame", platform: str) -> tuple["NDArray[np.float64]", float]:
    """The times by which each hundredth of the ready ones was ready, and the share ready at all."""
    rows = instances[instances["platform"] == platform]
    took = (rows["ready_s"] - rows["created_s"]).dropna().to_numpy(dtype=float)
    if not len(took):
        return took, 0.0
    return np.quantile(took, _QUANTILES), len(took) / len(rows)


def _set_time_axis(drawn: "Axes", times: "NDArray[np.float64]") -> None:
    """A log axis where platforms differ by much; ticks that say their unit."""
    low, high = float(times[times > 0].min(initial=np.inf)), float(times.max())
    if high > _LOG_FROM_RATIO * low:
        drawn.set_xscale("log")
        drawn.set_xlim(low / 1.3, high * 1.3)
        drawn.xaxis.set_major_locator(LogLocator(subs=_ticks_of_a_decade(drawn)))
    else:
        drawn.set_xlim(0, high * 1.08 or 1.0)
        drawn.xaxis.set_major_locator(MaxNLocator(int(layout.inches(drawn)[0])))
    drawn.xaxis.set_major_formatter(lambda seconds, _: amount(seconds, "s"))
    drawn.xaxis.set_minor_locator(NullLocator())
    drawn.grid(axis="x")
    drawn.spines[:].set_visible(False)


def _ticks_of_a_decade(drawn: "Axes") -> tuple[float, ...]:
    low, high = drawn.get_xlim()
    roomy = layout.inches(drawn)[0] / math.log10(high / low) > _ROOMY_DECADE
    return (1.0, 2.0, 5.0) if roomy else (1.0,)


def _draw_curve(
    drawn: "Axes", row: int, times: "NDArray[np.float64]", share: float, colour: str
) -> None:
    floor = row + _ROW_USED / 2
    end = drawn.get_xlim()[1]
    drawn.axhline(floor, color=colour, linewidth=0.6, alpha=0.5)
    if not len(times):
        return
    x = np.append(times, end)
    y = floor - _ROW_USED * share * np.append(_QUANTILES, 1)
    drawn.fill_between(x, floor, y, color=colour, alpha=0.22, linewidth=0)
    drawn.plot(x, y, color=colour, linewidth=1.6, solid_joinstyle="round")
    for _, _, part in _SHOWN:
        if part <= share:
            place = float(np.interp(part / share, _QUANTILES, times))
            look = {"markerfacecolor": PAPER, "markeredgecolor": colour, "markeredgewidth": 1.4}
            drawn.plot(place, floor - _ROW_USED * part, "o", markersize=4.5, **look)


def _write_quantiles(drawn: "Axes", metrics: Mapping[str, Metrics], names: list[str]) -> None:
    """Write median and p99 as columns beside the rows; a dash where a quantile does not exist."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    figure = drawn.get_figure(root=True)
    for place, (heading, metric, _) in enumerate(_SHOWN, start=1):
        move = ScaledTranslation(place * _COLUMN_WIDTH, 0, figure.dpi_scale_trans)
        beside = blended_transform_factory(drawn.transAxes, drawn.transData) + move
        above = drawn.transAxes + move
        look = {"ha": "right", "va": "bottom", "color": MUTED, "size": SMALL_POINTS}
        drawn.text(1, 1.02, heading, transform=above, **look)
        for row, name in enumerate(names):
            found = metrics[name].get(metric)
            said = amount(found.mean, found.unit) if found else "-"
            look = {"ha": "right", "va": "center", "color": INK, "size": BASE_POINTS}
            drawn.text(1, row, said, transform=beside, **look)
