"""Intervals of means against tabulated values of Student's t."""

import math

import pytest

from sim.studies.intervals import interval


@pytest.mark.parametrize(
    ("values", "mean", "half"),
    [
        ([1.0, 3.0], 2.0, 12.706 * math.sqrt(2) / math.sqrt(2)),
        ([1.0, 2.0, 3.0], 2.0, 4.303 / math.sqrt(3)),
        ([0.0, 2.0] * 5, 1.0, 2.262 * math.sqrt(10 / 9) / math.sqrt(10)),
        ([0.0, 2.0] * 15 + [1.0], 1.0, 2.042 * 1.0 / math.sqrt(31)),
        ([5.0, 5.0, 5.0], 5.0, 0.0),
    ],
)
def test_the_interval_is_t_standard_errors_wide(
    values: list[float], mean: float, half: float
) -> None:
    """t at 97.5 % is 12.706, 4.303, 2.262 and 2.042 with 1, 2, 9 and 30 degrees of freedom."""
    found = interval(values)
    assert found.n == len(values)
    assert found.mean == pytest.approx(mean)
    assert found.high - found.mean == pytest.approx(half, rel=3e-4)
    assert found.mean - found.low == pytest.approx(half, rel=3e-4)


def test_one_replication_has_no_interval() -> None:
    found = interval([4.0])
    assert (found.mean, found.n) == (4.0, 1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
