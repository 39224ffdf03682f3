"""The metrics of a run, worked out from its tables, for the whole, each group and each host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:  # a result gives its own metrics
    from sim.records.result import Result

QUANTILES = {"startup_p50_s": 0.5, "startup_p95_s": 0.95, "startup_p99_s": 0.99}
Metrics = dict[str, float]


def measure(result: Result) -> Metrics:
    """The metrics of the whole run, by name; one that the run does not have is absent."""
    instances = result.instances
    return _startup(instances) | _memory(result.hosts, result.components) | _rest(result)


def measure_groups(result: Result) -> Iterator[tuple[str, Metrics]]:
    """The metrics that a group has for itself, group by group."""
    cpu = _by_component(result.components, "cpu", ["group", "component"])
    for group in result.groups:
        instances = result.instances[result.instances["group"] == group]
        used = cpu.loc[group] if group in cpu.index.get_level_values(0) else pd.Series(dtype=float)
        yield group, _startup(instances) | _group_memory(instances) | _cpu(used)


def measure_hosts(result: Result) -> Iterator[tuple[str, Metrics]]:
    """The metrics of each host, host by host."""
    instances, components = result.instances, result.components
    for host, row in result.hosts.groupby("host"):
        part = replace(
            result,
            hosts=row,
            instances=instances[instances["host"] == host],
            components=components[components["host"] == host],
        )
        yield str(host), measure(part)


def _startup(instances: pd.DataFrame) -> Metrics:
    """Start-up, over first starts that became ready, and the counts, which are always there."""
    asked = len(instances)
    ready = instances[instances["ready_s"].notna()]
    times = np.sort((ready["ready_s"] - ready["created_s"]).to_numpy(dtype=float))
    metrics = {} if not len(times) else {"startup_mean_s": float(times.mean())}
    for name, share in QUANTILES.items():
        rank = int(np.ceil(share * asked))
        if 0 < rank <= len(times):
            metrics[name] = float(times[rank - 1])
    if asked and len(times) == asked:
        metrics["startup_max_s"] = float(times[-1])
        metrics["all_ready_s"] = float(ready["ready_s"].max())
    return metrics | _counts(instances)


def _counts(instances: pd.DataFrame) -> Metrics:
    state = instances["state"]
    return {
        "instances_started": float(len(instances)),
        "instances_ready": float(instances["ready_s"].notna().sum()),
        "instances_failed": float((state == "failed").sum()),
        "restarts": 0.0,
        "oom_kills": float((state == "oom-killed").sum()),
    }


def _memory(hosts: pd.DataFrame, components: pd.DataFrame) -> Metrics:
    held = _by_component(components, "memory", ["component"])
    gross = float(hosts["memory_gross_bytes"].sum())
    fixed = float(hosts["memory_fixed_bytes"].sum())
    net = _net(held)
    metrics = {
        "memory_gross_bytes": gross,
        "memory_net_bytes": net,
        "memory_tare_bytes": gross - net,
        "memory_fixed_tare_bytes": fixed,
        "memory_peak_bytes": float(hosts["memory_peak_bytes"].sum()),
        "page_cache_bytes": float(hosts["page_cache_bytes"].sum()),
        "swap_bytes": 0.0,
    }
    live = float(hosts["instances"].sum())
    return metrics | ({"memory_per_instance_bytes": (gross - fixed) / live} if live else {})


def _group_memory(instances: pd.DataFrame) -> Metrics:
    gross, net = float(instances["gross_bytes"].sum()), float(instances["net_bytes"].sum())
    live = int(instances["state"].isin(["starting", "ready"]).sum())
    metrics = {
        "memory_gross_bytes": gross,
        "memory_net_bytes": net,
        "memory_tare_bytes": gross - net,
    }
    return metrics | ({"memory_per_instance_bytes": gross / live} if live else {})


def _rest(result: Result) -> Metrics:
    hosts = result.hosts
    cpu = _cpu(_by_component(result.components, "cpu", ["component"]))
    offered = float(hosts["cores"].sum()) * result.horizon_s
    disk = _by_component(result.components, "disk", ["component"])
    gross = float(hosts["disk_gross_bytes"].sum())
    return cpu | {
        "cpu_utilization": cpu["cpu_gross_core_s"] / offered,
        "disk_gross_bytes": gross,
        "disk_net_bytes": _net(disk),
        "disk_tare_bytes": gross - _net(disk),
        "disk_read_bytes": float(hosts["disk_read_bytes"].sum()),
        "disk_written_bytes": float(hosts["disk_written_bytes"].sum()),
        "pulled_bytes": float(hosts["pulled_bytes"].sum()),
    }


def _cpu(used: pd.Series) -> Metrics:
    """Gross is net, contention, and the rest, which is tare."""
    shares = {str(component): float(work) for component, work in used.items()}
    net, contention = shares.pop("net", 0.0), shares.pop("contention", 0.0)
    tare = sum(shares.values())
    return {
        "cpu_gross_core_s": net + tare + contention,
        "cpu_net_core_s": net,
        "cpu_tare_core_s": tare,
        "cpu_contention_core_s": contention,
    }


def _by_component(components: pd.DataFrame, resource: str, keys: list[str]) -> pd.Series:
    rows = components[components["resource"] == resource]
    return rows.groupby(keys, sort=False)["value"].sum()


def _net(held: pd.Series) -> float:
    return float(sum(value for name, value in held.items() if str(name).startswith("net.")))
