"""What the model says of some instances started at once, on entries that are trees in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from sim.catalog.entries import Resolver
from sim.catalog.loader import Kind
from sim.catalog.scenario import from_resolved
from sim.errors import TareError
from sim.simulation import simulate
from sim.spec.document import Tree
from sim.spec.scenario import Scenario

_HORIZON = "10 min"


@dataclass(frozen=True)
class Entries:
    """The host, the platform and the workload that are asked of, in full."""

    host: Tree
    platform: Tree
    workload: Tree


@dataclass(frozen=True)
class Times:
    """When the first, half and the last of some instances were ready, in seconds."""

    first: float
    median: float
    last: float


def in_full(kind: Kind, tree: Tree) -> Tree:
    """An entry with what it extends put in its place. Raises TareError where that is unknown."""
    resolver = Resolver()
    found = resolver.entry(kind, tree, ())
    for finding in resolver.findings:
        raise TareError(finding.problem, finding.remedy)
    return found


def predict(entries: Entries, count: int, replications: int = 1) -> Times:
    """The times that the model gives to so many at once, as means over replications."""
    scenario = _scenario(entries, count)
    runs = [
        simulate(scenario, replication=number).instances["ready_s"].sort_values()
        for number in range(replications)
    ]
    return Times(
        fmean(float(ready.iloc[0]) for ready in runs),
        fmean(float(ready.median()) for ready in runs),
        fmean(float(ready.iloc[-1]) for ready in runs),
    )


def held(entries: Entries, count: int) -> float:
    """Bytes that the model gives to each of so many at rest, without what is there once for all."""
    host = simulate(_scenario(entries, count)).hosts.iloc[0]
    return float(host["memory_gross_bytes"] - host["memory_fixed_bytes"]) / count


def _scenario(entries: Entries, count: int) -> Scenario:
    tree: Mapping[str, Tree] = {
        "version": 1,
        "title": "Instances started at once",
        "host": entries.host,
        "platforms": [entries.platform],
        "horizon": _HORIZON,
        "groups": {"instances": {"workload": entries.workload, "count": count}},
    }
    return from_resolved(tree, "calibration", {}, "calibration")
