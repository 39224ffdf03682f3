"""Paired differences as dots with whiskers, each with the number that one reads."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.estimates import Estimate
from sim.report.figures import layout
from sim.report.figures.style import GRID, INK, MUTED, PAPER, SMALL_POINTS, Size
from sim.report.figures.text import fitted, note, text_width
from sim.report.figures.ticks import amount_ticks
from sim.report.sweeps.contests import name_of, with_interval
from sim.report.sweeps.figures import titles
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import PerPoint, paired, values_of
from sim.report.sweeps.scales import spread_over
from sim.report.sweeps.slices import Slice, slices
from sim.report.sweeps.swept import Swept
from sim.report.wording import capital

MOST_ROWS = 18
_ROW, _ABOVE, _LEGEND = 0.27, 0.85, 0.25
_BESIDE, _GAP, _NAMES_MOST, _TICKS = 0.04, 0.12, 0.34, 4


class Row(NamedTuple):
    """One difference: what its row is called, whose it is, and the difference."""

    label: str
    platform: str
    found: Estimate


def differences(swept: Swept, metric: str, colours: Mapping[str, str], size: Size) -> Figure | None:
    """Draw each platform less the first along one axis, the rest of the design held."""
    cut = [of for of in slices(swept).found if of.is_joined]
    found = paired(swept, metric)
    if not cut or not found:
        return None
    of = cut[len(cut) // 2]
    rows = _rows(swept, of, found)
    if not rows:
        return None
    widest = max(rows, key=lambda row: abs(row.found.mean))
    naming = Naming(swept.axes)
    title = titles.of_difference(swept, metric, widest.platform, widest.found, widest.label)
    held = f", with {naming.place(of.held)}" if of.held else ""
    how = "paired run by run, with 95 % intervals" if widest.found.n > 1 else "in one run"
    subtitle = f"{capital(name_of(metric))} less that of {swept.platforms[0]}, {how}{held}"
    return _draw((title, subtitle), rows, metric, colours, size)


def _rows(swept: Swept, of: Slice, found: PerPoint) -> list[Row]:
    """A row for each platform at each point; of many points those spread over all of them."""
    naming, values = Naming(swept.axes), values_of(swept.points, [of.levels.name])
    told = [point for point in of.points if any(point in own for own in found.values())]
    shown = spread_over(told, max(1, MOST_ROWS // len(found)))
    return [
        Row(naming.phrase(of.levels.name, values[point][of.levels.name]), name, own[point])
        for point in shown
        for name, own in found.items()
        if point in own
    ]


def _draw(
    head: tuple[str, str],
    rows: Sequence[Row],
    metric: str,
    colours: Mapping[str, str],
    size: Size,
) -> Figure:
    own = {name: colours[name] for name in dict.fromkeys(row.platform for row in rows)}
    size = (size[0], max(size[1], _ABOVE + layout.BELOW + _LEGEND + len(rows) * _ROW))
    figure, top = layout.titled(*head, size)
    if len(own) > 1:
        top = layout.legend(figure, top, list(own.items()))
    words = [_signed(row.found, metric) for row in rows]
    names = min(max(text_width(row.label, SMALL_POINTS) for row in rows), size[0] * _NAMES_MOST)
    beside = max(text_width(word, SMALL_POINTS) for word in words) + _GAP
    left, right = layout.MARGIN + names + _GAP, size[0] - layout.MARGIN - beside
    drawn = layout.axes(figure, left, layout.BELOW, right, top - _GAP)
    _set_axes(drawn, rows)
    for place, (row, word) in enumerate(zip(rows, words, strict=True)):
        _draw_row(drawn, place, row, own[row.platform])
        note(drawn, 1 + _GAP / (right - left), place, word, drawn.get_yaxis_transform(), colour=INK)
    _name_rows(drawn, rows, names)
    return figure


def _signed(found: Estimate, metric: str) -> str:
    """A difference with its sign, and its interval."""
    return f"{'+' if found.mean > 0 else ''}{with_interval(found, metric)}"


def _set_axes(drawn: Axes, rows: Sequence[Row]) -> None:
    ends = [end for row in rows for end in (row.found.mean, row.found.low, row.found.high)]
    low, high = (choose(0.0, *filter(math.isfinite, ends)) for choose in (min, max))
    beside = (high - low) * _BESIDE or 1.0
    drawn.set_xlim(low - beside, high + beside)
    drawn.set_ylim(len(rows) - 0.5, -0.5)
    drawn.set_yticks([])
    places, labels = amount_ticks(low, high, rows[0].found.unit, _TICKS)
    drawn.set_xticks(places, labels=labels)
    drawn.grid(axis="x")
    drawn.axvline(0, color=INK, linewidth=1.0)


def _draw_row(drawn: Axes, place: int, row: Row, hue: str) -> None:
    """A dot with its whisker; a hollow one where the interval covers nothing at all."""
    found = row.found
    is_tie = found.low <= 0 <= found.high
    drawn.hlines(place, found.low, found.high, color=hue, linewidth=2.2, alpha=0.55)
    drawn.plot([found.mean], [place], "o", ms=6, mfc=PAPER if is_tie else hue, mec=hue, mew=1.3)


def _name_rows(drawn: Axes, rows: Sequence[Row], names: float) -> None:
    """Say each point once, beside its first row, with a line above the next."""
    wide, _ = layout.inches(drawn)
    before = ""
    for place, row in enumerate(rows):
        if row.label == before:
            continue
        before = row.label
        across = drawn.get_yaxis_transform()
        label = fitted(row.label, names, SMALL_POINTS)
        note(drawn, -_GAP / wide, place, label, across, SMALL_POINTS, MUTED, ha="right")
        if place and len({each.platform for each in rows}) > 1:
            drawn.axhline(place - 0.5, color=GRID, linewidth=0.6)
