"""Comparisons whose every number a test states, so that words can be worked out by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from sim.spec.metrics import METRICS
from sim.spec.scenario import Scenario

Interval = tuple[float, float, float]
"""A mean, and the ends of its interval."""


@dataclass(frozen=True)
class Made:
    """A comparison as the studies would hand it over."""

    name: str
    scenario: Scenario
    summary: pd.DataFrame
    components: pd.DataFrame
    phases: pd.DataFrame
    differences: pd.DataFrame
    binding: pd.DataFrame
    objectives: pd.DataFrame
    meets: bool
    assumptions: pd.DataFrame
    instances: pd.DataFrame
    samples: pd.DataFrame
    events: pd.DataFrame
    requests: pd.DataFrame
    loads: pd.DataFrame
    latencies: pd.DataFrame
    faults: pd.DataFrame
    builds: pd.DataFrame
    trust: pd.DataFrame


def scenario(
    platforms: Sequence[str], count: int, replications: int, /, **changes: object
) -> Scenario:
    """So many web services on a host of 16 cores and 64 GiB."""
    layer = {"kind": "runtime", "compressed": "55 MB", "unpacked": "160 MB"}
    image = {"name": "node", "title": "Node.js", "layers": {"node": layer}}
    tree = {
        "version": 1,
        "title": "Fifty small web services on one server",
        "question": "How much of the machine is left for the work?",
        "host": {
            "name": "server-16c-64g",
            "title": "Server with 16 cores and 64 GiB",
            "cores": 16,
            "memory": "64 GiB",
            "memory_in_use": "1 GiB",
            "disk": {
                "capacity": "1 TB",
                "bandwidth": "2 GB/s",
                "operations": "200000 /s",
                "latency": "90 us",
            },
            "link": {"bandwidth": "1 GB/s", "round_trip": "1 ms", "window": "4 MiB"},
        },
        "platforms": [{"name": name} for name in platforms],
        "horizon": "10 min",
        "groups": {
            "web": {
                "workload": {
                    "name": "web-node",
                    "title": "Node web service",
                    "image": image,
                    "work": "system-calls",
                    "start": {"compute": "190 core-ms"},
                    "memory": {"private": "40 MiB", "mapped": "55 MiB", "kernel": "1 MiB"},
                },
                "count": count,
            }
        },
        "replications": replications,
        "seed": 1,
    }
    return Scenario.model_validate(tree | changes)


COLUMNS = {
    "summary": "platform scope name metric mean low high n unit",
    "components": "platform resource component value unit",
    "phases": "platform phase order mean_s",
    "differences": "metric platform reference mean low high n unit ratio",
    "binding": "platform question resource value unit detail",
    "objectives": "platform metric objective value met",
    "assumptions": "platform path value unit source evidence note",
    "samples": "platform time_s host resource component value",
    "events": "platform time_s host instance event detail",
    "instances": "platform replication group instance host created_s ready_s exited_s state reason",
    "requests": "platform group start_s end_s instances offered done done_fluid lost simulated "
    "mean_s fluid_mean_s p50_s p99_s",
    "loads": "platform group clients offered_per_s throughput_per_s throughput_low "
    "throughput_high fluid_per_s mean_s fluid_mean_s p50_s p99_s lost",
    "latencies": "platform group share latency_s",
    "faults": "platform replication time_s host kind target detail lost back recovered_s "
    "recovery_s",
    "builds": "platform replication group instance build change step line name cached begins_s "
    "ends_s layer_bytes rule",
    "trust": "platform observed kind rows sources median p90 worst",
}
HAPPENINGS = ("requests", "loads", "latencies", "faults", "builds", "trust")
"""The frames that are empty where nothing was asked for but starts, of what nobody measured."""


def frame(kind: str, rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """A frame of one of the kinds that the studies hand over."""
    return pd.DataFrame(rows, columns=COLUMNS[kind].split())


NOT_KNOWN = float("nan")


def stated(
    metrics: Mapping[str, Mapping[str, float | Interval]],
    *,
    used: Mapping[str, Mapping[str, float]] | None = None,
    replications: int = 10,
    changes: Mapping[str, object] | None = None,
    **tables: Sequence[Sequence[object]],
) -> Made:
    """A comparison of these metrics; a bare number has no spread, and none where it ran once.

    `used` states the share of a host in use of each resource, `changes` what the scenario
    says differently, `tables` the rows of other frames.
    """
    binding = [
        (platform, "use", resource, share, "", "")
        for platform, shares in (used or {}).items()
        for resource, share in shares.items()
    ]
    given = {"summary": summary_rows(metrics, replications), "binding": binding, **tables}
    frames = {table: frame(table, given.get(table, [])) for table in COLUMNS}
    about = scenario(list(metrics), 50, replications, **(changes or {}))
    return Made(name="web-fleet", scenario=about, meets=True, **frames)


def with_groups(found: Made, *names: str) -> Made:
    """The same comparison, whose scenario has groups of these names, all of one workload."""
    groups = dict.fromkeys(names, found.scenario.groups["web"])
    return replace(found, scenario=found.scenario.model_copy(update={"groups": groups}))


def summary_rows(
    metrics: Mapping[str, Mapping[str, float | Interval]], replications: int
) -> list[tuple[object, ...]]:
    """The rows of the platforms as a whole; all of 50 are ready unless a test states otherwise."""
    rows: list[tuple[object, ...]] = []
    for platform, found in metrics.items():
        whole = {"instances_started": 50.0, "instances_ready": 50.0, **found}
        for metric, value in whole.items():
            mean, low, high = value if isinstance(value, tuple) else (value, value, value)
            if replications == 1:
                low = high = NOT_KNOWN
            numbers = (mean, low, high, replications, METRICS[metric].unit)
            rows.append((platform, "platform", "", metric, *numbers))
    return rows


def ending(platform: str, *states: str) -> list[tuple[object, ...]]:
    """An instance for each state, which it is in at the horizon of the only replication."""
    return [
        (platform, 0, "web", f"web/{place}", 0, 0.0, 1.0, NOT_KNOWN, state, "")
        for place, state in enumerate(states)
    ]
