"""How many replications a point needs: batches, until an interval is as narrow as was asked for.

A batch is decided from all replications before it, in their order, and from nothing else. So the
number of workers, and who of them was quick, changes nothing.

To look at an interval and to go on if it is too wide favours those that came out narrow by chance:
such intervals cover the truth a little less often than their name says. Ten replications before the
first look, and few looks after it, keep that small.
Law, Simulation Modeling and Analysis, section 9.4.1, has the procedure with batches of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, inf, isfinite
from typing import NamedTuple

from sim.spec.sweep import FEWEST_REPLICATIONS
from sim.studies.intervals import interval

LEAST_GROWTH, MOST_GROWTH = 1.25, 2.0
"""After a batch there are so many times the replications before it, at least and at most."""


class Decision(NamedTuple):
    """How many replications there are in all, as far as the values decide it, and why, in words.

    It is over where there are values of so many.
    """

    replications: int
    why: str


def decide(values: Mapping[str, Sequence[float]], target: float, at_most: int) -> Decision:
    """Decide on the replications of a point, by the values of one metric on each platform so far.

    Platforms are paired: they go on together until on each the half-width of the interval is at
    most `target` times the mean. A value that a run does not tell is nan: it counts as a
    replication, and narrows nothing. A platform where no run tells the metric holds up none.
    Values beyond those that the rule would have asked for change nothing.
    """
    there, first = min(map(len, values.values())), min(FEWEST_REPLICATIONS, at_most)
    known, decision = 0, Decision(first, f"{first} replications come before the first look")
    while known < decision.replications <= there:
        known = decision.replications
        looked_at = {name: series[:known] for name, series in values.items()}
        decision = _look(looked_at, known, target, at_most)
    return decision


def _look(
    values: Mapping[str, Sequence[float]], done: int, target: float, at_most: int
) -> Decision:
    told = {name: list(filter(isfinite, series)) for name, series in values.items()}
    width = {name: _width(series) for name, series in told.items() if series}
    if not width:
        return Decision(done, "no run tells it")
    worst = max(width, key=width.__getitem__)
    if width[worst] <= target:
        return Decision(done, "each interval is as narrow as was asked for")
    why = _words(worst, told[worst], width[worst], target)
    return Decision(_grown(done, width[worst] / target, at_most), why)


def _width(series: Sequence[float]) -> float:
    """The half-width over the mean: 0 where all are equal, infinite about a mean of 0."""
    if len(series) == 1:
        return inf
    found = interval(series)
    half = found.high - found.mean
    if not half:
        return 0.0
    return half / abs(found.mean) if found.mean else inf


def _grown(done: int, excess: float, at_most: int) -> int:
    """As many as make up, by √n, for the excess of the width, within bounds."""
    least, most = ceil(done * LEAST_GROWTH), ceil(done * MOST_GROWTH)
    needed = most if excess >= MOST_GROWTH else ceil(done * excess * excess)
    return min(max(needed, least), most, at_most)


def _words(platform: str, series: Sequence[float], width: float, target: float) -> str:
    where = f" on {platform}" if platform else ""
    if len(series) == 1:
        return f"only one run{where} tells it"
    if width == inf:
        return f"its mean{where} is 0, of which nothing is a share"
    return f"its interval{where} is ± {width:.2g} of the mean, wider than {target:.2g}"
