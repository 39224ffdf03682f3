"""Where a difference changes its sign, found by asking for it at ever closer places."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import TypeAlias

from sim.studies.intervals import Interval

Asking: TypeAlias = Generator[float, Interval, "Turn"]
"""Gives places, is told the difference there, and returns where it turns."""

_Place: TypeAlias = Generator[float, Interval, float]


@dataclass(frozen=True)
class Turn:
    """Where a difference is zero, with the interval in which its own interval covers zero.

    A bound is nan where the difference can be told from zero nowhere on that side.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Scale:
    """How places lie between others: by differences or by factors, perhaps whole numbers alone.

    Two are close once what lies between them is at most `within` of the upper one.
    """

    within: float
    is_log: bool = False
    is_whole: bool = False

    def between(self, low: float, high: float) -> float | None:
        """The place in the middle, or nothing where the two are close."""
        if high - low <= self.within * abs(high):
            return None
        middle = sqrt(low * high) if self.is_log and low > 0 else (low + high) / 2
        middle = round(middle) if self.is_whole else middle
        return middle if low < middle < high else None


def search(known: Mapping[float, Interval], low: float, high: float, scale: Scale) -> Asking:
    """Find where a difference turns from above zero at `low` to below it at `high`.

    `known` has it at all places of the line that were looked at before. The bounds lie where it can
    just be told from zero, each as close as the scale says.
    """
    found = dict(known)
    below, above = yield from _narrowed(found, low, high, scale, _is_above)
    value = _zero(below, found[below], above, found[above])
    lower = yield from _lower(found, below, above, scale)
    upper = yield from _upper(found, below, above, scale)
    return Turn(value, lower, upper)


def _lower(found: dict[float, Interval], below: float, above: float, scale: Scale) -> _Place:
    """The last place below where it is surely above zero."""
    sure = max((x for x in found if x <= below and found[x].low > 0), default=nan)
    if isnan(sure):
        return sure
    nearest = min((x for x in found if x > sure), default=above)
    lower, _ = yield from _narrowed(found, sure, nearest, scale, _is_surely_above)
    return lower


def _upper(found: dict[float, Interval], below: float, above: float, scale: Scale) -> _Place:
    """The first place above where it is surely below zero."""
    sure = min((x for x in found if x >= above and found[x].high < 0), default=nan)
    if isnan(sure):
        return sure
    nearest = max((x for x in found if x < sure), default=below)
    _, upper = yield from _narrowed(found, nearest, sure, scale, _is_not_below)
    return upper


def _narrowed(
    found: dict[float, Interval],
    low: float,
    high: float,
    scale: Scale,
    is_low: Callable[[Interval], bool],
) -> Generator[float, Interval, tuple[float, float]]:
    """Halve until two places are close, the first of which is one of the low ones."""
    while (middle := scale.between(low, high)) is not None:
        if middle not in found:
            found[middle] = yield middle
        low, high = (middle, high) if is_low(found[middle]) else (low, middle)
    return low, high


def _is_above(difference: Interval) -> bool:
    return difference.mean > 0


def _is_surely_above(difference: Interval) -> bool:
    return difference.low > 0


def _is_not_below(difference: Interval) -> bool:
    return not difference.high < 0


def _zero(low: float, at_low: Interval, high: float, at_high: Interval) -> float:
    """Where the straight line between two differences is zero."""
    fall = at_low.mean - at_high.mean
    return low + (high - low) * at_low.mean / fall if fall else (low + high) / 2
