"""How long a start takes, as the share of instances that is ready by each time."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Metrics, by_platform, of_metric
from sim.report.figures import columns, layout, titles
from sim.report.figures.scale import Scale, scale_of
from sim.report.figures.style import PAPER, Size
from sim.report.figures.ticks import log_time_ticks, time_ticks
from sim.report.wording import amount, host_name, mix

_QUANTILES = np.sort(np.append(np.linspace(0, 1, 31), 0.99))
_BEYOND = 1.3
_ROW_USED, _LEAST_ROW = 0.78, 0.3
_SHOWN = (("median", "startup_p50_s", 0.5), ("p99", "startup_p99_s", 0.99))


def startup(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw, a row a platform, which share of the instances is ready so long after its request."""
    names = platform_names(comparison)
    curves = {name: _curve(comparison.instances, name) for name in names}
    if not any(len(times) for times, _ in curves.values()):
        return None
    metrics = by_platform(comparison.summary)
    setting = f"{mix(comparison.scenario)} on {host_name(comparison.scenario)}"
    times = np.concatenate([times for times, _ in curves.values()])
    scale = scale_of(times.tolist())
    axis = ", on a log scale of time" if scale.is_log else ""
    subtitle = f"Share that is ready, from 0 to 100 % in each row{axis}; {setting}"
    size = layout.room_for(names, size, _LEAST_ROW)
    figure, top = layout.titled(_title(metrics), subtitle, size)
    quantiles = _quantiles(metrics, names)
    room = sum(map(columns.width, quantiles))
    drawn = layout.row_axes(figure, colours, top - columns.HEADINGS, beside=room)
    _set_time_axis(drawn, scale)
    for row, name in enumerate(names):
        _draw_curve(drawn, row, *curves[name], colours[name])
    columns.write(drawn, quantiles)
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


def _set_time_axis(drawn: Axes, scale: Scale) -> None:
    low, high = scale.least / _BEYOND, scale.most * _BEYOND
    wide, _ = layout.inches(drawn)
    if scale.is_log:
        drawn.set_xscale("log")
        drawn.set_xlim(low, high)
        places, labels = log_time_ticks(low, high, wide)
    else:
        drawn.set_xlim(0, high)
        places, labels = time_ticks(high, wide)
    drawn.set_xticks(places, labels=labels)
    drawn.xaxis.set_minor_locator(NullLocator())
    drawn.grid(axis="x")


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


def _quantiles(metrics: Mapping[str, Metrics], names: list[str]) -> list[list[str]]:
    """The columns beside the rows, under their headings; a dash where a quantile does not exist."""
    quantiles = []
    for heading, metric, _ in _SHOWN:
        found = (metrics[name].get(metric) for name in names)
        quantiles.append([heading, *(amount(it.mean, it.unit) if it else "-" for it in found)])
    return quantiles
