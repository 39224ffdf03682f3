"""Where things stand on a figure, in inches: measured text, so that nothing overlaps or is cut."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from sim.report.figures.style import (
    BASE_POINTS,
    INK,
    MUTED,
    SETTINGS,
    SMALL_POINTS,
    TITLE_POINTS,
    Size,
    readable_on,
)

MARGIN = 0.16
_LEADING = 1.25
_MOST_TITLE_LINES = 4
_EVEN_LEAST, _EVEN_STEP = 0.55, 0.97
_SWATCH = 0.1
_NAMES_MOST = 0.3
_THICKEST_ROW = 0.46


@cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, 72)


@cache
def text_width(text: str, points: float, weight: str = "normal") -> float:
    """Measure a line of text, in inches."""
    font = FontProperties(family=str(SETTINGS["font.family"]), size=points, weight=weight)
    width, _, _ = _renderer().get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def line_height(points: float) -> float:
    """Give the height of a line with its leading, in inches."""
    return points * _LEADING / 72


def fitted(text: str, width: float, points: float, weight: str = "normal", lines: int = 1) -> str:
    """Break text into lines of a width, even ones; what does not fit in the lines is cut.

    It breaks between words, and after hyphens where a word alone is too wide; a number stays with
    the word that follows it.
    """
    pieces = [part for word in _words(text) for part in _parts(word, width, points, weight)]
    rows = _filled(pieces, width, points, weight)
    narrower = width
    while len(rows) > 1 and narrower > width * _EVEN_LEAST:
        narrower *= _EVEN_STEP
        evener = _filled(pieces, narrower, points, weight)
        if len(evener) > len(rows):
            break
        rows = evener
    kept = rows[:lines]
    if len(rows) > lines:
        kept[-1] += "…"
    return "\n".join(_cut(row, width, points, weight) for row in kept)


def _words(text: str) -> list[str]:
    return re.findall(r"(?:\d\S* )?\S+ ?", text)


def _parts(word: str, width: float, points: float, weight: str) -> list[str]:
    if text_width(word.rstrip(), points, weight) <= width:
        return [word]
    return re.findall(r"[^-]*-+|[^-]+", word)


def _filled(pieces: list[str], width: float, points: float, weight: str) -> list[str]:
    rows = [""]
    for piece in pieces:
        if rows[-1] and text_width((rows[-1] + piece).rstrip(), points, weight) > width:
            rows.append("")
        rows[-1] += piece
    return [row.rstrip() for row in rows]


def _cut(text: str, width: float, points: float, weight: str) -> str:
    while text_width(text, points, weight) > width and len(text) > 1:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def titled(title: str, subtitle: str, size: Size) -> tuple[Figure, float]:
    """Give a figure with its title and subtitle, and the height above which they stand.

    The title is the figure's label as well, for those who cannot see it.
    """
    figure = Figure(figsize=size, label=title)
    width = size[0] - 2 * MARGIN
    top = size[1] - MARGIN
    shown = fitted(title, width, TITLE_POINTS, "bold", _MOST_TITLE_LINES)
    top = write(figure, MARGIN, top, shown, TITLE_POINTS, weight="bold", color=INK)
    shown = fitted(subtitle, width, BASE_POINTS, lines=2)
    return figure, write(figure, MARGIN, top - 0.04, shown, BASE_POINTS, color=MUTED) - 0.06


def write(figure: Figure, x: float, top: float, text: str, points: float, **look: str) -> float:
    """Write lines of text below a height, in inches; give the height below them."""
    for line in text.split("\n"):
        figure.text(x, top, line, transform=figure.dpi_scale_trans, size=points, va="top", **look)
        top -= line_height(points)
    return top


def legend(figure: Figure, top: float, colours: Sequence[tuple[str, str]]) -> float:
    """Name the colours in rows below a height; give the height below them."""
    x, width = MARGIN, figure.get_figwidth()
    for label, colour in colours:
        step = 0.15 + text_width(label, SMALL_POINTS) + 0.16
        if x + step > width and x > MARGIN:
            x, top = MARGIN, top - line_height(SMALL_POINTS)
        swatch = Rectangle((x, top - 0.115), _SWATCH, _SWATCH, color=colour, linewidth=0)
        swatch.set_transform(figure.dpi_scale_trans)
        figure.add_artist(swatch)
        write(figure, x + 0.15, top, label, SMALL_POINTS, color=MUTED)
        x += step
    return top - line_height(SMALL_POINTS) - 0.04


def axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Add axes between four distances in inches from the figure's lower left corner."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (right - left) / width, (top - bottom) / height)
    return figure.add_axes(box)


def inches(drawn: Axes) -> tuple[float, float]:
    """Give the width and height of axes in inches."""
    width, height = drawn.get_figure(root=True).get_size_inches()
    box = drawn.get_position()
    return box.width * width, box.height * height


def write_inside(drawn: Axes, x: float, y: float, label: str, ground: str) -> None:
    """Write a label in the middle of a coloured segment, if there is one to write."""
    if label:
        colour = readable_on(ground)
        drawn.text(x, y, label, ha="center", va="center", size=SMALL_POINTS, color=colour)


def names_width(names: Iterable[str], size: Size) -> float:
    """Give the room that the names of the rows take on the left, at most a part of the figure."""
    widest = max(text_width(name, SMALL_POINTS) for name in names)
    return min(widest + 0.02, size[0] * _NAMES_MOST)


def name_rows(drawn: Axes, colours: dict[str, str], width: float) -> None:
    """Name the rows of horizontal bars from the top, each with its platform's colour beside it."""
    rows = range(len(colours))
    shown = [fitted(name, width, SMALL_POINTS, lines=2) for name in colours]
    drawn.set_yticks(rows, labels=shown)
    drawn.tick_params(axis="y", pad=12, labelcolor=INK)
    drawn.set_ylim(len(colours) - 0.5, -0.5)
    drawn.scatter(
        *([-0.075] * len(colours), rows),
        c=list(colours.values()),
        s=26,
        marker="s",
        linewidths=0,
        transform=_inches_left(drawn),
        clip_on=False,
    )


def _inches_left(drawn: Axes):
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    figure = drawn.get_figure()
    across = figure.dpi_scale_trans + ScaledTranslation(0, 0, drawn.transAxes)
    return blended_transform_factory(across, drawn.transData)


def row_thickness(height: float, rows: int) -> float:
    """Give the part of a row that its bar fills: most of it, yet never a slab."""
    return min(0.66, _THICKEST_ROW * rows / height)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart along a line until `gap` lies between any two, keeping their order."""
    gap = min(gap, (high - low) / max(1, len(places) - 1))
    order = sorted(range(len(places)), key=lambda place: places[place])
    moved = list(places)
    for before, place in zip([None, *order], order, strict=False):
        moved[place] = max(moved[place], low if before is None else moved[before] + gap)
    for after, place in zip([None, *reversed(order)], reversed(order), strict=False):
        moved[place] = min(moved[place], high if after is None else moved[after] - gap)
    return moved
