"""Small charts beside each other on one figure, each with a name above it."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import layout
from sim.report.figures.style import GRID, INK, SMALL_POINTS, Size, is_wide
from sim.report.figures.text import fitted, line_height, note, text_width
from sim.report.wording import amount

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in inches."""

GAP = 0.24
_HEADER, _FOOTER = 0.34, 0.22
_LITTLE = 0.12
_BETWEEN = 0.12
_ROWS_AT_ONCE, _HEIGHT_OF_MORE = 2, 1.2
_ACROSS = {6: 3, 7: 4, 8: 4}
_ACROSS_AT_MOST = 5
_LEGEND_AT_ONCE = 3
_TWO_ACROSS, _ABOVE_EACH_OTHER = 4, 2
_LEAST_WIDTH = 1.6
_LEADER = 0.18
NAMES_FROM = 0.22
"""From the end of a line to its name, in inches."""


def boxes(count: int, size: Size, top: float, left: float = layout.MARGIN) -> Iterator[Box]:
    """Give boxes in rows, as many beside each other as the figure has room for."""
    yield from in_rows(count, _beside(count, size), size, top, left)


def _beside(count: int, size: Size) -> int:
    """How many panels stand beside each other on a figure that is given more height if need be."""
    most = _ACROSS_AT_MOST if is_wide(size) else 2
    return _ACROSS.get(count, most) if is_wide(size) and count > most else min(count, most)


