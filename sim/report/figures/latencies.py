"""How long requests take, share by share, so that the tail has as much room as the middle."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from sim.report.comparison import Comparison
from sim.report.estimates import Estimate, by_platform, estimates, of_metric
from sim.report.figures import layout, panels, titles
from sim.report.figures.courses import Course
from sim.report.figures.style import Size
from sim.report.figures.ticks import log_time_ticks
from sim.report.loads import in_counting_order
from sim.report.wording import host_name

_SHARES = (0.5, 0.9, 0.99, 0.999)
_MOST_PANELS = 9
_BEYOND = 1.2
_AXIS_ROOM = 0.5
_METRIC = "request_p99_s"


def latencies(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a panel a group and a line a platform: the time that each share keeps within.

    Shares lie as far apart as what is left above them shrinks: 50, 90, 99, 99.9 %.
    """
    found = _by_group(comparison.latencies)
    shown = dict(list(found.items())[:_MOST_PANELS])
    if not shown:
        return None
    subtitle = "The time within which each share of the requests is answered, on a log scale"
    where = f"{_of(shown, found)}; {host_name(comparison.scenario)}"
    head = (_title(comparison), subtitle + where)
    drawing = panels.of_lines(head, shown, colours, size, _AXIS_ROOM)
    limits = _limits(shown)
    for lines, drawn in zip(shown.values(), drawing.axes, strict=True):
        _set_axes(drawn, *limits)
        _draw(drawn, lines, drawing)
    return drawing.figure


def _draw(drawn: Axes, lines: Mapping[str, Course], drawing: panels.Lines) -> None:
    for name, (places, times) in lines.items():
        drawn.plot(places, times, color=drawing.colours[name], linewidth=1.6)
    drawing.name_ends(drawn, {name: float(times[-1]) for name, (_, times) in lines.items()})


def _of(shown: Mapping[str, object], found: Mapping[str, object]) -> str:
    if len(shown) == 1:
        return f" ({next(iter(shown))})"
    return f", {len(shown)} of {len(found)} groups" if len(shown) < len(found) else ""


def _by_group(frame: DataFrame) -> dict[str, dict[str, Course]]:
    """The lines of each group that has any; what is told of all groups together is left out."""
    frame = frame[frame["group"] != ""]
    found = {str(group): _lines(part) for group, part in frame.groupby("group", sort=False)}
    return {group: found[group] for group in in_counting_order(found) if found[group]}


def _lines(frame: DataFrame) -> dict[str, Course]:
    """Where each share stands, and the time that it keeps within, by platform."""
    frame = frame[frame["latency_s"] > 0]
    return {
        str(name): (
            -np.log10(1 - part["share"].to_numpy(dtype=float)),
            part["latency_s"].to_numpy(dtype=float),
        )
        for name, part in frame.sort_values("share").groupby("platform", sort=False)
    }


def _limits(shown: Mapping[str, Mapping[str, Course]]) -> tuple[float, float]:
    times = np.concatenate([times for lines in shown.values() for _, times in lines.values()])
    return float(times.min()) / _BEYOND, float(times.max()) * _BEYOND


def _set_axes(drawn: Axes, low: float, high: float) -> None:
    drawn.set_yscale("log")
    drawn.set_ylim(low, high)
    drawn.set_xlim(0, -np.log10(1 - _SHARES[-1]))
    panels.set_ticks(
        drawn, {float(-np.log10(1 - share)): f"{share * 100:g} %" for share in _SHARES}
    )
    places, labels = log_time_ticks(low, high, layout.inches(drawn)[1], upright=True)
    drawn.set_yticks(places, labels=labels)
    drawn.yaxis.set_minor_locator(NullLocator())
    drawn.grid()


def _title(comparison: Comparison) -> str:
    """The p99 that differs most, of all groups."""
    groups: dict[str, dict[str, Estimate]] = {}
    for (platform, group), metrics in estimates(comparison.summary, "group").items():
        if _METRIC in metrics:
            groups.setdefault(group, {})[platform] = metrics[_METRIC]
    if not groups:
        whole = of_metric(by_platform(comparison.summary), _METRIC)
        return titles.most_against_least(whole, titles.REQUESTS) or "How long requests take"
    widest = max(groups, key=lambda group: _ratio(groups[group]))
    said = titles.most_against_least(groups[widest], titles.REQUESTS)
    return said if len(groups) == 1 else f"In {widest}, {said[0].lower()}{said[1:]}"


def _ratio(found: Mapping[str, Estimate]) -> float:
    means = [estimate.mean for estimate in found.values()]
    return max(means) / max(min(means), 1e-12)
