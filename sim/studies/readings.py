"""What the runs of an observation's scenario show of its metric: one number, in base units.

A reading is taken as the measurement was: over starts, from one point of a life to another, over
requests once they have settled, or of what the hosts hold when all is at rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.records.result import Result
from sim.simulation import simulate
from sim.spec.observation import Metric, Observation
from sim.spec.scenario import Arrival, Scenario
from sim.studies.conditions import (
    MEASURED,
    as_measured,
    in_flight,
    is_cut,
    measured_platform,
    phase_at,
)

Floats = NDArray[np.float64]

LEAST_STARTS, LEAST_TAIL = 40, 200
"""Starts over which a mean or a median, and a tail, is taken, in as many runs as that needs."""

MOST_RUNS, LEAST_RUNS = 20, 4
"""The most runs for one reading, and the least for the first or the last of a batch."""

MANY = 64
"""So many instances that those beyond them are alike in what they take."""

QUANTILES: Mapping[str, float] = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
EXTREMES: Mapping[str, Callable[[Floats], float]] = {"first": np.min, "last": np.max, "max": np.max}


class Unreadable(Exception):
    """A scenario whose runs do not show the metric that was measured; says why."""


def predict(observation: Observation, scenario: Scenario) -> float:
    """Simulate an observation's scenario and read its metric. Raises Unreadable."""
    return _READERS[observation.metric](observation, scenario)


