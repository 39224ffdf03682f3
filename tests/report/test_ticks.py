"""Ticks at round amounts, as many as there is room for."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.figures.ticks import amount_ticks, log_time_ticks, time_ticks

MIB = 2.0**20


def test_only_the_last_amount_says_the_unit():
    assert amount_ticks(0, 13.8 * 1024 * MIB, "bytes", most=3) == (
        [0.0, 5 * 1024 * MIB, 10 * 1024 * MIB],
        ["0", "5", "10 GiB"],
    )


def test_an_axis_may_begin_below_nothing():
    places, labels = amount_ticks(-3 * MIB, 8 * MIB, "bytes", most=5)
    assert 0.0 in places and min(places) >= -3 * MIB
    assert labels[-1].endswith("MiB")


def test_times_are_round_in_the_unit_that_people_read():
    assert time_ticks(7.5 * 60, 4.0)[1] == ["0 s", "2 min", "4 min", "6 min"]
    assert time_ticks(0.03, 3.0)[1] == ["0 s", "10 ms", "20 ms", "30 ms"]


def test_a_day_is_told_in_whole_hours_and_an_hour_in_whole_minutes():
    assert time_ticks(86_400, 5.0)[1] == ["0 s", "4 h", "8 h", "12 h", "16 h", "20 h", "1 d"]
    assert time_ticks(86_400, 3.0)[1] == ["0 s", "6 h", "12 h", "18 h", "1 d"]
    assert time_ticks(3600, 2.0)[1] == ["0 s", "20 min", "40 min", "1 h"]


def test_decades_become_minutes_and_hours():
    assert log_time_ticks(0.4, 50, 4.0)[1] == [
        *("500 ms", "1 s", "2 s", "5 s", "10 s", "30 s"),
    ]
    assert log_time_ticks(0.5, 10_000, 3.0)[1] == ["1 s", "10 s", "1 min", "10 min", "1 h"]


@pytest.mark.parametrize("wide", [0.5, 1.0, 3.0])
@given(low=st.floats(1e-6, 1e4), ratio=st.floats(6, 1e9))
def test_log_ticks_are_in_order_and_within_the_axis(wide: float, low: float, ratio: float):
    places, labels = log_time_ticks(low, low * ratio, wide)
    assert all(before < after for before, after in pairwise(places))
    assert all(low <= place <= low * ratio for place in places)
    assert len(places) == len(labels)
