"""Which number moves an answer most, read off the table that varies each alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Mover:
    """The number, of those with some grades of evidence, that moves an answer most.

    `swing` is how far the answer reaches over the interval, in the metric's unit. Of all numbers,
    `moving` change the answer, and `still` change no bit of it.
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
    swing: float
    moving: int
    still: int


def swings(table: pd.DataFrame) -> pd.Series[float]:
    """How far the answer reaches over the interval of each row of the table `tornado`.

    It is nan where the answer is missing at an end.
    """
    reached = table[["at_low", "at_high", "base"]].astype(float)
    return (reached.max(axis=1) - reached.min(axis=1)).where(reached.notna().all(axis=1))


def movers(table: pd.DataFrame, grades: Collection[str] = ("assumed",)) -> Iterator[Mover]:
    """Tell for each metric and platform which number of some grades moves the answer most.

    Where none of them moves it, there is none.
    """
    for _, part in table.groupby(["metric", "platform"], sort=False):
        swing = swings(part)
        moving, still = int((swing > 0.0).sum()), int((swing == 0.0).sum())
        found = part.assign(swing=swing)[(swing > 0.0) & part["evidence"].isin([*grades])]
        widest = found.nlargest(1, "swing").drop(columns="reason")
        for facts in widest.to_dict("records"):
            named = {str(name): fact for name, fact in facts.items()}
            yield Mover(**named, moving=moving, still=still)
