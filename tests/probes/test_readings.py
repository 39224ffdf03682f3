"""Readings that were repeated, and memory that is shared."""

import pytest

from sim.probes.quiet import Noise
from sim.probes.readings import Checked, Held, Reading, parts
from sim.probes.starting import Batch


def test_the_spread_does_not_see_a_single_reading_that_was_disturbed() -> None:
    quiet = (1.0, 1.01, 0.99, 1.0, 1.02, 0.98, 1.0, 1.01)

    assert Reading(quiet).middle == 1.0
    assert Reading((*quiet, 9.0)).spread < 2 * Reading(quiet).spread + 0.01
    assert Reading((1.0,)).spread == 0.0


def test_of_normal_readings_the_spread_is_their_standard_deviation() -> None:
    readings = tuple(10 + step / 100 for step in range(-100, 101))  # uniform, sd 0.577

    assert Reading(readings).spread == pytest.approx(1.0 / 1.349 / 10, rel=0.02)


@pytest.mark.parametrize(
    ("pss", "private", "shared"),
    [
        ({1: 14.0, 2: 10.0, 4: 8.0}, 6.0, 8.0),
        ({1: 5.0, 2: 5.0, 4: 5.0}, 5.0, 0.0),
        ({1: 8.0, 2: 4.0, 4: 2.0}, 0.0, 8.0),
        ({1: 8.0, 2: 3.9, 4: 1.8}, 0.0, 7.92),
        ({1: 4.0, 2: 4.1, 4: 4.3}, 4.13, 0.0),
        ({4: 3.0}, 3.0, 0.0),
    ],
)
def test_pss_is_split_into_what_is_ones_own_and_what_is_shared(
    pss: dict[int, float], private: float, shared: float
) -> None:
    held = parts(pss)

    assert held.private == pytest.approx(private, abs=0.01)
    assert held.shared == pytest.approx(shared, abs=0.01)


def test_what_is_shared_falls_to_each_in_part() -> None:
    assert Held(6.0, 8.0).each(4) == 8.0


@pytest.mark.parametrize(("ready", "middle"), [((1.0, 2.0, 9.0), 2.0), ((1.0, 2.0, 4.0, 9.0), 3.0)])
def test_half_of_a_batch(ready: tuple[float, ...], middle: float) -> None:
    assert Batch(ready, 0.0, 0.0, 0.0, 0.0).median_s == middle


def test_an_error_has_a_sign() -> None:
    assert Checked("x", 8, "last", 1.2, 1.0).error == pytest.approx(0.2)


def test_a_machine_is_too_busy_where_others_use_it_or_take_it_away() -> None:
    assert not Noise(0.02, 0.0).is_much
    assert Noise(0.2, 0.0).is_much
    assert Noise(0.0, 0.1).is_much
    assert Noise(0.0, 0.0, waited_for_disk=0.3).is_much
    said = str(Noise(0.2, 0.1, waited_for_core=0.5))
    assert said == (
        "others use 20% of its cores, 10% is stolen from them,"
        " 50% of the time somebody waits for a core"
    )