def in_rows(
    count: int, across: int, size: Size, top: float, left: float = layout.MARGIN
) -> Iterator[Box]:
    """Give boxes in rows of so many, with room for a name above each and an axis below."""
    wide = (size[0] - left - layout.MARGIN + GAP) / across
    high = (top - layout.MARGIN / 2) / -(-count // across)
    for place in range(count):
        row, column = divmod(place, across)
        start, above = left + column * wide, top - row * high
        yield start, above - high + _FOOTER, start + wide - GAP, above - _HEADER


def title(drawn: Axes, name: str, colour: str = "") -> None:
    """Write a name above a panel, with its colour if it has one."""
    wide, high = layout.inches(drawn)
    beside = 0.13 if colour else 0.0
    shown = fitted(name, wide - beside - 0.02, SMALL_POINTS, "bold", lines=2)
    above = 1 + 0.05 / high
    across = drawn.transAxes
    note(drawn, beside / wide, above, shown, across, colour=INK, weight="bold", va="bottom")
    if colour:
        square = [0.04 / wide], [above + 0.06 / high]
        drawn.plot(*square, "s", color=colour, ms=5, clip_on=False, transform=across)


def mark_ends(drawn: Axes, words: Sequence[str], instead: str = "0") -> None:
    """Mark both ends of a time axis from 0, and between them the first words that fit.

    Where none fit, `instead` stands for the 0.
    """
    end = drawn.get_xlim()[1]
    last = amount(end, "s")
    room = layout.inches(drawn)[0] - 2 * text_width(last, SMALL_POINTS) - 0.1
    said = next((each for each in words if text_width(each, SMALL_POINTS) < room), "")
    drawn.set_xticks([0, end / 2, end], labels=["0" if said else instead, said, last])
    first, _, final = drawn.get_xticklabels()
    first.set_horizontalalignment("left")
    final.set_horizontalalignment("right")
    drawn.spines["bottom"].set(visible=True, color=GRID)


def set_ticks(drawn: Axes, labels: Mapping[float, str]) -> None:
    """Name places of the horizontal axis whose labels do not touch; the last one ends at its own.

    A place that stands alone is in the middle of its label.
    """
    inside = drawn.transData + drawn.transAxes.inverted()
    wide, _ = layout.inches(drawn)
    *others, last = labels
    free = float(inside.transform((last, 1))[0]) * wide - text_width(labels[last], SMALL_POINTS)
    named = [last]
    for place in reversed(others):
        x = float(inside.transform((place, 1))[0]) * wide
        half = text_width(labels[place], SMALL_POINTS) / 2
        if x + half + _BETWEEN <= free:
            named.append(place)
            free = x - half
    drawn.set_xticks(named, labels=[labels[place] for place in named])
    if others:
        drawn.get_xticklabels()[0].set_horizontalalignment("right")


def room_for(count: int, size: Size) -> Size:
    """Give a figure more height where it has many rows of panels."""
    rows = -(-count // _beside(count, size))
    return size[0], size[1] + max(0, rows - _ROWS_AT_ONCE) * _HEIGHT_OF_MORE


@dataclass(frozen=True, slots=True)
class Lines:
    """Charts of lines, a line a platform; `names` is the room for names at their ends, in inches.

    Where there is no such room, `names` is 0, and a legend stands above the charts.
    """

    figure: Figure
    axes: Sequence[Axes]
    colours: Mapping[str, str]
    names: float

    def name_ends(self, drawn: Axes, ends: Mapping[str, float]) -> None:
        """Name the lines of one chart, whose last values are the ends, if there is room."""
        if self.names:
            name_ends(drawn, ends, self.colours, self.names)


def of_lines(
    head: tuple[str, str],
    lines: Mapping[str, Container[str]],
    colours: Mapping[str, str],
    size: Size,
    room: float,
) -> Lines:
    """Lay out a chart for each title, with `room` for amounts on its left, in inches.

    `head` is title and subtitle of the figure, and `lines` has the platforms on each chart.
    """
    titles = list(lines)
    colours = _shown(colours, lines.values())
    size = _room_for_names(colours, len(titles), size)
    figure, below = layout.titled(*head, size)
    top = below + (0.0 if len(titles) > 1 else _HEADER - _LITTLE)
    across = _across(len(titles), size)
    names = layout.names_width(colours, size)
    found = list(in_rows(len(titles), across, size, top))
    if not _has_room(found[0], room + names + NAMES_FROM, len(colours)):
        names = 0.0
        top -= below - layout.legend(figure, below, list(colours.items()))
        found = list(in_rows(len(titles), across, size, top))
    beside = names and names + NAMES_FROM
    drawn = [
        layout.axes(figure, left + room, bottom, right - beside, above)
        for left, bottom, right, above in found
    ]
    for each, words in zip(drawn, titles if len(titles) > 1 else (), strict=False):
        title(each, words)
    return Lines(figure, drawn, colours, names)


def rows_of_lines(count: int, size: Size) -> int:
    """Give how many rows so many charts of lines stand in."""
    return -(-count // _across(count, size))


def _shown(colours: Mapping[str, str], charts: Collection[Container[str]]) -> dict[str, str]:
    """The colours of those platforms alone that are on a chart."""
    return {name: hue for name, hue in colours.items() if any(name in chart for chart in charts)}


def _room_for_names(colours: Mapping[str, str], count: int, size: Size) -> Size:
    """More height where names beside one chart, or in a legend above many, need it."""
    if count == 1:
        return layout.room_for(colours, size)
    more = layout.legend_rows(list(colours), size[0]) - _LEGEND_AT_ONCE
    return size[0], size[1] + max(0, more) * line_height(SMALL_POINTS)


def _across(count: int, size: Size) -> int:
    if is_wide(size):
        return 1 if count == 1 else 2 if count <= _TWO_ACROSS else 3
    return 1 if count <= _ABOVE_EACH_OTHER else 2


def _has_room(box: Box, taken: float, names: int) -> bool:
    """Whether a chart keeps its width beside names, and its height takes two lines for each."""
    left, bottom, right, top = box
    is_wide = right - left - taken >= _LEAST_WIDTH
    return is_wide and names * 2 * line_height(SMALL_POINTS) <= top - bottom


def name_ends(
    drawn: Axes, ends: Mapping[str, float], colours: Mapping[str, str], width: float
) -> None:
    """Name lines at their right ends, moved apart where ends are close, with leaders.

    `ends` are their last values; names are at most as wide as `width`, in inches.
    """
    wide, high = layout.inches(drawn)
    shown = [fitted(name, width, SMALL_POINTS, lines=2) for name in ends]
    inside = drawn.transData + drawn.transAxes.inverted()
    right = drawn.get_xlim()[1]
    heights = [float(inside.transform((right, value))[1]) for value in ends.values()]
    gap = line_height(SMALL_POINTS) * max(name.count("\n") + 1 for name in shown) / high
    places = layout.spread(heights, gap, gap / 2, 1.0)
    for name, platform, height, place in zip(shown, ends, heights, places, strict=True):
        line = [1, 1 + _LEADER / wide], [height, place]
        hue = colours[platform]
        drawn.plot(*line, color=hue, lw=0.8, clip_on=False, transform=drawn.transAxes)
        note(drawn, 1 + NAMES_FROM / wide, place, name, drawn.transAxes)
