"""The axis of a chart: from 0, or on a log scale where values lie too far apart for that."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_FAR_APART = 6.0
_LOW_END = 0.06  # where the least value of a log axis stands, apart from what is 0


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from 0, or on a log scale from the least value, to the most; both are above 0."""

    least: float
    most: float

    @property
    def is_log(self) -> bool:
        """Whether the values lie too far apart for an axis from 0."""
        return self.most > _FAR_APART * self.least

    def share(self, value: float) -> float:
        """How far along the axis a value stands, from 0 to 1; what is 0 stands at its beginning."""
        if value <= 0:
            return 0.0
        if not self.is_log:
            return value / self.most
        along = math.log(value / self.least) / math.log(self.most / self.least)
        return _LOW_END + (1 - _LOW_END) * along


def scale_of(values: Iterable[float]) -> Scale:
    """Find the axis on which all of some values can be told apart."""
    some = [value for value in values if value > 0] or [1.0]
    return Scale(min(some), max(some))
