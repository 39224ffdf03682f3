"""A comparison of small platforms, with differences, bounds and counts worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from model.worlds import MB, Spec, container, group, machine, platform, scenario, workload

from sim.records.schema import COMPARISON_TABLES, Column
from sim.spec.scenario import Scenario
from sim.studies.binding import binding
from sim.studies.compare import compare
from sim.studies.comparison import Comparison

BARE = platform("bare")
BOXED = platform(
    "boxed", c=container(create={"make": {"compute": "1 core-s"}}, footprint={"f": "2 MB"})
)
GUEST = platform("guest", vm=machine(boot={"kernel": {"wait": "5 s"}}, interior={"k": "10 MB"}))


def question(**more: object) -> Scenario:
    """Four instances of 1 core-s that vary, on four cores, on three platforms, three times over."""
    asked: dict[str, object] = {
        "platforms": [BARE, BOXED, GUEST],
        "host": {"cores": "4 cores"},
        "replications": 3,
        "groups": {"web": group(4, workload("1 core-s", private="20 MB", variation="30 %"))},
    }
    return scenario(**asked | more)


@pytest.fixture(scope="module")
def answer() -> Comparison:
    return compare(question())


def value(answer: Comparison, platform: str, metric: str) -> float:
    rows = answer.summary.set_index(["platform", "scope", "name", "metric"])
    return float(rows.loc[(platform, "platform", "", metric), "mean"])


def test_differences_are_paired_by_replication(answer: Comparison) -> None:
    """The same work on all: what making costs is 1 s in each replication, though starts vary."""
    gaps = answer.differences.set_index(["metric", "platform"])
    boxed = gaps.loc[("startup_mean_s", "boxed")]
    assert (boxed["mean"], boxed["low"], boxed["high"]) == pytest.approx((1.0, 1.0, 1.0))
    assert gaps.loc[("startup_mean_s", "guest"), "mean"] == pytest.approx(5.0)
    alone = value(answer, "bare", "startup_mean_s")
    assert boxed["ratio"] == pytest.approx((alone + 1.0) / alone)
    rows = answer.summary.set_index(["platform", "scope", "metric"])
    spread = rows.loc[("bare", "platform", "startup_mean_s")]
    assert spread["high"] - spread["low"] > 0.01
    assert boxed["reference"] == "bare"
    assert math.isnan(gaps.loc[("pulled_bytes", "guest"), "ratio"])


def test_components_are_means_and_sum_to_gross(answer: Comparison) -> None:
    totals = answer.components.groupby(["platform", "resource"])["value"].sum()
    for name in ("bare", "boxed", "guest"):
        for resource, metric in (
            ("memory", "memory_gross_bytes"),
            ("cpu", "cpu_gross_core_s"),
            ("disk", "disk_gross_bytes"),
        ):
            assert totals[name, resource] == pytest.approx(value(answer, name, metric))
    held = answer.components.set_index(["platform", "component"])["value"]
    assert held["boxed", "boundary.f"] == 8 * MB


def test_phases_are_in_order_and_add_up_to_the_mean_start(answer: Comparison) -> None:
    for name in ("bare", "boxed", "guest"):
        phases = answer.phases[answer.phases["platform"] == name].sort_values("order")
        assert phases["mean_s"].sum() == pytest.approx(value(answer, name, "startup_mean_s"))
    guest = answer.phases[answer.phases["platform"] == "guest"].set_index("phase")
    assert guest.index.tolist() == ["kernel", "application"]
    assert guest.loc["kernel", "mean_s"] == pytest.approx(5.0)


def test_what_binds_a_start_are_shares_of_it(answer: Comparison) -> None:
    rows = answer.binding[answer.binding["question"] == "start-up"]
    for name in ("bare", "boxed", "guest"):
        assert rows[rows["platform"] == name]["value"].sum() == pytest.approx(1.0)
    guest = rows[rows["platform"] == "guest"]
    assert guest["resource"].tolist() == ["waiting", "cpu"]
    start = value(answer, "guest", "startup_mean_s")
    assert guest["value"].tolist() == pytest.approx([5.0 / start, 1 - 5.0 / start])


def test_what_a_host_is_full_of_is_told_by_each_resource() -> None:
    """Three of 20 MB and 100 MB of daemon in 1 GB; 31 MB in 10 GB; the CPU's utilization."""
    on = platform("c", c=container(
        files={"kind": "layers", "writable": "10 MB"}, daemon={"memory": {"d": "100 MB"}},
    ))  # fmt: skip
    work = workload(private="20 MB", steady={"cpu": "0.05 cores"})
    asked = scenario(on, host={"cores": "4 cores"}, groups={"web": group(3, work)})
    rows = compare(asked).binding
    used = rows[rows["question"] == "use"].set_index("resource")["value"]
    assert list(used.index) == ["memory", "cpu", "disk"]
    assert used["memory"] == pytest.approx(0.16)
    assert used["cpu"] == pytest.approx(value(compare(asked), "c", "cpu_utilization"))
    assert used["disk"] == pytest.approx(0.0031)


