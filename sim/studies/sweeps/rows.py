"""A point's outcomes as rows of the tables of a sweep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from math import nan

from sim.spec.metrics import SWEPT
from sim.studies.intervals import Interval, interval, intervals
from sim.studies.sweeps.runs import Outcome
from sim.studies.sweeps.sheet import Cell, Row
from sim.studies.sweeps.told import Told, ordered


def points(told: Told, axes: Row) -> Iterator[Row]:
    """A row a point, with the reason why it cannot be, if so."""
    yield told.number, *axes, told.reason


def results(told: Told, axes: Row) -> Iterator[Row]:
    """A row a run and metric; a run that failed is one row, and so is a point that cannot be."""
    if told.reason:
        yield told.number, *axes, "", nan, "", nan, told.reason
    for platform, outcomes in told.runs.items():
        for replication, outcome in enumerate(outcomes):
            start = (told.number, *axes, platform, replication)
            yield from _measured(start, outcome)


def _measured(start: Row, outcome: Outcome) -> Iterator[Row]:
    if outcome.reason:
        yield *start, "", nan, outcome.reason
        return
    for metric in ordered(tuple(outcome.metrics)):
        yield *start, metric, outcome.metrics[metric], ""


def summary(told: Told, axes: Row, metrics: Collection[str] | None = None) -> Iterator[Row]:
    """Each metric of each platform, or some, with its mean and interval."""
    for platform, found in told.metrics.items():
        chosen = [*_chosen(found, metrics)]
        for metric, each in zip(chosen, _intervals([found[name] for name in chosen]), strict=True):
            yield told.number, *axes, platform, metric, *each, unit_of(metric)


def differences(told: Told, axes: Row, metrics: Collection[str] | None = None) -> Iterator[Row]:
    """Each platform less the first, replication by replication, in each metric or some."""
    reference, *others = told.runs or [""]
    for platform in others:
        chosen = _chosen(told.metrics[platform], metrics)
        pairs = {metric: told.pairs(metric, platform, reference) for metric in chosen}
        both = {metric: found for metric, found in pairs.items() if found}
        gaps = _intervals([_gaps(found) for found in both.values()])
        for (metric, found), each in zip(both.items(), gaps, strict=True):
            start = (told.number, *axes, metric, platform, reference)
            yield *start, *each, unit_of(metric), _ratio(found)


def _intervals(series: Sequence[Sequence[float]]) -> list[Interval]:
    """Intervals of series which are all of one length, unless some runs lack a metric."""
    if len({*map(len, series)}) == 1:
        return intervals(series)
    return [interval(values) for values in series]


def _chosen(found: Iterable[str], metrics: Collection[str] | None) -> Iterator[str]:
    return (metric for metric in found if metrics is None or metric in metrics)


def difference(pairs: Sequence[tuple[float, float]]) -> Interval:
    """The first of each pair less the second, with its interval."""
    return interval(_gaps(pairs))


def _gaps(pairs: Sequence[tuple[float, float]]) -> list[float]:
    return [one - other for one, other in pairs]


@cache
def unit_of(metric: str) -> str:
    """The unit of a metric, of the whole or of a group; nothing for one that is not Tare's own."""
    known = SWEPT.get(metric.rpartition(".")[2])
    return known.unit if known else ""


def _ratio(pairs: Sequence[tuple[float, float]]) -> Cell:
    ours, theirs = (sum(values) for values in zip(*pairs, strict=True))
    return ours / theirs if theirs else nan
