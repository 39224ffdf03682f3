"""The answer of a sweep as one JSON document."""

import math

from pandas import DataFrame

from sim.report.document import Json
from sim.report.sweeps.swept import Axis, Swept

_TABLES = (
    *("points", "summary", "differences", "winners", "effects"),
    *("crossings", "sensitivity", "tornado", "failures"),
)


def sweep_document(swept: Swept) -> dict[str, Json]:
    """Everything that a report says of a sweep, table by table, a mapping a row."""
    about: dict[str, Json] = {
        "schema": 1,
        "scenario": swept.name,
        "seed": swept.scenario.seed,
        "design": swept.design,
        "axes": [_axis(axis) for axis in swept.axes],
        "platforms": [*swept.platforms],
        "metrics": [*swept.metrics],
        "runs": swept.runs,
        "failed": swept.failed,
    }
    return about | {name: _rows(getattr(swept, name)) for name in _TABLES}


def _axis(axis: Axis) -> dict[str, Json]:
    return {"path": axis.path, "name": axis.name, "unit": axis.unit}


def _rows(table: DataFrame) -> list[Json]:
    return [
        {str(name): _cell(cell) for name, cell in row.items()}
        for row in table.astype(object).to_dict("records")
    ]


def _cell(cell: Json) -> Json:
    """JSON has no NaN and no infinity."""
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
