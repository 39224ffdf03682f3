"""The axis of amounts that all charts of a figure share."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from sim.report.estimates import Estimate
from sim.report.figures.style import GRID
from sim.report.figures.ticks import Ticks, amount_ticks, log_ticks
from sim.report.sweeps.contests import plain
from sim.report.wording import METRIC_SHARES, percent

_FAR_APART, _FAR_ON_LOG = 30.0, 6.0
_HEAD_ROOM, _BELOW = 0.06, 1.15
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Height:
    """An axis upwards: its ends, its ticks, and whether it is on a log scale."""

    low: float
    high: float
    is_log: bool
    ticks: Ticks

    def set_on(self, drawn: Axes) -> None:
        """Give a chart this axis."""
        if self.is_log:
            drawn.set_yscale("log")
            drawn.yaxis.set_minor_locator(NullLocator())
        drawn.set_ylim(self.low, self.high)
        drawn.set_yticks(self.ticks[0], labels=self.ticks[1])
        drawn.grid(axis="y")
        drawn.spines["bottom"].set(visible=True, color=GRID)


def height_of(
    found: Sequence[Estimate], metric: str, above: float, *, beside_log: bool
) -> Height:
    """Find the axis for some values: from nothing up, or on a log scale where they lie too far
    apart for that, which is sooner where the other axis is one.

    `above` is how much stays free over them for what is written there, as a share of the height.
    """
    least, most = min(each.mean for each in found), max(ends_of(found))
    far = _FAR_ON_LOG if beside_log else _FAR_APART
    if least > 0 and most > far * least:
        return _on_log(found, metric, above + _HEAD_ROOM)
    low = min(0.0, *ends_of(found))
    high = most + (most - low) * (above + _HEAD_ROOM) if most > low else low + 1.0
    ticks = amount_ticks(low, high, found[0].unit, _MOST_TICKS)
    return Height(low, high, False, _said(ticks, metric))


def _on_log(found: Sequence[Estimate], metric: str, above: float) -> Height:
    least, most = min(each.mean for each in found), max(ends_of(found))
    lowest = min(end for end in ends_of(found) if end > 0)
    low = max(lowest, least / 2) / _BELOW
    high = most * (most / low) ** above
    return Height(low, high, True, _said(log_ticks(low, most, found[0].unit, _MOST_TICKS), metric))


def ends_of(found: Iterable[Estimate]) -> Iterator[float]:
    """Every mean, and both ends of every interval that there is."""
    for each in found:
        yield from filter(math.isfinite, (each.mean, each.low, each.high))


def _said(ticks: Ticks, metric: str) -> Ticks:
    """Ticks of shares in percent, all others as they are."""
    if plain(metric) not in METRIC_SHARES:
        return ticks
    return ticks[0], [percent(place) for place in ticks[0]]
