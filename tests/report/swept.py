"""Sweeps made by hand: a test states what each platform takes at a point, and frames follow."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pandas as pd
from report.stated import frame as stated_frame
from report.stated import scenario
from scipy.stats import t as student

from sim.records.sweep_schema import SWEEP_TABLES, sweep_columns
from sim.report.sweeps.swept import Design
from sim.spec.metrics import METRICS
from sim.spec.scenario import Scenario

GIB, MIB = 2.0**30, 2.0**20
Place = Mapping[str, object]
Value = Callable[[Place, str, int], Mapping[str, float]]
"""What a platform takes at a point in a replication; it raises ValueError for a run that fails."""


@dataclass(frozen=True)
class MadeAxis:
    """One of the things that are varied."""

    path: str
    values: tuple[object, ...]
    name: str
    unit: str = ""
    numbers: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Rule:
    """Replications by precision."""

    precision: float
    of: str
    at_most: int


@dataclass(frozen=True)
class MadeSweep:
    """A sweep as the studies would hand it over."""

    scenario: Scenario
    axes: Sequence[MadeAxis]
    platforms: Sequence[str]
    metrics: Sequence[str]
    points: pd.DataFrame
    summary: pd.DataFrame
    differences: pd.DataFrame
    winners: pd.DataFrame
    effects: pd.DataFrame
    crossings: pd.DataFrame
    sensitivity: pd.DataFrame
    tornado: pd.DataFrame
    failures: pd.DataFrame
    short: pd.DataFrame
    runs: int
    failed: int = 0
    design: Design = "grid"
    precision: Rule | None = None
    name: str = "web-sweep"
    arguments: Sequence[str] = ("--seed=1",)
    assumptions: pd.DataFrame = field(default_factory=lambda: stated_frame("assumptions", []))


def numbers(path: str, *values: float, unit: str = "", suffix: str = "") -> MadeAxis:
    """An axis of numbers in base units."""
    return MadeAxis(path, values, f"{path}{suffix}", unit, tuple(map(float, values)))


def sizes(path: str, *gib: float) -> MadeAxis:
    """An axis of sizes in GiB."""
    return numbers(path, *(each * GIB for each in gib), unit="bytes", suffix="_bytes")


def words(path: str, *values: str) -> MadeAxis:
    """An axis of words."""
    return MadeAxis(path, values, path)


def estimate(values: Sequence[float]) -> tuple[float, float, float, int]:
    """A mean and its 95 % interval by Student's t."""
    data = np.asarray(values, dtype=float)
    mean, n = float(data.mean()), len(data)
    if n == 1:
        return mean, math.nan, math.nan, 1
    half = float(student.ppf(0.975, n - 1)) * float(data.std(ddof=1)) / math.sqrt(n)
    return mean, mean - half, mean + half, n


def places_of(axes: Sequence[MadeAxis], design: Design) -> list[dict[str, object]]:
    """The points of a design, in order."""
    values = [axis.numbers or axis.values for axis in axes]
    names = [axis.name for axis in axes]
    if design == "grid":
        return [dict(zip(names, each, strict=True)) for each in product(*values)]
    if design == "one-at-a-time":
        base = {name: of[0] for name, of in zip(names, values, strict=True)}
        changed = [base | {name: value} for name, of in zip(names, values, strict=True)
                   for value in of[1:]]  # fmt: skip
        return [base, *changed]
    return [dict(zip(names, each, strict=True)) for each in zip(*values, strict=True)]


