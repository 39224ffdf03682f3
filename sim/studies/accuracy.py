"""How far a model is off: errors by source and by kind, and whether curves keep their order.

Sources weigh the same, however many rows each has: a row of a source with n rows weighs 1/n.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sim.spec.observation import Observation
from sim.studies.judging import Judged

KINDS = (
    "start-up alone",
    "start-up under load",
    "memory",
    "density",
    "CPU",
    "disk",
    "network",
    "image",
)
"""The kinds of things that are measured."""

CURVED = ("started_at_once", "in_flight", "already_running", "cpu_busy_cores", "clients",
          "vcpus", "guest_memory", "hosts")  # fmt: skip
"""The columns of which a curve follows one while all others stay."""

LEAST_POINTS = 3
"""A curve has at least so many points."""

STEP = 0.10
"""Two points of a curve that differ by less than this have no order that a model must keep."""

_KIND_OF_METRIC: Mapping[str, str] = {
    "cpu_per_start_core_s": "CPU",
    "cpu_idle_cores": "CPU",
    "memory_per_instance_bytes": "memory",
    "pss_per_instance_bytes": "memory",
    "guest_kernel_bytes": "memory",
    "instances_that_fit": "density",
    "disk_bytes": "disk",
    "pull_s": "image",
}


@dataclass(frozen=True)
class Errors:
    """Errors of some rows: how many rows of how many sources, and the absolute relative errors.

    `bias` is the median of the signed errors.
    """

    rows: int
    sources: int
    median: float
    p90: float
    bias: float


def kind_of(observation: Observation) -> str:
    """What kind of thing was measured."""
    if observation.metric in _KIND_OF_METRIC:
        return _KIND_OF_METRIC[observation.metric]
    if observation.image_state == "absent":
        return "image"
    if observation.metric == "duration_s" or (not observation.clients and not _runs(observation)):
        return "start-up alone" if observation.is_alone else "start-up under load"
    return _kind_of_work(observation)


def _runs(observation: Observation) -> bool:
    """Whether its workload ends by itself, so that a throughput is that of its work."""
    return isinstance(observation.workload, dict) and "run" in observation.workload


def _kind_of_work(observation: Observation) -> str:
    """Whether requests read from the disk, come over the network, or are work alone."""
    if not observation.clients:
        return "CPU"
    serve = observation.workload.get("serve") if isinstance(observation.workload, dict) else None
    reads = isinstance(serve, dict) and {"read", "write"} & serve.keys()
    return "disk" if reads else "network"


def errors(judged: Iterable[Judged]) -> Errors | None:
    """The errors of rows of which the model says something; None where there are none."""
    told = [each for each in judged if each.error is not None]
    if not told:
        return None
    of_source = Counter(each.observation.source for each in told)
    weights = np.array([1.0 / of_source[each.observation.source] for each in told])
    signed = np.array([each.error for each in told], dtype=float)
    return Errors(
        rows=len(told),
        sources=len(of_source),
        median=weighted_quantile(np.abs(signed), weights, 0.5),
        p90=weighted_quantile(np.abs(signed), weights, 0.9),
        bias=weighted_quantile(signed, weights, 0.5),
    )


def weighted_quantile(
    values: NDArray[np.float64], weights: NDArray[np.float64], share: float
) -> float:
    """The least value with at least that share of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1.0 - 1e-12)))
    return float(values[order][min(place, len(order) - 1)])


def by_source(judged: Iterable[Judged]) -> dict[str, Errors]:
    """The errors of each source of which the model says something, in the order of its rows."""
    return _by(judged, lambda each: each.observation.source)


def by_kind(judged: Iterable[Judged]) -> dict[str, Errors]:
    """The errors of each kind of which there are rows, in the order of `KINDS`."""
    found = _by(judged, lambda each: kind_of(each.observation))
    return {kind: found[kind] for kind in KINDS if kind in found}


def by_platform(judged: Iterable[Judged]) -> dict[str, Errors]:
    """The errors of each platform, its variants in rows among them, by name."""
    found = _by(judged, lambda each: platform_of(each.observation))
    return dict(sorted(found.items()))


def platform_of(observation: Observation) -> str:
    """The name of the platform of a row, or of the one that it extends."""
    named = observation.platform
    return named if isinstance(named, str) else str(named.get("extends", named.get("name", "")))


def by_role(judged: Iterable[Judged]) -> dict[str, Errors]:
    """The errors of rows that numbers were fitted to, of those beside them, and of all others."""
    found = _by(judged, lambda each: each.role)
    return {role: found[role] for role in ("fitted", "left-out", "outside") if role in found}


def _by(judged: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Errors]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        groups[key(each)].append(each)
    found = {name: errors(group) for name, group in groups.items()}
    return {name: one for name, one in found.items() if one is not None}


def order_kept(judged: Iterable[Judged]) -> float | None:
    """Of pairs of points of a curve that differ by over 10 %, how many keep their order.

    It is Kendall's rank correlation over these pairs of all curves together: from -1, all the other
    way round, to 1. None where there is no such pair.
    """
    signs = [sign for curve in curves(judged) for sign in _signs(curve)]
    return float(np.mean(signs)) if signs else None


def curves(judged: Iterable[Judged]) -> list[list[Judged]]:
    """The sets of three rows or more that differ in one condition alone, and in what was found."""
    told = [each for each in judged if each.error is not None]
    found: dict[str, list[Judged]] = defaultdict(list)
    for column in CURVED:
        for each in told:
            found[_else(each.observation, column)].append(each)
    return [curve for curve in found.values() if len(curve) >= LEAST_POINTS]


def _else(observation: Observation, column: str) -> str:
    """All that two points of a curve along a column have in common."""
    told = observation.model_dump(mode="json", exclude={"id", "value", "note", column})
    return f"{column}: {json.dumps(told, sort_keys=True)}"


def _signs(curve: Sequence[Judged]) -> list[float]:
    """For each pair that differs by more than a step, whether it keeps its order."""
    return [
        float(np.sign((b.observation.value - a.observation.value) * (_said(b) - _said(a))))
        for a, b in combinations(curve, 2)
        if abs(b.observation.value / a.observation.value - 1.0) > STEP
    ]


def _said(each: Judged) -> float:
    assert each.predicted is not None
    return each.predicted
