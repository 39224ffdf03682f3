"""Numbers as a report says them."""

import math
from types import SimpleNamespace

import pytest

from sim.report.wording import (
    amount,
    change,
    component_name,
    core_seconds,
    encodable,
    interval,
    listed,
    metric_amount,
    metric_name,
    mix,
    percent,
    times,
    times_as,
    unbroken,
)


def test_amounts_have_the_unit_that_suits_them():
    assert amount(1.5 * 2**30, "bytes") == amount(1.5 * 2**30, "B") == "1.5 GiB"
    assert amount(0.25, "s") == "250 ms"
    assert amount(90, "core-s") == "90 core-s"
    assert amount(0, "bytes") == "0 B"
    assert amount(50, "") == "50"


def test_a_share_is_said_in_percent_and_a_small_one_not_as_nothing():
    assert (percent(0.624), percent(0), percent(1)) == ("62 %", "0 %", "100 %")
    assert (percent(0.004), percent(0.00457), percent(0.00001)) == (
        "0.4 %",
        "0.5 %",
        "under 0.01 %",
    )
    assert metric_amount("cpu_utilization", 0.5) == "50 %"


def test_a_difference_has_its_sign():
    assert [change(value, "s") for value in (0.25, -0.25, 0.0)] == ["+250 ms", "-250 ms", "0 s"]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.17, 1.25, "+1.17 to +1.25 s"),
        (-0.002, 0.001, "-2 to +1 ms"),
        (0.5, 1.5, "+0.5 to +1.5 s"),
        (2.0, 2.0, "+2 s"),
        (math.nan, math.nan, ""),
    ],
)
def test_an_interval_is_said_in_one_unit(low, high, said):
    assert interval(low, high, "s", "+") == said


def test_ratios_have_two_digits_until_they_are_large():
    assert [times(ratio) for ratio in (0.531, 1.0, 1.049, 5.44, 9.96, 163.4, 12345.0)] == [
        *("0.53", "1.00", "1.05", "5.4", "10", "163", "12,345"),
    ]
    assert times_as(5.44) == "5.4 times as much"
    assert times_as(1.04, "as long") == "4 % longer"
    assert times_as(1.004) == "0.4 % more"


def test_cpu_time_of_any_size_is_said_in_core_seconds():
    assert [core_seconds(value) for value in (0, 18.72, 4320)] == [
        *("0 core-s", "18.7 core-s", "4,320 core-s"),
    ]


def test_a_number_is_kept_with_its_unit_and_words_with_digits_are_not():
    blank = "\N{NO-BREAK SPACE}"
    assert unbroken("p99 start 2.56 s, 757 / s") == (f"p99 start 2.56{blank}s, 757{blank}/{blank}s")


def test_lists_read_as_prose():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_names_of_metrics_and_components_are_words():
    assert metric_name("startup_p99_s") == "start-up p99"
    assert metric_name("cpu_gross_core_s") == "CPU gross"
    assert metric_name("disk_gross_bytes") == "disk gross"
    assert component_name("boundary.guest-kernel") == "guest kernel"
    assert component_name("net.private") == "net private"
    assert component_name("net") == "net"
    assert component_name("stranded") == "stranded"
    assert component_name("set-up") == "set-up"
    assert component_name("credit.swapped") == "swapped out"


def test_an_interval_of_large_numbers_is_written_in_full():
    assert interval(1108.2, 1113.4, "core-s", "+") == "+1,108 to +1,113 core-s"


def test_groups_of_one_workload_are_added_up():
    of_two = [("a", "redis", 1), ("b", "redis", 1), ("c", "nginx", 3)]
    groups = {name: SimpleNamespace(workload=SimpleNamespace(name=workload), count=count)
              for name, workload, count in of_two}  # fmt: skip
    assert mix(SimpleNamespace(groups=groups)) == "2 × redis and 3 × nginx"


def test_what_a_terminal_cannot_show_becomes_what_it_can():
    assert encodable("50 × 3 µs – 한", "ascii") == "50 x 3 us - ?"
    assert encodable("50 × 3 µs – 한", "utf-8") == "50 × 3 µs – 한"
