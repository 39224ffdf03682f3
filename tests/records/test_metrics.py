"""Metrics against small runs whose numbers are known by hand."""

import pytest
from model.worlds import MB, container, group, machine, platform, run, scenario, workload

from sim.records.metrics import measure_groups, measure_hosts
from sim.spec.metrics import METRICS

_OF_SOME = ("request_", "requests_", "recovery_", "build_", "builds_", "image_", "registry_")
LOCKED = platform("c", c=container(create={"turn": {"lock": {"name": "l"}, "wait": "1 s"}}))


def test_quantiles_are_those_of_the_instances_that_were_asked_for() -> None:
    """20 starts of 1, 2, … 20 s: the median is the tenth, 95 % are 19, 99 % are all 20."""
    metrics = run(scenario(LOCKED, groups={"web": group(20)})).metrics
    assert metrics["startup_mean_s"] == pytest.approx(10.5)
    found = [metrics[f"startup_{name}_s"] for name in ("p50", "p95", "p99", "max")]
    assert found == pytest.approx([10, 19, 20, 20])
    assert metrics["all_ready_s"] == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("horizon", "there"),
    [("20.5 s", "mean p50 p95 p99 max"), ("19.5 s", "mean p50 p95"), ("10.5 s", "mean p50"),
     ("9.5 s", "mean"), ("500 ms", "")],
)  # fmt: skip
def test_a_quantile_is_absent_unless_that_share_became_ready(horizon: str, there: str) -> None:
    metrics = run(scenario(LOCKED, horizon=horizon, groups={"web": group(20)})).metrics
    names = ("mean", "p50", "p95", "p99", "max")
    assert [name for name in names if f"startup_{name}_s" in metrics] == there.split()
    assert ("all_ready_s" in metrics) == ("max" in there)
    assert metrics["instances_started"] == 20


def test_all_are_ready_when_the_last_is_not_when_the_longest_has_taken_its_time() -> None:
    groups = {"web": group(2, workload("3 core-s"), arrive={"every": "10 s"})}
    metrics = run(scenario(groups=groups)).metrics
    assert (metrics["all_ready_s"], metrics["startup_max_s"]) == pytest.approx((13.0, 3.0))


def test_counts_tell_who_failed_from_who_was_killed() -> None:
    groups = {
        "a": group(2, workload(private="400 MB"), publish=["80:80"]),
        "b": group(2, workload(private="500 MB"), arrive={"at": "1 s"}),
    }
    story = run(scenario(groups=groups))
    expected = {"instances_started": 4, "instances_ready": 3, "instances_failed": 1, "oom_kills": 1}
    assert {name: story.metrics[name] for name in expected} == expected
    groups_of = dict(measure_groups(story.result))
    assert (groups_of["a"]["instances_failed"], groups_of["b"]["oom_kills"]) == (1, 1)
    assert groups_of["a"]["memory_net_bytes"] == 400 * MB
    assert groups_of["b"]["memory_per_instance_bytes"] == 500 * MB


def test_the_metrics_that_are_always_there_are_there_for_a_run_of_nobody() -> None:
    metrics = run(scenario(groups={"web": group(arrive={"at": "200 s"})})).metrics
    assert metrics["instances_started"] == metrics["instances_ready"] == metrics["restarts"] == 0
    assert not any(name.startswith("startup") for name in metrics)
    assert "memory_per_instance_bytes" not in metrics


def test_hosts_have_what_is_theirs() -> None:
    """Two on the first host and one on the second: memory, CPU, start-up, and utilization."""
    groups = {"web": group(3, workload("2 core-s", private="10 MB"))}
    story = run(scenario(hosts=2, groups=groups))
    first, second = (metrics for _, metrics in measure_hosts(story.result))
    assert (first["memory_gross_bytes"], second["memory_gross_bytes"]) == (20 * MB, 10 * MB)
    assert (first["startup_mean_s"], second["startup_mean_s"]) == pytest.approx((4.0, 2.0))
    assert (first["cpu_utilization"], second["cpu_utilization"]) == pytest.approx((0.04, 0.02))
    assert story.metrics["cpu_utilization"] == pytest.approx(0.03)
    assert story.metrics["memory_peak_bytes"] == 30 * MB


def test_the_cpu_of_groups_and_of_what_serves_them_adds_up_to_that_of_the_whole() -> None:
    """A VM for all boots for 2 core-s and idles; each group has its own work."""
    vm = machine(scope="host", boot={"b": {"compute": "2 core-s"}}, idle="0.01 cores")
    groups = {"a": group(2, workload("1 core-s")), "b": group(1, workload("4 core-s"))}
    story = run(scenario(platform("vm", vm=vm), groups=groups))
    groups_of = dict(measure_groups(story.result))
    spent = [groups_of[name]["cpu_gross_core_s"] for name in ("a", "b")]
    assert spent == pytest.approx([2.0, 4.0])
    served = 2.0 + 0.01 * (100 - 2)
    assert story.metrics["cpu_gross_core_s"] == pytest.approx(sum(spent) + served)
    assert story.metrics["cpu_tare_core_s"] == pytest.approx(served)


def test_every_metric_of_a_run_is_one_that_the_report_knows() -> None:
    story = run(scenario(groups={"web": group(2)}))
    only_of_loads_and_faults = {
        *(name for name in METRICS if name.startswith(_OF_SOME)),
        *("throughput_per_s", "downtime_s", "blast_radius", "person_steps", "drift_share"),
    }
    assert set(story.metrics) == set(METRICS) - only_of_loads_and_faults
    for _, metrics in measure_groups(story.result):
        assert set(metrics) <= set(METRICS)
