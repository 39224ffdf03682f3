"""Ticks at round amounts, as many as there is room for, which say their unit."""

import math
from collections.abc import Sequence

from matplotlib.ticker import MaxNLocator

from sim.report.figures.style import SMALL_POINTS
from sim.report.figures.text import line_height, text_width
from sim.report.wording import amount, scale

Ticks = tuple[list[float], list[str]]
"""Where the ticks are, and what they say."""

_ROUND_STEPS = (1, 2, 2.5, 5, 10)
_LABEL_GAP = 0.15
_INCHES_A_TICK = 0.9
_FROM_A_MINUTE = (60, 120, 300, 600, 1800, 3600, 7200, 18000, 43200, 86400)
_DECADES = range(-9, 2)
_FINE = (
    *(digit * 10.0**power for power in _DECADES for digit in (1, 2, 5)),
    *_FROM_A_MINUTE,
    *(86400.0 * days for days in (2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
_COARSE = (
    *(10.0**power for power in _DECADES),
    *(60.0, 600.0, 3600.0, 36000.0),
    *(86400.0 * days for days in (1, 10, 100, 1000)),
)


def amount_ticks(low: float, high: float, unit: str, most: int) -> Ticks:
    """Give ticks between two amounts; the last one alone says the unit of all."""
    size, name = scale(max(abs(low), abs(high)), unit)
    places = _round_between(low / size, high / size, most)
    labels = [*(f"{place:g}" for place in places[:-1]), f"{places[-1]:g} {name}".rstrip()]
    return [place * size for place in places], labels


def time_ticks(high: float, wide: float) -> Ticks:
    """Give ticks from 0 s to a time, on an axis of so many inches."""
    size, _ = scale(high, "s")
    places = _round_between(0, high / size, max(1, int(wide / _INCHES_A_TICK)))
    return _labelled([place * size for place in places])


def log_time_ticks(low: float, high: float, length: float, *, upright: bool = False) -> Ticks:
    """Give ticks between two times of a log axis of so many inches, without labels that touch."""
    fine = [time for time in _FINE if low <= time <= high]
    coarse = [time for time in _COARSE if low <= time <= high]
    thinned = (coarse[::step] for step in range(1, len(coarse) + 1))
    per_decade = length / math.log10(high / low)
    fitting = (times for times in (fine, *thinned) if _have_room(times, per_decade, upright))
    return _labelled(next(fitting, []))


def _round_between(low: float, high: float, most: int) -> list[float]:
    steps = MaxNLocator(most, steps=_ROUND_STEPS).tick_values(low, high)
    return [float(place) for place in steps if low <= place <= high] or [0.0]


def _labelled(times: Sequence[float]) -> Ticks:
    return list(times), [amount(time, "s") for time in times]


def _have_room(times: Sequence[float], per_decade: float, upright: bool) -> bool:
    if upright:
        sizes = [line_height(SMALL_POINTS)] * len(times)
    else:
        sizes = [text_width(amount(time, "s"), SMALL_POINTS) + _LABEL_GAP for time in times]
    return all(
        math.log10(after / before) * per_decade > (one + other) / 2
        for before, after, one, other in zip(times, times[1:], sizes, sizes[1:], strict=False)
    )
