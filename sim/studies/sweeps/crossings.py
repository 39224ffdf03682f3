"""Where along an axis two platforms change places, searched for on every line of a grid at once.

A line is what of a grid differs along that axis alone. Two platforms change places between two
neighbours on it of which one platform is best at the first, and another at the second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from typing import TypeAlias

from sim.studies.intervals import Interval
from sim.studies.sweeps.narrowing import Asking, Scale, Turn, search
from sim.studies.sweeps.runs import Values
from sim.studies.sweeps.told import Told
from sim.studies.sweeps.winners import DONE, behind_by, ranking

Perform: TypeAlias = Callable[[Sequence[Values], Sequence[str]], Sequence[Told]]
"""Runs points on some platforms, and tells what came of each, in order."""

_NOWHERE = Turn(nan, nan, nan)


@dataclass(frozen=True)
class Along:
    """The axis along which platforms change places: its path, numbers, and how it is written."""

    path: str
    number: Callable[[object], float]
    written: Callable[[float], object]
    scale: Scale


@dataclass(frozen=True)
class Crossing:
    """Where `first`, which is better below, and `second` change places, all else at `values`.

    `reason` says why no such place was found.
    """

    metric: str
    values: Values
    first: str
    second: str
    turn: Turn
    reason: str = ""


@dataclass(frozen=True)
class _Search:
    """A search under way on one line, and the place that it asks for."""

    crossing: Crossing
    asking: Asking
    place: float


def crossings(
    points: Iterable[Told], metrics: Sequence[str], along: Along, perform: Perform
) -> Iterator[Crossing]:
    """Find where platforms change places along an axis, in rounds of all lines together."""
    needed = {*metrics, DONE}
    lines = [*_lines((told.only(needed) for told in points), along)]
    found = [each for metric in metrics for line in lines for each in _begun(line, metric, along)]
    yield from _searched(found, along, perform)


def _lines(points: Iterable[Told], along: Along) -> Iterator[dict[float, Told]]:
    """The points of each line by their number on the axis, in order."""
    lines: dict[str, dict[float, Told]] = defaultdict(dict)
    for told in points:
        if not told.reason:
            others = {path: value for path, value in told.values.items() if path != along.path}
            lines[repr(others)][along.number(told.values[along.path])] = told
    return (dict(sorted(line.items())) for line in lines.values())


def _begun(line: Mapping[float, Told], metric: str, along: Along) -> Iterator[_Search | Crossing]:
    for low, high in pairwise(line):
        best = [ranking(line[place], metric)[:1] for place in (low, high)]
        if all(best) and best[0] != best[1]:
            (first,), (second,) = best
            values = {path: each for path, each in line[low].values.items() if path != along.path}
            crossing = Crossing(metric, values, first, second, _NOWHERE)
            known = _known(line, crossing)
            if not {low, high} <= known.keys():
                continue  # one of them has no such metric there, which is no change of places
            yield _asked(crossing, search(known, low, high, along.scale), None)


def _known(line: Mapping[float, Told], crossing: Crossing) -> dict[float, Interval]:
    """By how much the second is behind the first at each place where both can be compared."""
    found = ((place, _difference(told, crossing)) for place, told in line.items())
    return {place: difference for place, difference in found if difference is not None}


def _difference(told: Told, crossing: Crossing) -> Interval | None:
    """By how much the second is behind; nothing where one did less, or all pairs of runs failed."""
    if not {crossing.first, crossing.second} <= {*ranking(told, crossing.metric)}:
        return None
    found = behind_by(told, crossing.metric, crossing.first, crossing.second)
    return found if found.n else None


def _asked(crossing: Crossing, asking: Asking, answer: Interval | None) -> _Search | Crossing:
    """A search that has been told what it asked for: it asks again, or has found its place."""
    try:
        place = next(asking) if answer is None else asking.send(answer)
    except StopIteration as done:
        turn: Turn = done.value
        return Crossing(crossing.metric, crossing.values, crossing.first, crossing.second, turn)
    return _Search(crossing, asking, place)


def _searched(
    found: Sequence[_Search | Crossing], along: Along, perform: Perform
) -> Iterator[Crossing]:
    """Go on with all searches, round by round, until each has found its place."""
    results = list(found)
    while pairs := _by_pair(results):
        for both, searches in pairs.items():
            asked = [_point(each, along) for each in searches.values()]
            tolds = perform(asked, both)
            for (at, each), told in zip(searches.items(), tolds, strict=True):
                results[at] = _answered(each, told)
    yield from (each for each in results if isinstance(each, Crossing))


def _by_pair(results: Sequence[_Search | Crossing]) -> dict[tuple[str, str], dict[int, _Search]]:
    """The searches that are under way, by their place, for each pair of platforms."""
    pairs: dict[tuple[str, str], dict[int, _Search]] = defaultdict(dict)
    for at, each in enumerate(results):
        if isinstance(each, _Search):
            pairs[each.crossing.first, each.crossing.second][at] = each
    return pairs


def _point(each: _Search, along: Along) -> dict[str, object]:
    return {**each.crossing.values, along.path: along.written(each.place)}


def _answered(each: _Search, told: Told) -> _Search | Crossing:
    crossing = each.crossing
    found = None if told.reason else _difference(told, crossing)
    if found is None:
        reason = told.reason or f"at {each.place:.9g} one of the two did not do what the other did"
        fields = crossing.metric, crossing.values, crossing.first, crossing.second
        return Crossing(*fields, _NOWHERE, reason)
    return _asked(crossing, each.asking, found)
