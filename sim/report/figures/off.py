"""How far predictions are off: a row a kind or a source, a point an observation."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray
from pandas import DataFrame

from sim.records.validation import KINDS, Validation
from sim.report.figures import columns, layout
from sim.report.figures.style import GRID, INK, MUTED, PAPER, ROLES, Size
from sim.report.validation import NEAR, ROLE_NAMES, TWICE, size_of, told

Off = tuple[int, float, float]
"""How many rows, the median of their absolute errors, and the 90th percentile."""

FEWEST = 5
"""Sources with fewer rows stand together in one row."""

_SINGLE = "sources of fewer rows"
_ROW, _ABOVE_ROWS = 0.34, 0.05
_ABOVE_LINES = 3
_LEAST, _MOST, _BAR = 1.6, 4.0, 0.36
_SPREAD = (0.0, 0.16, -0.16, 0.28, -0.28, 0.08, -0.08)
_TICKS = {0.25: "a quarter", 0.5: "half", 1.0: "as measured", 2.0: "twice", 4.0: "4 times"}
_SHORT_TICKS = {0.25: "¼", 0.5: "½", 1.0: "1", 2.0: "2", 4.0: "4"}
_ROOMY = 3.0  # inches of an axis whose ticks have words


def by_kind(validation: Validation, size: Size) -> Figure | None:
    """Draw the errors of each kind of thing."""
    return _strips(validation, told(validation.observations), "kind", size)


def by_source(validation: Validation, size: Size) -> Figure | None:
    """Draw the errors of each source with five rows or more, and of all others in one row."""
    frame = told(validation.observations)
    many = frame["source"].map(frame["source"].value_counts()) >= FEWEST
    return _strips(
        validation, frame.assign(source=frame["source"].where(many, _SINGLE)), "source", size
    )


def _strips(validation: Validation, frame: DataFrame, by: str, size: Size) -> Figure | None:
    parts = {str(name): part for name, part in frame.groupby(by, sort=False)}
    if not parts:
        return None
    off = {name: _off(part, name, by, validation) for name, part in parts.items()}
    names = _in_order(off, by)
    size = layout.room_for(names, size, _ROW)
    subtitle = "Predicted over measured; the bar marks the median, the band is ±10 %"
    figure, top = layout.titled(_title(off), subtitle, size)
    top = name_roles(figure, frame, top) - columns.HEADINGS - _ABOVE_ROWS
    numbers = _numbers(off, names)
    hues = dict.fromkeys(names, PAPER)
    drawn = layout.row_axes(figure, hues, top, beside=sum(map(columns.width, numbers)))
    _set_axis(drawn, frame)
    for row, name in enumerate(names):
        _draw(drawn, row, parts[name])
    columns.write(drawn, numbers)
    return figure


def name_roles(figure: Figure, observations: DataFrame, top: float) -> float:
    """Name the colours of roles below a height, where there are several; give the height below."""
    found = [role for role in ROLES if (observations["role"] == role).any()]
    if len(found) < 2:  # noqa: PLR2004 # one colour needs no name
        return top
    return layout.legend(figure, top, [(ROLE_NAMES[role], ROLES[role]) for role in found])


def _off(part: DataFrame, name: str, by: str, validation: Validation) -> Off:
    """How many rows, their median error and 90th percentile, as the table has them if it does."""
    known = validation.errors[(validation.errors["by"] == by) & (validation.errors["name"] == name)]
    if len(known):
        row = known.iloc[0]
        return int(row["rows"]), float(row["median"]), float(row["p90"])
    low, high = np.quantile(part["error"].abs(), [0.5, 0.9], method="inverted_cdf")
    return len(part), float(low), float(high)


def _in_order(off: Mapping[str, Off], by: str) -> list[str]:
    """Kinds in their order; sources by their median error, the least first, the rest last."""
    if by == "kind":
        return [kind for kind in KINDS if kind in off]
    return sorted(off, key=lambda name: (name == _SINGLE, off[name][1]))


def _title(off: Mapping[str, Off]) -> str:
    medians = {name: median for name, (_, median, _) in off.items()}
    best, worst = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    first = f"Half of the predictions of {best} are within {size_of(medians[best])}"
    return first if best == worst else f"{first}, of {worst} within {size_of(medians[worst])}"


def _numbers(off: Mapping[str, Off], names: Sequence[str]) -> list[list[str]]:
    """Beside each row how many observations it has, and how far off they are."""
    return [
        ["rows", *(f"{off[name][0]:,}" for name in names)],
        ["median", *(size_of(off[name][1]) for name in names)],
        ["9 of 10", *(size_of(off[name][2]) for name in names)],
    ]


def _set_axis(drawn: Axes, frame: DataFrame) -> None:
    """A log scale around what was measured, as wide both ways as it takes, within bounds."""
    ratios = 1 + frame["error"].to_numpy(dtype=float)
    reach = float(np.clip(np.exp(np.abs(np.log(ratios))).max() * 1.05, _LEAST, _MOST * 1.05))
    drawn.set_xscale("log")
    drawn.set_xlim(1 / reach, reach)
    drawn.axvspan(1 - NEAR, 1 + NEAR, color=GRID, linewidth=0, zorder=0)
    for factor in (1 / TWICE, 1.0, TWICE):
        line = "-" if factor == 1 else "--"
        drawn.axvline(factor, color=MUTED, linewidth=0.7, linestyle=line, zorder=1)
    ticks = _TICKS if layout.inches(drawn)[0] >= _ROOMY else _SHORT_TICKS
    named = {place: text for place, text in ticks.items() if 1 / reach <= place <= reach}
    drawn.xaxis.set_minor_locator(NullLocator())
    drawn.set_xticks(list(named), labels=list(named.values()))


def _draw(drawn: Axes, row: int, part: DataFrame) -> None:
    """The points of a row, apart from each other, and its median."""
    for role, hue in ROLES.items():
        ratios = np.sort(1 + part[part["role"] == role]["error"].to_numpy(dtype=float))
        _draw_points(drawn, ratios, _apart(len(ratios), row), hue)
    low, high = drawn.get_xlim()
    middle = float(np.quantile(1 + part["error"], 0.5, method="inverted_cdf"))
    if low <= middle <= high:
        ends = [row - _BAR, row + _BAR]
        drawn.plot([middle, middle], ends, color=INK, linewidth=2.2, zorder=5)


def _draw_points(
    drawn: Axes, ratios: NDArray[np.float64], places: NDArray[np.float64], hue: str
) -> None:
    """Points where they are, and those beyond the axis as arrows at its end."""
    low, high = drawn.get_xlim()
    inside = (ratios >= low) & (ratios <= high)
    scatter(drawn, ratios[inside], places[inside], hue)
    for arrow, beyond, end in (("<", ratios < low, low), (">", ratios > high, high)):
        there = places[beyond]
        drawn.plot(np.full(len(there), end), there, arrow, color=hue, ms=5, clip_on=False, zorder=4)


def scatter(
    drawn: Axes, across: NDArray[np.float64], up: NDArray[np.float64], hues: str | Sequence[str]
) -> None:
    """Draw observations as points that show through each other."""
    drawn.scatter(
        across, up, s=20, c=hues, alpha=0.8, edgecolors=PAPER, linewidths=0.4, zorder=_ABOVE_LINES
    )


def _apart(count: int, row: int) -> NDArray[np.float64]:
    return row + np.resize(np.array(_SPREAD), count)
