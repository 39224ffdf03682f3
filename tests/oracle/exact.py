"""The plain form of a shared rate on rational numbers: no rounding anywhere, and no resolution."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import inf

from oracle.plain import Number, PlainRate


class ExactRate(PlainRate):
    """A shared rate without rounding; infinity stays a float, since no rational is infinite."""

    def number(self, value: Number) -> Number:
        """Return a value as an exact rational."""
        return value if value == inf else Fraction(value)

    def total(self, values: Iterable[Number]) -> Number:
        """Return an exact sum."""
        return sum(values, Fraction(0))
