"""Memory over time: how fast a platform fills the host, and how far."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout
from sim.report.figures.style import SMALL_POINTS, WIDE, Size, platform_colours
from sim.report.figures.text import fitted, line_height, note
from sim.report.figures.ticks import amount_ticks, time_ticks
from sim.report.wording import amount, mix

Course = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Times, and the value from each of them on."""

_NOT_GROSS = ("page_cache", "swap")
_MOST_STEPS = 400
_SETTLED = 0.99
_BEYOND_LAST_CHANGE = 1.25
_LEADER, _NAME_FROM = 0.18, 0.22
_AXIS_ROOM = 0.4


def timeline(comparison: Comparison, size: Size = WIDE) -> Figure | None:
    """Draw the gross memory of each platform over the first replication, as steps."""
    names = platform_names(comparison)
    courses = _courses(comparison.samples, names, comparison.scenario.horizon)
    if not courses:
        return None
    subtitle = f"Gross memory from the first request on; {mix(comparison.scenario)}"
    figure, top = layout.titled(_title(courses), subtitle, size)
    gutter = layout.names_width(courses, size)
    right = size[0] - layout.MARGIN - gutter - _NAME_FROM
    drawn = layout.axes(figure, layout.MARGIN + _AXIS_ROOM, layout.BELOW, right, top - 0.12)
    _set_axes(drawn, courses)
    colours = platform_colours(names)
    for name, (times, values) in courses.items():
        drawn.step(times, values, where="post", color=colours[name], linewidth=1.8)
    _name_ends(drawn, courses, colours, gutter)
    return figure


def _courses(samples: DataFrame, names: list[str], horizon: float) -> dict[str, Course]:
    """The course of each platform that has one."""
    is_gross = (samples["resource"] == "memory") & ~samples["component"].isin(_NOT_GROSS)
    memory = samples[is_gross]
    parts = {name: memory[memory["platform"] == name] for name in names}
    return {name: _course(part, horizon) for name, part in parts.items() if len(part)}


def _course(changes: DataFrame, horizon: float) -> Course:
    """The sum over hosts and components from 0 to the horizon, on at most some hundred steps."""
    changes = changes.sort_values("time_s", kind="stable")
    before = changes.groupby(["host", "component"], sort=False)["value"].shift(fill_value=0.0)
    times = changes["time_s"].to_numpy(dtype=float)
    total = np.cumsum((changes["value"] - before).to_numpy(dtype=float))
    last_of_instant = np.flatnonzero(np.append(times[1:] != times[:-1], True))
    evenly = np.linspace(0, len(last_of_instant) - 1, _MOST_STEPS).round().astype(int)
    kept = last_of_instant[np.unique(evenly)]
    return (
        np.concatenate([[0.0], times[kept], [horizon]]),
        np.concatenate([[0.0], total[kept], total[-1:]]),
    )


def _title(courses: dict[str, Course]) -> str:
    """How far the platform that fills most goes, and how soon, against the one that fills least."""
    peaks = {name: float(values.max()) for name, (_, values) in courses.items()}
    most, least = max(peaks, key=peaks.__getitem__), min(peaks, key=peaks.__getitem__)
    said = f"{most} fills {amount(peaks[most], 'bytes')} {_within(*courses[most])}"
    if most == least:
        return said
    return f"{said}, {least} {amount(peaks[least], 'bytes')} {_within(*courses[least])}"


def _within(times: NDArray[np.float64], values: NDArray[np.float64]) -> str:
    return f"within {amount(float(times[np.argmax(values >= _SETTLED * values.max())]), 's')}"


def _set_axes(drawn: Axes, courses: dict[str, Course]) -> None:
    """From 0 to a little after the last change worth seeing, on both axes."""
    horizon = max(float(times[-1]) for times, _ in courses.values())
    settled = max(_settled(*course) for course in courses.values())
    most = max(float(values.max()) for _, values in courses.values()) or 1.0
    drawn.set_xlim(0, min(horizon, settled * _BEYOND_LAST_CHANGE) or horizon)
    drawn.set_ylim(0, most * 1.05)
    places, labels = amount_ticks(0, most, "bytes", most=5)
    # The corner is named once, by the time.
    drawn.set_yticks(places[1:], labels=[label.replace(" ", "\n") for label in labels[1:]])
    times, labels = time_ticks(drawn.get_xlim()[1], layout.inches(drawn)[0])
    drawn.set_xticks(times, labels=labels)
    drawn.grid(axis="y")
    drawn.spines["bottom"].set_visible(True)


def _settled(times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """The time from which the value stays near its last."""
    away = np.flatnonzero(np.abs(values - values[-1]) > (1 - _SETTLED) * values.max())
    return float(times[away[-1] + 1]) if len(away) else 0.0


def _name_ends(
    drawn: Axes, courses: dict[str, Course], colours: dict[str, str], width: float
) -> None:
    """Name each line at its right end, moved apart where ends are close, with a leader."""
    wide, high = layout.inches(drawn)
    end, most = drawn.get_xlim()[1], drawn.get_ylim()[1]
    names = [fitted(name, width, SMALL_POINTS, lines=2) for name in courses]
    ends = [_value_at(end, *course) for course in courses.values()]
    gap = line_height(SMALL_POINTS) * max(name.count("\n") + 1 for name in names) * most / high
    places = layout.spread(ends, gap, gap / 2, most)
    across = drawn.get_yaxis_transform()
    for name, platform, value, place in zip(names, courses, ends, places, strict=True):
        line = [1, 1 + _LEADER / wide], [value, place]
        drawn.plot(*line, color=colours[platform], lw=0.8, clip_on=False, transform=across)
        note(drawn, 1 + _NAME_FROM / wide, place, name, across)


def _value_at(time: float, times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    return float(values[int(np.searchsorted(times, time, side="right")) - 1])
