"""One flow on a link: its window over its round trip."""

from math import inf

import pytest

from sim.resources.link import window_cap


def test_a_window_of_64_kib_over_10_ms_is_6_5_megabytes_a_second() -> None:
    assert window_cap(65_536, 0.010) == pytest.approx(6_553_600)


def test_without_a_round_trip_the_window_does_not_limit() -> None:
    assert window_cap(65_536, 0.0) == inf
