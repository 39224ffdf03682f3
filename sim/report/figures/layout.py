"""Where things stand on a figure, in inches from its lower left corner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.report.figures.style import (
    BASE_POINTS,
    INK,
    PAPER,
    SMALL_POINTS,
    TITLE_POINTS,
    Size,
    is_wide,
    readable_on,
)
from sim.report.figures.text import fitted, line_height, note, text_width, write

MARGIN = 0.16
BELOW = 0.34
_MOST_TITLE_LINES = 4
_SWATCH, _SWATCH_ROOM, _LEGEND_GAP = 0.1, 0.15, 0.16
_NAMES_MOST = 0.3
_NAMES_GAP = 0.16
_THICKEST_ROW, _ROW_USED = 0.46, 0.66
_UNSEEN, _SLIVER, _EDGE = 0.002, 0.04, 0.6
_BETWEEN_NAMES = 0.07
_HEAD_WIDE, _HEAD_NARROW = 1.25, 1.8


def room_for(names: Iterable[str], size: Size, row: float = 0.0) -> Size:
    """Give a figure more height where a row of at least so many inches a name needs it.

    A row is never less high than the lines of its name.
    """
    shown = list(names)
    narrow = names_width(shown, size)
    lines = [fitted(name, narrow, SMALL_POINTS, lines=2).count("\n") + 1 for name in shown]
    most = max((one + other) / 2 for one, other in pairwise([*lines, lines[-1]]))
    high = len(shown) * max(row, most * line_height(SMALL_POINTS) + _BETWEEN_NAMES)
    above = _HEAD_WIDE if is_wide(size) else _HEAD_NARROW
    return size[0], max(size[1], above + high + BELOW)


def titled(title: str, subtitle: str, size: Size) -> tuple[Figure, float]:
    """Give a figure with its title and subtitle, and the height above which they stand.

    The title is the figure's label as well, for those who cannot see it.
    """
    figure = Figure(figsize=size, label=title)
    width = size[0] - 2 * MARGIN
    shown = fitted(title, width, TITLE_POINTS, "bold", lines=_MOST_TITLE_LINES)
    top = write(figure, MARGIN, size[1] - MARGIN, shown, TITLE_POINTS, INK, "bold")
    shown = fitted(subtitle, width, BASE_POINTS, lines=3)
    return figure, write(figure, MARGIN, top - 0.04, shown, BASE_POINTS) - 0.06


def legend(figure: Figure, top: float, colours: Sequence[tuple[str, str]]) -> float:
    """Name the colours in rows below a height; give the height below them."""
    labels = [label for label, _ in colours]
    line, row = line_height(SMALL_POINTS), 0
    for (label, colour), (x, row) in zip(
        colours, _in_rows(labels, figure.get_figwidth()), strict=True
    ):
        high = top - row * line
        swatch = Rectangle((x, high - 0.115), _SWATCH, _SWATCH, color=colour, linewidth=0)
        swatch.set_transform(figure.dpi_scale_trans)
        figure.add_artist(swatch)
        write(figure, x + _SWATCH_ROOM, high, label)
    return top - (row + 1) * line - 0.04


def legend_rows(labels: Sequence[str], width: float) -> int:
    """Give how many rows a legend of these labels has on a figure of so many inches."""
    return max((row + 1 for _, row in _in_rows(labels, width)), default=0)


def _in_rows(labels: Sequence[str], width: float) -> Iterator[tuple[float, int]]:
    """Where each label of a legend begins, in inches, and in which row."""
    x, row = MARGIN, 0
    for label in labels:
        step = _SWATCH_ROOM + text_width(label, SMALL_POINTS) + _LEGEND_GAP
        if x + step > width and x > MARGIN:
            x, row = MARGIN, row + 1
        yield x, row
        x += step


def axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Add axes between four distances."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (right - left) / width, (top - bottom) / height)
    drawn = figure.add_axes(box)
    drawn.spines[:].set_visible(False)
    return drawn


def row_axes(figure: Figure, colours: Mapping[str, str], top: float, beside: float = 0.0) -> Axes:
    """Add axes with a row a platform, named on the left with its colour; `beside` stays free."""
    size = (figure.get_figwidth(), figure.get_figheight())
    names = names_width(colours, size)
    left, right = MARGIN + names + _NAMES_GAP, size[0] - MARGIN - beside
    drawn = axes(figure, left, BELOW, right, top)
    rows = range(len(colours))
    drawn.set_yticks(rows, labels=[fitted(name, names, SMALL_POINTS, lines=2) for name in colours])
    drawn.tick_params(axis="y", pad=12, labelcolor=INK)
    drawn.set_ylim(len(colours) - 0.5, -0.5)
    places = [-0.075 / (right - left)] * len(colours)
    across = drawn.get_yaxis_transform()
    hues = list(colours.values())
    drawn.scatter(
        places, rows, s=26, c=hues, marker="s", linewidths=0, transform=across, clip_on=False
    )
    return drawn


def names_width(names: Iterable[str], size: Size) -> float:
    """Give the room that the names of platforms take, at most a part of the figure."""
    widest = max(text_width(name, SMALL_POINTS) for name in names)
    return min(widest + 0.02, size[0] * _NAMES_MOST)


def inches(drawn: Axes) -> tuple[float, float]:
    """Give the width and height of axes."""
    box = drawn.get_window_extent()
    dots = drawn.figure.dpi
    return box.width / dots, box.height / dots


def per_inch(drawn: Axes) -> float:
    """Give how much of the horizontal axis an inch is."""
    low, high = drawn.get_xlim()
    return float(high - low) / inches(drawn)[0]


def segment(drawn: Axes, row: int, left: float, width: float, hue: str, *labels: str) -> None:
    """Draw a part of a row's bar, with the first of the labels that it has room for."""
    _, high = inches(drawn)
    rows = abs(drawn.get_ylim()[0] - drawn.get_ylim()[1])
    thickness = min(_ROW_USED, _THICKEST_ROW * rows / high)
    room = width / per_inch(drawn)
    if room < _UNSEEN:
        return
    edge = _EDGE if room > _SLIVER else 0.0
    drawn.barh(row, width, thickness, left, color=hue, edgecolor=PAPER, linewidth=edge)
    fits = (label for label in labels if text_width(label, SMALL_POINTS) + 0.1 < room)
    label = next(fits, "")
    if label:
        colour = readable_on(hue)
        note(drawn, left + width / 2, row, label, drawn.transData, colour=colour, ha="center")


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart along a line until `gap` lies between any two, keeping their order."""
    gap = min(gap, (high - low) / max(1, len(places) - 1))
    order = sorted(range(len(places)), key=lambda place: places[place])
    moved = list(places)
    least = low
    for place in order:
        moved[place] = max(moved[place], least)
        least = moved[place] + gap
    most = high
    for place in reversed(order):
        moved[place] = min(moved[place], most)
        most = moved[place] - gap
    return moved
