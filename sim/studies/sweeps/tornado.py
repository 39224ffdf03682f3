"""What each input does alone, at the ends of its interval, while all else stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import isnan

import pandas as pd

from sim.studies.sweeps.samples import OneAtATime
from sim.studies.sweeps.sensitivity import Outputs

COLUMNS = (
    *("metric", "platform", "input", "low_input", "high_input", "input_unit"),
    *("at_low", "at_high", "base", "unit", "evidence"),
)


@dataclass(frozen=True)
class Mover:
    """The number that moves an answer most, of those with some grades of evidence.

    `moving` of all inputs change the answer at all, and `still` are those that change no bit of it.
    """

    metric: str
    platform: str
    input: str
    evidence: str
    low_input: float
    high_input: float
    input_unit: str
    at_low: float
    at_high: float
    base: float
    unit: str
    moving: int
    still: int


def tornado(design: OneAtATime, outputs: Outputs) -> pd.DataFrame:
    """Put the answer at both ends of each input beside that of the scenario as it stands.

    The widest swing comes first; what moves nothing comes last, and so does what fails.
    """
    base = outputs.values[0]
    found = [
        (
            *(outputs.metric, outputs.platform, varied.path, varied.low, varied.high),
            *(varied.dimension.base, outputs.values[1 + 2 * place], outputs.values[2 + 2 * place]),
            *(base, outputs.unit, varied.evidence),
        )
        for place, varied in enumerate(design.inputs)
    ]
    table = pd.DataFrame(found, columns=[*COLUMNS])
    order = swings(table).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def swings(table: pd.DataFrame) -> pd.Series[float]:
    """How far the answer reaches from one end to the other, over where it stands.

    It is nan where an end has none.
    """
    reached = table[["at_low", "at_high", "base"]]
    return (reached.max(axis=1) - reached.min(axis=1)).where(reached.notna().all(axis=1))


def mover(table: pd.DataFrame, grades: Collection[str] = ("assumed",)) -> Mover | None:
    """Say which number of some grades moves the answer of one metric and platform most.

    None where no such number moves it.
    """
    swing = swings(table)
    moving = swing > 0.0
    found = table[moving & table["evidence"].isin(grades)]
    if found.empty:
        return None
    first = found.loc[swing[found.index].idxmax()]
    facts = {name: first[name] for name in COLUMNS}
    return Mover(**facts, moving=int(moving.sum()), still=int((swing == 0.0).sum()))


def failures(design: OneAtATime, outputs: Outputs) -> tuple[str, ...]:
    """Say of each end at which there is no answer why."""
    ends = ((row, design.row(row)) for row in range(1, len(design)) if isnan(outputs.values[row]))
    return tuple(
        f"{path} = {value} gives no {outputs.metric} on {outputs.platform}: "
        f"{outputs.reasons.get(row, 'its runs do not have it')}"
        for row, values in ends
        for path, value in values.items()
    )
