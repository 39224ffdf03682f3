"""Every table that Tare hands out: its columns, their types, units and meanings, in one place.

Units are SI and stand in the column's name as well: `_s` seconds, `_bytes` bytes, `_core_s`
core-seconds. Where a column's name is only known at run time, the schema has a pattern:
`<phase>_s` for each phase of a start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "flag"]


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    unit: str
    meaning: str


def text(name: str, meaning: str) -> Column:
    """Describe a column of words."""
    return Column(name, "text", "", meaning)


def integer(name: str, meaning: str, unit: str = "") -> Column:
    """Describe a column of whole numbers."""
    return Column(name, "integer", unit, meaning)


def number(name: str, meaning: str, unit: str = "") -> Column:
    """Describe a column of numbers."""
    return Column(name, "number", unit, meaning)


def column_names(columns: Iterable[Column]) -> list[str]:
    """The names of columns, for a table that has no others."""
    return [column.name for column in columns]


PLATFORM = text("platform", "platform of the run")
REPLICATION = integer("replication", "replication of the run, from 0")
TIME = number("time_s", "simulated time since the start of the run", "s")
HOST = integer("host", "number of the host, from 0; -1 where none took the instance")
RESOURCE = text("resource", "memory, disk or cpu")
COMPONENT = text("component", "what the amount counts as: net, boundary, duplicate, …")
GROUP = text("group", "group of the scenario")
SHARE = number("share", "share of the requests")
LATENCY = number("latency_s", "time within which that share was answered", "s")
METRIC = text("metric", "name of a metric")
UNIT = text("unit", "unit of the values in this row")
INTERVAL = (
    number("mean", "mean of the replications"),
    number("low", "lower bound of its 95 % interval; empty for one replication"),
    number("high", "upper bound of its 95 % interval; empty for one replication"),
    integer("n", "number of replications"),
)

RUN_TABLES: dict[str, tuple[Column, ...]] = {
    "instances": (
        GROUP,
        integer("number", "number within the group, in order of arrival, from 0"),
        text("instance", "name: group/number"),
        HOST,
        text("state", "at the horizon: starting, ready, paused, stopping, restarting, exited, "
              "failed or oom-killed"),
        text("reason", "why it failed or was killed"),
        text("standing", "the same in the words of an engine of containers: created, running, "
              "paused, restarting, exited, removing or dead"),
        number("exit_status", "what its main process left when it ended last; empty if none has"),
        number("created_s", "when it was asked for", "s"),
        number("ready_s", "when it first counted as ready; empty if never", "s"),
        number("exited_s", "when it ended; empty if it lives", "s"),
        number("gross_bytes", "memory that it holds at the horizon, with its part of what it "
                "shares", "bytes"),
        number("net_bytes", "what of it a bare process would hold", "bytes"),
        integer("restarts", "how often it was started again"),
        integer("oom_kills", "how often it, or one of its processes, was killed for memory"),
        number("downtime_s", "time that it did not serve after it first had, since something "
                "broke", "s"),
        number("<phase>_s", "time spent in one phase of its start; empty without it", "s"),
        number("image_s", "how long it waited for files of images that were not there; empty if it "
                "did not", "s"),
        number("spent_cpu_s", "part of the start in which it had or waited for CPU", "s"),
        number("spent_disk_s", "part of the start in which it had or waited for the disk", "s"),
        number("spent_link_s", "part of the start in which it waited for a pull", "s"),
        number("spent_locks_s", "part of the start in which it queued for locks", "s"),
        number("spent_waiting_s", "part of the start in which it waited for anything else", "s"),
    ),
    "hosts": (
        HOST,
        number("cores", "cores of the host", "cores"),
        integer("memory_capacity_bytes", "memory that the host itself does not use", "bytes"),
        integer("disk_capacity_bytes", "size of its disk", "bytes"),
        integer("instances", "instances that live on it at the horizon"),
        integer("memory_gross_bytes", "memory that it cannot take back without I/O", "bytes"),
        integer("memory_peak_bytes", "the most of that during the run", "bytes"),
        integer("page_cache_bytes", "clean page cache that nobody maps", "bytes"),
        integer("swap_bytes", "memory that is swapped out, in its guests as well", "bytes"),
        integer("merged_bytes", "memory not held since equal pages are held once", "bytes"),
        number("stolen_core_s", "time in which a guest on it could run and did not", "core-s"),
        number("cpu_gross_core_s", "busy core-seconds", "core-s"),
        number("cpu_demand_cores", "cores that are asked for at the horizon", "cores"),
        integer("disk_gross_bytes", "bytes allocated on its disk", "bytes"),
        integer("disk_read_bytes", "bytes read from its disk", "bytes"),
        integer("disk_written_bytes", "bytes written to its disk", "bytes"),
        integer("pulled_bytes", "bytes pulled over its link", "bytes"),
        integer("registry_bytes", "bytes that the registry sent for it: to it, or to a mirror that "
                "it was the first to ask", "bytes"),
        integer("memory_fixed_bytes", "memory of the platform before the first instance", "bytes"),
        integer("disk_fixed_bytes", "disk of the platform before the first instance", "bytes"),
    ),
    "components": (
        HOST,
        text("group", "group that spent CPU; empty for what serves the platform"),
        RESOURCE,
        COMPONENT,
        number("value", "bytes held at the horizon, or core-seconds spent until then"),
    ),
    "samples": (
        TIME,
        HOST,
        RESOURCE,
        COMPONENT,
        number("value", "bytes held, or busy cores, from this time until the next row"),
    ),
    "events": (
        TIME,
        HOST,
        text("instance", "name of the instance, or of what serves the platform"),
        text("event", "what happened: ready, restarted, exited, failed, oom-killed, "
              "process-killed, the kind of a fault, or a command: stop, kill, pause, …"),
        text("detail", "why"),
    ),
    "requests": (
        GROUP,
        number("start_s", "begin of a window", "s"),
        number("end_s", "its end", "s"),
        number("instances", "instances that served in it, on average"),
        number("offered", "requests that were sent, where that does not depend on replies"),
        number("done", "requests answered, as simulated"),
        number("answered", "of the requests that came in it, how many were answered, sooner or "
                "later, as simulated"),
        number("done_fluid", "requests answered, by the closed form"),
        number("lost", "requests refused since a queue was full, or sent to nobody"),
        number("cpu_core_s", "CPU time of the host for those that were answered, crossings "
                "included", "core-s"),
        integer("simulated", "requests that were simulated one by one"),
        number("mean_s", "mean latency of those; empty without any", "s"),
        number("fluid_mean_s", "mean latency by the closed form; empty where it has none", "s"),
        number("p50_s", "median latency of simulated requests", "s"),
        number("p99_s", "latency that 99 % of them do not exceed", "s"),
    ),
    "latencies": (
        text("group", "group of the scenario; empty for all of them"),
        SHARE,
        LATENCY,
    ),
    "faults": (
        TIME,
        HOST,
        text("kind", "what broke"),
        text("target", "whom it was aimed at"),
        text("detail", "why it took another way, if it did"),
        integer("lost", "instances that it took"),
        integer("back", "how many of them became ready again"),
        number("recovered_s", "when the last of those did; empty if none", "s"),
        number("recovery_s", "how long after the fault that was", "s"),
    ),
    "hands": (
        GROUP,
        integer("steps", "steps that a person did for it by hand"),
        integer("machines", "instances of it that a person set up, one like the other"),
        integer("differing", "how many of them are not as most are"),
    ),
    "builds": (
        GROUP,
        text("instance", "name of the instance that builds"),
        integer("build", "number of the build, from 0"),
        text("change", "the change before it; empty for the first"),
        integer("step", "number of the step within the build, from 0"),
        integer("line", "its line in the Dockerfile; 0 for the builder's own"),
        text("name", "its name, as the builder shows it"),
        Column("cached", "flag", "", "whether its outcome was there already"),
        number("begins_s", "when it began; empty if it has not", "s"),
        number("ends_s", "when it was over; empty if it is not", "s"),
        integer("layer_bytes", "size of the layer that it leaves", "bytes"),
        text("rule", "entry of the catalog that its work is from"),
    ),
}
"""The tables of one run, as `simulate` returns them."""

COMPARISON_TABLES: dict[str, tuple[Column, ...]] = {
    "summary": (
        PLATFORM,
        text("scope", "platform, group or host"),
        text("name", "name of the group, number of the host, or nothing"),
        METRIC,
        *INTERVAL,
        UNIT,
    ),
    "components": (
        PLATFORM,
        RESOURCE,
        COMPONENT,
        number("value", "mean of the replications, over all hosts and groups"),
        UNIT,
    ),
    "phases": (
        PLATFORM,
        text("phase", "phase of a start"),
        integer("order", "its place in the order of performance, from 0"),
        number("mean_s", "mean time that a ready instance spent in it", "s"),
    ),
    "differences": (
        METRIC,
        PLATFORM,
        text("reference", "platform that it is compared with, the first of the scenario"),
        *INTERVAL,
        UNIT,
        number("ratio", "ratio of the means; empty where the reference's is zero"),
    ),
    "binding": (
        PLATFORM,
        text("question", "start-up: what it is spent with; use: what of a host is in use"),
        text("resource", "the resource, the one that binds first"),
        number("value", "share of the start-up, or of what the fullest host has"),
        UNIT,
        text("detail", "the same in words"),
    ),
    "objectives": (
        PLATFORM,
        METRIC,
        text("objective", "the comparison that the scenario states"),
        number("value", "mean of the replications; empty where the platform lacks the metric"),
        Column("met", "flag", "", "whether the objective is met"),
    ),
    "assumptions": (
        text("platform", "platform that the number belongs to; empty for host and groups"),
        text("path", "place of the number in what `tare show` prints"),
        number("value", "the number, in its base unit"),
        UNIT,
        text("source", "key of its source; `scenario` where the scenario states it"),
        text("evidence", "measured, vendor, derived, calibrated or assumed"),
        text("note", "what it was measured on, or how it was derived"),
    ),
    "trust": (
        text("platform", "platform of the scenario; empty for all of the catalog together"),
        text("observed", "platforms of the catalog that the observations are of"),
        text("kind", "kind of thing that was measured"),
        integer("rows", "number of observations, of which the model knew the conditions alone"),
        integer("sources", "number of their sources, which weigh the same"),
        number("median", "median of the absolute relative error; empty without observations"),
        number("p90", "its 90th percentile; empty without observations"),
        number("worst", "the largest; empty without observations"),
    ),
    "instances": (PLATFORM, REPLICATION, *RUN_TABLES["instances"]),
    "samples": (PLATFORM, *RUN_TABLES["samples"]),
    "events": (PLATFORM, *RUN_TABLES["events"]),
    "requests": (PLATFORM, *RUN_TABLES["requests"]),
    "loads": (
        PLATFORM,
        GROUP,
        integer("clients", "clients of each instance; 0 where the load is open"),
        number("offered_per_s", "requests sent a second; empty where that depends on replies"),
        number("throughput_per_s", "requests answered a second, as simulated"),
        number("throughput_low", "lower bound of its 95 % interval; empty for one replication"),
        number("throughput_high", "upper bound of its 95 % interval; empty for one replication"),
        number("fluid_per_s", "requests answered a second, by the closed form"),
        number("mean_s", "mean latency, as simulated", "s"),
        number("fluid_mean_s", "mean latency, by the closed form", "s"),
        number("p50_s", "median latency", "s"),
        number("p99_s", "latency that 99 % do not exceed", "s"),
        number("lost", "requests that were lost"),
    ),
    "latencies": (PLATFORM, *RUN_TABLES["latencies"]),
    "faults": (PLATFORM, REPLICATION, *RUN_TABLES["faults"]),
    "hands": (PLATFORM, REPLICATION, *RUN_TABLES["hands"]),
    "builds": (PLATFORM, REPLICATION, *RUN_TABLES["builds"]),
}
"""The tables of a comparison, as `compare` returns them and a report holds them."""
