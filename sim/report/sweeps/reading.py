"""The frames of a sweep as numbers that can be looked up, metric by metric."""

from collections.abc import Mapping
from typing import NamedTuple

from pandas import DataFrame

from sim.report.estimates import Estimate
from sim.report.frames import rows
from sim.report.sweeps.contests import plain
from sim.report.sweeps.swept import Swept
from sim.report.wording import METRIC_SHARES, amount, percent

PerPoint = dict[str, dict[int, Estimate]]
"""An estimate for each point at which there is one, by platform."""

_NUMBERS = ("mean", "low", "high", "n", "unit")


class Margin(NamedTuple):
    """Who is best at a point, who comes next, and by how much that one is behind."""

    point: int
    winner: str
    second: str
    by: Estimate
    tie: bool


def per_point(frame: DataFrame, metric: str) -> PerPoint:
    """Give one metric of a summary, or of the differences, by platform and point."""
    found: PerPoint = {}
    own = frame[frame["metric"] == metric]
    for point, platform, *numbers in rows(own, "point", "platform", *_NUMBERS):
        found.setdefault(platform, {})[point] = Estimate(*numbers)
    return found


def compared(swept: Swept, metric: str) -> PerPoint:
    """Give one metric by platform and point, but not where the platform did less than another."""
    return _whole(per_point(swept.summary, metric), swept)


def paired(swept: Swept, metric: str) -> PerPoint:
    """Give how far platforms differ from the first, where both did as much as any other."""
    found = _whole(per_point(swept.differences, metric), swept)
    first = {point for point, name in _short(swept) if name == swept.platforms[0]}
    kept = {name: {at: own[at] for at in own if at not in first} for name, own in found.items()}
    return {name: own for name, own in kept.items() if own}


def _whole(found: PerPoint, swept: Swept) -> PerPoint:
    short = _short(swept)
    kept = {name: {at: own[at] for at in own if (at, name) not in short}
            for name, own in found.items()}  # fmt: skip
    return {name: own for name, own in kept.items() if own}


def _short(swept: Swept) -> set[tuple[int, str]]:
    """The points at which a platform did less than another."""
    return {(point, name) for point, name in rows(swept.short, "point", "platform")}


def margins(winners: DataFrame, metric: str) -> list[Margin]:
    """Give who wins a metric, point by point, where there was anybody to win against."""
    own = winners[(winners["metric"] == metric) & (winners["second"] != "")]
    return [
        Margin(point, winner, second, Estimate(*numbers), bool(tie))
        for point, winner, second, tie, *numbers in rows(
            own, "point", "winner", "second", "tie", *_NUMBERS
        )
    ]


def values_of(points: DataFrame, axes: list[str]) -> dict[int, Mapping[str, object]]:
    """Give the values of some axes at each point."""
    return {
        number: dict(zip(axes, values, strict=True))
        for number, *values in rows(points, "point", *axes)
    }


def metric_said(metric: str, value: float, unit: str) -> str:
    """Say a value of a metric in the unit that people read it in."""
    return percent(value) if plain(metric) in METRIC_SHARES else amount(value, unit)
