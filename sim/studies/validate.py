"""Validate the model: judge observations, and sum up how far it is off.

    validation = validate()                                  # the observations of the catalog
    validation = validate(read_observations("mine.csv"))     # anybody's
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from sim.catalog.observed import Row
from sim.records.validation import Validation
from sim.studies import judged_tables as tables
from sim.studies.accuracy import order_kept
from sim.studies.judging import Judged, Progress, judge


def validate(
    rows: Sequence[Row] | None = None, *, jobs: int = 1, progress: Progress | None = None
) -> Validation:
    """Judge observations, those of the catalog where none are given, and sum up the errors.

    `jobs` processes share them; what comes out does not depend on how many.
    Raises ScenarioError with all that is wrong with what the rows name.
    """
    return summed_up(judge(rows, jobs=jobs, progress=progress), is_own=rows is None)


def summed_up(judged: Sequence[Judged], *, is_own: bool) -> Validation:
    """Put what was judged into tables; of the catalog's own rows more is known than of others."""
    order = order_kept(judged)
    return Validation(
        observations=tables.observed(judged),
        errors=tables.off(judged),
        curves=tables.followed(judged),
        calibrations=tables.calibrated(judged) if is_own else tables.none("calibrations"),
        unused=tables.unused() if is_own else tables.none("unused"),
        order=nan if order is None else order,
        cells=tuple(tables.cells(each.observation) for each in judged),
    )
