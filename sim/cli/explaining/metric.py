"""The page of a metric: what it means, how it is worked out, and in which tables it stands."""

import re
from collections.abc import Iterator

from sim.cli.explaining.layout import Line, Part, facts
from sim.cli.explaining.numbers import heading
from sim.records.schema import RUN_TABLES, Column
from sim.report.wording import capital
from sim.spec.metrics import STEADY, SWEPT

_NET = "components.value where component begins with net"
_STARTUP = "instances.ready_s - instances.created_s"
_STEADY = ", over windows after the warm-up"

FORMULAS = {
    "startup_mean_s": f"mean of ({_STARTUP}) over rows with a ready_s",
    "startup_p50_s": f"({_STARTUP}) of rank ceil(0.50 · rows), in ascending order",
    "startup_p95_s": f"({_STARTUP}) of rank ceil(0.95 · rows), in ascending order",
    "startup_p99_s": f"({_STARTUP}) of rank ceil(0.99 · rows), in ascending order",
    "startup_max_s": f"the largest ({_STARTUP})",
    "all_ready_s": "the largest instances.ready_s",
    "image_mean_s": "mean of instances.image_s",
    "image_max_s": "the largest instances.image_s",
    "memory_gross_bytes": "sum of hosts.memory_gross_bytes",
    "memory_net_bytes": f"sum of {_NET}, of resource memory",
    "memory_tare_bytes": "memory_gross_bytes - memory_net_bytes",
    "memory_fixed_tare_bytes": "sum of hosts.memory_fixed_bytes",
    "memory_per_instance_bytes": "(memory_gross_bytes - sum of hosts.memory_fixed_bytes of hosts "
    "that are up) / sum of hosts.instances",
    "memory_peak_bytes": "sum of hosts.memory_peak_bytes",
    "page_cache_bytes": "sum of hosts.page_cache_bytes",
    "swap_bytes": "sum of hosts.swap_bytes",
    "memory_merged_bytes": "sum of hosts.merged_bytes",
    "cpu_gross_core_s": "sum of components.value, of resource cpu",
    "cpu_net_core_s": "components.value of component net, of resource cpu",
    "cpu_tare_core_s": "cpu_gross_core_s - cpu_net_core_s - cpu_contention_core_s",
    "cpu_contention_core_s": "components.value of component contention, of resource cpu",
    "cpu_steal_core_s": "sum of hosts.stolen_core_s",
    "cpu_utilization": "cpu_gross_core_s / (sum of hosts.cores · horizon)",
    "disk_gross_bytes": "sum of hosts.disk_gross_bytes",
    "disk_net_bytes": f"sum of {_NET}, of resource disk",
    "disk_tare_bytes": "disk_gross_bytes - disk_net_bytes",
    "disk_read_bytes": "sum of hosts.disk_read_bytes",
    "disk_written_bytes": "sum of hosts.disk_written_bytes",
    "pulled_bytes": "sum of hosts.pulled_bytes",
    "registry_bytes": "sum of hosts.registry_bytes",
    "instances_started": "rows of instances",
    "instances_ready": "rows of instances with an instances.ready_s",
    "instances_failed": "rows of instances whose instances.state is failed",
    "restarts": "sum of instances.restarts",
    "oom_kills": "sum of instances.oom_kills",
    "downtime_s": "sum of instances.downtime_s",
    "blast_radius": "the largest faults.lost",
    "recovery_mean_s": "mean of faults.recovery_s over faults that took instances, all of which "
    "came back",
    "recovery_max_s": "the largest faults.recovery_s, likewise",
    "requests_done": "sum of requests.done",
    "requests_lost": "sum of requests.lost",
    "request_mean_s": "sum of (requests.mean_s · requests.answered) / sum of requests.answered",
    "request_p50_s": "latencies.latency_s where latencies.share is 0.5",
    "request_p99_s": "latencies.latency_s where latencies.share is 0.99",
    "request_cost_core_s": "sum of requests.cpu_core_s / sum of requests.done",
    "throughput_per_s": "sum of requests.done / (last requests.end_s - first requests.start_s), "
    "group by group, then summed",
    "builds_done": "builds that have a builds.ends_s in all rows",
    "build_first_s": "mean of (last builds.ends_s - first builds.begins_s) over builds of number 0",
    "build_again_s": "mean of (last builds.ends_s - first builds.begins_s) over builds of other "
    "numbers",
    "build_cached_share": "rows of these whose builds.cached is true / rows of these, of those "
    "with a builds.line above 0",
    "build_total_s": "sum of (last builds.ends_s - first builds.begins_s) over builds",
    "person_steps": "sum of hands.steps",
    "drift_share": "sum of hands.differing / sum of hands.machines",
    "warm_up_s": f"the first requests.start_s{_STEADY}",
    "steady_request_mean_s": "sum of (requests.mean_s · requests.answered) / sum of "
    f"requests.answered{_STEADY}",
    "steady_throughput_per_s": "sum of requests.done / (last requests.end_s - first "
    f"requests.start_s), group by group, then summed{_STEADY}",
}
"""How each metric of a replication comes from its tables, as TABLE.COLUMN."""

_OF_COMPARISONS = (
    "`summary`, for each platform, and each group and host that has it; `differences`, against "
    "the first platform; and `tare compare --json`"
)
_OF_SWEEPS = "those of `tare sweep`, where a group has a load"


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a metric."""
    metric = SWEPT[name]
    yield from heading("metric", name, "", capital(metric.meaning) + ".")
    yield from facts((
        ("unit", metric.unit or "none: a count or a ratio"),
        ("formula", FORMULAS[name]),
        ("over runs", "worked out in each replication, then averaged; low and high are the 95 % "
         "interval"),
        ("tables", _OF_SWEEPS if name in STEADY else _OF_COMPARISONS),
    ), indent=0)  # fmt: skip
    columns = list(_columns(FORMULAS[name]))
    if columns:
        yield from (Line(), Line("The columns that it is worked out from", "heading"))
    for table, column in columns:
        said = f"{column.meaning} [{column.unit}]" if column.unit else column.meaning
        yield Line(f"{table}.{column.name}", indent=2)
        yield Line(said, "note", indent=6)


def columns_named(formula: str) -> list[tuple[str, str]]:
    """The tables and columns that a formula names, each once, in its order."""
    return list(dict.fromkeys(re.findall(r"\b([a-z]+)\.([a-z_]+)", formula)))


def _columns(formula: str) -> Iterator[tuple[str, Column]]:
    """The columns that a formula leans on, through the metrics that it names as well."""
    for word in re.findall(r"(?<![.\w])\w+(?![.\w])", formula):
        if word in FORMULAS:
            yield from _columns(FORMULAS[word])
    for table, name in columns_named(formula):
        yield from ((table, each) for each in RUN_TABLES[table] if each.name == name)
