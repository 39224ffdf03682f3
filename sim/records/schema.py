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


def _text(name: str, meaning: str) -> Column:
    return Column(name, "text", "", meaning)


def _integer(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, "integer", unit, meaning)


def _number(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, "number", unit, meaning)


def column_names(columns: Iterable[Column]) -> list[str]:
    """The names of columns, for a table that has no others."""
    return [column.name for column in columns]


PLATFORM = _text("platform", "platform of the run")
REPLICATION = _integer("replication", "replication of the run, from 0")
TIME = _number("time_s", "simulated time since the start of the run", "s")
HOST = _integer("host", "number of the host, from 0; -1 where none took the instance")
RESOURCE = _text("resource", "memory, disk or cpu")
COMPONENT = _text("component", "what the amount counts as: net, boundary, duplicate, …")
GROUP = _text("group", "group of the scenario")
SHARE = _number("share", "share of the requests")
LATENCY = _number("latency_s", "time within which that share was answered", "s")
METRIC = _text("metric", "name of a metric")
UNIT = _text("unit", "unit of the values in this row")
INTERVAL = (
    _number("mean", "mean of the replications"),
    _number("low", "lower bound of its 95 % interval; empty for one replication"),
    _number("high", "upper bound of its 95 % interval; empty for one replication"),
    _integer("n", "number of replications"),
)

