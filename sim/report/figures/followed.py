"""Curves: what was measured as one condition changes, as points, and the model as lines."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from sim.records.validation import Validation
from sim.report.figures import panels
from sim.report.figures.scale import scale_of
from sim.report.figures.style import PAPER, Size, platform_colours
from sim.report.figures.ticks import amount_ticks, log_ticks
from sim.report.wording import amount, capital, metric_name, number

MOST_CHARTS = 12
"""The most charts of one figure; more stand on another."""

_AXIS_ROOM = 0.62
_BESIDE, _ABOVE, _BELOW = 1.1, 1.12, 1.25
_MOST_TICKS = 4
_HEIGHT, _HEAD = 1.95, 1.25
_CHART = ["source", "metric", "statistic", "conditions", "along"]
_ALONG = {
    "started_at_once": "started at once",
    "in_flight": "in flight",
    "already_running": "already running",
    "cpu_busy_cores": "cores busy",
    "clients": "clients",
    "vcpus": "vCPUs",
    "guest_memory": "of memory",
    "hosts": "hosts",
}
"""What a place on the axis is, by the column along which a curve goes."""

_IN_BYTES = "guest_memory"
_HOST = "on "

Charts = Mapping[str, Mapping[str, DataFrame]]
"""The points of each platform's curve, by the title of the chart."""


def charts(validation: Validation) -> Iterator[tuple[str, Charts]]:
    """Give the charts of each figure under the figure's name: a kind of thing, a few at a time."""
    for kind, frame in validation.curves.groupby("kind", sort=False):
        found = _charts(frame)
        titles = list(found)
        for begin in range(0, len(titles), MOST_CHARTS):
            part = f", part {begin // MOST_CHARTS + 1}" if len(titles) > MOST_CHARTS else ""
            yield f"{kind}{part}", {
                title: found[title] for title in titles[begin : begin + MOST_CHARTS]
            }


def colours(validation: Validation) -> dict[str, str]:
    """Give each platform that has a curve its colour, those first that have most."""
    many = Counter(validation.curves["platform"]).most_common()
    return platform_colours([name for name, _ in many])


def followed(kind: str, found: Charts, hues: Mapping[str, str], size: Size) -> Figure:
    """Draw charts of one kind of thing: points as measured, lines as the model has them."""
    lines = {title: [*_bases(chart)] for title, chart in found.items()}
    size = size[0], max(size[1], _HEAD + _HEIGHT * panels.rows_of_lines(len(found), size))
    subtitle = "Points: measured; lines: predicted"
    drawing = panels.of_lines((_title(kind, found), subtitle), lines, hues, size, _AXIS_ROOM)
    for chart, drawn in zip(found.values(), drawing.axes, strict=True):
        points = [*chart.values()]
        _set_axes(drawn, points)
        for platform, curve in chart.items():
            _draw(drawn, curve, hues[_base(platform)])
    return drawing.figure


def _charts(frame: DataFrame) -> dict[str, dict[str, DataFrame]]:
    """Curves that differ in their platform alone share a chart."""
    found: dict[str, dict[str, DataFrame]] = {}
    for key, part in frame.groupby(_CHART, sort=False):
        curves = {_label(curve, number): curve for number, curve in part.groupby("curve")}
        found.setdefault(_named(*map(str, key)), {}).update(curves)
    return found


def _label(curve: DataFrame, number: object) -> str:
    """A platform, and behind a space the number of the curve, since a chart may have two of one."""
    return f"{curve['platform'].iloc[0]} {number}"


def _base(label: str) -> str:
    return label.rpartition(" ")[0]


def _bases(chart: Mapping[str, DataFrame]) -> Iterator[str]:
    return map(_base, chart)


def _named(source: str, metric: str, statistic: str, conditions: str, along: str) -> str:
    """The title of a chart: who measured what, and under which conditions but for the host."""
    told = [part for part in conditions.split(", ") if not part.startswith(_HOST)]
    said = metric_name(metric) if statistic == "mean" else f"{metric_name(metric)} {statistic}"
    return f"{source}: {', '.join(filter(None, (said, *told)))}"


def _title(kind: str, found: Charts) -> str:
    curves = [curve for chart in found.values() for curve in chart.values()]
    kept = sum(_is_in_order(curve) for curve in curves)
    many = "1 curve" if len(curves) == 1 else f"{len(curves)} curves"
    return f"{capital(kind)}: of {many} the model keeps the order of {kept}"


def _is_in_order(curve: DataFrame) -> bool:
    """Whether no two points that differ by more than a tenth change places."""
    measured, said = (curve[name].to_numpy(dtype=float) for name in ("value", "predicted"))
    for one in range(len(curve)):
        apart = np.abs(measured / measured[one] - 1) > 1 / 10
        turned = (measured - measured[one]) * (said - said[one]) <= 0
        if (apart & turned & (curve["at"] != curve["at"].iloc[one]).to_numpy()).any():
            return False
    return True


def _set_axes(drawn: Axes, curves: Sequence[DataFrame]) -> None:
    every = [float(value) for curve in curves for name in ("value", "predicted")
             for value in curve[name]]  # fmt: skip
    _set_amounts(drawn, every, curves[0]["base"].iloc[0])
    places = sorted({float(place) for curve in curves for place in curve["at"]})
    _set_places(drawn, places, curves[0]["along"].iloc[0])
    drawn.grid(axis="y")
    drawn.spines["bottom"].set_visible(True)


def _set_amounts(drawn: Axes, values: Sequence[float], base: str) -> None:
    """Amounts from 0 up, or on a log scale where they lie far apart."""
    low, high = min(values), max(values)
    if scale_of(values).is_log:
        drawn.set_yscale("log")
        drawn.yaxis.set_minor_locator(NullLocator())
        drawn.set_ylim(low / _BELOW, high * _BELOW)
        places, labels = log_ticks(low / _BELOW, high * _BELOW, base, _MOST_TICKS)
    else:
        drawn.set_ylim(0, high * _ABOVE)
        places, labels = amount_ticks(0, high * _ABOVE, base, _MOST_TICKS)
    drawn.set_yticks(places, labels=labels)


def _set_places(drawn: Axes, places: Sequence[float], along: str) -> None:
    """The condition along the axis, on a log scale where it is wide; the last label names it."""
    if places[0] > 0 and scale_of(places).is_log:
        drawn.set_xscale("log")
        drawn.xaxis.set_minor_locator(NullLocator())
        drawn.set_xlim(places[0] / _BESIDE, places[-1] * _BESIDE)
    else:
        beside = (places[-1] - places[0]) * (_BESIDE - 1) / 2
        drawn.set_xlim(places[0] - beside, places[-1] + beside)
    said = partial(amount, unit="bytes") if along == _IN_BYTES else number
    labels = {place: said(place) for place in places}
    labels[places[-1]] = f"{labels[places[-1]]} {_ALONG[along]}"
    panels.set_ticks(drawn, labels)


def _draw(drawn: Axes, curve: DataFrame, hue: str) -> None:
    drawn.plot(curve["at"], curve["predicted"], color=hue, linewidth=1.6)
    drawn.plot(curve["at"], curve["value"], "o", ms=5, mfc=hue, mec=PAPER, mew=0.8)