def test_of_several_hosts_the_fullest_counts() -> None:
    """Two hosts of 1 GB: both instances of 300 MB are packed on the first."""
    work = workload(private="300 MB")
    asked = scenario(groups={"web": group(2, work)}, hosts=2, placement="pack")
    rows = compare(asked).binding.query("question == 'use' and resource == 'memory'")
    assert rows["value"].tolist() == pytest.approx([0.6])


def test_nothing_binds_where_nobody_lives() -> None:
    answer = compare(scenario(groups={"web": group(arrive={"at": "200 s"})}))
    assert (answer.binding["question"] == "use").all()
    assert binding([]).empty


def test_objectives_are_held_against_means_and_an_absent_metric_meets_none() -> None:
    asked = question(
        objectives={
            "startup_max_s": "< 3",
            "memory_gross_bytes": "< 9 % of host memory",
            "oom_kills": "= 0",
            "cpu_gross_core_s": "<= 50 % of host cpu",
        }
    )
    answer = compare(asked)
    met = answer.objectives.pivot(index="platform", columns="metric", values="met")
    assert met.loc["bare"].all()
    assert met.loc["boxed"].to_dict() == {
        "startup_max_s": met.loc["boxed", "startup_max_s"],
        "memory_gross_bytes": True,
        "oom_kills": True,
        "cpu_gross_core_s": True,
    }
    assert not met.loc["guest", "startup_max_s"]
    assert not met.loc["guest", "memory_gross_bytes"]  # 120 MB of 1 GB
    assert answer.meets
    late = compare(question(horizon="1 s", objectives={"startup_max_s": "< 3"}))
    assert not late.meets
    assert late.objectives["value"].isna().all()


def test_a_platform_meets_all_or_it_does_not() -> None:
    """One is quick and large, the other slow and small: each meets one of two, so none does."""
    large = platform("large", c=container(footprint={"f": "100 MB"}))
    slow = platform("slow", c=container(create={"w": {"wait": "9 s"}}))
    bounds = {"startup_mean_s": "< 5", "memory_gross_bytes": "< 50000000"}
    answer = compare(scenario(platforms=[large, slow], objectives=bounds))
    met = answer.objectives.set_index(["platform", "metric"])["met"]
    assert met.to_dict() == {
        ("large", "memory_gross_bytes"): False,
        ("large", "startup_mean_s"): True,
        ("slow", "memory_gross_bytes"): True,
        ("slow", "startup_mean_s"): False,
    }
    assert not answer.meets


def test_assumptions_list_every_cited_number_once_with_its_source() -> None:
    cited = {"value": "7 MB", "source": "a-paper", "evidence": "measured", "note": "table 2"}
    on = platform("c", c=container(footprint={"shim": cited}, crossings={"cpu": {"compute": 1.1}}))
    rows = compare(scenario(on)).assumptions
    assert not rows["path"].duplicated().any()
    by_path = rows.set_index("path")
    shim = by_path.loc["platforms.c.boundaries.c.footprint.shim.private"]
    assert shim.to_dict() == {
        "platform": "c",
        "value": 7 * MB,
        "unit": "B",
        "source": "a-paper",
        "evidence": "measured",
        "note": "table 2",
    }
    factor = by_path.loc["platforms.c.boundaries.c.crossings.cpu.compute"]
    assert (factor["value"], factor["source"], factor["evidence"]) == (1.1, "scenario", "assumed")
    assert "groups.web.workload.image.layers.app-files.unpacked" in by_path.index
    assert "host.disk.bandwidth" in by_path.index
    assert "host.speed" not in by_path.index  # nobody states it


def test_the_tables_have_the_columns_that_the_schema_describes(answer: Comparison) -> None:
    for name, columns in COMPARISON_TABLES.items():
        frame: pd.DataFrame = getattr(answer, name)
        fixed = [column.name for column in columns if "<" not in column.name]
        assert [column for column in frame.columns if column in fixed] == fixed, name
        extra = [column for column in frame.columns if column not in fixed]
        assert not extra or any("<phase>" in column.name for column in columns), (name, extra)
        assert all(isinstance(column, Column) for column in columns)


def test_who_runs_the_replications_and_in_which_order_platforms_stand_changes_nothing() -> None:
    alone, together = compare(question()), compare(question(), jobs=2)
    for name in COMPARISON_TABLES:
        pd.testing.assert_frame_equal(
            getattr(alone, name), getattr(together, name), check_exact=True, obj=name
        )
    turned: list[Spec] = [GUEST, BARE, BOXED]
    other = compare(question(platforms=turned))
    keys = ["platform", "scope", "name", "metric"]
    pd.testing.assert_frame_equal(
        alone.summary.sort_values(keys, ignore_index=True),
        other.summary.sort_values(keys, ignore_index=True),
        check_exact=True,
    )


def test_progress_is_told_run_by_run() -> None:
    told: list[tuple[int, int]] = []
    compare(question(replications=2), progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 6) for done in range(1, 7)]