RUN_TABLES: dict[str, tuple[Column, ...]] = {
    "instances": (
        GROUP,
        _integer("number", "number within the group, in order of arrival, from 0"),
        _text("instance", "name: group/number"),
        HOST,
        _text(
            "state",
            "at the horizon: starting, ready, stopping, restarting, exited, failed or oom-killed",
        ),
        _text("reason", "why it failed or was killed"),
        _number("created_s", "when it was asked for", "s"),
        _number("ready_s", "when it first counted as ready; empty if never", "s"),
        _number("exited_s", "when it ended; empty if it lives", "s"),
        _number(
            "gross_bytes",
            "memory that it holds at the horizon, with its part of what it shares",
            "bytes",
        ),
        _number("net_bytes", "what of it a bare process would hold", "bytes"),
        _integer("restarts", "how often it was started again"),
        _integer("oom_kills", "how often it, or one of its processes, was killed for memory"),
        _number(
            "downtime_s",
            "time that it did not serve after it first had, since something broke",
            "s",
        ),
        _number("<phase>_s", "time spent in one phase of its start; empty without it", "s"),
        _number("spent_cpu_s", "part of the start in which it had or waited for CPU", "s"),
        _number("spent_disk_s", "part of the start in which it had or waited for the disk", "s"),
        _number("spent_link_s", "part of the start in which it waited for a pull", "s"),
        _number("spent_locks_s", "part of the start in which it queued for locks", "s"),
        _number("spent_waiting_s", "part of the start in which it waited for anything else", "s"),
    ),
    "hosts": (
        HOST,
        _number("cores", "cores of the host", "cores"),
        _integer("memory_capacity_bytes", "memory that the host itself does not use", "bytes"),
        _integer("disk_capacity_bytes", "size of its disk", "bytes"),
        _integer("instances", "instances that live on it at the horizon"),
        _integer("memory_gross_bytes", "memory that it cannot take back without I/O", "bytes"),
        _integer("memory_peak_bytes", "the most of that during the run", "bytes"),
        _integer("page_cache_bytes", "clean page cache that nobody maps", "bytes"),
        _integer("swap_bytes", "memory that is swapped out, in its guests as well", "bytes"),
        _integer("merged_bytes", "memory not held since equal pages are held once", "bytes"),
        _number("stolen_core_s", "time in which a guest on it could run and did not", "core-s"),
        _number("cpu_gross_core_s", "busy core-seconds", "core-s"),
        _number("cpu_demand_cores", "cores that are asked for at the horizon", "cores"),
        _integer("disk_gross_bytes", "bytes allocated on its disk", "bytes"),
        _integer("disk_read_bytes", "bytes read from its disk", "bytes"),
        _integer("disk_written_bytes", "bytes written to its disk", "bytes"),
        _integer("pulled_bytes", "bytes pulled over its link", "bytes"),
        _integer("memory_fixed_bytes", "memory of the platform before the first instance", "bytes"),
        _integer("disk_fixed_bytes", "disk of the platform before the first instance", "bytes"),
    ),
    "components": (
        HOST,
        _text("group", "group that spent CPU; empty for what serves the platform"),
        RESOURCE,
        COMPONENT,
        _number("value", "bytes held at the horizon, or core-seconds spent until then"),
    ),
    "samples": (
        TIME,
        HOST,
        RESOURCE,
        COMPONENT,
        _number("value", "bytes held, or busy cores, from this time until the next row"),
    ),
    "events": (
        TIME,
        HOST,
        _text("instance", "name of the instance, or of what serves the platform"),
        _text(
            "event",
            "what happened: ready, restarted, exited, failed, oom-killed, "
            "process-killed, or the kind of a fault",
        ),
        _text("detail", "why"),
    ),
    "requests": (
        GROUP,
        _number("start_s", "begin of a window", "s"),
        _number("end_s", "its end", "s"),
        _number("instances", "instances that served in it, on average"),
        _number("offered", "requests that were sent, where that does not depend on replies"),
        _number("done", "requests answered, as simulated"),
        _number(
            "answered",
            "of the requests that came in it, how many were answered, sooner or "
            "later, as simulated",
        ),
        _number("done_fluid", "requests answered, by the closed form"),
        _number("lost", "requests refused since a queue was full, or sent to nobody"),
        _number(
            "cpu_core_s",
            "CPU time of the host for those that were answered, crossings included",
            "core-s",
        ),
        _integer("simulated", "requests that were simulated one by one"),
        _number("mean_s", "mean latency of those; empty without any", "s"),
        _number("fluid_mean_s", "mean latency by the closed form; empty where it has none", "s"),
        _number("p50_s", "median latency of simulated requests", "s"),
        _number("p99_s", "latency that 99 % of them do not exceed", "s"),
    ),
    "latencies": (
        _text("group", "group of the scenario; empty for all of them"),
        SHARE,
        LATENCY,
    ),
    "faults": (
        TIME,
        HOST,
        _text("kind", "what broke"),
        _text("target", "whom it was aimed at"),
        _text("detail", "why it took another way, if it did"),
        _integer("lost", "instances that it took"),
        _integer("back", "how many of them became ready again"),
        _number("recovered_s", "when the last of those did; empty if none", "s"),
        _number("recovery_s", "how long after the fault that was", "s"),
    ),
}
"""The tables of one run, as `simulate` returns them."""

