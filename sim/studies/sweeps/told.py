"""What came of each point of a design, in its order, whoever ran it and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from sim.spec.metrics import SWEPT
from sim.studies.sweeps.agenda import Point
from sim.studies.sweeps.journal import Journal
from sim.studies.sweeps.runs import Outcome, Values


@dataclass(frozen=True)
class Told:
    """A point with the outcomes of its runs, by platform, in the order of replications.

    Where the point cannot be, `reason` says why, and there are none.
    """

    number: int
    values: Values
    reason: str
    runs: Mapping[str, Sequence[Outcome]]

    @cached_property
    def metrics(self) -> dict[str, dict[str, list[float]]]:
        """For each platform the metrics that all of its runs have which did not fail, in order."""
        return {name: _shared(outcomes) for name, outcomes in self.runs.items()}

    def only(self, metrics: Collection[str]) -> Told:
        """The same with some metrics alone: a fraction of the memory, where all points are held."""
        runs = {
            name: [replace(run, metrics=_some(run.metrics, metrics)) for run in outcomes]
            for name, outcomes in self.runs.items()
        }
        return replace(self, runs=runs)

    def pairs(self, metric: str, one: str, other: str) -> list[tuple[float, float]]:
        """A metric on two platforms in each replication that failed on neither, and has it."""
        both = zip(self.runs[one], self.runs[other], strict=True)
        found = ((ours.metrics, theirs.metrics) for ours, theirs in both)
        return [(a[metric], b[metric]) for a, b in found if metric in a and metric in b]


def told(points: Iterable[Point], design: Sequence[Values], journal: Journal) -> Iterator[Told]:
    """Tell what the journal holds of points."""
    for point in points:
        runs = {
            name: [journal[point.run(name, number)] for number in range(point.replications)]
            for name in point.keys
        }
        yield Told(point.number, design[point.number], point.reason, runs)


def _some(found: Mapping[str, float], metrics: Collection[str]) -> dict[str, float]:
    return {metric: found[metric] for metric in metrics if metric in found}


def _shared(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    done = [outcome.metrics for outcome in outcomes if not outcome.reason]
    kinds = {tuple(metrics) for metrics in done}
    if len(kinds) > 1:
        kinds = {tuple(set.intersection(*map(set, kinds)))}
    return {name: [metrics[name] for metrics in done] for kind in kinds for name in ordered(kind)}


_ORDER = {name: number for number, name in enumerate(SWEPT)}


@lru_cache(maxsize=1024)
def ordered(metrics: tuple[str, ...]) -> Sequence[str]:
    """Metrics of the whole first, in the order of reports, then those of groups."""
    return sorted(metrics, key=_place)


def _place(metric: str) -> tuple[str, int, str]:
    group, _, name = metric.rpartition(".")
    return group, _ORDER.get(name, len(_ORDER)), name
