"""The answer of a validation: observations beside what the model says, and how far it is off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

KINDS = (
    *("start-up alone", "start-up under load", "memory", "density"),
    *("CPU", "disk", "network", "image"),
)
"""The kinds of things that are measured, in the order of reading."""


@dataclass(frozen=True)
class Validation:
    """What was measured and what was predicted; `schema` describes the columns of the tables.

    `observations` has a row each, `errors` a row for all of them, for each source, kind, platform
    and role, `curves` one for each point of a curve, `crossed` one for each that was predicted by
    numbers fitted without it, `calibrations` one for each set of numbers that were fitted together,
    and `unused` one for each row of evidence that is not used; the last three are empty for
    observations that are not the catalog's. `order` is the rank correlation over steps of curves
    that differ by more than 10 %, nan without any.
    `cells` has the texts of each row by its column, in the order of `observations`.
    """

    observations: pd.DataFrame
    errors: pd.DataFrame
    curves: pd.DataFrame
    crossed: pd.DataFrame
    calibrations: pd.DataFrame
    unused: pd.DataFrame
    order: float
    cells: tuple[Mapping[str, object], ...]
