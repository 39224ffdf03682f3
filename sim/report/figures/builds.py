"""Builds over a run: how long somebody has waited for all of them together, group by group."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from sim.report.comparison import Comparison
from sim.report.figures import layout, panels
from sim.report.figures.courses import Course
from sim.report.figures.style import Size
from sim.report.figures.ticks import time_ticks
from sim.report.wording import amount, host_name
from sim.report.workshop import day

Lines = dict[str, Course]
"""When builds were over, and the seconds of all so far, by platform."""

_AXIS_ROOM, _BEYOND, _MOST_PANELS = 0.62, 1.08, 6


def builds(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a panel a group and a line a platform, all on one scale; None where no build is over."""
    times = day(comparison)
    if times.empty:
        return None
    found = {str(group): _lines(part) for group, part in times.groupby("group", sort=False)}
    found = dict(list(found.items())[:_MOST_PANELS])
    most = max(float(waited[-1]) for lines in found.values() for _, waited in lines.values())
    subtitle = f"Seconds waited for all builds so far; {host_name(comparison.scenario)}"
    head = (_title(found), subtitle)
    drawing = panels.of_lines(head, found, colours, size, _AXIS_ROOM)
    for lines, drawn in zip(found.values(), drawing.axes, strict=True):
        _set_axes(drawn, most, comparison.scenario.horizon)
        for name, (ends, waited) in lines.items():
            drawn.step(ends, waited, where="post", color=colours[name], linewidth=1.6)
        drawing.name_ends(drawn, {name: float(waited[-1]) for name, (_, waited) in lines.items()})
    return drawing.figure


def _lines(part: DataFrame) -> Lines:
    return {str(name): _line(own) for name, own in part.groupby("platform", sort=False)}


def _line(own: DataFrame) -> Course:
    """From nothing at the beginning, build after build."""
    in_order = own.sort_values("ends_s", kind="stable")
    ends = in_order["ends_s"].to_numpy(dtype=float)
    waited = np.cumsum(in_order["seconds"].to_numpy(dtype=float))
    return np.concatenate([[0.0], ends]), np.concatenate([[0.0], waited])


def _title(found: Mapping[str, Lines]) -> str:
    """Between which groups the time differs most on one platform, or where there is one, which."""
    by_platform: dict[str, dict[str, float]] = {}
    for group, lines in found.items():
        for name, (_, waited) in lines.items():
            by_platform.setdefault(name, {})[group] = float(waited[-1])
    name = max(by_platform, key=lambda each: _spread(by_platform[each]))
    of = by_platform[name]
    least, most = (choose(of, key=of.__getitem__) for choose in (min, max))
    if least == most:
        return f"On {name}, all builds of {most} take {amount(of[most], 's')}"
    said = (f"{group} takes {amount(of[group], 's')}" for group in (most, least))
    return f"On {name}, building " + ", ".join(said)


def _spread(by_group: Mapping[str, float]) -> float:
    return max(by_group.values()) / min(by_group.values())


def _set_axes(drawn: Axes, most: float, horizon: float) -> None:
    wide, high = layout.inches(drawn)
    drawn.set_xlim(0, horizon)
    panels.set_ticks(drawn, dict(zip(*time_ticks(horizon, wide), strict=True)))
    drawn.set_ylim(0, most * _BEYOND)
    drawn.set_yticks(*time_ticks(most, high))
    drawn.grid()
