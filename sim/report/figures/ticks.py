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
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_CLOCK_STEPS = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 20, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 4, 6, 12)),
)
_DECADES = range(-9, 1)
_DAYS = tuple(_DAY * digit * 10**power for power in range(3) for digit in (1, 2, 5))
_FINE = (
    *(digit * 10.0**power for power in _DECADES for digit in (1, 2, 5)),
    *(10.0, 30.0, *(_MINUTE * minutes for minutes in (1, 2, 5, 10, 30))),
    *(_HOUR * hours for hours in (1, 2, 6, 12)),
    *_DAYS,
)
_POWERS = tuple(10.0**power for power in range(-9, 16))
_POWERS_OF_BYTES = tuple(
    2.0**rung * digit for rung in (0, 10, 20, 30, 40) for digit in (1, 10, 100)
)
_LOG_STEPS = ((1,), (1, 3), (1, 2, 5), range(1, 10))
_COARSE = (
    *(10.0**power for power in _DECADES),
    *(10.0, _MINUTE, 10 * _MINUTE, _HOUR, 6 * _HOUR),
    *_DAYS[::3],
)


def amount_ticks(low: float, high: float, unit: str, most: int) -> Ticks:
    """Give ticks between two amounts; the last one alone says the unit of all."""
    size, name = scale(max(abs(low), abs(high)), unit)
    places = _round_between(low / size, high / size, most)
    labels = [*(f"{place:g}" for place in places[:-1]), f"{places[-1]:g} {name}".rstrip()]
    return [place * size for place in places], labels


def time_ticks(high: float, wide: float) -> Ticks:
    """Give ticks from 0 s to a time, on an axis of so many inches."""
    most = max(1, int(wide / _INCHES_A_TICK))
    if _CLOCK_STEPS[0] * most < high <= _CLOCK_STEPS[-1] * (most + 1):
        step = next(step for step in _CLOCK_STEPS if high <= step * (most + 1))
        return _labelled([step * count for count in range(int(high / step) + 1)])
    size, _ = scale(high, "s")
    places = _round_between(0, high / size, most)
    return _labelled([place * size for place in places])


def log_time_ticks(low: float, high: float, length: float, *, upright: bool = False) -> Ticks:
    """Give ticks between two times of a log axis of so many inches, without labels that touch."""
    fine = [time for time in _FINE if low <= time <= high]
    coarse = [time for time in _COARSE if low <= time <= high]
    thinned = (coarse[::step] for step in range(1, len(coarse) + 1))
    per_decade = length / math.log10(high / low)
    fitting = (times for times in (fine, *thinned) if _have_room(times, per_decade, upright))
    return _labelled(next(fitting, []))


def log_ticks(low: float, high: float, unit: str, most: int) -> Ticks:
    """Give at most so many ticks between two amounts of a log axis: powers, or where these are few,
    steps between them.
    """
    inside = (_stepped(low, high, unit, steps) for steps in _LOG_STEPS)
    places = next((found for found in inside if len(found) > 1), [])
    thinned = places[:: max(1, -(-len(places) // most))]
    return thinned, [amount(place, unit) for place in thinned]


def _stepped(low: float, high: float, unit: str, steps: Sequence[int]) -> list[float]:
    powers = _POWERS_OF_BYTES if unit == "bytes" else _POWERS
    places = (digit * power for power in powers for digit in steps)
    return [place for place in places if low <= place <= high]


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
