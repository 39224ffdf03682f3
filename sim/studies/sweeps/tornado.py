"""What each input does alone, at the ends of its interval, while all else stays as it is."""

from __future__ import annotations

from math import isnan

import pandas as pd

from sim.records.movers import swings
from sim.records.sweep_schema import sweep_columns
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.samples import OneAtATime
from sim.studies.sweeps.sensitivity import Outputs


def tornado(design: OneAtATime, outputs: Outputs) -> pd.DataFrame:
    """Put the answer at both ends of each input beside that of the scenario as it stands.

    The widest swing comes first, then what moves nothing, and last what has no answer at an end.
    """
    rows = [_row(varied, outputs, 1 + 2 * at) for at, varied in enumerate(design.inputs)]
    table = pd.DataFrame(rows, columns=sweep_columns("tornado", ()))
    order = swings(table).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _row(varied: Input, outputs: Outputs, low: int) -> tuple[object, ...]:
    """What stands of an input whose lower end is in this row, and the upper in the next."""
    ends = (low, low + 1)
    missing = [row for row in (0, *ends) if isnan(outputs.values[row])]
    return (
        *(outputs.metric, outputs.platform, varied.path),
        *(varied.low, varied.high, varied.writing.unit),
        *(outputs.values[row] for row in ends),
        *(outputs.values[0], outputs.unit, varied.evidence),
        outputs.why(missing) if missing else "",
    )
