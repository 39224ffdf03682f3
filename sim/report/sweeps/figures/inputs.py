"""How much each input moves a metric: a tornado of both ends, and the indices of sensitivity."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.estimates import Estimate
from sim.report.figures import layout, panels
from sim.report.figures.style import GRID, INK, PAPER, SMALL_POINTS, Size
from sim.report.figures.text import fitted, note, text_width
from sim.report.figures.ticks import amount_ticks
from sim.report.sweeps.contests import name_of
from sim.report.sweeps.figures import titles
from sim.report.sweeps.figures.heights import ends_of
from sim.report.sweeps.mattering import Index, Swing, indices, input_names, swings
from sim.report.sweeps.reading import metric_said
from sim.report.sweeps.swept import Swept
from sim.report.wording import capital

MOST_INPUTS = 12
LOW_END, HIGH_END = "#5b8fb5", "#d0743c"
ALONE, IN_ALL = "#56b4e9", "#0b5c9e"
_ROW, _HEAD, _LINE = 0.3, 1.35, 0.3
_NAMES_MOST, _GAP, _ABOVE, _THICK = 0.44, 0.12, 0.24, 0.62
_TICKS, _BESIDE, _APART = 4, 0.03, 0.16
_BETWEEN, _INCHES_A_TICK, _THICKEST = 0.5, 0.6, 0.4


def tornado(swept: Swept, metric: str, platform: str, size: Size) -> Figure | None:
    """Draw what a metric is at both ends of each input, the widest swing on top."""
    own = [swing for swing in swings(swept, metric).get(platform, ()) if swing.width > 0]
    shown = own[:MOST_INPUTS]
    if not shown:
        return None
    short = input_names(swept)
    title = titles.of_swing(metric, platform, shown[0], short[shown[0].input])
    base = metric_said(metric, shown[0].base, shown[0].unit)
    subtitle = f"{capital(name_of(metric))} where one input is at an end of what it may be; "
    subtitle += f"with all as stated {base}{_some(len(shown), len(own))}"
    names = [_named(short[swing.input], swing.evidence) for swing in shown]
    figure, top = _titled(title, subtitle, len(shown), size)
    entries = [("at its lower end", LOW_END), ("at its upper end", HIGH_END)]
    top = layout.legend(figure, top, entries)
    drawn = _rows(figure, names, 0.0, 1.0, top)
    _draw_swings(drawn, shown)
    return figure


def _some(shown: int, whole: int) -> str:
    return f"; the {shown} that move it most of {whole:,}" if shown < whole else ""


def _named(name: str, evidence: str) -> str:
    return f"{name} ({evidence})" if evidence else name


def _titled(title: str, subtitle: str, rows: int, size: Size) -> tuple[Figure, float]:
    high = max(size[1], _HEAD + layout.BELOW + rows * _ROW)
    return layout.titled(title, subtitle, (size[0], high))


def _rows(
    figure: Figure, names: Sequence[str], begin: float, end: float, top: float
) -> Axes:
    """Axes over a part of the room beside the names, which the first part writes."""
    width = figure.get_figwidth()
    room = min(max(text_width(name, SMALL_POINTS) for name in names), width * _NAMES_MOST)
    left, right = layout.MARGIN + room + _GAP, width - layout.MARGIN
    first, last = (left + (right - left) * share for share in (begin, end))
    drawn = layout.axes(figure, first, layout.BELOW, last, top)
    drawn.set_ylim(len(names) - 0.5, -0.5)
    drawn.set_yticks([])
    wide, _ = layout.inches(drawn)
    for row, name in enumerate(names) if begin == 0 else ():
        told = fitted(name, room, SMALL_POINTS, lines=2)
        note(drawn, -_GAP / wide, row, told, drawn.get_yaxis_transform(), colour=INK, ha="right")
    return drawn


def _draw_swings(drawn: Axes, shown: Sequence[Swing]) -> None:
    base = shown[0].base
    ends = [value for swing in shown for value in (*swing.at, swing.base)]
    low, high = min(ends), max(ends)
    beside = (high - low) * _BESIDE
    drawn.set_xlim(low - beside, high + beside)
    places, labels = amount_ticks(low, high, shown[0].unit, _TICKS)
    drawn.set_xticks(places, labels=labels)
    drawn.grid(axis="x")
    thick = min(_THICK, _THICKEST * len(shown) / layout.inches(drawn)[1])
    for row, swing in enumerate(shown):
        for value, hue in zip(swing.at, (LOW_END, HIGH_END), strict=True):
            drawn.barh(row, value - base, thick, base, color=hue, linewidth=0)
    drawn.axvline(base, color=INK, linewidth=1.0)


def shares(swept: Swept, metric: str, platform: str, size: Size) -> Figure | None:
    """Draw Sobol's indices: the variance that inputs bring alone, and with all interactions."""
    own = indices(swept, metric).get(platform, [])
    shown = [each for each in own if math.isfinite(each.total.mean)][:MOST_INPUTS]
    if not shown:
        return None
    names = _names(swept, shown)
    title = titles.of_shares(metric, platform, shown[0], input_names(swept)[shown[0].input])
    subtitle = "Share of the variance that each input brings, with 95 % intervals"
    figure, top = _titled(title, subtitle + _some(len(shown), len(own)), len(shown), size)
    entries = [("by itself alone", ALONE), ("with all of its interactions", IN_ALL)]
    top = layout.legend(figure, top, entries)
    drawn = _rows(figure, names, 0.0, 1.0, top)
    ends = [*ends_of(each.first for each in shown), *ends_of(each.total for each in shown)]
    _set_reach(drawn, min(0.0, *ends), max(1.0, *ends), "")
    for row, each in enumerate(shown):
        _whisker(drawn, row - _APART, each.first, ALONE)
        _whisker(drawn, row + _APART, each.total, IN_ALL)
    return figure