def swept(
    axes: Sequence[MadeAxis],
    platforms: Sequence[str],
    value: Value,
    replications: int = 5,
    design: Design = "grid",
    **changes: object,
) -> MadeSweep:
    """Run a made-up sweep, and put what came of it into frames."""
    places = places_of(axes, design)
    runs = _runs(places, platforms, value, replications)
    metrics = list(dict.fromkeys(key[2] for key in runs.values))
    names = [axis.name for axis in axes]
    made = MadeSweep(
        scenario=scenario([name or "none" for name in platforms], 50, replications),
        axes=axes,
        platforms=platforms,
        metrics=metrics,
        points=table("points", names, [(n, *p.values(), "") for n, p in enumerate(places)]),
        summary=table("summary", names, _summary(places, platforms, metrics, runs)),
        differences=table("differences", names, _differences(places, platforms, metrics, runs)),
        winners=table("winners", names, _winners(places, platforms, metrics, runs)),
        effects=table("effects", [], _effects(places, platforms, metrics, runs)),
        failures=table("failures", [], _failures(runs)),
        crossings=table("crossings", [], []),
        short=table("short", [], []),
        sensitivity=table("sensitivity", [], []),
        tornado=table("tornado", [], []),
        runs=len(places) * len(platforms) * replications,
        failed=len(runs.reasons),
        design=design,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Runs:
    """The values of each point, platform and metric, and the reasons of what failed."""

    values: dict[tuple[int, str, str], list[float]]
    reasons: dict[tuple[int, str, int], str]


def _runs(
    places: Sequence[Place], platforms: Sequence[str], value: Value, replications: int
) -> Runs:
    runs = Runs({}, {})
    for (point, place), platform in product(enumerate(places), platforms):
        for replication in range(replications):
            try:
                found = value(place, platform, replication)
            except ValueError as error:
                runs.reasons[point, platform, replication] = str(error)
                continue
            for metric, number in found.items():
                runs.values.setdefault((point, platform, metric), []).append(number)
    return runs


def unit(metric: str) -> str:
    """The unit of a metric, also of one of a group."""
    plain = metric.rpartition(".")[2]
    return METRICS[plain].unit if plain in METRICS else ""


def table(kind: str, axes: Sequence[str], rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """A frame as the schema of sweeps describes it."""
    columns = sweep_columns(kind, axes)
    assert all(len(row) == len(columns) for row in rows), (columns, rows[:1])
    frame = pd.DataFrame(rows, columns=columns)
    kinds = {column.name: column.kind for column in SWEEP_TABLES[kind]}
    numeric = [name for name in columns if kinds.get(name) == "number"]
    return frame.astype(dict.fromkeys(numeric, float))


def _summary(places, platforms, metrics, runs) -> list[tuple[object, ...]]:
    return [
        (point, *place.values(), platform, metric, *estimate(found), unit(metric))
        for (point, place), platform, metric in product(enumerate(places), platforms, metrics)
        if (found := runs.values.get((point, platform, metric)))
    ]


def _paired(one: Sequence[float], other: Sequence[float]) -> tuple[float, float, float, int]:
    return estimate([a - b for a, b in zip(one, other, strict=False)])


def _differences(places, platforms, metrics, runs) -> list[tuple[object, ...]]:
    first, *others = platforms
    return [
        (point, *place.values(), metric, platform, first, *_paired(one, base), unit(metric),
         np.mean(one) / np.mean(base) if np.mean(base) else math.nan)
        for (point, place), metric, platform in product(enumerate(places), metrics, others)
        if (one := runs.values.get((point, platform, metric)))
        and (base := runs.values.get((point, first, metric)))
    ]  # fmt: skip


def _winners(places, platforms, metrics, runs) -> list[tuple[object, ...]]:
    rows = []
    for (point, place), metric in product(enumerate(places), metrics):
        sign = -1 if metric == "throughput_per_s" else 1
        found = {name: runs.values[point, name, metric] for name in platforms
                 if (point, name, metric) in runs.values}  # fmt: skip
        ranked = sorted(found, key=lambda name: sign * np.mean(found[name]))
        if len(ranked) > 1:
            mean, low, high, n = _paired(found[ranked[1]], found[ranked[0]])
            tie = low <= 0 <= high or (n == 1 and mean == 0)
            own = (ranked[0], ranked[1], mean, low, high, n, unit(metric), tie)
            rows.append((point, *place.values(), metric, *own))
    return rows


def _effects(places, platforms, metrics, runs) -> list[tuple[object, ...]]:
    """Replication by replication the mean over the points with a level, then its interval."""
    rows = []
    for metric, platform, axis in product(metrics, platforms, places[0] if places else ()):
        levels: dict[object, list[list[float]]] = {}
        for point, place in enumerate(places):
            if found := runs.values.get((point, platform, metric)):
                levels.setdefault(place[axis], []).append(found)
        for level, own in levels.items():
            means = [float(np.mean(each)) for each in zip(*own, strict=False)]
            rows.append((metric, platform, axis, str(level), *estimate(means), unit(metric)))
    return rows


def _failures(runs: Runs) -> list[tuple[object, ...]]:
    found: dict[tuple[str, str], list[int]] = {}
    for (point, platform, _), reason in runs.reasons.items():
        found.setdefault((reason, platform), []).append(point)
    return [(reason, platform, len(set(points)), len(points), points[0])
            for (reason, platform), points in found.items()]  # fmt: skip


def chance(place: Place, platform: str, replication: int) -> float:
    """What one run differs by from another, near 1: mostly of the replication, shared by all."""
    shared = np.random.default_rng(replication).normal(0, 0.05)
    own = np.random.default_rng([replication, len(platform), *map(_seed, place.values())])
    return float(1 + shared + own.normal(0, 0.005))


def _seed(value: object) -> int:
    return int(float(value) % 1e9) if isinstance(value, (int, float)) else len(str(value))
