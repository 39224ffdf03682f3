"""Validate the model: judge observations, and sum up how far it is off.

validation = validate()                                  # the observations of the catalog
validation = validate(read_observations("mine.csv"))     # anybody's
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from sim.catalog.observed import Row, catalog_observations, crossed_rows
from sim.records.validation import Validation
from sim.studies import judged_tables as tables
from sim.studies.accuracy import order_kept
from sim.studies.crossing import Crossed, cross_validate
from sim.studies.judging import Judged, Progress, judge


def validate(
    rows: Sequence[Row] | None = None,
    *,
    jobs: int = 1,
    cross: bool = False,
    progress: Progress | None = None,
) -> Validation:
    """Judge observations, those of the catalog where none are given, and sum up the errors.

    Beside those of the catalog stand predictions by numbers that were fitted without them, as they
    were stored with it, or found anew with `cross`. `jobs` processes share the work; what comes out
    does not depend on how many.
    Raises ScenarioError with all that is wrong with what the rows name.
    """
    judged = judge(rows, jobs=jobs, progress=progress)
    if rows is not None:
        return summed_up(judged, [], is_own=False)
    return summed_up(judged, cross_validate(jobs) if cross else stored(), is_own=True)


def stored() -> list[Crossed]:
    """The predictions by numbers fitted without their rows that the catalog was stored with."""
    known = {row.observation.id: row.observation for row in catalog_observations()}
    return [
        Crossed(
            row["by"], row["level"], Judged(known[row["id"]], float(row["predicted"]), "left-out")
        )
        for row in crossed_rows()
        if row["id"] in known and row["predicted"]
    ]


def summed_up(
    judged: Sequence[Judged], crossed: Sequence[Crossed], *, is_own: bool
) -> Validation:
    """Put what was judged into tables; of the catalog's own rows more is known than of others."""
    order = order_kept(judged)
    return Validation(
        observations=tables.observed(judged),
        errors=tables.off(judged, crossed),
        curves=tables.followed(judged),
        crossed=tables.crossed(crossed),
        calibrations=tables.calibrated(judged) if is_own else tables.none("calibrations"),
        unused=tables.unused() if is_own else tables.none("unused"),
        order=nan if order is None else order,
        cells=tuple(tables.cells(each.observation) for each in judged),
    )
