"""Validate the model: judge observations, and sum up how far it is off.

validation = validate()                                  # the observations of the catalog
validation = validate(read_observations("mine.csv"))     # anybody's
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import nan

import pandas as pd

from sim.catalog.observed import Row, calibrations
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
from sim.studies.judging import Judged, Progress, judge

_TOLD = ("hosts", "workload", "image", "image_state", "page_cache", "vcpus", "guest_memory",
         "started_at_once", "in_flight", "already_running", "cpu_busy_cores", "clients", "link",
         "relative_to", "from", "to")  # fmt: skip
"""The conditions that are told of an observation where its row states them."""


def validate(
    rows: Sequence[Row] | None = None, *, jobs: int = 1, progress: Progress | None = None
) -> Validation:
    """Judge observations, those of the catalog where none are given, and sum up the errors.

    `jobs` processes share them; what comes out does not depend on how many.
    Raises ScenarioError with all that is wrong with what the rows name.
    """
    return summed_up(judge(rows, jobs=jobs, progress=progress))


def summed_up(judged: Sequence[Judged]) -> Validation:
    """Put what was judged into tables."""
    groups: dict[str, Mapping[str, Errors | None]] = {
        "all": {"": errors(judged)},
        "role": by_role(judged),
        "kind": by_kind(judged),
        "platform": by_platform(judged),
        "source": by_source(judged),
    }
    order = order_kept(judged)
    return Validation(
        observations=_table("observations", [_row(each) for each in judged]),
        errors=_table(
            "errors",
            [
                _errors(by, name, found)
                for by, group in groups.items()
                for name, found in group.items()
            ],
        ),
        calibrations=_table("calibrations", _calibrated(judged)),
        order=nan if order is None else order,
        cells=tuple(_cells(each.observation) for each in judged),
    )


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
