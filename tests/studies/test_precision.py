"""When a point has enough replications, worked out by hand."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.studies.sweeps.precision import decide

SPREAD = [9.0, 11.0] * 5
"""Mean 10, s = √(10/9), so that ± 2.262 · s / √10 = 0.754 is 7.54 % of the mean."""


def test_nothing_is_looked_at_before_ten() -> None:
    assert decide({"a": []}, 0.05, 100).replications == 10
    assert decide({"a": []}, 0.05, 3).replications == 3


@pytest.mark.parametrize("cut", range(10))
def test_the_first_look_waits_for_all_ten_on_all_platforms(cut: int) -> None:
    assert decide({"a": SPREAD[:cut], "b": SPREAD}, 0.08, 100).replications == 10


def test_it_is_over_once_the_interval_is_narrow() -> None:
    found = decide({"a": SPREAD}, 0.08, 100)
    assert found == (10, "each interval is as narrow as was asked for")


def test_the_next_batch_is_what_the_square_of_the_excess_calls_for() -> None:
    """10 · (7.54 / 6)² = 15.8, so sixteen in all; 10 · (7.54 / 5)² = 22.7 is more than twice."""
    found = decide({"a": SPREAD}, 0.06, 100)
    assert found == (16, "its interval on a is ± 0.075 of the mean, wider than 0.06")
    assert decide({"a": SPREAD}, 0.05, 100).replications == 20


def test_a_batch_is_a_quarter_at_least_and_never_beyond_the_most() -> None:
    assert decide({"a": SPREAD}, 0.075, 100).replications == 13
    assert decide({"a": SPREAD}, 0.01, 14).replications == 14
    assert decide({"a": SPREAD}, 0.01, 10).replications == 10


def test_platforms_go_on_together_until_the_last_has_it() -> None:
    """Mean 10 and s = 5.27: ± 3.77 is 37.7 %, and 10 · (37.7 / 30)² = 15.8."""
    wide = [5.0, 15.0] * 5
    alone = decide({"b": wide}, 0.3, 100)
    assert decide({"a": SPREAD, "b": wide}, 0.3, 100) == alone
    assert alone.replications == 16
    assert "on b" in alone.why


@given(st.lists(st.floats(-10.0, 10.0), min_size=60, max_size=60), st.integers(0, 60))
def test_what_comes_too_early_changes_nothing(values: list[float], cut: int) -> None:
    """Workers that are ahead, or runs that are there from before, must not move a decision."""
    total, there = decide({"a": values}, 0.5, 60).replications, 0
    while there < (asked := decide({"a": values[:there]}, 0.5, 60).replications):
        there = asked
    assert there == total
    assert decide({"a": values[: max(cut, total)]}, 0.5, 60).replications == total


def test_all_equal_is_enough_even_if_all_are_zero() -> None:
    assert decide({"a": [3.0] * 10, "b": [0.0] * 10}, 0.05, 100).replications == 10


def test_about_a_mean_of_zero_it_goes_on_to_the_most() -> None:
    around = [-1.0, 1.0] * 5
    found = decide({"": around}, 0.05, 100)
    assert found == (20, "its mean is 0, of which nothing is a share")
    assert decide({"": around * 20}, 0.05, 100).replications == 100


def test_who_tells_nothing_holds_up_nobody() -> None:
    silent = [nan] * 10
    assert decide({"a": SPREAD, "b": silent}, 0.08, 100).replications == 10
    assert decide({"b": silent}, 0.08, 100) == (10, "no run tells it")


def test_a_run_that_failed_counts_and_narrows_nothing() -> None:
    """Of ten, eight tell: ± 2.365 · √(8/7) / √8 = 0.894, and 10 · (8.94 / 8)² = 12.5."""
    values = {"a": [*SPREAD[:8], nan, nan]}
    assert decide(values, 0.09, 100).replications == 10
    assert decide(values, 0.08, 100).replications == 13


def test_one_run_that_tells_it_is_no_interval() -> None:
    found = decide({"a": [1.0, *[nan] * 9]}, 0.05, 100)
    assert found == (20, "only one run on a tells it")
