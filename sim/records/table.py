"""A table of a run as plain columns, which becomes a data frame once somebody asks for one.

Of the tables of a run most serve a few sums. A frame costs a hundred times what a column does, and
a sweep of many short runs would spend half of its time on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # a frame is made where it is asked for
    import pandas as pd

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Values: TypeAlias = NDArray[np.generic]
Columns: TypeAlias = Mapping[str, Values]


class Table:
    """Columns of one length, by name; they may be worked out as late as they are asked for."""

    def __init__(self, columns: Columns | Callable[[], Columns]) -> None:
        self._given = columns

    @classmethod
    def of_rows(cls, names: Iterable[str], rows: Sequence[Sequence[object]]) -> Table:
        """Make a table of rows, each with a value for each name."""
        names = list(names)
        values = zip(*rows, strict=True) if rows else [()] * len(names)
        return cls({name: _compact(each) for name, each in zip(names, values, strict=True)})

    @cached_property
    def columns(self) -> Columns:
        """The values of each column by its name."""
        return self._given() if callable(self._given) else self._given

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def numbers(self, name: str) -> Floats:
        """A column as floats; nan where it is empty."""
        return np.asarray(self.columns[name], dtype=float)

    def words(self, name: str) -> NDArray[np.object_]:
        """A column as objects, to be compared."""
        return np.asarray(self.columns[name], dtype=object)

    def total(self, name: str) -> float:
        """The sum of a column of numbers that has no gaps."""
        return float(self.numbers(name).sum())

    def first(self, count: int) -> Table:
        """So many rows from the top."""
        return Table({name: values[:count] for name, values in self.columns.items()})

    def where(self, chosen: Flags) -> Table:
        """The rows that are chosen."""
        return Table({name: values[chosen] for name, values in self.columns.items()})

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same as a data frame, whose types are those that pandas finds in the values."""
        import pandas as pd

        if not len(self):
            return pd.DataFrame(columns=list(self.columns))
        return pd.DataFrame({name: _plain(values) for name, values in self.columns.items()})


def _compact(values: Sequence[object]) -> Values:
    """Numbers as an array of them, and everything else as objects."""
    if values and not isinstance(values[0], str):
        array = np.array(values)
        if array.dtype.kind in "biuf":
            return array
    return np.array(values, dtype=object)


def _plain(values: Values) -> Values | list[object]:
    """Objects as a list, in which pandas looks for what they have in common."""
    return values.tolist() if values.dtype == object else values
