"""How long a start takes, as the share of instances that is ready by each time."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Metrics, by_platform, of_metric
from sim.report.figures import layout, titles
from sim.report.figures.style import BASE_POINTS, INK, PAPER, WIDE, Size, platform_colours
from sim.report.figures.text import note
from sim.report.wording import amount, host_name, mix

_QUANTILES = np.sort(np.append(np.linspace(0, 1, 51), 0.99))
_LOG_FROM_RATIO = 6.0
_TICKS_BY_ROOM = ((1.6, (1.0, 2.0, 5.0)), (0.8, (1.0, 3.0)), (0.0, (1.0,)))
_BEYOND = 1.3
_COLUMN_ROOM = 0.66
_HEADINGS = 0.2
_ROW_USED = 0.78
_SHOWN = (("median", "startup_p50_s", 0.5), ("p99", "startup_p99_s", 0.99))


def startup(comparison: Comparison, size: Size = WIDE) -> Figure | None:
    """Draw, a row a platform, which share of the instances is ready so long after its request."""
    names = platform_names(comparison)
    curves = {name: _curve(comparison.instances, name) for name in names}
    if not any(len(times) for times, _ in curves.values()):
        return None
    metrics = by_platform(comparison.summary)
    setting = f"{mix(comparison.scenario)} on {host_name(comparison.scenario)}"
    subtitle = f"Share that is ready, from 0 to 100 % in each row; {setting}"
    figure, top = layout.titled(_title(metrics), subtitle, size)
    colours = platform_colours(names)
    drawn = layout.row_axes(figure, colours, top - _HEADINGS, _COLUMN_ROOM * len(_SHOWN))
    _set_time_axis(drawn, np.concatenate([times for times, _ in curves.values()]))
    for row, name in enumerate(names):
        _draw_curve(drawn, row, *curves[name], colours[name])
    _write_quantiles(drawn, metrics, names)
    return figure


def _title(metrics: Mapping[str, Metrics]) -> str:
    slowest = of_metric(metrics, "startup_p99_s")
    return titles.fewest_ready(metrics) or titles.most_against_least(slowest, titles.STARTUP)


def _curve(instances: DataFrame, platform: str) -> tuple[NDArray[np.float64], float]:
    """The times by which each share of the ready ones was ready, and the share ready at all."""
    asked = instances[instances["platform"] == platform]
    took = (asked["ready_s"] - asked["created_s"]).dropna().to_numpy(dtype=float)
    if not len(took):
        return took, 0.0
    return np.quantile(took, _QUANTILES), len(took) / len(asked)


def _set_time_axis(drawn: Axes, times: NDArray[np.float64]) -> None:
    """A log axis where platforms differ by much; ticks that say their unit."""
    low, high = float(times[times > 0].min(initial=np.inf)), float(times.max())
    if high > _LOG_FROM_RATIO * low:
        drawn.set_xscale("log")
        drawn.set_xlim(low / _BEYOND, high * _BEYOND)
        drawn.xaxis.set_major_locator(LogLocator(subs=_ticks_of_a_decade(drawn)))
    else:
        drawn.set_xlim(0, high * _BEYOND or 1.0)
        drawn.xaxis.set_major_locator(MaxNLocator(int(layout.inches(drawn)[0])))
    drawn.xaxis.set_major_formatter(lambda seconds, _: amount(seconds, "s"))
    drawn.xaxis.set_minor_locator(NullLocator())
    drawn.grid(axis="x")


def _ticks_of_a_decade(drawn: Axes) -> tuple[float, ...]:
    low, high = drawn.get_xlim()
    decade = layout.inches(drawn)[0] / math.log10(high / low)
    return next(ticks for inches, ticks in _TICKS_BY_ROOM if decade > inches)


def _draw_curve(
    drawn: Axes, row: int, times: NDArray[np.float64], share: float, colour: str
) -> None:
    floor = row + _ROW_USED / 2
    drawn.axhline(floor, color=colour, linewidth=0.6, alpha=0.5)
    if not len(times):
        return
    x = np.append(times, drawn.get_xlim()[1])
    y = floor - _ROW_USED * share * np.append(_QUANTILES, 1)
    drawn.fill_between(x, floor, y, color=colour, alpha=0.22, linewidth=0)
    drawn.plot(x, y, color=colour, linewidth=1.6, solid_joinstyle="round")
    marked = [part for _, _, part in _SHOWN if part <= share]
    places = [float(np.interp(part / share, _QUANTILES, times)) for part in marked]
    heights = [floor - _ROW_USED * part for part in marked]
    drawn.plot(places, heights, "o", ms=4.5, mfc=PAPER, mec=colour, mew=1.4)


def _write_quantiles(drawn: Axes, metrics: Mapping[str, Metrics], names: list[str]) -> None:
    """Write median and p99 as columns beside the rows; a dash where a quantile does not exist."""
    wide, _ = layout.inches(drawn)
    across = drawn.get_yaxis_transform()
    for place, (heading, metric, _) in enumerate(_SHOWN, start=1):
        x = 1 + place * _COLUMN_ROOM / wide
        note(drawn, x, 1.02, heading, drawn.transAxes, ha="right", va="bottom")
        for row, name in enumerate(names):
            found = metrics[name].get(metric)
            said = amount(found.mean, found.unit) if found else "-"
            note(drawn, x, row, said, across, BASE_POINTS, INK, ha="right")
