"""Where values stand on an axis, from 0 or on a log scale."""

import pytest

from sim.report.figures.scale import scale_of


def test_values_that_are_near_stand_on_an_axis_from_0():
    near = scale_of([2.0, 4.0, 0.0])
    assert not near.is_log
    assert [near.share(value) for value in (2, 4, 0)] == [0.5, 1, 0]
    assert not scale_of([1.0, 6.0]).is_log


def test_values_far_apart_stand_on_a_log_axis_each_decade_as_wide_and_0_before_all():
    far = scale_of([1.0, 1000.0, 10.0, 0.0])
    assert far.is_log
    one, ten, hundred, thousand = (far.share(value) for value in (1, 10, 100, 1000))
    assert (far.share(0), thousand) == (0, pytest.approx(1))
    assert one > 0
    assert ten - one == pytest.approx(hundred - ten) == pytest.approx(thousand - hundred)


def test_where_there_is_nothing_it_stands_at_the_beginning():
    assert scale_of([0.0]).share(0.0) == scale_of([]).share(0.0) == 0
