"""A table written row by row, however many there are: CSV, and Parquet where pyarrow is there."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from hashlib import file_digest
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sim.records.schema import Column, column_names

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

Cell: TypeAlias = str | float | int | bool
Row: TypeAlias = Sequence[Cell]

_DIGITS, _ALL = ".9g", ".15g"
_GROUP = 10_000
"""The rows that are held at a time."""


class Sheet:
    """A table that is being written; numbers have nine digits in CSV, and all in Parquet.

    Those of `exact` columns, which were set and not measured, have all of them in either.
    Numbers that are not there, nan, are empty. Rows are written as groups of one size, so that the
    bytes do not depend on how they came.
    """

    def __init__(
        self, folder: Path, path: str, columns: Sequence[Column], exact: Collection[str] = ()
    ) -> None:
        self._folder, self._paths, self._exact = folder, [f"{path}.csv"], exact
        self._columns = columns
        self._text = (folder / f"{path}.csv").open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._csv.writerow(column_names(columns))
        self._parquet: _Parquet | None = None
        self._held: list[Row] = []
        if find_spec("pyarrow"):
            self._paths.append(f"{path}.parquet")
            self._parquet = _Parquet(folder / f"{path}.parquet", columns)

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        self._held.extend(rows)
        while len(self._held) >= _GROUP:
            self._flush()

    def close(self) -> dict[str, str]:
        """End the table; give the SHA-256 of each of its files, by its path in the folder."""
        if self._held:
            self._flush()
        self._text.close()
        if self._parquet is not None:
            self._parquet.close()
        return {path: _digest(self._folder / path) for path in self._paths}

    def _flush(self) -> None:
        """Write what is held, at most a group, column by column, which is much quicker."""
        some, self._held = self._held[:_GROUP], self._held[_GROUP:]
        whole = list(zip(*some, strict=True))
        self._csv.writerows(zip(*map(self._shown, self._columns, whole), strict=True))
        if self._parquet is not None:
            self._parquet.write(whole)

    def _shown(self, column: Column, cells: Sequence[Cell]) -> Sequence[Cell]:
        if column.kind != "number":
            return ["" if isinstance(cell, float) and isnan(cell) else cell for cell in cells]
        return [_number(cell, _ALL if column.name in self._exact else _DIGITS) for cell in cells]


class _Parquet:
    """The same with all digits, a row group for each group of rows."""

    def __init__(self, file: Path, columns: Sequence[Column]) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        kinds = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}
        kinds["flag"] = pa.bool_()
        self._schema = pa.schema([(column.name, kinds[column.kind]) for column in columns])
        self._writer: pyarrow.parquet.ParquetWriter = parquet.ParquetWriter(
            file, self._schema, compression="zstd"
        )

    def write(self, columns: Iterable[Sequence[Cell]]) -> None:
        import pyarrow as pa

        fields = zip(columns, self._schema, strict=True)
        arrays = [pa.array(cells, field.type, from_pandas=True) for cells, field in fields]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _number(value: Cell, digits: str) -> str:
    shown = format(value, digits)
    return "" if shown == "nan" else shown


def _digest(file: Path) -> str:
    with file.open("rb") as whole:
        return file_digest(whole, "sha256").hexdigest()
