"""What a sweep varies: each axis with its values, and the column that it has in every table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TypeAlias

from sim import units
from sim.errors import shown

Cell: TypeAlias = str | float

_UNITS = {"B": "bytes", "B/s": "bytes/s", "%": ""}
"""The units of tables, where they are not those of files."""


@dataclass(frozen=True)
class Writing:
    """How the numbers of an axis are written where it stands: like this one, of this dimension.

    Bare numbers have no dimension, and are whole where no others are taken.
    """

    dimension: units.Dimension | None = None
    like: object = None
    is_whole: bool = False

    @property
    def unit(self) -> str:
        """The unit of its numbers in tables; empty for fractions and bare numbers."""
        base = self.dimension.base if self.dimension else ""
        return _UNITS.get(base, base)

    def number(self, value: object) -> float:
        """A value in its base unit; nan where there is none."""
        if self.dimension is None:
            return float(value) if isinstance(value, int | float) else nan
        try:
            return units.parse_quantity(value, self.dimension)
        except units.QuantityError:
            return nan

    def written(self, number: float) -> object:
        """A number as the scenario takes it, the same on every machine."""
        if self.dimension is not None:
            return units.write_like(number, self.like, self.dimension)
        return round(number) if self.is_whole else float(f"{number:.12g}")


@dataclass(frozen=True)
class Axis:
    """A path, with the values that it has in turn; `base` is the scenario's own.

    Where all of them are numbers, it knows how to write others. `is_log` is for one that goes by
    factors.
    """

    path: str
    values: Sequence[object]
    base: object = None
    writing: Writing | None = None
    is_log: bool = False

    @property
    def unit(self) -> str:
        """The unit of its numbers in tables; empty for fractions, bare numbers and words."""
        return "" if self.writing is None else self.writing.unit

    @property
    def name(self) -> str:
        """Its column: the path, with the unit unless that is said already."""
        words = self.unit.replace("/", "_per_").replace("-", "_").strip("_")
        return f"{self.path}_{words}" if words and not self.path.endswith(words) else self.path

    @cached_property
    def numbers(self) -> tuple[float, ...] | None:
        """Its values as numbers in the base unit; None where some are words."""
        writing = self.writing
        return None if writing is None else tuple(map(writing.number, self.values))

    def cell(self, values: Mapping[str, object]) -> Cell:
        """What stands in its column for a point; where that sets nothing, the scenario's own."""
        value = values.get(self.path, self.base)
        return text_of(value) if self.writing is None else self.writing.number(value)


def text_of(value: object) -> str:
    """A value in words: its name, if it has one."""
    match value:
        case str():
            return value
        case {"name": name}:
            return str(name)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return "" if value is None else shown(value)
