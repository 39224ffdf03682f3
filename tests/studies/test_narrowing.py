"""Where a difference changes its sign is found by asking for ever closer places."""

from __future__ import annotations

from math import isnan, nan

import pytest

from sim.studies.intervals import Interval
from sim.studies.sweeps.narrowing import Asking, Scale, Turn, search


def _asked(asking: Asking, at: object) -> tuple[Turn, list[float]]:
    """Answer a search by a function, until it has found its place."""
    asked: list[float] = []
    assert callable(at)
    try:
        place = next(asking)
        while True:
            asked.append(place)
            place = asking.send(at(place))
    except StopIteration as done:
        return done.value, asked


def _falling(width: float, zero: float) -> object:
    return lambda x: Interval(zero - x, zero - x - width, zero - x + width, 10)


def _known(at: object, *places: float) -> dict[float, Interval]:
    assert callable(at)
    return {place: at(place) for place in places}


def test_a_straight_line_is_found_exactly_with_its_interval() -> None:
    """37 − x ± 2 is zero at 37, and covers zero from 35 to 39."""
    at = _falling(2.0, 37.0)
    turn, asked = _asked(search(_known(at, 10, 100), 10, 100, Scale(0.01)), at)
    assert turn.value == pytest.approx(37.0)
    assert turn.low == pytest.approx(35.0, rel=0.01)
    assert turn.low <= 35.0
    assert turn.high == pytest.approx(39.0, rel=0.01)
    assert turn.high >= 39.0
    assert len(asked) < 25


def test_whole_numbers_are_asked_for_alone_down_to_neighbours() -> None:
    at = _falling(0.0, 36.5)
    turn, asked = _asked(search(_known(at, 10, 100), 10, 100, Scale(0.0, is_whole=True)), at)
    assert (turn.low, turn.value, turn.high) == (36, 36.5, 37)
    assert all(place == int(place) for place in asked)


def test_a_log_scale_halves_factors() -> None:
    at = _falling(0.0, 5.0)
    _, asked = _asked(search(_known(at, 1, 10_000), 1, 10_000, Scale(0.5, is_log=True)), at)
    assert asked[0] == 100.0


def test_places_that_are_known_are_not_asked_for_again() -> None:
    at = _falling(1.0, 50.0)
    known = _known(at, 0, 25, 50, 75, 100)
    _, asked = _asked(search(known, 25, 75, Scale(0.02)), at)
    assert not {0, 25, 50, 75, 100} & {*asked}


def test_where_nothing_is_sure_on_a_side_the_bound_is_none() -> None:
    at = _falling(60.0, 50.0)
    turn, _ = _asked(search(_known(at, 0, 100), 0, 100, Scale(0.1)), at)
    assert isnan(turn.low)
    assert isnan(turn.high)


def test_one_replication_has_a_place_and_no_interval() -> None:
    def at(x: float) -> Interval:
        return Interval(50 - x, nan, nan, 1)

    turn, _ = _asked(search(_known(at, 0, 100), 0, 100, Scale(0.05)), at)
    assert turn.value == pytest.approx(50.0)
    assert isnan(turn.low)
