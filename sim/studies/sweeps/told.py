"""What came of each point of a design, in its order, whoever ran it and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

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

    def pairs(self, metric: str, one: str, other: str) -> list[tuple[float, float]]:
        """A metric on two platforms in each replication that failed on neither, and has it."""
        both = zip(self.runs[one], self.runs[other], strict=True)
        values = ((a.metrics.get(metric), b.metrics.get(metric)) for a, b in both)
        return [(a, b) for a, b in values if a is not None and b is not None]


def told(points: Iterable[Point], design: Sequence[Values], journal: Journal) -> Iterator[Told]:
    """Tell what the journal holds of points."""
    for point in points:
        runs = {
            name: [journal[point.run(name, number)] for number in range(point.replications)]
            for name in point.keys
        }
        yield Told(point.number, design[point.number], point.reason, runs)


def _shared(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    done = [outcome.metrics for outcome in outcomes if not outcome.reason]
    if not done:
        return {}
    names = set(done[0]).intersection(*done[1:])
    return {name: [metrics[name] for metrics in done] for name in sorted(names, key=order)}


_ORDER = {name: number for number, name in enumerate(SWEPT)}


@cache
def order(metric: str) -> tuple[str, int, str]:
    """Where a metric stands: those of the whole first, in the order of reports, then by group."""
    group, _, name = metric.rpartition(".")
    return group, _ORDER.get(name, len(_ORDER)), name
