"""The metrics that a comparison reports: name, unit and meaning, in the order of the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """One number of a run; `unit` is empty where it is a bare count or ratio."""

    name: str
    unit: str
    meaning: str


UNITS_OF_RESOURCES = {"memory": "bytes", "disk": "bytes", "cpu": "core-s"}
"""The unit of the amounts that gross, net and tare of a resource are stated in."""

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "startup_mean_s",
            "s",
            "mean time from the request to create an instance until its "
            "workload is ready, over first starts that became ready",
        ),
        Metric("startup_p50_s", "s", "median start-up; absent unless half became ready"),
        Metric(
            "startup_p95_s",
            "s",
            "start-up that 95 % do not exceed; absent unless so many became ready",
        ),
        Metric(
            "startup_p99_s",
            "s",
            "start-up that 99 % do not exceed; absent unless so many became ready",
        ),
        Metric("startup_max_s", "s", "longest start-up; absent unless all became ready"),
        Metric(
            "all_ready_s",
            "s",
            "time at which the last instance became ready; absent unless all did",
        ),
        Metric(
            "image_mean_s",
            "s",
            "mean time that a start waited for files of images that were not there",
        ),
        Metric("image_max_s", "s", "longest such time"),
        Metric(
            "memory_gross_bytes",
            "bytes",
            "memory that the host cannot take back without I/O, "
            "above its state before the platform was installed, at the horizon",
        ),
        Metric(
            "memory_net_bytes",
            "bytes",
            "memory that the workload needs as bare processes, "
            "with one copy of each file that it maps",
        ),
        Metric("memory_tare_bytes", "bytes", "gross less net"),
        Metric(
            "memory_fixed_tare_bytes",
            "bytes",
            "gross memory of the platform before the first instance",
        ),
        Metric(
            "memory_per_instance_bytes",
            "bytes",
            "gross less fixed tare, over the instances "
            "that exist at the horizon; absent while what the platform holds once is down",
        ),
        Metric("memory_peak_bytes", "bytes", "highest gross memory of the run"),
        Metric("page_cache_bytes", "bytes", "clean unmapped page cache of the host"),
        Metric("swap_bytes", "bytes", "memory that is swapped out"),
        Metric(
            "memory_merged_bytes",
            "bytes",
            "memory not held since equal pages of guests are held once",
        ),
        Metric("cpu_gross_core_s", "core-s", "busy core-seconds of the run"),
        Metric("cpu_net_core_s", "core-s", "work of the workload at native speed"),
        Metric("cpu_tare_core_s", "core-s", "gross less net and contention"),
        Metric("cpu_contention_core_s", "core-s", "what neighbours cost each other"),
        Metric(
            "cpu_steal_core_s",
            "core-s",
            "time in which a guest could run and waited for a core of the host",
        ),
        Metric("cpu_utilization", "", "busy core-seconds over core-seconds offered"),
        Metric(
            "disk_gross_bytes",
            "bytes",
            "bytes allocated on the disk for the platform and its instances, at the horizon",
        ),
        Metric(
            "disk_net_bytes",
            "bytes",
            "one copy of the workload's files, and what its instances write",
        ),
        Metric("disk_tare_bytes", "bytes", "gross less net"),
        Metric("disk_read_bytes", "bytes", "bytes read from the disk over the run"),
        Metric("disk_written_bytes", "bytes", "bytes written to the disk over the run"),
        Metric("pulled_bytes", "bytes", "bytes pulled over the network"),
        Metric(
            "registry_bytes",
            "bytes",
            "bytes that the registry sent, to hosts and to its mirror; absent while nobody waits "
            "for an image",
        ),
        Metric("instances_started", "", "instances that were asked for"),
        Metric("instances_ready", "", "instances that became ready"),
        Metric("instances_failed", "", "instances that failed, with a reason"),
        Metric("restarts", "", "restarts of instances"),
        Metric("oom_kills", "", "instances killed because memory ran out, restarted ones too"),
        Metric("downtime_s", "s", "instance-seconds that were not served since something broke"),
        Metric("blast_radius", "", "most instances that one fault took"),
        Metric(
            "recovery_mean_s",
            "s",
            "mean time from a fault until the last that came back was ready again",
        ),
        Metric("recovery_max_s", "s", "longest such time"),
        Metric("requests_done", "", "requests that were answered"),
        Metric("requests_lost", "", "requests that were refused, or found no instance"),
        Metric(
            "request_mean_s",
            "s",
            "mean time from a request to its reply, as the client sees it, over simulated requests",
        ),
        Metric("request_p50_s", "s", "median of that"),
        Metric("request_p99_s", "s", "time within which 99 % of simulated requests are answered"),
        Metric(
            "request_cost_core_s",
            "core-s",
            "CPU time of the host for one request that was answered, crossings included",
        ),
        Metric(
            "throughput_per_s",
            "/s",
            "requests answered a second while a group served, summed over groups",
        ),
        Metric("builds_done", "", "builds that are over"),
        Metric("build_first_s", "s", "mean time of the first build of an instance"),
        Metric("build_again_s", "s", "mean time of its later builds, each after a change"),
        Metric("build_cached_share", "", "of the steps of those, the share that was cached"),
        Metric("build_total_s", "s", "time of all builds together, for which somebody waited"),
        Metric("person_steps", "", "steps that a person did by hand"),
        Metric(
            "drift_share",
            "",
            "of the instances that were set up by hand, those that are not as most are; 0 where "
            "none was",
        ),
    )
}

STEADY: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "warm_up_s",
            "s",
            "time that is left out before requests count as steady: by rule, stated, or half of "
            "the run where it has not settled by then",
        ),
        Metric(
            "steady_request_mean_s",
            "s",
            "mean time from a request to its reply, over simulated requests after the warm-up",
        ),
        Metric(
            "steady_throughput_per_s",
            "/s",
            "requests answered a second after the warm-up, summed over groups",
        ),
    )
}
"""What only a sweep tells, of scenarios with a load."""

SWEPT = METRICS | STEADY
"""All that a sweep may tell of a run."""

_MOST_WINS = frozenset({
    *("instances_ready", "requests_done", "throughput_per_s", "steady_throughput_per_s"),
    *("builds_done", "build_cached_share"),
})  # fmt: skip


def most_wins(metric: str) -> bool:
    """Whether more of a metric is better, be it of the whole or of a group; else less is."""
    return metric.rpartition(".")[2] in _MOST_WINS
