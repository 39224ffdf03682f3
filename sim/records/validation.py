"""The answer of a validation: observations beside what the model says, and how far it is off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Validation:
    """What was measured and what was predicted; `schema` describes the columns of the tables.

    `observations` has a row each, `errors` a row for all of them, for each source, kind, platform
    and role, `crossed` one for each that was predicted by numbers fitted without it, and
    `calibrations` one for each set of numbers that were fitted together. `order`
    is the rank correlation over steps of curves that differ by more than 10 %, nan without any.
    `cells` has the texts of each row by its column, in the order of `observations`.
    """

    observations: pd.DataFrame
    errors: pd.DataFrame
    crossed: pd.DataFrame
    calibrations: pd.DataFrame
    order: float
    cells: tuple[Mapping[str, object], ...]
