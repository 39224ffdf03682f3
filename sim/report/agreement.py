"""Whether a run gives the tables of a report again, and if it does not, where they part."""

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Series, to_numeric

from sim.report.comparison import Comparison
from sim.report.tables import digits, files, frames

OnDisk = Literal["as written", "edited", "missing"]
"""Whether a file still is what its manifest says."""

Again = Literal["identical", "equal to 9 digits", "differs", "gone", "new", "not compared"]
"""Whether a run gives what the manifest says.

`gone` is a file that this run does not write, `new` one that the manifest does not have; what is
`not compared` is a Parquet file, where pyarrow is not installed.
"""

HOLDING = ("identical", "not compared", "equal to 9 digits")
"""What a run may make of a table and keep the contract."""

_SAME = 1e-9
_ROW_NAMES = (
    *("scenario", "platform", "scope", "name", "replication", "group", "instance", "metric"),
    *("question", "host", "resource", "component", "phase", "path", "event", "fault", "share"),
    "kind",
)
_FIRST_ROW = 2
"""Where the first row below the heading is, as editors and spreadsheets count."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it stands in a file and as a run gives it, and by how much the two differ.

    `row` counts the heading as 1; `of` names the row; `relative` is to the larger of the two.
    """

    row: int
    column: str
    of: Mapping[str, str]
    written: str
    now: str
    absolute: float
    relative: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How a file differs from what a run gives: rows of each, columns, cells, which are largest.

    Where the numbers of rows differ, only `first` is told, for one row more moves all that follow.
    """

    rows: tuple[int, int]
    only_in_one: tuple[str, ...]
    columns: tuple[str, ...] = ()
    cells: int = 0
    first: Cell | None = None
    largest_absolute: Cell | None = None
    largest_relative: Cell | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What became of one file of a report; no `difference` where there is nothing to compare.

    `how` says in words what a file has become whose cells do not tell it: empty, say.
    """

    on_disk: OnDisk
    again: Again
    difference: Difference | None = None
    how: str = ""

    @property
    def holds(self) -> bool:
        """Whether the file is as written, and what a run gives to nine digits."""
        return self.on_disk == "as written" and self.again in HOLDING


def agreements(
    folder: Path, hashes: Mapping[str, str], comparisons: Mapping[str, Comparison]
) -> dict[str, Agreement]:
    """Compare every table of a report with those of a run of its scenarios, by its path.

    `hashes` are the manifest's. A Parquet file, which has more digits than its CSV file, is
    compared by its hash, and goes by its CSV file where that differs.
    """
    found: dict[str, Agreement] = {}
    for path, frame in frames(comparisons).items():
        (_, now), *twins = files(path, frame)
        found[path] = _of_table(folder / path, hashes.get(path), now, frame)
        for twin, content in twins:
            found[twin] = _of_twin(folder / twin, hashes.get(twin), content, found[path])
    twins_of = {path.removesuffix("csv") + "parquet" for path in found}
    for path in sorted(hashes.keys() - found.keys()):
        is_twin = path in twins_of
        on_disk = _on_disk(_content(folder / path), hashes[path]) if is_twin else "as written"
        found[path] = Agreement(on_disk, "not compared" if is_twin else "gone")
    return found


def _of_table(file: Path, stated: str | None, now: bytes, frame: DataFrame) -> Agreement:
    written = _content(file)
    on_disk, again = _on_disk(written, stated), _again(now, stated)
    if written is None or (on_disk, again) == ("as written", "identical"):
        return Agreement(on_disk, again)
    try:
        pair = _Pair(_cells(written), _cells(now), frame)
    except (ValueError, csv.Error) as error:
        return Agreement(on_disk, again, how=str(error))
    is_equal = (on_disk, again) == ("as written", "differs") and pair.is_equal(digits(file.name))
    how = _written_otherwise(written, now) if pair.is_same else ""
    return Agreement(on_disk, "equal to 9 digits" if is_equal else again, pair.difference(), how)


def _written_otherwise(written: bytes, now: bytes) -> str:
    """How two files differ whose cells are the same; nothing where not a byte differs."""
    if written == now:
        return ""
    if written.replace(b"\r\n", b"\n") == now:
        return "its line ends differ"
    return "its cells are the same, and are written otherwise"


def _of_twin(file: Path, stated: str | None, now: bytes, of: Agreement) -> Agreement:
    again = _again(now, stated)
    if again == "differs":
        again = "equal to 9 digits" if of.again == "identical" else of.again
    return Agreement(_on_disk(_content(file), stated), again)


def _again(now: bytes, stated: str | None) -> Again:
    if stated is None:
        return "new"
    return "identical" if _digest(now) == stated else "differs"


