"""A boot storm: each instance a line from its request until it is ready."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout
from sim.report.figures.style import (
    GRID,
    INK,
    MUTED,
    SMALL_POINTS,
    WIDE,
    Size,
    platform_colours,
)
from sim.report.wording import amount, mix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame, Series

_MOST_LINES = 200
_GAP = 0.24
_HEADER, _FOOTER = 0.34, 0.22
_ACROSS = {6: 3, 7: 4, 8: 4}
_ACROSS_AT_MOST = 5
_PITCH_WITH_GAPS = 2.0


def storm(comparison: Comparison, size: Size = WIDE) -> "Figure | None":
    """Draw a panel a platform, each on its own time, from the first replication."""
    first = comparison.instances[comparison.instances["replication"] == 0]
    names = platform_names(comparison)
    runs = {name: first[first["platform"] == name] for name in names}
    if not first["ready_s"].notna().any():
        return None
    subtitle = "A line an instance, from request to ready; each panel has its own time"
    head = (_title(runs), f"{mix(comparison.scenario)}. {subtitle}")
    figure, top = layout.titled(*head, size)
    colours = platform_colours(names)
    for box, name in zip(_panels(len(names), size, top), names, strict=True):
        _draw_panel(layout.axes(figure, *box), name, runs[name], colours[name])
    return figure


def _title(runs: Mapping[str, "DataFrame"]) -> str:
    short = {name: int(run["ready_s"].isna().sum()) for name, run in runs.items()}
    worst = max(short, key=short.__getitem__)
    if short[worst]:
        return f"{short[worst]:,} of {len(runs[worst]):,} never become ready on {worst}"
    last = {name: float(run["ready_s"].max()) for name, run in runs.items()}
    slow, fast = max(last, key=last.__getitem__), min(last, key=last.__getitem__)
    said = f"The last of {len(runs[slow]):,} is ready after {amount(last[slow], 's')} on {slow}"
    return said if slow == fast else f"{said}, and after {amount(last[fast], 's')} on {fast}"


def _panels(count: int, size: Size, top: float) -> Iterator[tuple[float, float, float, float]]:
    """Boxes in rows, each as left, bottom, right and top in inches."""
    across = _ACROSS.get(count, min(count, _ACROSS_AT_MOST)) if size[0] > size[1] else min(count, 2)
    wide = (size[0] - 2 * layout.MARGIN + _GAP) / across
    high = (top - layout.MARGIN / 2) / -(-count // across)
    for place in range(count):
        row, column = divmod(place, across)
        left, above = layout.MARGIN + column * wide, top - row * high
        yield left, above - high + _FOOTER, left + wide - _GAP, above - _HEADER


def _draw_panel(drawn: "Axes", name: str, run: "DataFrame", colour: str) -> None:
    ordered = run.sort_values(["created_s", "ready_s"], kind="stable")
    shown = ordered.iloc[:: -(-len(run) // _MOST_LINES)]
    end = float(run[["created_s", "ready_s", "exited_s"]].max(axis=None)) or 1.0
    drawn.set_xlim(0, end)
    drawn.set_ylim(len(shown), -1)
    _draw_lines(drawn, shown["created_s"], shown["ready_s"], colour)
    lost = shown["exited_s"].where(shown["ready_s"].isna())
    _draw_lines(drawn, shown["created_s"], lost, MUTED)
    drawn.plot(lost, np.arange(len(shown)), "x", color=INK, markersize=3)
    drawn.set_yticks([])
    drawn.spines[:].set_visible(False)
    drawn.spines["bottom"].set(visible=True, color=GRID)
    last = amount(end, "s")
    drawn.set_xticks([0, end / 2, end], labels=["0", _ready(run, drawn, last), last])
    for label, side in zip(drawn.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set_horizontalalignment(side)
    _write_name(drawn, name, colour)


def _ready(run: "DataFrame", drawn: "Axes", last: str) -> str:
    """How many became ready, in as many words as fit between the ends of the axis."""
    said = f"{int(run['ready_s'].notna().sum()):,} of {len(run):,}"
    room = layout.inches(drawn)[0] - 2 * layout.text_width(last, SMALL_POINTS) - 0.1
    return f"{said} ready" if layout.text_width(f"{said} ready", SMALL_POINTS) < room else said


def _draw_lines(drawn: "Axes", starts: "Series", ends: "Series", colour: str) -> None:
    """One path with gaps instead of a path a line: a file of a tenth of the size."""
    gap = np.full(len(starts), np.nan)
    rows = np.repeat(np.arange(len(starts), dtype=float), 3)
    times = np.column_stack([starts, ends, gap]).ravel()
    pitch = layout.inches(drawn)[1] * 72 / (len(starts) + 1)
    thickness = min(6.0, pitch * 0.65 if pitch > _PITCH_WITH_GAPS else pitch)
    drawn.plot(times, rows, color=colour, linewidth=thickness, solid_capstyle="butt")


def _write_name(drawn: "Axes", name: str, colour: str) -> None:
    """The platform's name above its panel, with its colour."""
    wide, high = layout.inches(drawn)
    shown = layout.fitted(name, wide - 0.15, SMALL_POINTS, "bold", lines=2)
    above = 1 + 0.05 / high
    look = {"va": "bottom", "size": SMALL_POINTS, "weight": "bold", "color": INK}
    drawn.text(0.13 / wide, above, shown, transform=drawn.transAxes, **look)
    square = {"color": colour, "markersize": 5, "clip_on": False, "transform": drawn.transAxes}
    drawn.plot(0.04 / wide, above + 0.06 / high, "s", **square)
