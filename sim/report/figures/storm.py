"""A boot storm: each instance a line from its request until it is ready."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pandas import DataFrame

from sim.report.comparison import Comparison, platform_names
from sim.report.figures import layout, panels
from sim.report.figures.style import INK, MUTED, Size
from sim.report.figures.text import note
from sim.report.wording import amount, mix

Times = NDArray[np.float64]

_MOST_PANELS = 12
_MOST_LINES = 200
_PITCH_WITH_GAPS, _OVERLAP = 2.0, 0.2
_THICKEST_LINE = 6.0
_LEAST_SEEN = 1 / 150
_FAR_FROM_END, _LABEL_GAP = 0.5, 0.06


def storm(comparison: Comparison, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw a panel a platform, all on one time axis, from the first replication.

    Of more platforms than panels are of use, the figure of start-up tells enough.
    """
    first = comparison.instances[comparison.instances["replication"] == 0]
    names = platform_names(comparison)
    runs = {name: first[first["platform"] == name] for name in names}
    if not first["ready_s"].notna().any() or len(names) > _MOST_PANELS:
        return None
    size = panels.room_for(len(names), size)
    subtitle = "A line an instance, from its own request until it is ready"
    head = (_title(runs), f"{mix(comparison.scenario)}. {subtitle}")
    figure, top = layout.titled(*head, size)
    lines = {name: _ordered(run) for name, run in runs.items()}
    end = max(float(np.nanmax(times, initial=0.0)) for times in lines.values()) or 1.0
    for box, name in zip(panels.boxes(len(names), size, top), names, strict=True):
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
    many = len(runs[slow])
    starts = f"The slowest of {many:,} starts" if many > 1 else "The start"
    said = f"{starts} takes {amount(last[slow], 's')} on {slow}"
    return said if slow == fast else f"{said}, and {amount(last[fast], 's')} on {fast}"


def _draw_panel(drawn: Axes, name: str, times: Times, colour: str) -> None:
    shown = times[:: -(-len(times) // _MOST_LINES)]
    drawn.set_ylim(len(shown), -1)
    ready, lost = shown.T
    _draw_lines(drawn, ready, colour)
    _draw_lines(drawn, lost, MUTED)
    drawn.plot(lost, np.arange(len(shown)), "x", color=INK, markersize=3)
    said = f"{int(np.isfinite(times[:, 0]).sum()):,} of {len(times):,}"
    drawn.set_yticks([])
    _name_slowest(drawn, ready)
    panels.mark_ends(drawn, (f"{said} ready", said), instead=said)
    panels.title(drawn, name, colour)


def _name_slowest(drawn: Axes, ready: Times) -> None:
    """Say the longest start beside its line, where that is too short to be read off the axis."""
    end, slowest = drawn.get_xlim()[1], float(np.nanmax(ready, initial=0.0))
    if 0 < slowest < _FAR_FROM_END * end:
        row = float(np.flatnonzero(np.isfinite(ready))[-1])
        x = slowest + _LABEL_GAP * layout.per_inch(drawn)
        note(drawn, x, row + 0.5, amount(slowest, "s"), drawn.transData, va="bottom")


def _ordered(run: DataFrame) -> Times:
    """Seconds from its request until an instance is ready, else until it is lost, fastest first."""
    times = run[["ready_s", "exited_s"]].sub(run["created_s"], axis="index")
    times["exited_s"] = times["exited_s"].where(times["ready_s"].isna())
    return times.sort_values(["ready_s", "exited_s"], kind="stable").to_numpy(dtype=float)


def _draw_lines(drawn: Axes, ends: Times, colour: str) -> None:
    """One path with gaps instead of a path a line: a file of a tenth of the size."""
    rows = np.repeat(np.arange(len(ends), dtype=float), 3)
    seen = np.maximum(ends, drawn.get_xlim()[1] * _LEAST_SEEN)
    times = np.column_stack([np.zeros(len(ends)), seen, np.full(len(ends), np.nan)]).ravel()
    pitch = layout.inches(drawn)[1] * 72 / (len(ends) + 1)
    thickness = min(_THICKEST_LINE, pitch * 0.65 if pitch > _PITCH_WITH_GAPS else pitch + _OVERLAP)
    drawn.plot(times, rows, color=colour, linewidth=thickness, solid_capstyle="butt")
