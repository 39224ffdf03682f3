"""Quantities as people are shown them: three significant digits, in the unit that suits."""

import math

from sim.units.dimensions import DURATION, Dimension, with_unit

_RUNG_BELOW = {"min": "s", "h": "min", "d": "h"}
_SHOWS_AS_THOUSAND = 999.5


def format_quantity(value: float, dimension: Dimension) -> str:
    """Show a quantity of base units to people: `1.5 GiB`, `321 ms`, `3 min 20 s`."""
    if not math.isfinite(value):
        return with_unit(str(value), dimension.base)
    unit = _rung(value, dimension)
    if dimension == DURATION and unit in _RUNG_BELOW:
        return _in_two_units(value, unit)
    return with_unit(_three_digits(value / _scale(dimension, unit)), unit)


def _rung(value: float, dimension: Dimension) -> str:
    """The largest unit of the ladder in which the value shows as 1 or more."""
    if value == 0:
        return dimension.base or dimension.ladder[0]
    for unit in reversed(dimension.ladder):
        if float(f"{abs(value) / _scale(dimension, unit):.3g}") >= 1:
            return unit
    return dimension.ladder[0]


def _scale(dimension: Dimension, unit: str) -> float:
    return float(dimension.factor(unit) or 1)


def _three_digits(amount: float) -> str:
    return f"{amount:.3g}" if abs(amount) < _SHOWS_AS_THOUSAND else f"{amount:,.0f}"


def _in_two_units(seconds: float, unit: str) -> str:
    below = _RUNG_BELOW[unit]
    small = _scale(DURATION, below)
    high, low = divmod(round(abs(seconds) / small), round(_scale(DURATION, unit) / small))
    sign = "-" if seconds < 0 else ""
    return f"{sign}{high:,} {unit}" + (f" {low} {below}" if low else "")
