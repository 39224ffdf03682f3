"""How far off, worked out by hand: errors, weights of sources, quantiles, the order of curves."""

import numpy as np
import pytest
from observed import judged, observation

from sim.records.validation import KINDS
from sim.studies.accuracy import (
    by_kind,
    by_platform,
    by_role,
    by_source,
    curves,
    errors,
    kind_of,
    order_kept,
    weighted_quantile,
)
from sim.studies.judging import Judged

SERVING = "{extends: sleep, serve: {compute: 1 core-us}}"
READING = "{extends: sleep, serve: {compute: 1 core-us, read: 4 kB}}"


def test_an_error_is_relative_to_what_was_measured_and_has_a_sign() -> None:
    assert judged(110, value=100).error == pytest.approx(0.1)
    assert judged(50, value=100).error == pytest.approx(-0.5)
    assert judged(None).error is None


def test_a_weighted_quantile_is_the_least_value_that_reaches_the_share() -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantile(values, np.ones(3), 0.5) == 2.0
    assert weighted_quantile(values, np.ones(3), 0.9) == 3.0
    assert weighted_quantile(values, np.array([1.0, 2.0, 1.0]), 0.5) == 1.0
    assert weighted_quantile(np.arange(1.0, 11.0), np.ones(10), 0.9) == 9.0


def test_sources_weigh_the_same_however_many_rows_each_has() -> None:
    """Ten rows of one source off by 1 %, one of another by 50 %, one of a third by 40 %."""
    rows = [judged(1.01, id=f"a{n}", source="many") for n in range(10)]
    rows += [judged(1.5, id="b", source="few"), judged(0.6, id="c", source="third")]
    found = errors(rows)
    assert found is not None
    assert (found.rows, found.sources) == (12, 3)
    assert found.median == pytest.approx(0.4)
    assert found.p90 == pytest.approx(0.5)
    assert found.bias == pytest.approx(0.01)


def test_of_rows_of_which_the_model_says_nothing_there_are_no_errors() -> None:
    assert errors([judged(None, "unused")]) is None
    assert by_source([judged(None, "unused")]) == {}
    assert errors([]) is None


def test_errors_are_told_by_what_rows_have_in_common() -> None:
    rows = [
        judged(1.1, "fitted", id="a", source="one"),
        judged(1.2, "left-out", id="b", source="one", metric="disk_bytes"),
        judged(1.3, "outside", id="c", source="two", platform="{extends: process, name: mine}"),
    ]
    assert {name: one.rows for name, one in by_source(rows).items()} == {"one": 2, "two": 1}
    assert [*by_kind(rows)] == ["start-up alone", "disk"]
    assert [*by_role(rows)] == ["fitted", "left-out", "outside"]
    assert {name: one.rows for name, one in by_platform(rows).items()} == {"process": 3}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({}, "start-up alone"),
        ({"started_at_once": 5}, "start-up under load"),
        ({"already_running": 5}, "start-up under load"),
        ({"cpu_busy_cores": 5}, "start-up under load"),
        ({"in_flight": 5, "metric": "throughput_per_s"}, "start-up under load"),
        ({"in_flight": 5, "metric": "throughput_per_s", "workload": "batch-compute"},
         "start-up under load"),
        ({"image_state": "absent"}, "image"),
        ({"metric": "pull_s"}, "image"),
        ({"metric": "cpu_per_start_core_s", "started_at_once": 5}, "CPU"),
        ({"metric": "cpu_idle_cores"}, "CPU"),
        ({"metric": "memory_per_instance_bytes"}, "memory"),
        ({"metric": "pss_per_instance_bytes"}, "memory"),
        ({"metric": "guest_kernel_bytes"}, "memory"),
        ({"metric": "instances_that_fit"}, "density"),
        ({"metric": "disk_bytes"}, "disk"),
        ({"metric": "throughput_per_s", "clients": 5, "workload": "redis"}, "network"),
        ({"metric": "latency_s", "clients": 5, "workload": SERVING}, "network"),
        ({"metric": "throughput_per_s", "clients": 5, "workload": READING}, "disk"),
        ({"metric": "throughput_per_s", "workload": "batch-compute"}, "CPU"),
        ({"metric": "throughput_per_s", "workload": "{extends: compile}"}, "CPU"),
    ],
)  # fmt: skip
def test_each_row_is_of_one_kind(cells: dict[str, object], kind: str) -> None:
    assert kind_of(observation(**cells)) == kind
    assert kind in KINDS


# Curves


LOAD = {"metric": "throughput_per_s", "workload": "redis"}


def curve(*points: tuple[int, float, float], **cells: object) -> list[Judged]:
    """Rows with so many clients, as measured and as predicted."""
    return [
        judged(said, id=f"at {clients}", clients=clients, value=value, **LOAD, **cells)
        for clients, value, said in points
    ]


def test_a_curve_is_three_rows_or_more_that_differ_in_one_condition() -> None:
    found = curves(curve((50, 9, 9), (1, 3, 3), (10, 7, 7)))
    assert [each.along for each in found] == ["clients"]
    assert [found[0].at(place) for place in range(3)] == [1, 10, 50]
    assert not curves(curve((1, 3, 3), (10, 7, 7)))


def test_what_differs_in_two_conditions_or_in_nothing_is_no_curve() -> None:
    rows = curve((1, 3, 3), (10, 7, 7)) + curve((50, 9, 9), platform="vm-qemu")
    assert not curves(rows)
    again = [judged(1.0, id=name) for name in "abc"]
    assert not curves(again)


def test_a_curve_may_be_told_in_several_units() -> None:
    rows = [judged(value, id=str(at), started_at_once=at, value=value, unit=unit)
            for at, value, unit in ((1, 900, "ms"), (10, 2, "s"), (100, 1, "min"))]  # fmt: skip
    (found,) = curves(rows)
    assert [each.observation.started_at_once for each in found.points] == [1, 10, 100]
    assert order_kept(rows) == 1.0


def test_sizes_are_in_the_order_of_their_bytes() -> None:
    rows = [judged(1.0, id=size, guest_memory=size) for size in ("2 GiB", "512 MiB", "64 MiB")]
    (found,) = curves(rows)
    assert [found.at(place) for place in range(3)] == [64 * 2**20, 512 * 2**20, 2**31]


def test_the_order_counts_pairs_that_differ_by_more_than_a_tenth() -> None:
    assert order_kept(curve((1, 1, 1), (2, 2, 2), (3, 3, 3))) == 1.0
    assert order_kept(curve((1, 1, 3), (2, 2, 2), (3, 3, 1))) == -1.0
    # Two pairs of three keep their order, one is turned round: (2 - 1) / 3.
    assert order_kept(curve((1, 1, 2), (2, 2, 1), (3, 3, 3))) == pytest.approx(1 / 3)
    # The pair that differs by 5 % has no order to keep.
    assert order_kept(curve((1, 1.00, 2), (2, 1.05, 1), (3, 3, 3))) == 1.0
    # Where the model says the same of both, it keeps no order and loses none.
    assert order_kept(curve((1, 1, 1), (2, 2, 1), (3, 3, 1))) == 0.0
    assert order_kept([]) is None


def test_two_measurements_at_one_place_have_no_order_between_them() -> None:
    twice = curve((1, 1, 1), (2, 2, 2), (3, 3, 3))
    twice += [judged(2, id="again", clients=2, value=4, **LOAD)]
    found = order_kept(twice)
    # Of the pairs with the second at 2: 1 is kept, 3 is turned round; the other three are kept.
    assert found == pytest.approx((3 + 1 - 1) / 5)
