"""The metrics of a run, worked out from its tables, for the whole, each group and each host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.records.builds import measure_builds, measure_hands

if TYPE_CHECKING:  # a result gives its own metrics
    from sim.records.result import Result

QUANTILES = {"startup_p50_s": 0.5, "startup_p95_s": 0.95, "startup_p99_s": 0.99}
Metrics = dict[str, float]


def measure(result: Result) -> Metrics:
    """The metrics of the whole run, by name; one that the run does not have is absent."""
    instances = result.instances
    memory = _memory(result.hosts, result.components)
    requests = measure_requests(result.requests, result.latencies, "")
    built = measure_builds(result.builds) | measure_hands(result.hands)
    return _startup(instances) | memory | _rest(result) | _breaks(result) | requests | built


def measure_groups(result: Result) -> Iterator[tuple[str, Metrics]]:
    """The metrics that a group has for itself, group by group."""
    cpu = _by_component(result.components, "cpu", ["group", "component"])
    for group in result.groups:
        instances = result.instances[result.instances["group"] == group]
        used = cpu.loc[group] if group in cpu.index.get_level_values(0) else pd.Series(dtype=float)
        asked = result.requests[result.requests["group"] == group]
        requests = measure_requests(asked, result.latencies, group)
        built = measure_builds(result.builds[result.builds["group"] == group])
        built |= measure_hands(result.hands[result.hands["group"] == group])
        yield group, _startup(instances) | _group_memory(instances) | _cpu(used) | requests | built


def measure_hosts(result: Result) -> Iterator[tuple[str, Metrics]]:
    """The metrics of each host, host by host."""
    instances, components = result.instances, result.components
    for host, row in result.hosts.groupby("host"):
        part = replace(
            result,
            hosts=row,
            instances=instances[instances["host"] == host],
            components=components[components["host"] == host],
            requests=result.requests[:0],
            latencies=result.latencies[:0],
            faults=result.faults[result.faults["host"] == host],
            hands=result.hands[:0],
            builds=result.builds[:0],
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
    return metrics | _waits_for_images(instances) | _counts(instances)


def _waits_for_images(instances: pd.DataFrame) -> Metrics:
    """How long starts waited for images, over those that did."""
    waited = instances["image_s"].dropna()
    if waited.empty:
        return {}
    return {"image_mean_s": float(waited.mean()), "image_max_s": float(waited.max())}


def _counts(instances: pd.DataFrame) -> Metrics:
    state = instances["state"]
    return {
        "instances_started": float(len(instances)),
        "instances_ready": float(instances["ready_s"].notna().sum()),
        "instances_failed": float((state == "failed").sum()),
        "restarts": float(instances["restarts"].sum()),
        "oom_kills": float(instances["oom_kills"].sum()),
    }


def _breaks(result: Result) -> Metrics:
    """What was lost; of faults only where something broke."""
    faults, downtime = result.faults, float(result.instances["downtime_s"].sum())
    if faults.empty:
        return {"downtime_s": downtime} if downtime else {}
    metrics = {"downtime_s": downtime, "blast_radius": float(faults["lost"].max())}
    struck = faults[faults["lost"] > 0]
    recovery = struck["recovery_s"]
    if len(struck) and bool((struck["back"] >= struck["lost"]).all()):
        metrics["recovery_mean_s"] = float(recovery.mean())
        metrics["recovery_max_s"] = float(recovery.max())
    return metrics


def measure_requests(requests: pd.DataFrame, latencies: pd.DataFrame, group: str) -> Metrics:
    """The metrics of requests of a group, or of all; none where nobody asks."""
    if requests.empty:
        return {}
    done = float(requests["done"].sum())
    metrics = {
        "requests_done": done,
        "requests_lost": float(requests["lost"].sum()),
        "throughput_per_s": throughput(requests, "done"),
    }
    if done:
        metrics["request_cost_core_s"] = float(requests["cpu_core_s"].sum()) / done
    told = requests[requests["simulated"] > 0]
    if len(told):
        metrics["request_mean_s"] = mean_latency(told, "mean_s", "answered")
        of_group = latencies[latencies["group"] == group].set_index("share")["latency_s"]
        metrics["request_p50_s"] = float(of_group[0.5])
        metrics["request_p99_s"] = float(of_group[0.99])
    return metrics


def throughput(requests: pd.DataFrame, column: str) -> float:
    """Requests a second while each group served, summed over groups."""
    return sum(
        float(of[column].sum() / (of["end_s"].max() - of["start_s"].min()))
        for _, of in requests.groupby("group")
    )


def mean_latency(requests: pd.DataFrame, mean: str, weight: str) -> float:
    """The mean of windows' means, each by the requests that it stands for."""
    told = requests[requests[mean].notna()]
    whole = float(told[weight].sum())
    return float((told[mean] * told[weight]).sum() / whole) if whole else float("nan")


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
        "swap_bytes": float(hosts["swap_bytes"].sum()),
        "memory_merged_bytes": float(hosts["merged_bytes"].sum()),
    }
    live = float(hosts["instances"].sum())
    there = hosts[hosts["memory_gross_bytes"] > 0]  # a host that is down holds nothing
    more = gross - float(there["memory_fixed_bytes"].sum())
    is_told = live > 0 and more >= 0.0  # what the platform holds once may be down
    return metrics | ({"memory_per_instance_bytes": more / live} if is_told else {})


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
        "cpu_steal_core_s": float(hosts["stolen_core_s"].sum()),
        "cpu_utilization": cpu["cpu_gross_core_s"] / offered,
        "disk_gross_bytes": gross,
        "disk_net_bytes": _net(disk),
        "disk_tare_bytes": gross - _net(disk),
        "disk_read_bytes": float(hosts["disk_read_bytes"].sum()),
        "disk_written_bytes": float(hosts["disk_written_bytes"].sum()),
        "pulled_bytes": float(hosts["pulled_bytes"].sum()),
        **_registry(result),
    }


def _registry(result: Result) -> Metrics:
    """What the registry sent, where it sent anything or somebody waited for an image."""
    sent = float(result.hosts["registry_bytes"].sum())
    is_told = sent > 0.0 or result.instances["image_s"].notna().any()
    return {"registry_bytes": sent} if is_told else {}


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