def morris(swept: Swept, metric: str, platform: str, size: Size) -> Figure | None:
    """Draw Morris's mean effects with their intervals, and beside them how they are spread."""
    own = indices(swept, metric).get(platform, [])
    shown = [each for each in own if math.isfinite(each.mu_star.mean)][:MOST_INPUTS]
    if not shown:
        return None
    units = dict(zip(swept.summary["metric"], swept.summary["unit"], strict=True))
    unit = units.get(metric, "")
    names = _names(swept, shown)
    moved = metric_said(metric, shown[0].mu_star.mean, unit)
    title = titles.of_morris(metric, platform, input_names(swept)[shown[0].input], moved)
    subtitle = "Left: the mean size μ* of what an input does over its range, with its interval; "
    subtitle += "right: the spread σ of that, which is large where it depends on other inputs"
    figure, top = _titled(title, subtitle + _some(len(shown), len(own)), len(shown), size)
    gap = _BETWEEN / 2 / size[0]
    spreads = [Estimate(each.sigma, math.nan, math.nan, 0, "") for each in shown]
    left = _rows(figure, names, 0.0, 0.5 - gap, top - _ABOVE)
    right = _rows(figure, names, 0.5 + gap, 1.0, top - _ABOVE)
    _column(left, "μ*", [each.mu_star for each in shown], unit)
    _column(right, "σ", spreads, unit)
    return figure


def _column(drawn: Axes, heading: str, found: Sequence[Estimate], unit: str) -> None:
    """One of two charts beside each other, under its heading."""
    ends = [*ends_of(found)]
    _set_reach(drawn, min(0.0, *ends), max(0.0, *ends), unit)
    _, high = layout.inches(drawn)
    note(drawn, 0, 1 + 0.05 / high, heading, drawn.transAxes, va="bottom", weight="bold")
    for row, each in enumerate(found):
        _whisker(drawn, row, each, IN_ALL)


def _names(swept: Swept, shown: Sequence[Index]) -> list[str]:
    short = input_names(swept)
    return [_named(short[each.input], each.evidence) for each in shown]


def _set_reach(drawn: Axes, low: float, high: float, unit: str) -> None:
    beside = (high - low) * _BESIDE or 1.0
    drawn.set_xlim(low - beside, high + beside)
    most = max(1, min(_TICKS, int(layout.inches(drawn)[0] / _INCHES_A_TICK)))
    panels.set_ticks(drawn, dict(zip(*amount_ticks(low, high, unit, most), strict=True)))
    drawn.grid(axis="x")
    drawn.axvline(0, color=GRID, linewidth=1.2)


def _whisker(drawn: Axes, place: float, found: Estimate, hue: str) -> None:
    drawn.hlines(place, found.low, found.high, color=hue, linewidth=2.0, alpha=0.55)
    drawn.plot([found.mean], [place], "o", ms=5.5, mfc=hue, mec=PAPER, mew=0.8)


