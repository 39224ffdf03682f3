"""Memory over time: how fast a platform fills the host, and how far."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout, panels
from sim.report.figures.courses import NOT_GROSS, Course, added_up, at, settled
from sim.report.figures.pressure import is_pressed
from sim.report.figures.style import Size
from sim.report.figures.ticks import amount_ticks, time_ticks
from sim.report.wording import amount, mix

_MOST_STEPS = 400
_SETTLED = 0.99
_BEYOND_LAST_CHANGE = 1.25
_AXIS_ROOM = 0.4


def timeline(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw the gross memory of each platform over the first replication, as steps.

    Where memory does more than fill up, the figure of pressure shows it, and this one is left out.
    """
    names = platform_names(comparison)
    courses = _courses(comparison.samples, names, comparison.scenario.horizon)
    if not courses or is_pressed(comparison):
        return None
    subtitle = f"Gross memory from the first request on; {mix(comparison.scenario)}"
    size = layout.room_for(courses, size)
    figure, top = layout.titled(_title(courses), subtitle, size)
    gutter = layout.names_width(courses, size)
    right = size[0] - layout.MARGIN - gutter - panels.NAMES_FROM
    drawn = layout.axes(figure, layout.MARGIN + _AXIS_ROOM, layout.BELOW, right, top - 0.12)
    _set_axes(drawn, courses)
    for name, (times, values) in courses.items():
        drawn.step(times, values, where="post", color=colours[name], linewidth=1.8)
    end = np.array([drawn.get_xlim()[1]])
    ends = {name: float(at(end, course)[0]) for name, course in courses.items()}
    panels.name_ends(drawn, ends, colours, gutter)
    return figure


def _courses(samples: DataFrame, names: list[str], horizon: float) -> dict[str, Course]:
    """The course of each platform that has one."""
    is_gross = (samples["resource"] == "memory") & ~samples["component"].isin(NOT_GROSS)
    memory = samples[is_gross]
    parts = {name: memory[memory["platform"] == name] for name in names}
    return {name: _course(part, horizon) for name, part in parts.items() if len(part)}


def _course(changes: DataFrame, horizon: float) -> Course:
    """The sum over hosts and components from 0 to the horizon, on at most some hundred steps."""
    times, total = added_up(changes)
    kept = np.unique(np.linspace(0, len(times) - 1, _MOST_STEPS).round().astype(int))
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
    last = max(settled(course) for course in courses.values())
    most = max(float(values.max()) for _, values in courses.values()) or 1.0
    drawn.set_xlim(0, min(horizon, last * _BEYOND_LAST_CHANGE) or horizon)
    drawn.set_ylim(0, most * 1.05)
    places, labels = amount_ticks(0, most, "bytes", most=5)
    # The corner is named once, by the time.
    drawn.set_yticks(places[1:], labels=[label.replace(" ", "\n") for label in labels[1:]])
    times, labels = time_ticks(drawn.get_xlim()[1], layout.inches(drawn)[0])
    drawn.set_xticks(times, labels=labels)
    drawn.grid(axis="y")
    drawn.spines["bottom"].set_visible(True)
