"""How far a model is off: errors by source and by kind, and whether curves keep their order.

Sources weigh the same, however many rows each has: a row of a source with n rows weighs 1/n.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sim.catalog.entries import Resolver, mapping
from sim.records.validation import KINDS
from sim.spec.document import Tree
from sim.spec.observation import Observation
from sim.studies.judging import Judged
from sim.units import SIZE, parse_quantity

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
    if observation.metric == "duration_s" or _counts_starts(observation):
        return "start-up alone" if observation.is_alone else "start-up under load"
    return _kind_of_work(observation)


def _counts_starts(observation: Observation) -> bool:
    """Whether a throughput is that of starts: without clients, and without work that ends."""
    if observation.clients:
        return False
    return observation.in_flight is not None or "run" not in _workload(observation)


def _kind_of_work(observation: Observation) -> str:
    """Whether requests read from the disk, come over the network, or are work alone."""
    if not observation.clients:
        return "CPU"
    serve = mapping(_workload(observation).get("serve"))
    return "disk" if {"read", "write"} & serve.keys() else "network"


def _workload(observation: Observation) -> Mapping[str, Tree]:
    """What the workload of a row stands for."""
    return mapping(Resolver().entry("workloads", cast("Tree", observation.workload), ()))


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


@dataclass(frozen=True)
class Curve:
    """Rows that differ in one column's condition alone, and in what was found, in its order."""

    along: str
    points: tuple[Judged, ...]

    def at(self, place: int) -> float:
        """The condition in which its points differ, of one of them, in base units."""
        return condition(self.points[place].observation, self.along)


def condition(observation: Observation, column: str) -> float:
    """What a column of a row says, as a number in base units; 0 where it says nothing."""
    stated = getattr(observation, column)
    return parse_quantity(stated, SIZE) if isinstance(stated, str) else float(stated or 0.0)


def order_kept(judged: Iterable[Judged]) -> float | None:
    """Of pairs of points of a curve that differ by over 10 %, how many keep their order.

    It is Kendall's rank correlation over these pairs of all curves together: from -1, all the other
    way round, to 1. None where there is no such pair.
    """
    signs = [sign for curve in curves(judged) for sign in _signs(curve)]
    return float(np.mean(signs)) if signs else None


def curves(judged: Iterable[Judged]) -> list[Curve]:
    """The curves with three points or more, each at a place of its own."""
    told = [each for each in judged if each.error is not None]
    found: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for column in CURVED:
        for each in told:
            found[column, _else(each.observation, column)].append(each)
    drawn = (_curve(column, points) for (column, _), points in found.items())
    return [curve for curve in drawn if len(set(_places(curve))) >= LEAST_POINTS]


def _curve(column: str, points: Sequence[Judged]) -> Curve:
    in_order = sorted(points, key=lambda each: condition(each.observation, column))
    return Curve(column, tuple(in_order))


def _places(curve: Curve) -> list[float]:
    return [curve.at(place) for place in range(len(curve.points))]


def _else(observation: Observation, column: str) -> str:
    """All that two points of a curve along a column have in common."""
    hidden = {"id", "value", "unit", "note", column}
    told = observation.model_dump(mode="json", exclude=hidden)
    return json.dumps(told, sort_keys=True)


def _signs(curve: Curve) -> list[float]:
    """For each pair at two places that differs by more than a step, whether it keeps its order."""
    pairs = combinations(zip(_places(curve), curve.points, strict=True), 2)
    return [
        float(np.sign((_found(b) - _found(a)) * (_said(b) - _said(a))))
        for (here, a), (there, b) in pairs
        if here != there and abs(_found(b) / _found(a) - 1.0) > STEP
    ]


def _found(each: Judged) -> float:
    return each.observation.value * each.observation.factor


def _said(each: Judged) -> float:
    assert each.predicted is not None
    return each.predicted * each.observation.factor
