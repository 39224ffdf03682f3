"""One chart of lines with bands, a line a platform, over the levels of an axis."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from sim.report.estimates import Estimate
from sim.report.figures import layout, panels
from sim.report.figures.style import INK, MUTED, PAPER, SMALL_POINTS
from sim.report.figures.text import Side, fitted, note, text_width
from sim.report.figures.ticks import amount_ticks, log_ticks
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.scales import Levels

Line = Sequence[tuple[float, Estimate]]
"""Places along an axis, in order, and what was found there."""

_MOST_DOTS, _MOST_NAMED = 40, 10
_DOT, _SMALL_DOT = 5.0, 3.0
_BESIDE, _INCHES_A_TICK = 0.04, 0.8
_FROM_ZERO, _DODGE = 0.4, 0.5
_MARK_GAP, _MARK_LINE = 0.05, 0.18
_DASHES = (0, (4, 2))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place along an axis at which two lines cross, its interval, and what to call it."""

    place: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The lines of one chart by platform, over the levels of an axis."""

    title: str
    levels: Levels
    lines: Mapping[str, Line]
    marks: Sequence[Mark] = ()
    is_joined: bool = True

    @property
    def has_lines(self) -> bool:
        """Whether neighbours are joined: words have no values between them."""
        return self.is_joined and not self.levels.is_words

    def every(self) -> Iterator[Estimate]:
        """All that was found, whatever the platform."""
        return (found for line in self.lines.values() for _, found in line)

    def ends(self) -> dict[str, float]:
        """Where each line ends."""
        return {name: line[-1][1].mean for name, line in self.lines.items()}


def fill(drawn: Axes, chart: Chart, naming: Naming, colours: Mapping[str, str]) -> None:
    """Draw everything inside a chart whose axis upwards is set."""
    _set_levels(drawn, chart.levels, naming)
    for place, (name, line) in enumerate(chart.lines.items()):
        aside = _aside(chart, place)
        _draw(drawn, chart, [(at + aside, found) for at, found in line], colours[name])
    _draw_marks(drawn, chart.marks)


def _aside(chart: Chart, place: int) -> float:
    """How far a platform's dots stand beside their word, so that none hides another."""
    count = len(chart.lines)
    if not chart.levels.is_words or count == 1:
        return 0.0
    return _DODGE * (place / (count - 1) - 0.5)


def _set_levels(drawn: Axes, levels: Levels, naming: Naming) -> None:
    """The axis that is varied, on its own scale, with a label for each level that has room."""
    first, last = levels.numbers[0], levels.numbers[-1]
    if levels.is_words:
        _set_words(drawn, levels)
    elif levels.is_log:
        drawn.set_xscale("log")
        drawn.xaxis.set_minor_locator(NullLocator())
        beside = (last / first) ** _BESIDE
        drawn.set_xlim(first / beside, last * beside)
        _label(drawn, levels, naming)
    else:
        beside = (last - first) * _BESIDE or 1.0
        begin = 0 if 0 <= first < _FROM_ZERO * last else first - beside
        drawn.set_xlim(begin, last + beside)
        _label(drawn, levels, naming)


def _set_words(drawn: Axes, levels: Levels) -> None:
    drawn.set_xlim(-0.5, len(levels.values) - 0.5)
    room = layout.inches(drawn)[0] / len(levels.values) - _BESIDE
    labels = [fitted(str(value), room, SMALL_POINTS) for value in levels.values]
    drawn.set_xticks(levels.numbers, labels=labels)


def _label(drawn: Axes, levels: Levels, naming: Naming) -> None:
    if len(levels.values) <= _MOST_NAMED:
        said = (naming.value(levels.name, value) for value in levels.values)
        panels.set_ticks(drawn, dict(zip(levels.numbers, said, strict=True)))
        return
    most = max(2, int(layout.inches(drawn)[0] / _INCHES_A_TICK))
    ends = (levels.numbers[0], levels.numbers[-1], levels.axis.unit, most)
    places, labels = log_ticks(*ends) if levels.is_log else amount_ticks(*ends)
    drawn.set_xticks(places, labels=labels)


def _draw(drawn: Axes, chart: Chart, line: Line, hue: str) -> None:
    """A band and a line through the means, or dots with whiskers where nothing lies between."""
    places, means, lows, highs = zip(
        *((at, found.mean, found.low, found.high) for at, found in line), strict=True
    )
    is_dense = len(line) > _MOST_DOTS
    if chart.has_lines:
        drawn.fill_between(places, lows, highs, color=hue, alpha=0.2, linewidth=0)
        drawn.plot(places, means, color=hue, linewidth=1.6)
    else:
        drawn.vlines(places, lows, highs, color=hue, linewidth=2.0, alpha=0.45)
    if not (is_dense and chart.has_lines):
        small = _SMALL_DOT if is_dense else _DOT
        drawn.plot(places, means, "o", ms=small, mfc=hue, mec=PAPER, mew=0.8)


def _draw_marks(drawn: Axes, marks: Sequence[Mark]) -> None:
    """Where lines cross: a dashed line in its interval, and beside it what it says."""
    _, high = layout.inches(drawn)
    for row, mark in enumerate(marks):
        if math.isfinite(mark.low) and math.isfinite(mark.high):
            drawn.axvspan(mark.low, mark.high, color=MUTED, alpha=0.18, linewidth=0)
        drawn.axvline(mark.place, color=INK, linewidth=0.9, linestyle=_DASHES)
        _write_mark(drawn, mark, 1 - (row + 0.5) * _MARK_LINE / high)


def _write_mark(drawn: Axes, mark: Mark, y: float) -> None:
    """Say a mark on the side that has more room, in full or without its interval."""
    inside = drawn.transData + drawn.transAxes.inverted()
    wide, _ = layout.inches(drawn)
    x = float(inside.transform((mark.place, 1))[0])
    gap, is_left = _MARK_GAP / wide, x > 1 - x
    room = (x if is_left else 1 - x) * wide - _MARK_GAP
    words = (mark.words, mark.words.partition(" [")[0])
    said = next((each for each in words if text_width(each, SMALL_POINTS) <= room), "")
    side: Side = "right" if is_left else "left"
    place = x - gap if is_left else x + gap
    note(drawn, place, y, said, drawn.transAxes, colour=INK, ha=side)
