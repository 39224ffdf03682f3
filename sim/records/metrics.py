"""The metrics of a run, worked out from its tables, for the whole, each group and each host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.records.builds import measure_builds, measure_hands
from sim.records.table import Floats, Table
from sim.spec.metrics import UNITS_OF_RESOURCES

if TYPE_CHECKING:  # a result gives its own metrics
    from sim.records.result import Result

QUANTILES = {"startup_p50_s": 0.5, "startup_p95_s": 0.95, "startup_p99_s": 0.99}
Metrics = dict[str, float]


def measure(result: Result) -> Metrics:
    """The metrics of the whole run, by name; one that the run does not have is absent."""
    tables = result.tables
    used = _by_component(tables["components"])
    memory = _memory(tables["hosts"], used["memory"])
    requests = measure_requests(tables["requests"], tables["latencies"], "")
    built = measure_builds(tables["builds"]) | measure_hands(tables["hands"])
    startup, rest = _startup(tables["instances"]), _rest(tables, used, result.horizon_s)
    return startup | memory | rest | _breaks(tables) | requests | built


def measure_groups(result: Result) -> Iterator[tuple[str, Metrics]]:
    """The metrics that a group has for itself, group by group."""
    names = ("instances", "components", "requests", "builds", "hands")
    for group in result.groups:
        part = {name: _of(result.tables[name], "group", group) for name in names}
        used = _by_component(part["components"])["cpu"]
        requests = measure_requests(part["requests"], result.tables["latencies"], group)
        built = measure_builds(part["builds"]) | measure_hands(part["hands"])
        instances = part["instances"]
        yield group, _startup(instances) | _group_memory(instances) | _cpu(used) | requests | built


def measure_hosts(result: Result) -> Iterator[tuple[str, Metrics]]:
    """The metrics of each host, host by host."""
    tables = result.tables
    none = {name: tables[name].first(0) for name in ("requests", "latencies", "hands", "builds")}
    for host in np.unique(tables["hosts"].numbers("host")).tolist():
        names = ("hosts", "instances", "components", "faults")
        part = {name: _of(tables[name], "host", host) for name in names}
        yield str(int(host)), measure(replace(result, tables={**tables, **part, **none}))


def _of(table: Table, column: str, value: object) -> Table:
    return table.where(table.words(column) == value)


def _startup(instances: Table) -> Metrics:
    """Start-up, over first starts that became ready, and the counts, which are always there."""
    asked, ready = len(instances), instances.numbers("ready_s")
    started = ready - instances.numbers("created_s")
    times = np.sort(started[~np.isnan(ready)])
    metrics = {} if not len(times) else {"startup_mean_s": float(times.mean())}
    for name, share in QUANTILES.items():
        rank = int(np.ceil(share * asked))
        if 0 < rank <= len(times):
            metrics[name] = float(times[rank - 1])
    if asked and len(times) == asked:
        metrics["startup_max_s"] = float(times[-1])
        metrics["all_ready_s"] = float(ready.max())
    return metrics | _waits_for_images(instances) | _counts(instances)


def _waits_for_images(instances: Table) -> Metrics:
    """How long starts waited for images, over those that did."""
    waited = _there(instances.numbers("image_s"))
    if not len(waited):
        return {}
    return {"image_mean_s": float(waited.mean()), "image_max_s": float(waited.max())}


def _there(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _counts(instances: Table) -> Metrics:
    return {
        "instances_started": float(len(instances)),
        "instances_ready": float(len(_there(instances.numbers("ready_s")))),
        "instances_failed": float((instances.words("state") == "failed").sum()),
        "restarts": instances.total("restarts"),
        "oom_kills": instances.total("oom_kills"),
    }


def _breaks(tables: Mapping[str, Table]) -> Metrics:
    """What was lost; of faults only where something broke."""
    faults, downtime = tables["faults"], tables["instances"].total("downtime_s")
    if not len(faults):
        return {"downtime_s": downtime} if downtime else {}
    lost, back = faults.numbers("lost"), faults.numbers("back")
    metrics = {"downtime_s": downtime, "blast_radius": float(lost.max())}
    recovery = faults.numbers("recovery_s")[lost > 0]
    if len(recovery) and bool((back >= lost).all()):
        metrics["recovery_mean_s"] = float(recovery.mean())
        metrics["recovery_max_s"] = float(recovery.max())
    return metrics


def measure_requests(requests: Table, latencies: Table, group: str) -> Metrics:
    """The metrics of requests of a group, or of all; none where nobody asks."""
    if not len(requests):
        return {}
    done = requests.total("done")
    metrics = {
        "requests_done": done,
        "requests_lost": requests.total("lost"),
        "throughput_per_s": throughput(requests, "done"),
    }
    if done:
        metrics["request_cost_core_s"] = requests.total("cpu_core_s") / done
    told = requests.where(requests.numbers("simulated") > 0)
    if len(told):
        metrics["request_mean_s"] = mean_latency(told, "mean_s", "answered")
        of_group = _of(latencies, "group", group)
        within = dict(zip(of_group.numbers("share"), of_group.numbers("latency_s"), strict=True))
        metrics["request_p50_s"] = float(within[0.5])
        metrics["request_p99_s"] = float(within[0.99])
    return metrics


def throughput(requests: Table, column: str) -> float:
    """Requests a second while each group served, summed over groups."""
    return sum(
        (of.total(column) / float(of.numbers("end_s").max() - of.numbers("start_s").min()))
        for group in sorted(set(requests.words("group")))
        for of in [_of(requests, "group", group)]
    )


def mean_latency(requests: Table, mean: str, weight: str) -> float:
    """The mean of windows' means, each by the requests that it stands for."""
    means = requests.numbers(mean)
    is_told = ~np.isnan(means)
    weights = requests.numbers(weight)[is_told]
    whole = float(weights.sum())
    return float((means[is_told] * weights).sum() / whole) if whole else float("nan")


