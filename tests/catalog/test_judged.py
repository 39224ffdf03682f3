"""What is stored of the model's accuracy is what the model says now, and it is good enough.

The targets are those that the model is held to; sources weigh the same. Simulating all observations
anew is what makes sure that the stored figures are true.
"""

import os
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from catalog.judged import STORED, written

from sim.catalog.observed import calibrations, catalog_observations, crossed_rows
from sim.studies.accuracy import by_kind, errors, order_kept
from sim.studies.fitting import sensitivity
from sim.studies.judging import Judged, Question, judge, outcome
from sim.studies.trust import judged
from sim.studies.validate import stored

MANY = 5
"""A source with as many rows is judged by how they spread; of others each row stands alone."""


def of_sources(*, many: bool) -> list[Judged]:
    """The rows of sources with five or more, or of all others."""
    counts = Counter(each.observation.source for each in judged())
    return [each for each in judged() if (counts[each.observation.source] >= MANY) is many]


@cache
def anew() -> list[Judged]:
    return judge(jobs=os.cpu_count() or 1)


def test_what_is_stored_is_what_the_model_says() -> None:
    """To nine digits; write it anew with tests/write_judged.py."""
    said = [line.split(",") for line in STORED.read_text(encoding="utf-8").splitlines()]
    now = [line.split(",") for line in written(anew()).splitlines()]
    assert [(line[0], line[3]) for line in said] == [(line[0], line[3]) for line in now]
    for (name, *one, _), (_, *other, _) in zip(said[1:], now[1:], strict=True):
        numbers = [[float(cell or "nan") for cell in cells] for cells in (one, other)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-7, abs=1e-7, nan_ok=True), name


def test_enough_observations_of_enough_sources_are_used() -> None:
    assert len(judged()) >= 300
    assert len({each.observation.source for each in judged()}) >= 15


def test_sources_of_many_rows_are_predicted_within_eight_percent() -> None:
    found = errors(of_sources(many=True))
    assert found is not None
    assert found.median <= 0.08
    assert found.p90 <= 0.30


def test_no_kind_of_thing_is_predicted_worse_than_within_twelve_percent() -> None:
    off = {kind: found.median for kind, found in by_kind(judged()).items()}
    assert off
    assert not {kind: median for kind, median in off.items() if median > 0.12}


def test_single_rows_are_predicted_within_a_quarter() -> None:
    found = errors(of_sources(many=False))
    assert found is not None
    assert found.median <= 0.25


def test_curves_keep_their_order() -> None:
    found = order_kept(judged())
    assert found is not None
    assert found >= 0.95


def of_crossed(*, sources: bool) -> list[Judged]:
    """The rows that were judged by numbers fitted without a source, or without a level."""
    assert crossed_rows()
    return [each.judged for each in stored() if (each.by == "source") is sources]


def test_what_is_stored_of_a_level_that_was_left_out_is_what_comes_of_it() -> None:
    """The store of images, one number: its fit without one boot at a time, found anew."""
    (calibration,) = (each for each in calibrations() if len(each.numbers) == 1)
    known = {row.observation.id: row.observation for row in catalog_observations()}
    rows = [known[row] for row in calibration.rows]
    alone = [row for row in rows if row.started_at_once == 1]
    numbers = sensitivity(calibration, rows).numbers({row.id for row in alone})

    found = {row.id: outcome(Question(row, numbers))[0] for row in alone}

    said = {
        each.judged.observation.id: each.judged.predicted
        for each in stored()
        if (each.by, each.level) == ("started_at_once", "1") and each.judged.observation in alone
    }
    assert said == pytest.approx(found, rel=1e-7)


def test_levels_that_were_left_out_of_the_fits_are_predicted_within_twelve_percent() -> None:
    found = errors(of_crossed(sources=False))
    assert found is not None
    assert found.median <= 0.12
    assert found.p90 <= 0.30


def test_sources_that_were_left_out_are_predicted_within_a_factor_of_two() -> None:
    rows = of_crossed(sources=True)
    found = errors(rows)
    assert found is not None
    assert found.median <= 0.30
    factors = errors(_as_factor(each) for each in rows)
    assert factors is not None
    assert 1.0 + factors.p90 <= 2.0


def _as_factor(each: Judged) -> Judged:
    """The row as if the model had said as many times too much as it said too little."""
    assert each.error is not None
    times = 1.0 + each.error
    return replace(each, predicted=each.observation.value * max(times, 1.0 / times))
