"""A boot storm: each instance a line from its request until it is ready."""

from collections.abc import Iterator, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout
from sim.report.figures.style import GRID, INK, MUTED, SMALL_POINTS, WIDE, Size, platform_colours
from sim.report.figures.text import fitted, note, text_width
from sim.report.wording import amount, mix

Times = NDArray[np.float64]

_MOST_LINES = 200
_GAP = 0.24
_HEADER, _FOOTER = 0.34, 0.22
_ACROSS = {6: 3, 7: 4, 8: 4}
_ACROSS_AT_MOST = 5
_PITCH_WITH_GAPS = 2.0
_THICKEST_LINE = 6.0


def storm(comparison: Comparison, size: Size = WIDE) -> Figure | None:
    """Draw a panel a platform, all on one time axis, from the first replication."""
    first = comparison.instances[comparison.instances["replication"] == 0]
    names = platform_names(comparison)
    runs = {name: first[first["platform"] == name] for name in names}
    if not first["ready_s"].notna().any():
        return None
    subtitle = "A line an instance, from its own request until it is ready"
    head = (_title(runs), f"{mix(comparison.scenario)}. {subtitle}")
    figure, top = layout.titled(*head, size)
    colours = platform_colours(names)
    lines = {name: _ordered(run) for name, run in runs.items()}
    end = max(float(np.nanmax(times, initial=0.0)) for times in lines.values()) or 1.0
    for box, name in zip(_panels(len(names), size, top), names, strict=True):
        drawn = layout.axes(figure, *box)
        drawn.set_xlim(0, end)
        _draw_panel(drawn, name, lines[name], colours[name])
    return figure


def _title(runs: Mapping[str, DataFrame]) -> str:
    short = {name: int(run["ready_s"].isna().sum()) for name, run in runs.items()}
    worst = max(short, key=short.__getitem__)
    if short[worst]:
        return f"{short[worst]:,} of {len(runs[worst]):,} never become ready on {worst}"
    last = {name: float((run["ready_s"] - run["created_s"]).max()) for name, run in runs.items()}
    slow, fast = max(last, key=last.__getitem__), min(last, key=last.__getitem__)
    said = f"The slowest of {len(runs[slow]):,} starts takes {amount(last[slow], 's')} on {slow}"
    return said if slow == fast else f"{said}, and {amount(last[fast], 's')} on {fast}"


def _panels(count: int, size: Size, top: float) -> Iterator[tuple[float, float, float, float]]:
    """Boxes in rows, each as left, bottom, right and top in inches."""
    most = min(count, _ACROSS_AT_MOST) if size[0] > size[1] else min(count, 2)
    across = _ACROSS.get(count, most) if size[0] > size[1] else most
    wide = (size[0] - 2 * layout.MARGIN + _GAP) / across
    high = (top - layout.MARGIN / 2) / -(-count // across)
    for place in range(count):
        row, column = divmod(place, across)
        left, above = layout.MARGIN + column * wide, top - row * high
        yield left, above - high + _FOOTER, left + wide - _GAP, above - _HEADER


def _draw_panel(drawn: Axes, name: str, times: Times, colour: str) -> None:
    shown = times[:: -(-len(times) // _MOST_LINES)]
    drawn.set_ylim(len(shown), -1)
    ready, lost = shown.T
    _draw_lines(drawn, ready, colour)
    _draw_lines(drawn, lost, MUTED)
    drawn.plot(lost, np.arange(len(shown)), "x", color=INK, markersize=3)
    _mark_ends(drawn, times[:, 0])
    _write_name(drawn, name, colour)


def _ordered(run: DataFrame) -> Times:
    """Seconds from its request until an instance is ready, else until it is lost, fastest first."""
    times = run[["ready_s", "exited_s"]].sub(run["created_s"], axis="index")
    times["exited_s"] = times["exited_s"].where(times["ready_s"].isna())
    return times.sort_values(["ready_s", "exited_s"], kind="stable").to_numpy(dtype=float)


def _draw_lines(drawn: Axes, ends: Times, colour: str) -> None:
    """One path with gaps instead of a path a line: a file of a tenth of the size."""
    rows = np.repeat(np.arange(len(ends), dtype=float), 3)
    times = np.column_stack([np.zeros(len(ends)), ends, np.full(len(ends), np.nan)]).ravel()
    pitch = layout.inches(drawn)[1] * 72 / (len(ends) + 1)
    thickness = min(_THICKEST_LINE, pitch * 0.65 if pitch > _PITCH_WITH_GAPS else pitch)
    drawn.plot(times, rows, color=colour, linewidth=thickness, solid_capstyle="butt")


def _mark_ends(drawn: Axes, ready: Times) -> None:
    """An axis with its two ends, and between them how many became ready, as words fit."""
    end = drawn.get_xlim()[1]
    said, last = f"{int(np.isfinite(ready).sum()):,} of {len(ready):,}", amount(end, "s")
    room = layout.inches(drawn)[0] - 2 * text_width(last, SMALL_POINTS) - 0.1
    fitting = (words for words in (f"{said} ready", said) if text_width(words, SMALL_POINTS) < room)
    words = next(fitting, "")
    drawn.set_yticks([])
    drawn.set_xticks([0, end / 2, end], labels=["0" if words else said, words, last])
    first, _, final = drawn.get_xticklabels()
    first.set_horizontalalignment("left")
    final.set_horizontalalignment("right")
    drawn.spines["bottom"].set(visible=True, color=GRID)


def _write_name(drawn: Axes, name: str, colour: str) -> None:
    """The platform's name above its panel, with its colour."""
    wide, high = layout.inches(drawn)
    shown = fitted(name, wide - 0.15, SMALL_POINTS, "bold", lines=2)
    above = 1 + 0.05 / high
    across = drawn.transAxes
    note(drawn, 0.13 / wide, above, shown, across, colour=INK, weight="bold", va="bottom")
    square = [0.04 / wide], [above + 0.06 / high]
    drawn.plot(*square, "s", color=colour, ms=5, clip_on=False, transform=across)
