"""Numbers in columns beside the rows of a chart, under their headings."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.report.figures import layout
from sim.report.figures.style import BASE_POINTS, INK
from sim.report.figures.text import note, text_width

HEADINGS = 0.2
"""The height of the headings, in inches."""

_GAP, _ABOVE = 0.14, 0.05


def width(column: Sequence[str]) -> float:
    """Give the room that a column takes: its heading, and a word a row."""
    return max(text_width(word, BASE_POINTS) for word in column) + _GAP


def write(drawn: Axes, columns: Sequence[Sequence[str]]) -> None:
    """Write columns to the right of a chart whose rows are at 0, 1, 2 …"""
    wide, high = layout.inches(drawn)
    x = 1.0
    for column in columns:
        x += width(column) / wide
        heading, *words = column
        note(drawn, x, 1 + _ABOVE / high, heading, drawn.transAxes, ha="right", va="bottom")
        for row, word in enumerate(words):
            note(drawn, x, row, word, drawn.get_yaxis_transform(), BASE_POINTS, INK, ha="right")
