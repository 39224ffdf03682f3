"""When a run has settled, and what it measures from then on, by hand."""

from math import nan

import numpy as np
import pytest

from sim.records.schema import RUN_TABLES, column_names
from sim.records.steady import measure_steady, mser5, warmed_up_s
from sim.records.table import Table


def windows(group: str, done: list[float], mean: list[float]) -> list[list[object]]:
    """Windows of a second, from 0 on, with what was answered in each, and how late."""
    rows = []
    for place, (count, latency) in enumerate(zip(done, mean, strict=True)):
        told = {"group": group, "start_s": float(place), "end_s": place + 1.0, "done": count,
                "answered": count, "mean_s": latency, "simulated": int(count)}  # fmt: skip
        rows.append([told.get(name, 0.0) for name in column_names(RUN_TABLES["requests"])])
    return rows


def requests(*groups: list[list[object]]) -> Table:
    names = column_names(RUN_TABLES["requests"])
    return Table.of_rows(names, [row for rows in groups for row in rows])


def test_what_is_high_at_first_is_left_out_in_fives() -> None:
    """Twelve high ones take three fives with them, since the third is mixed."""
    assert mser5(np.array([9.0] * 12 + [1.0] * 88)) == 15
    assert mser5(np.array([9.0] * 10 + [1.0] * 90)) == 10


def test_a_series_that_is_steady_from_the_beginning_is_kept_whole() -> None:
    assert mser5(np.ones(100)) == 0
    assert mser5(np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 20)) == 0


def test_the_least_squared_standard_error_wins_by_hand() -> None:
    """Means of fives 4, 0, 2, 0: Σ(x - x̄)²/n² is 11/16, 8/27 and 1/2: the first is left out."""
    assert mser5(np.repeat([4.0, 0.0, 2.0, 0.0], 5)) == 5


def test_at_most_half_is_left_out_of_what_never_settles() -> None:
    assert mser5(np.arange(100.0)) == 50


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_what_is_too_short_to_tell_is_kept(count: int) -> None:
    assert mser5(np.arange(float(count))) == 0


def test_the_last_group_to_settle_decides_by_latency_or_by_throughput() -> None:
    quick = windows("a", [10.0] * 100, [0.1] * 100)
    late = windows("b", [10.0] * 100, [5.0] * 20 + [0.1] * 80)
    climbing = windows("c", [1.0] * 30 + [9.0] * 70, [0.1] * 100)
    assert warmed_up_s(requests(quick)) == 0.0
    assert warmed_up_s(requests(quick, late)) == 20.0
    assert warmed_up_s(requests(quick, late, climbing)) == 30.0
    assert warmed_up_s(requests()) == 0.0


def test_windows_in_which_nobody_came_say_nothing_of_latencies() -> None:
    """Of forty windows every other one is empty: ten late ones are the first twenty of all."""
    done, mean = [2.0, 0.0] * 50, [5.0, nan] * 10 + [0.1, nan] * 40
    assert warmed_up_s(requests(windows("a", done, mean))) == 20.0


def test_from_then_on_it_is_the_mean_of_requests_and_what_is_answered_a_second() -> None:
    """One of 9 s is left out; then 10 of 1 s and 30 of 2 s in 2 s, and of another 2 in 1 s."""
    first = windows("a", [1.0, 10.0, 30.0], [9.0, 1.0, 2.0])
    second = windows("b", [7.0, 2.0], [3.0, 4.0])
    found = measure_steady(requests(first, second), 0.5)
    assert found["warm_up_s"] == 1.0
    assert found["steady_throughput_per_s"] == pytest.approx(40 / 2 + 2 / 1)
    assert found["steady_request_mean_s"] == pytest.approx((10 + 60 + 8) / 42)


def test_after_the_last_window_nothing_is_steady() -> None:
    assert measure_steady(requests(windows("a", [1.0], [1.0])), 1.0) == {}
    assert measure_steady(requests(), 0.0) == {}


def test_a_window_that_begins_at_the_stated_time_counts_whatever_rounding_says() -> None:
    assert measure_steady(requests(windows("a", [1.0] * 4, [1.0] * 4)), 3.0 + 1e-13)
