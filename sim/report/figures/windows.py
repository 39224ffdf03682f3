"""Requests over time, where what they meet changes during the run: their tail, or what is done."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from sim.report.comparison import Comparison
from sim.report.figures import layout, panels
from sim.report.figures.courses import Course, Values
from sim.report.figures.style import Size
from sim.report.figures.ticks import amount_ticks, log_time_ticks, time_ticks
from sim.report.loads import in_counting_order
from sim.report.wording import amount, host_name

Lines = dict[str, Course]
"""The middle of each window and the value in it, by platform."""


class _Reading(NamedTuple):
    subtitle: str
    title: str
    unit: str


_TAIL = _Reading(
    "Time within which 99 % of a window's requests are answered, on a log scale",
    "On {name}, 99 % are answered within {low} at best, and within {high} at worst",
    "s",
)
_RATE = _Reading(
    "Requests answered a second in each window",
    "On {name}, {high} are answered at best, and {low} at worst",
    "/s",
)
_NOTABLE = 1.4  # by less, chance alone moves windows of a hundred requests
_SMOOTHED = 5
_EARLY = 0.97
_MOST_PANELS = 6
_AXIS_ROOM, _BEYOND, _MOST_TICKS = 0.5, 1.2, 5


def windows(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a panel a group and a line a platform, of the groups that meet a change.

    The tail is drawn if it changes; if it does not, what is answered; if neither does, nothing.
    """
    if comparison.requests.empty:
        return None
    settled = _settled(comparison)
    for reading, values in ((_TAIL, settled["p99_s"]), (_RATE, _rates(settled))):
        found = _changing(settled.assign(value=values))
        if found:
            return _drawn(comparison, reading, found, colours, size)
    return None


def _settled(comparison: Comparison) -> DataFrame:
    """The windows since all of a group have started, of the first replication."""
    frame, instances = comparison.requests, comparison.instances
    first = instances[instances["replication"] == 0]
    ready = first.groupby(["platform", "group"])["ready_s"].max().to_dict()
    since = [ready.get(key, 0.0) for key in zip(frame["platform"], frame["group"], strict=True)]
    return frame[frame["start_s"].to_numpy(dtype=float) >= np.array(since, dtype=float)]


def _rates(frame: DataFrame) -> Values:
    return (frame["done"] / (frame["end_s"] - frame["start_s"])).to_numpy(dtype=float)


def _changing(frame: DataFrame) -> dict[str, Lines]:
    """The lines of each group of which at least one changes notably."""
    found: dict[str, Lines] = {}
    for group, part in frame.groupby("group", sort=False):
        own = {str(name): each for name, each in part.groupby("platform", sort=False)}
        if any(_change(each["value"].to_numpy(dtype=float)) > _NOTABLE for each in own.values()):
            found[str(group)] = {name: _line(each) for name, each in own.items()}
    return {group: found[group] for group in in_counting_order(found)[:_MOST_PANELS]}


def _ends(values: Values) -> tuple[float, float]:
    """The lowest and highest median of a few neighbours, which no single window moves."""
    known = values[np.isfinite(values) & (values > 0)]
    if len(known) < _SMOOTHED:
        return 1.0, 1.0
    medians = np.median(np.lib.stride_tricks.sliding_window_view(known, _SMOOTHED), axis=1)
    return float(medians.min()), float(medians.max())


def _change(values: Values) -> float:
    low, high = _ends(values)
    return high / low


def _line(part: DataFrame) -> Course:
    """The values in the middle of the windows, with a gap where a window is missing."""
    starts, ends = (part[side].to_numpy(dtype=float) for side in ("start_s", "end_s"))
    missing = np.flatnonzero(starts[1:] > ends[:-1] * (1 + 1e-9)) + 1
    values = part["value"].to_numpy(dtype=float)
    return (
        np.insert((starts + ends) / 2, missing, ends[missing - 1]),
        np.insert(values, missing, np.nan),
    )


def _drawn(
    comparison: Comparison,
    reading: _Reading,
    found: Mapping[str, Lines],
    colours: Mapping[str, str],
    size: Size,
) -> Figure:
    subject = f" ({next(iter(found))})" if len(found) == 1 else ""
    subtitle = f"{reading.subtitle}{subject}; {host_name(comparison.scenario)}"
    head = (_title(reading, found), subtitle)
    drawing = panels.of_lines(head, found, colours, size, _AXIS_ROOM)
    for lines, drawn in zip(found.values(), drawing.axes, strict=True):
        _set_axes(drawn, lines, reading, comparison.scenario.horizon)
        for name, course in lines.items():
            drawn.plot(*course, color=colours[name], linewidth=1.4)
            _lead_on(drawn, course, colours[name])
        drawing.name_ends(drawn, {name: _last(course) for name, course in lines.items()})
    return drawing.figure


def _lead_on(drawn: Axes, course: Course, hue: str) -> None:
    """Dots from where a line ends early to the edge, where its name is."""
    times, end = course[0], drawn.get_xlim()[1]
    last = float(times[np.isfinite(course[1])][-1])
    if last < _EARLY * end:
        drawn.plot([last, end], [_last(course)] * 2, ":", color=hue, linewidth=1.0)


def _title(reading: _Reading, found: Mapping[str, Lines]) -> str:
    """The platform that meets the greatest change, and between which ends."""
    ends = {
        (name, group): _ends(values)
        for group, lines in found.items()
        for name, (_, values) in lines.items()
    }
    name, group = max(ends, key=lambda key: ends[key][1] / ends[key][0])
    low, high = (amount(end, reading.unit) for end in ends[name, group])
    said = reading.title.format(name=name, low=low, high=high)
    return f"{said} ({group})" if len(found) > 1 else said


def _last(course: Course) -> float:
    return float(course[1][np.isfinite(course[1])][-1])


def _set_axes(drawn: Axes, lines: Lines, reading: _Reading, horizon: float) -> None:
    """Times on a log axis, since tails grow by decades; rates from nothing up."""
    values = np.concatenate([values[np.isfinite(values)] for _, values in lines.values()])
    wide, high = layout.inches(drawn)
    if reading is _TAIL:
        low, most = float(values.min()) / _BEYOND, float(values.max()) * _BEYOND
        drawn.set_yscale("log")
        places, labels = log_time_ticks(low, most, high, upright=True)
    else:
        low, most = 0.0, float(values.max()) * _BEYOND
        places, labels = amount_ticks(low, most, reading.unit, most=_MOST_TICKS)
    drawn.set_ylim(low, most)
    drawn.set_yticks(places, labels=[label.replace(" / ", "\n/ ") for label in labels])
    drawn.yaxis.set_minor_locator(NullLocator())
    drawn.set_xlim(0, horizon)
    panels.set_ticks(drawn, dict(zip(*time_ticks(horizon, wide), strict=True)))
    drawn.grid()