def _runs(observation: Observation, scenario: Scenario) -> list[Result]:
    """As many runs, to where measuring ended, as it takes to see enough starts."""
    asked = as_measured(scenario, observation)
    is_tail = observation.statistic in ("p90", "p95", "p99")
    starts = LEAST_TAIL if is_tail else LEAST_STARTS
    often = -(-starts // asked.groups[MEASURED].count)
    if observation.statistic in EXTREMES and in_flight(observation) is None:
        often = max(often, LEAST_RUNS)
    return [simulate(asked, replication=number) for number in range(min(often, MOST_RUNS))]


def _run(observation: Observation, scenario: Scenario) -> Result:
    return simulate(as_measured(scenario, observation))


def _started(result: Result) -> pd.DataFrame:
    """The measured instances of a run. Raises Unreadable where some did not come up."""
    table = result.instances[result.instances["group"] == MEASURED]
    late = table[table["ready_s"].isna()]
    if len(late):
        reason = next((text for text in late["reason"] if text), "they were not ready in time")
        raise Unreadable(f"{len(late)} of {len(table)} did not start: {reason}")
    return table


# Starts


def _duration(observation: Observation, scenario: Scenario) -> float:
    runs = [_spans(observation, scenario, run) for run in _runs(observation, scenario)]
    if extreme := EXTREMES.get(observation.statistic):
        return float(np.mean([extreme(run) for run in runs]))
    return _statistic(np.concatenate(runs), observation.statistic)


def _statistic(values: Floats, statistic: str) -> float:
    if statistic in QUANTILES:
        return float(np.quantile(values, QUANTILES[statistic]))
    return float(np.mean(values))


def _spans(observation: Observation, scenario: Scenario, run: Result) -> Floats:
    """Seconds between two points of each measured life."""
    table = _started(run)
    ends = table["ready_s"] if is_cut(observation) else _passed(observation.ends, table, scenario)
    spans = np.asarray(ends - _passed(observation.begins, table, scenario), dtype=float)
    return spans + (_first_reply(scenario) if observation.ends == "reply" else 0.0)


def _passed(point: str, table: pd.DataFrame, scenario: Scenario) -> pd.Series[float]:
    """When each life passes a point. Raises Unreadable for a point that the platform lacks."""
    moments = {"request": "created_s", "ready": "ready_s", "reply": "ready_s", "exit": "exited_s"}
    if point in moments:
        return table[moments[point]]
    phase = phase_at(measured_platform(scenario), point)
    if phase is None:
        raise Unreadable(f"a start on this platform has no point {point!r}")
    columns = list(table.columns)
    first, end = columns.index("downtime_s") + 1, columns.index(f"{phase}_s")
    return table["created_s"] + table[columns[first:end]].fillna(0.0).sum(axis="columns")


def _first_reply(scenario: Scenario) -> float:
    """Seconds for one request of one client, if the workload answers any."""
    group = scenario.groups[MEASURED]
    if group.workload.serve is None:
        return 0.0
    load = group.model_validate({**group.model_dump(), "load": {"clients": 1}})
    asked = scenario.model_copy(update={"groups": {MEASURED: load}, "horizon": 120.0})
    return _latency_of(simulate(asked), "mean")


def _cpu_per_start(observation: Observation, scenario: Scenario) -> float:
    runs = _runs(observation, scenario)
    spent = [_spent(run) / len(_started(run)) for run in runs]
    return float(np.mean(spent))


def _spent(run: Result) -> float:
    """Core-seconds that a host spent on the measured, contention among them included."""
    cpu = run.components[run.components["resource"] == "cpu"]
    is_own = cpu["group"] == MEASURED
    is_theirs = (cpu["group"] == "") & (cpu["component"] == "contention")
    at_work = cpu[(is_own & (cpu["component"] != "idle")) | is_theirs]
    return float(at_work["value"].sum())


# What is held at rest


def _memory(observation: Observation, scenario: Scenario) -> float:
    run = _run(observation, scenario)
    _started(run)
    return _held(run) / int(run.hosts["instances"].sum())


def _held(run: Result) -> float:
    return float((run.hosts["memory_gross_bytes"] - run.hosts["memory_fixed_bytes"]).sum())


def _pss(observation: Observation, scenario: Scenario) -> float:
    run = _run(observation, scenario)
    _started(run)
    hidden = sum(_component(run, name) for name in _not_its_own(scenario))
    return (_held(run) - hidden) / int(run.hosts["instances"].sum())


def _not_its_own(scenario: Scenario) -> list[str]:
    """The components that no process of an instance maps: the host kernel's and the daemon's."""
    names: list[str] = []
    for boundary in measured_platform(scenario).boundaries.values():
        names += [
            f"boundary.{name}"
            for name, held in boundary.footprint.items()
            if held.pinned == "on" or held.by == "daemon"
        ]
        if boundary.kernel == "own":
            return names
    return [*names, "net.kernel"]


def _guest_kernel(observation: Observation, scenario: Scenario) -> float:
    """What of a guest's RAM its kernel keeps to itself."""
    run = _run(observation, scenario)
    _started(run)
    names = [
        f"boundary.{name}"
        for boundary in measured_platform(scenario).boundaries.values()
        if boundary.kernel == "own"
        for name, held in boundary.interior.items()
        if held.pinned == "on"
    ]
    if not names:
        raise Unreadable("this platform has no guest with a kernel of its own")
    return sum(_component(run, name) for name in names) / int(run.hosts["instances"].sum())


def _component(run: Result, name: str) -> float:
    memory = run.components[run.components["resource"] == "memory"]
    return float(memory[memory["component"] == name]["value"].sum())


def _disk(observation: Observation, scenario: Scenario) -> float:
    run = _run(observation, scenario)
    _started(run)
    return float(run.hosts["disk_gross_bytes"].sum())


def _idle_cores(observation: Observation, scenario: Scenario) -> float:
    run = _run(observation, scenario)
    _started(run)
    return float(run.hosts["cpu_demand_cores"].sum())


# Pulls


def _pull(observation: Observation, scenario: Scenario) -> float:
    absent = scenario.model_copy(update={"images": "absent"})
    times = [
        _started(run)[["pull_s", "unpack_s"]].fillna(0.0).sum(axis="columns").to_numpy()
        for run in _runs(observation, absent)
    ]
    if extreme := EXTREMES.get(observation.statistic):
        return float(np.mean([extreme(run) for run in times]))
    return _statistic(np.concatenate(times), observation.statistic)


# Requests and work


def _throughput(observation: Observation, scenario: Scenario) -> float:
    if observation.clients:
        return _answered(_run(observation, scenario))
    if observation.in_flight or scenario.groups[MEASURED].workload.run is None:
        return float(np.mean([_starts_per_s(run) for run in _runs(observation, scenario)]))
    table = _started(_run(observation, scenario))
    return float((1.0 / (table["exited_s"] - table["ready_s"])).sum())


def _starts_per_s(run: Result) -> float:
    table = _started(run)
    last = table["exited_s"].fillna(table["ready_s"]).max()
    return float(len(table) / (last - table["created_s"].min()))


def _answered(run: Result) -> float:
    """Requests a second in the second half of the run, all instances together."""
    _started(run)
    settled = run.requests[run.requests["start_s"] >= run.horizon_s / 2.0]
    lasted = run.horizon_s - float(settled["start_s"].min())
    return float(settled["done"].sum() / lasted)


def _latency(observation: Observation, scenario: Scenario) -> float:
    run = _run(observation, scenario)
    _started(run)
    return _latency_of(run, observation.statistic)


def _latency_of(run: Result, statistic: str) -> float:
    if statistic in QUANTILES:
        share, latency = run.latencies["share"], run.latencies["latency_s"]
        whole = run.latencies["group"] == ""
        return float(np.interp(QUANTILES[statistic], share[whole], latency[whole]))
    seen = run.requests[run.requests["simulated"] > 0]
    return float(np.average(seen["mean_s"], weights=seen["answered"]))


# How many fit


def _fit(observation: Observation, scenario: Scenario) -> float:
    """How many come up and stay: by trial where they are few, else by what each takes.

    Beyond a few dozens each takes as much of memory and disk as the one before it.
    """
    if not _fits(observation, scenario, MANY):
        return float(_most_that_fit(observation, scenario))
    half, whole = (_of_many(observation, scenario, count).hosts for count in (MANY // 2, MANY))
    left = [
        (whole[f"{stock}_capacity_bytes"] - whole[f"{stock}_gross_bytes"]).sum()
        * (MANY - MANY // 2)
        / max(1.0, float((whole[f"{stock}_gross_bytes"] - half[f"{stock}_gross_bytes"]).sum()))
        for stock in ("memory", "disk")
    ]
    return float(MANY + int(min(left)))


def _most_that_fit(observation: Observation, scenario: Scenario) -> int:
    """The most that fit, of fewer than many, found by halving."""
    fits, size = 0, MANY
    while size - fits > 1:
        middle = (fits + size) // 2
        fits, size = (middle, size) if _fits(observation, scenario, middle) else (fits, middle)
    return fits


def _fits(observation: Observation, scenario: Scenario, count: int) -> bool:
    states = _of_many(observation, scenario, count).instances["state"]
    return bool((states == "ready").all())


def _of_many(observation: Observation, scenario: Scenario, count: int) -> Result:
    """So many that are started one after another."""
    asked = as_measured(scenario, observation)
    arrive = Arrival.model_validate({"ramp": f"{asked.horizon / 2.0} s"})
    change = {"count": count, "arrive": arrive}
    group = asked.groups[MEASURED].model_copy(update=change)
    return simulate(asked.model_copy(update={"groups": {**asked.groups, MEASURED: group}}))


_READERS: Mapping[Metric, Callable[[Observation, Scenario], float]] = {
    "duration_s": _duration,
    "cpu_per_start_core_s": _cpu_per_start,
    "memory_per_instance_bytes": _memory,
    "pss_per_instance_bytes": _pss,
    "guest_kernel_bytes": _guest_kernel,
    "throughput_per_s": _throughput,
    "latency_s": _latency,
    "disk_bytes": _disk,
    "pull_s": _pull,
    "instances_that_fit": _fit,
    "cpu_idle_cores": _idle_cores,
}
