"""Designs that ask what moves an answer, as rows that say by path what is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.lazy import Lazy

Row: TypeAlias = Mapping[str, object]
Method = Literal["morris", "sobol"]


@dataclass(frozen=True, eq=False)
class Sample(Lazy[Row]):
    """Rows at which all inputs are set, in blocks of which each is a small experiment of its own.

    `places` has a row for each and a column for each input, from 0 to 1 over its interval. A block
    is a trajectory of Morris, or what stands around one base point in Saltelli's scheme.
    """

    method: Method
    inputs: tuple[Input, ...]
    places: NDArray[np.float64]
    seed: int

    @property
    def block(self) -> int:
        """How many rows make one experiment."""
        return len(self.inputs) + (1 if self.method == "morris" else 2)

    def __len__(self) -> int:
        return len(self.places)

    def at(self, number: int) -> Row:
        """Set each input to its value of this row."""
        pairs = zip(self.inputs, self.places[number], strict=True)
        return {varied.path: varied.written(float(place)) for varied, place in pairs}


@dataclass(frozen=True)
class OneAtATime(Lazy[Row]):
    """The scenario as it stands, and then each input alone at the low and the high end of it."""

    inputs: tuple[Input, ...]

    def __len__(self) -> int:
        return 1 + 2 * len(self.inputs)

    def at(self, number: int) -> Row:
        """Set nothing in row 0, and one end of one input in every other."""
        if number == 0:
            return {}
        place, end = divmod(number - 1, 2)
        return {self.inputs[place].path: self.inputs[place].written(float(end))}
