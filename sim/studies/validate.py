"""Validate the model: judge observations, and sum up how far it is off.

validation = validate()                                  # the observations of the catalog
validation = validate(read_observations("mine.csv"))     # anybody's
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from math import nan

import pandas as pd

from sim.catalog.observed import Row, calibrations, catalog_observations, crossed_rows
from sim.records.schema import VALIDATION_TABLES, column_names
from sim.records.validation import Validation
from sim.spec.observation import COLUMNS, Observation
from sim.studies.accuracy import (
    Errors,
    by_kind,
    by_platform,
    by_role,
    by_source,
    errors,
    kind_of,
    order_kept,
    platform_of,
)
from sim.studies.crossing import Crossed, cross_validate
from sim.studies.judging import Judged, Progress, judge

_TOLD = ("hosts", "workload", "image", "image_state", "page_cache", "vcpus", "guest_memory",
         "started_at_once", "in_flight", "already_running", "cpu_busy_cores", "clients", "link",
         "relative_to", "from", "to")  # fmt: skip
"""The conditions that are told of an observation where its row states them."""


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
        return summed_up(judged, [])
    return summed_up(judged, cross_validate(jobs) if cross else stored())


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


def summed_up(judged: Sequence[Judged], crossed: Sequence[Crossed]) -> Validation:
    """Put what was judged into tables."""
    order = order_kept(judged)
    return Validation(
        observations=_table("observations", [_row(each) for each in judged]),
        errors=_table("errors", [*_summed(judged), *_summed_crossed(crossed)]),
        crossed=_table("crossed", [_crossed(each) for each in crossed]),
        calibrations=_table("calibrations", _calibrated(judged)),
        order=nan if order is None else order,
        cells=tuple(_cells(each.observation) for each in judged),
    )


def _summed(judged: Sequence[Judged]) -> Iterator[dict[str, object]]:
    """The errors of all rows, and of those that have something in common."""
    groups: dict[str, Mapping[str, Errors | None]] = {
        "all": {"": errors(judged)},
        "role": by_role(judged),
        "kind": by_kind(judged),
        "platform": by_platform(judged),
        "source": by_source(judged),
    }
    for by, group in groups.items():
        yield from (_errors(by, name, found) for name, found in group.items())


def _summed_crossed(crossed: Sequence[Crossed]) -> Iterator[dict[str, object]]:
    """The errors of rows that were left out, by levels and by sources."""
    for name, is_source in (("levels", False), ("sources", True)):
        found = errors(each.judged for each in crossed if (each.by == "source") is is_source)
        if found is not None:
            yield _errors("crossed", name, found)


def _table(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=column_names(VALIDATION_TABLES[name]))


def _row(each: Judged) -> dict[str, object]:
    observation = each.observation
    cells = _cells(observation)
    told = [f"{column} {cells[column]}" for column in _TOLD if cells[column] is not None]
    return {
        "id": observation.id,
        "source": observation.source,
        "kind": kind_of(observation),
        "platform": platform_of(observation),
        "conditions": ", ".join(told),
        "metric": observation.metric,
        "statistic": observation.statistic,
        "value": observation.value,
        "predicted": nan if each.predicted is None else each.predicted,
        "unit": observation.unit,
        "error": nan if each.error is None else each.error,
        "role": each.role,
        "reason": each.reason,
    }


def _crossed(each: Crossed) -> dict[str, object]:
    row = _row(each.judged)
    return {"by": each.by, "level": each.level, **row}


def _cells(observation: Observation) -> dict[str, object]:
    """The cells of a row by column, None where it states nothing."""
    stated = observation.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {column: stated.get(column) for column in COLUMNS}


def _errors(by: str, name: str, found: Errors | None) -> dict[str, object]:
    told = {} if found is None else asdict(found)
    return {"by": by, "name": name, "rows": 0, "sources": 0, **told}


def _calibrated(judged: Sequence[Judged]) -> list[dict[str, object]]:
    """How many numbers were fitted to how many rows, and how well."""
    return [
        {
            "calibration": each.name,
            "numbers": len(each.numbers),
            "rows": len(each.rows),
            "median": nan if found is None else found.median,
        }
        for each in calibrations()
        for found in [errors(one for one in judged if one.observation.id in each.rows)]
    ]
