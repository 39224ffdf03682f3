"""Rows gathered into a frame, column by column, so that many of them take little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from sys import intern

import numpy as np
import pandas as pd

from sim.records.schema import Column, column_names
from sim.studies.sweeps.sheet import Cell, Row


class Gathered:
    """The rows of a table, in order."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._cells = [_empty(column) for column in columns]

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            for cells, cell in zip(self._cells, row, strict=True):
                cells.append(intern(cell) if isinstance(cell, str) else cell)  # type: ignore[arg-type]  # its column's kind

    def frame(self) -> pd.DataFrame:
        """All of them as a frame."""
        found = {
            column.name: np.frombuffer(cells) if isinstance(cells, array) and len(cells) else cells
            for column, cells in zip(self._columns, self._cells, strict=True)
        }
        return pd.DataFrame(found, columns=column_names(self._columns))


def _empty(column: Column) -> list[Cell] | array[float]:
    return array("d") if column.kind == "number" else []
