"""Memory over time: how fast a platform fills the host, and how far."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout
from sim.report.figures.style import MUTED, SMALL_POINTS, WIDE, Size, platform_colours
from sim.report.wording import amount, mix, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

    Course = tuple[NDArray[np.float64], NDArray[np.float64]]

_NOT_GROSS = ("page_cache", "swap")
_MOST_STEPS = 400
_SETTLED = 0.99
_BEYOND_LAST_CHANGE = 1.25


def timeline(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw the gross memory of each platform over the first replication, as steps."""
    names = platform_names(comparison)
    courses = _courses(comparison.samples, names)
    if not courses:
        return None
    subtitle = f"Gross memory from the first request on; {mix(comparison.scenario)}"
    figure, top = layout.titled(_title(courses), subtitle, size)
    gutter = layout.names_width(courses, size)
    drawn = layout.axes(
        figure, layout.MARGIN + 0.4, 0.34, size[0] - layout.MARGIN - gutter - 0.25, top - 0.12
    )
    _set_axes(drawn, courses, comparison.scenario.horizon)
    colours = platform_colours(names)
    for name, (times, values) in courses.items():
        times = np.concatenate([[0.0], times, [comparison.scenario.horizon]])
        values = np.concatenate([[0.0], values, values[-1:]])
        drawn.step(times, values, where="post", color=colours[name], linewidth=1.8)
    _name_ends(drawn, courses, colours, gutter)
    return figure


def _courses(samples: "DataFrame", names: list[str]) -> dict[str, "Course"]:
    """The sum over hosts and components after each change, on at most some hundred steps."""
    memory = samples[
        (samples["resource"] == "memory") & ~samples["component"].isin(_NOT_GROSS)
    ]
    found = {name: _course(memory[memory["platform"] == name]) for name in names}
    return {name: course for name, course in found.items() if len(course[0])}


def _course(rows: "DataFrame") -> "Course":
    rows = rows.sort_values("time_s", kind="stable")
    before = rows.groupby(["host", "component"], sort=False)["value"].shift(fill_value=0.0)
    times = rows["time_s"].to_numpy(dtype=float)
    total = np.cumsum((rows["value"] - before).to_numpy(dtype=float))
    last_of_instant = np.append(times[1:] != times[:-1], True)[: len(times)]
    times, total = times[last_of_instant], total[last_of_instant]
    kept = np.unique(np.linspace(0, len(times) - 1, min(len(times), _MOST_STEPS)).astype(int))
    return times[kept], total[kept]


def _title(courses: dict[str, "Course"]) -> str:
    """How far the platform that fills most goes, and how soon, against the one that fills least."""
    peaks = {name: float(values.max()) for name, (_, values) in courses.items()}
    most, least = max(peaks, key=peaks.__getitem__), min(peaks, key=peaks.__getitem__)
    said = f"{most} fills {amount(peaks[most], 'bytes')} {_within(*courses[most])}"
    if most == least:
        return said
    return f"{said}, {least} {amount(peaks[least], 'bytes')} {_within(*courses[least])}"


def _within(times: "NDArray[np.float64]", values: "NDArray[np.float64]") -> str:
    return f"within {amount(float(times[np.argmax(values >= _SETTLED * values.max())]), 's')}"


def _set_axes(drawn: "Axes", courses: dict[str, "Course"], horizon: float) -> None:
    """From 0 to a little after the last change worth seeing, on both axes."""
    settled = [
        float(times[np.argmax(np.abs(values - values[-1]) <= (1 - _SETTLED) * values.max())])
        for times, values in courses.values()
    ]
    drawn.set_xlim(0, min(horizon, max(settled) * _BEYOND_LAST_CHANGE) or horizon)
    drawn.set_ylim(0, max(float(values.max()) for _, values in courses.values()) * 1.05 or 1.0)
    size, unit = scale(drawn.get_ylim()[1], "bytes")
    ticks = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(0, drawn.get_ylim()[1] / size)
    ticks = [tick for tick in ticks if tick * size <= drawn.get_ylim()[1]]
    labels = [*(f"{tick:g}" for tick in ticks[:-1]), f"{ticks[-1]:g}\n{unit}"]
    drawn.set_yticks([tick * size for tick in ticks], labels=labels)
    drawn.xaxis.set_major_locator(MaxNLocator(max(2, int(layout.inches(drawn)[0]))))
    drawn.xaxis.set_major_formatter(lambda seconds, _: amount(seconds, "s"))
    drawn.grid(axis="y")
    drawn.spines["left"].set_visible(False)


def _name_ends(
    drawn: "Axes", courses: dict[str, "Course"], colours: dict[str, str], width: float
) -> None:
    """Name each line at its right end, moved apart where ends are close, with a leader."""
    wide, high = layout.inches(drawn)
    per_inch = drawn.get_ylim()[1] / high
    names = [layout.fitted(name, width, SMALL_POINTS, lines=2) for name in courses]
    ends = [_value_at(course, drawn.get_xlim()[1]) for course in courses.values()]
    lines = max(name.count("\n") for name in names) + 1
    gap = layout.line_height(SMALL_POINTS) * lines * 0.92 * per_inch
    places = layout.spread(ends, gap, gap / 2, drawn.get_ylim()[1])
    for name, platform, end, place in zip(names, courses, ends, places, strict=True):
        leader = {"color": colours[platform], "linewidth": 0.8, "clip_on": False}
        across = drawn.get_yaxis_transform()
        drawn.plot([1, 1 + 0.18 / wide], [end, place], transform=across, **leader)
        look = {"va": "center", "size": SMALL_POINTS, "color": MUTED, "linespacing": 0.95}
        drawn.text(1 + 0.22 / wide, place, name, transform=across, **look)


def _value_at(course: "Course", time: float) -> float:
    times, values = course
    return float(values[max(0, np.searchsorted(times, time, side="right") - 1)])