def _memory(hosts: Table, held: Mapping[str, float]) -> Metrics:
    grosses = hosts.numbers("memory_gross_bytes")
    gross, net = float(grosses.sum()), _net(held)
    metrics = {
        "memory_gross_bytes": gross,
        "memory_net_bytes": net,
        "memory_tare_bytes": gross - net,
        "memory_fixed_tare_bytes": hosts.total("memory_fixed_bytes"),
        "memory_peak_bytes": hosts.total("memory_peak_bytes"),
        "page_cache_bytes": hosts.total("page_cache_bytes"),
        "swap_bytes": hosts.total("swap_bytes"),
        "memory_merged_bytes": hosts.total("merged_bytes"),
    }
    live = hosts.total("instances")
    is_up = grosses > 0  # a host that is down holds nothing
    more = gross - float(hosts.numbers("memory_fixed_bytes")[is_up].sum())
    is_told = live > 0 and more >= 0.0  # what the platform holds once may be down
    return metrics | ({"memory_per_instance_bytes": more / live} if is_told else {})


def _group_memory(instances: Table) -> Metrics:
    gross, net = instances.total("gross_bytes"), instances.total("net_bytes")
    states = instances.words("state")
    live = int(((states == "starting") | (states == "ready")).sum())
    metrics = {
        "memory_gross_bytes": gross,
        "memory_net_bytes": net,
        "memory_tare_bytes": gross - net,
    }
    return metrics | ({"memory_per_instance_bytes": gross / live} if live else {})


def _rest(
    tables: Mapping[str, Table], used: Mapping[str, Mapping[str, float]], horizon_s: float
) -> Metrics:
    hosts, cpu = tables["hosts"], _cpu(used["cpu"])
    offered = hosts.total("cores") * horizon_s
    gross, net = hosts.total("disk_gross_bytes"), _net(used["disk"])
    return cpu | {
        "cpu_steal_core_s": hosts.total("stolen_core_s"),
        "cpu_utilization": cpu["cpu_gross_core_s"] / offered,
        "disk_gross_bytes": gross,
        "disk_net_bytes": net,
        "disk_tare_bytes": gross - net,
        "disk_read_bytes": hosts.total("disk_read_bytes"),
        "disk_written_bytes": hosts.total("disk_written_bytes"),
        "pulled_bytes": hosts.total("pulled_bytes"),
        **_registry(hosts, tables["instances"]),
    }


def _registry(hosts: Table, instances: Table) -> Metrics:
    """What the registry sent, where it sent anything or somebody waited for an image."""
    sent = hosts.total("registry_bytes")
    is_told = sent > 0.0 or len(_there(instances.numbers("image_s")))
    return {"registry_bytes": sent} if is_told else {}


def _cpu(used: Mapping[str, float]) -> Metrics:
    """Gross is net, contention, and the rest, which is tare."""
    shares = dict(used)
    net, contention = shares.pop("net", 0.0), shares.pop("contention", 0.0)
    tare = sum(shares.values())
    return {
        "cpu_gross_core_s": net + tare + contention,
        "cpu_net_core_s": net,
        "cpu_tare_core_s": tare,
        "cpu_contention_core_s": contention,
    }


def _by_component(components: Table) -> Mapping[str, Mapping[str, float]]:
    """What each component of each resource comes to, in the order of the table."""
    found: dict[str, dict[str, list[float]]] = {resource: {} for resource in UNITS_OF_RESOURCES}
    keys = (components.words(name).tolist() for name in ("resource", "component"))
    for resource, component, value in zip(*keys, components.numbers("value").tolist(), strict=True):
        found[resource].setdefault(component, []).append(value)
    return {resource: {name: _compensated(values) for name, values in held.items()}
            for resource, held in found.items()}  # fmt: skip


def _compensated(values: Sequence[float]) -> float:
    """A sum after Kahan, as pandas has it: tables that it adds up agree to the last bit."""
    total = error = 0.0
    for value in values:
        term = value - error
        reached = total + term
        error = (reached - total) - term
        total = reached
    return total


def _net(held: Mapping[str, float]) -> float:
    return float(sum(value for name, value in held.items() if name.startswith("net.")))
