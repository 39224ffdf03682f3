"""The waist: a run leaves nothing behind but its result."""

from __future__ import annotations

import gc

from model.test_order_and_repeat import LIVELY

from sim.simulation import simulate


def test_what_a_run_made_is_given_back_once_it_is_over() -> None:
    """Its objects know each other in circles, which nobody but the collector finds."""
    simulate(LIVELY)
    simulate(LIVELY)
    before = len(gc.get_objects())
    for _ in range(3):
        simulate(LIVELY)
    assert len(gc.get_objects()) < before + 100


def test_the_collector_is_as_it_was() -> None:
    simulate(LIVELY)
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