def _on_disk(content: bytes | None, stated: str | None) -> OnDisk:
    if content is None:
        return "missing"
    return "as written" if stated in (None, _digest(content)) else "edited"


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() else None
    except OSError:
        return None


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _cells(content: bytes) -> DataFrame:
    """Every cell as it is written; a row that is too short ends in empty cells.

    Raises ValueError or csv.Error, which say why, for what is no table.
    """
    heading, *rows = csv.reader(StringIO(_text(content), newline=""), strict=True)
    for name, times in Counter(heading).items():
        if times > 1:
            raise ValueError(f"{times} of its columns are named {name or 'nothing'}")
    for number, row in enumerate(rows, _FIRST_ROW):
        if len(row) > len(heading):
            raise ValueError(f"row {number} has {len(row)} cells, and the heading {len(heading)}")
    filler = [""] * len(heading)
    cells = [(row + filler)[: len(heading)] for row in rows]
    return DataFrame(cells, columns=heading, dtype=object)


def _text(content: bytes) -> str:
    """What a file says. Raises ValueError for one that says nothing, or is no text."""
    if not content.strip():
        raise ValueError("it is empty")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError("it is no text")
    return text


class _Pair:
    """A table as it is written and as a run gives it, and the cells in which the two differ."""

    def __init__(self, written: DataFrame, now: DataFrame, exact: DataFrame) -> None:
        self._now, self._exact = now, exact
        self._rows = len(written), len(now)
        self._apart = tuple(sorted({*written} ^ {*now}))
        self._shared = [str(name) for name in now if name in written]
        old, new = (part[self._shared].head(min(self._rows)).to_numpy() for part in (written, now))
        changed = old != new
        self._places = np.argwhere(changed)
        self._texts = list(zip(old[changed], new[changed], strict=True))

    @property
    def is_same(self) -> bool:
        """Whether both have the same columns, rows and cells."""
        return not (self._texts or self._apart) and self._rows[0] == self._rows[1]

    def difference(self) -> Difference:
        """Sum up in which columns and cells they differ, and where most."""
        if self._rows[0] != self._rows[1]:
            return Difference(self._rows, self._apart, first=self._cell(0))
        gaps = np.array([_gap(*texts) for texts in self._texts]).reshape(-1, 2)
        columns = {self._shared[column] for _, column in self._places}
        return Difference(
            rows=self._rows,
            only_in_one=self._apart,
            columns=tuple(name for name in self._shared if name in columns),
            cells=len(self._texts),
            first=self._cell(0),
            largest_absolute=self._cell(_largest(gaps[:, 0])),
            largest_relative=self._cell(_largest(gaps[:, 1])),
        )

    def is_equal(self, kept: int) -> bool:
        """Whether all that differs are numbers that may be the same to nine digits, once rounded.

        `kept` is how many digits the file has.
        """
        if self._apart or self._rows[0] != self._rows[1]:
            return False
        columns = {self._shared[column] for _, column in self._places}
        exact = {name: _numbers(self._exact[name]) for name in columns}
        return all(
            _may_be_same(_number(written), float(exact[self._shared[column]][row]), kept)
            for (row, column), (written, _) in zip(self._places, self._texts, strict=True)
        )

    def _cell(self, which: int | None) -> Cell | None:
        if which is None or which >= len(self._texts):
            return None
        row, column = (int(at) for at in self._places[which])
        line, name = self._now.iloc[row], self._shared[column]
        of = {key: line[key] for key in _ROW_NAMES if line.get(key) and key != name}
        texts = self._texts[which]
        return Cell(row + _FIRST_ROW, name, of, *texts, *_gap(*texts))


def _largest(gaps: NDArray[np.float64]) -> int | None:
    return None if np.isnan(gaps).all() else int(np.nanargmax(gaps))


def _gap(written: str, now: str) -> tuple[float, float]:
    """By how much two numbers differ, and by which share of the larger; NaN for what is none."""
    one, other = _number(written), _number(now)
    larger = max(abs(one), abs(other))
    return abs(one - other), abs(one - other) / larger if larger else 0.0


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _numbers(column: "Series[float]") -> NDArray[np.float64]:
    return to_numeric(column, errors="coerce").to_numpy(dtype=float)


def _may_be_same(written: float, now: float, kept: int) -> bool:
    """Whether a number that was written as this may have been another to nine digits."""
    if math.isnan(written) or math.isnan(now):
        return False
    half = 10.0 ** (math.floor(math.log10(abs(written))) - kept + 1) / 2 if written else 0.0
    return abs(now - written) - half <= _SAME * abs(now)


def other_versions(
    then: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[tuple[str, str | None, str | None]]:
    """Give what has another version now than it had then; None where it was or is absent."""
    for name in dict.fromkeys((*then, *now)):
        if then.get(name) != now.get(name):
            yield name, then.get(name), now.get(name)
