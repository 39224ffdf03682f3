"""Text that is measured before it is written, so that nothing overlaps or is cut."""

import re
from functools import cache
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.transforms import Transform

from sim.report.figures.style import FAMILY, MUTED, SMALL_POINTS

Weight = Literal["normal", "bold"]
Side = Literal["left", "right"]
"""The side of a text that stands at its place."""

_LEADING = 1.25
_EVEN_LEAST, _EVEN_STEP = 0.55, 0.97
_UNITS_PER_DOT = 64
# Measured so finely that no letter's width is rounded to dots.
_DOTS_PER_INCH = 1440


@cache
def text_width(text: str, points: float, weight: Weight = "normal") -> float:
    """Measure a line of text, in inches."""
    font = get_font(findfont(FontProperties(family=FAMILY, weight=weight)))
    font.set_size(points, _DOTS_PER_INCH)
    font.set_text(text, 0.0)
    return font.get_width_height()[0] / _UNITS_PER_DOT / _DOTS_PER_INCH


def line_height(points: float) -> float:
    """Give the height of a line with its leading, in inches."""
    return points * _LEADING / 72


def fitted(
    text: str, width: float, points: float, weight: Weight = "normal", *, lines: int = 1
) -> str:
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
    return re.findall(r"(?:\d\S* )?(?:/ )?\S+ ?", text)


def _parts(word: str, width: float, points: float, weight: Weight) -> list[str]:
    if text_width(word.rstrip(), points, weight) <= width:
        return [word]
    return re.findall(r"[^-]*-+|[^-]+", word)


def _filled(pieces: list[str], width: float, points: float, weight: Weight) -> list[str]:
    rows = [""]
    for piece in pieces:
        if rows[-1] and text_width((rows[-1] + piece).rstrip(), points, weight) > width:
            rows.append("")
        rows[-1] += piece
    return [row.rstrip() for row in rows]


def _cut(text: str, width: float, points: float, weight: Weight) -> str:
    while text_width(text, points, weight) > width and len(text) > 1:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def write(
    figure: Figure,
    x: float,
    top: float,
    text: str,
    points: float = SMALL_POINTS,
    colour: str = MUTED,
    weight: Weight = "normal",
) -> float:
    """Write lines of text below a height, in inches; give the height below them."""
    look = FontProperties(family=FAMILY, size=points, weight=weight)
    for line in text.split("\n"):
        place = {"transform": figure.dpi_scale_trans, "va": "top"}
        figure.text(x, top, line, place, color=colour, fontproperties=look)
        top -= line_height(points)
    return top


def note(
    drawn: Axes,
    x: float,
    y: float,
    text: str,
    across: Transform,
    points: float = SMALL_POINTS,
    colour: str = MUTED,
    weight: Weight = "normal",
    ha: Literal["left", "center", "right"] = "left",
    va: Literal["center", "bottom"] = "center",
) -> None:
    """Write beside or inside a chart, in the coordinates of a transformation."""
    look = FontProperties(family=FAMILY, size=points, weight=weight)
    drawn.text(x, y, text, None, transform=across, color=colour, ha=ha, va=va, fontproperties=look)
