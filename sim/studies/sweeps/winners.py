"""Which platform is best at a point, and whether it can be told from the next."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan, nan
from statistics import fmean

from sim.spec.metrics import most_wins
from sim.studies.intervals import Interval
from sim.studies.sweeps.rows import difference, unit_of
from sim.studies.sweeps.sheet import Row
from sim.studies.sweeps.told import Told

DONE, _ASKED = "instances_ready", "instances_started"
"""What all must have reached alike for the rest to be compared: less work is no better platform."""


def winner(told: Told, axes: Row, metric: str) -> Row | None:
    """Who is best by a metric, and by how much the next is behind; nothing where nobody has it."""
    ranked = ranking(told, metric)
    if not ranked:
        return None
    first, second = ranked[0], ranked[1] if len(ranked) > 1 else ""
    behind = behind_by(told, metric, first, second) if second else Interval(nan, nan, nan, 0)
    is_tie = bool(second) and ties(behind)
    start = (told.number, *axes, metric, first, second)
    return *start, *behind, unit_of(metric), is_tie


def ranking(told: Told, metric: str) -> list[str]:
    """The platforms that did as much as any other there, the best by the mean of a metric first.

    Where two are equal the earlier of the scenario comes first.
    """
    found = {name: metrics[metric] for name, metrics in told.metrics.items() if metric in metrics}
    done = _done(told, found)
    most = max(done.values(), default=0.0)
    sign = sign_of(metric)
    whole = [name for name in found if done[name] >= most]
    return sorted(whole, key=lambda name: sign * fmean(found[name]))


def short(told: Told) -> dict[str, tuple[float, float]]:
    """The platforms that did less at a point than another: how much, and how much that one did."""
    done = _done(told, [name for name, metrics in told.metrics.items() if metrics])
    most = max(done.values(), default=0.0)
    return {name: (ready, most) for name, ready in done.items() if ready < most}


def _done(told: Told, platforms: Iterable[str]) -> dict[str, float]:
    return {name: fmean(told.metrics[name].get(DONE, [0.0])) for name in platforms}


def ready_share(told: Told, platform: str) -> float:
    """The share of the instances that became ready; 1 where there are none to start."""
    metrics = told.metrics.get(platform, {})
    started = fmean(metrics.get(_ASKED, [0.0]))
    return fmean(metrics[DONE]) / started if started else 1.0


def behind_by(told: Told, metric: str, first: str, second: str) -> Interval:
    """By how much the second is worse than the first, paired by replication."""
    sign = sign_of(metric)
    pairs = told.pairs(metric, second, first)
    return difference([(sign * ours, sign * theirs) for ours, theirs in pairs])


def sign_of(metric: str) -> float:
    """1 where less of a metric is better, -1 where more is."""
    return -1.0 if most_wins(metric) else 1.0


def ties(behind: Interval) -> bool:
    """Whether an interval covers zero; without one, whether no difference is known."""
    if isnan(behind.low):
        return isnan(behind.mean) or behind.mean == 0.0
    return behind.low <= 0.0 <= behind.high
