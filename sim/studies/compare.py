"""Compare platforms: run every replication of a scenario on each, and put them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context

import pandas as pd

from sim.records.metrics import Metrics, measure, measure_groups, measure_hosts
from sim.records.result import Result
from sim.simulate import simulate
from sim.spec.metrics import METRICS
from sim.spec.scenario import Scenario
from sim.studies.assumptions import assumptions
from sim.studies.binding import binding
from sim.studies.comparison import Comparison
from sim.studies.intervals import interval
from sim.studies.objectives import objectives

Progress = Callable[[int, int], None]
Readings = dict[tuple[str, str, str], list[Metrics]]
"""Metrics of each replication, by platform, scope and name."""


def compare(
    scenario: Scenario, *, name: str = "scenario", jobs: int = 1, progress: Progress | None = None
) -> Comparison:
    """Run all replications of a scenario on all of its platforms.

    `jobs` processes share the runs; what comes out does not depend on how many. `progress` is
    told how many of all runs are done.
    """
    results = list(_with_progress(run_all(scenario, jobs), scenario, progress))
    readings = _readings(results)
    summary = _summary(readings)
    return Comparison(
        name=name,
        scenario=scenario,
        summary=summary,
        components=_components(results),
        phases=_phases(results),
        differences=_differences(readings, [platform.name for platform in scenario.platforms]),
        binding=binding(results),
        objectives=objectives(scenario, summary),
        assumptions=assumptions(scenario),
        instances=_stacked(results, "instances", replication=True),
        samples=_stacked([result for result in results if result.replication == 0], "samples"),
        events=_stacked([result for result in results if result.replication == 0], "events"),
    )


def run_all(scenario: Scenario, jobs: int) -> Iterator[Result]:
    """Simulate every replication on every platform, in that order whoever runs them."""
    names = [platform.name for platform in scenario.platforms]
    runs = [(scenario.on(name), number) for name, number in product(names, range(scenario.replications))]
    if jobs <= 1 or len(runs) == 1:
        yield from map(_run, runs)
        return
    with ProcessPoolExecutor(min(jobs, len(runs)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_run, runs, chunksize=max(1, len(runs) // (4 * jobs)))


def _run(run: tuple[Scenario, int]) -> Result:
    scenario, replication = run
    return simulate(scenario, replication=replication)


def _with_progress(
    results: Iterable[Result], scenario: Scenario, progress: Progress | None
) -> Iterator[Result]:
    total = len(scenario.platforms) * scenario.replications
    for done, result in enumerate(results, start=1):
        if progress is not None:
            progress(done, total)
        yield result


def _readings(results: Sequence[Result]) -> Readings:
    readings: Readings = {}
    for result in results:
        parts = [("platform", "", measure(result))]
        parts += [("group", name, metrics) for name, metrics in measure_groups(result)]
        parts += [("host", name, metrics) for name, metrics in measure_hosts(result)]
        for scope, name, metrics in parts:
            readings.setdefault((result.platform, scope, name), []).append(metrics)
    return readings


def _shared_by_all(runs: Sequence[Metrics]) -> list[str]:
    """The metrics that every replication has, in the order of the report."""
    return [name for name in METRICS if all(name in metrics for metrics in runs)]


def _summary(readings: Readings) -> pd.DataFrame:
    rows = [
        (*key, metric, *interval([metrics[metric] for metrics in runs]), METRICS[metric].unit)
        for key, runs in readings.items()
        for metric in _shared_by_all(runs)
    ]
    columns = ["platform", "scope", "name", "metric", "mean", "low", "high", "n", "unit"]
    return pd.DataFrame(rows, columns=columns)


def _differences(readings: Readings, platforms: Sequence[str]) -> pd.DataFrame:
    """Each platform less the first, replication by replication, for each metric of the whole."""
    reference = platforms[0]
    first = readings[reference, "platform", ""]
    rows = []
    for platform in platforms[1:]:
        runs = readings[platform, "platform", ""]
        for metric in _shared_by_all([*first, *runs]):
            ours, theirs = [m[metric] for m in runs], [m[metric] for m in first]
            gaps = interval([a - b for a, b in zip(ours, theirs, strict=True)])
            ratio = sum(ours) / sum(theirs) if sum(theirs) else float("nan")
            rows.append((metric, platform, reference, *gaps, METRICS[metric].unit, ratio))
    columns = ["metric", "platform", "reference", "mean", "low", "high", "n", "unit", "ratio"]
    return pd.DataFrame(rows, columns=columns)


def _components(results: Sequence[Result]) -> pd.DataFrame:
    """What each component comes to over all hosts and groups, as means of the replications."""
    frame = _stacked(results, "components", replication=True)
    keys = ["platform", "resource", "component"]
    runs = frame.groupby("platform", sort=False)["replication"].nunique()
    totals = frame.groupby(keys, sort=False)["value"].sum().reset_index()
    totals["value"] = totals["value"] / totals["platform"].map(runs)
    totals["unit"] = totals["resource"].map({"memory": "bytes", "disk": "bytes", "cpu": "core-s"})
    return totals


def _phases(results: Sequence[Result]) -> pd.DataFrame:
    """Mean seconds that a ready instance spent in each phase of its start, in order."""
    rows = []
    for platform in dict.fromkeys(result.platform for result in results):
        runs = [result.instances for result in results if result.platform == platform]
        instances = pd.concat(runs, ignore_index=True)
        ready = instances[instances["ready_s"].notna()]
        phases = [name for name in ready.columns if _is_phase(name)]
        means = ready[phases].fillna(0.0).mean()
        rows += [
            (platform, name.removesuffix("_s"), order, float(means[name]))
            for order, name in enumerate(phases)
            if len(ready)
        ]
    return pd.DataFrame(rows, columns=["platform", "phase", "order", "mean_s"])


def _is_phase(column: str) -> bool:
    not_phases = {"created_s", "ready_s", "exited_s"}
    return column.endswith("_s") and column not in not_phases and not column.startswith("spent_")


def _stacked(results: Sequence[Result], table: str, *, replication: bool = False) -> pd.DataFrame:
    """One table of all runs, with the run's platform, and replication, in front."""
    frames = []
    for result in results:
        frame = getattr(result, table).copy()
        if replication:
            frame.insert(0, "replication", result.replication)
        frame.insert(0, "platform", result.platform)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