COMPARISON_TABLES: dict[str, tuple[Column, ...]] = {
    "summary": (
        PLATFORM,
        _text("scope", "platform, group or host"),
        _text("name", "name of the group, number of the host, or nothing"),
        METRIC,
        *INTERVAL,
        UNIT,
    ),
    "components": (
        PLATFORM,
        RESOURCE,
        COMPONENT,
        _number("value", "mean of the replications, over all hosts and groups"),
        UNIT,
    ),
    "phases": (
        PLATFORM,
        _text("phase", "phase of a start"),
        _integer("order", "its place in the order of performance, from 0"),
        _number("mean_s", "mean time that a ready instance spent in it", "s"),
    ),
    "differences": (
        METRIC,
        PLATFORM,
        _text("reference", "platform that it is compared with, the first of the scenario"),
        *INTERVAL,
        UNIT,
        _number("ratio", "ratio of the means; empty where the reference's is zero"),
    ),
    "binding": (
        PLATFORM,
        _text("question", "start-up: what it is spent with; use: what of a host is in use"),
        _text("resource", "the resource, the one that binds first"),
        _number("value", "share of the start-up, or of what the fullest host has"),
        UNIT,
        _text("detail", "the same in words"),
    ),
    "objectives": (
        PLATFORM,
        METRIC,
        _text("objective", "the comparison that the scenario states"),
        _number("value", "mean of the replications; empty where the platform lacks the metric"),
        Column("met", "flag", "", "whether the objective is met"),
    ),
    "assumptions": (
        _text("platform", "platform that the number belongs to; empty for host and groups"),
        _text("path", "place of the number in what `tare show` prints"),
        _number("value", "the number, in its base unit"),
        UNIT,
        _text("source", "key of its source; `scenario` where the scenario states it"),
        _text("evidence", "measured, vendor, derived, calibrated or assumed"),
        _text("note", "what it was measured on, or how it was derived"),
    ),
    "instances": (PLATFORM, REPLICATION, *RUN_TABLES["instances"]),
    "samples": (PLATFORM, *RUN_TABLES["samples"]),
    "events": (PLATFORM, *RUN_TABLES["events"]),
    "requests": (PLATFORM, *RUN_TABLES["requests"]),
    "loads": (
        PLATFORM,
        GROUP,
        _integer("clients", "clients of each instance; 0 where the load is open"),
        _number("offered_per_s", "requests sent a second; empty where that depends on replies"),
        _number("throughput_per_s", "requests answered a second, as simulated"),
        _number("throughput_low", "lower bound of its 95 % interval; empty for one replication"),
        _number("throughput_high", "upper bound of its 95 % interval; empty for one replication"),
        _number("fluid_per_s", "requests answered a second, by the closed form"),
        _number("mean_s", "mean latency, as simulated", "s"),
        _number("fluid_mean_s", "mean latency, by the closed form", "s"),
        _number("p50_s", "median latency", "s"),
        _number("p99_s", "latency that 99 % do not exceed", "s"),
        _number("lost", "requests that were lost"),
    ),
    "latencies": (PLATFORM, *RUN_TABLES["latencies"]),
    "faults": (PLATFORM, REPLICATION, *RUN_TABLES["faults"]),
}
"""The tables of a comparison, as `compare` returns them and a report holds them."""

VALIDATION_TABLES: dict[str, tuple[Column, ...]] = {
    "observations": (
        _text("id", "name of the observation"),
        _text("source", "where the measurement stands"),
        _text("kind", "what kind of thing was measured"),
        _text("platform", "platform that it was measured on"),
        _text("conditions", "what else is told of it, in words"),
        METRIC,
        _text("statistic", "of all starts or requests"),
        _number("value", "the measurement"),
        _number("predicted", "what the model says; empty where it says nothing"),
        UNIT,
        _number("error", "relative error, above zero where the model says more"),
        _text("role", "fitted, left-out, outside or unused"),
        _text("reason", "why the model says nothing"),
    ),
    "errors": (
        _text("by", "all, or what the rows have in common: source, kind, platform, role; crossed"),
        _text("name", "its name"),
        _integer("rows", "number of observations"),
        _integer("sources", "number of their sources, which weigh the same"),
        _number("median", "median of the absolute relative error"),
        _number("p90", "its 90th percentile"),
        _number("bias", "median of the signed relative error"),
    ),
    "crossed": (
        _text("by", "what was left out: a level of a column, or a source"),
        _text("level", "the level, or the name of the source"),
        _text("id", "name of the observation"),
        _text("source", "where the measurement stands"),
        _number("value", "the measurement"),
        _number("predicted", "what the model says with numbers that were fitted without it"),
        UNIT,
        _number("error", "relative error, above zero where the model says more"),
    ),
    "calibrations": (
        _text("calibration", "name of a set of numbers that were fitted together"),
        _integer("numbers", "how many numbers of the catalog"),
        _integer("rows", "how many observations they were fitted to"),
        _number("median", "median of the absolute relative error on these"),
    ),
}
"""The tables of a validation, as `validate` returns them."""
