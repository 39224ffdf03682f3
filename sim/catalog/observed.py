"""Files of observations, read row by row; the catalog's own, and what is known of each of those."""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import cast

from pydantic import ValidationError

from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.spec.document import Tree
from sim.spec.observation import COLUMNS, Observation
from sim.spec.reader import read_yaml_text
from sim.spec.source_text import check_text, text_of_file

MOST_FAULTS = 100
"""How many faults are told of one file."""

_NEEDED = {"id", "source", "platform", "metric", "value"}
_OTHER_SEPARATORS = {";", "\t", "|"}

UNUSED: Mapping[str, str] = {
    "reads-back": "it is a size, a price or a default that the catalog holds as it stands",
    "no-number": "it is a bound, a range or a sentence",
    "duplicate": "the same measurement stands in another row",
    "conditions-unknown": "what it was measured on or with is not told",
    "not-modelled": "it is about something that Tare does not simulate",
}
"""The reasons for which a row of evidence is not used. Fitting badly is none."""


@dataclass(frozen=True)
class Row:
    """One row of a file of observations, with the line on which it ends."""

    file: str
    line: int
    observation: Observation

    def fault(self, column: str, problem: str, remedy: str) -> Fault:
        """What is wrong with one of its cells; with the row where no column is named."""
        return _fault(self.file, self.line, column, problem, remedy)


@dataclass(frozen=True)
class Calibration:
    """Numbers of the catalog that were fitted together, and the rows that they were fitted to.

    `numbers` holds by path what each would be taken for without these rows.
    """

    name: str
    numbers: Mapping[str, Tree]
    rows: tuple[str, ...]


def read_observations(path: str | os.PathLike[str]) -> list[Row]:
    """Read a CSV file of observations.

    Raises ScenarioError with all that is wrong with it, at most a hundred faults.
    """
    rows, faults = read_what_can_be(path)
    if faults:
        raise ScenarioError(faults[:MOST_FAULTS])
    return rows


def read_what_can_be(path: str | os.PathLike[str]) -> tuple[list[Row], list[Fault]]:
    """Read the rows of a CSV file of observations that are whole, and say what is wrong else.

    Raises ScenarioError for what cannot be read at all.
    """
    file = os.fspath(path)
    text = text_of_file(file)
    check_text(text, file)
    rows, faults = _rows(text, file)
    if not rows and not faults:
        faults.append(_fault(file, 1, "", "there is no row", "write a measurement in each line"))
    return rows, faults


@cache
def catalog_observations() -> tuple[Row, ...]:
    """The observations of the catalog, in the order of their files and lines."""
    found: list[Row] = []
    for item in _files("observations", ".csv"):
        rows, faults = _rows(item.read_text("utf-8"), f"catalog/observations/{item.name}")
        if faults:
            raise ScenarioError(faults)
        found += rows
    return tuple(found)


@cache
def unused_rows() -> Mapping[str, str]:
    """The rows of evidence that are not used, each with the name of its reason."""
    found: dict[str, str] = {}
    for item in _files("observations/unused", ".yaml"):
        found |= cast("dict[str, str]", _tree(item))
    return found


@cache
def explanations() -> Mapping[str, str]:
    """Why the model is far off from some observations of the catalog, by their names."""
    found: dict[str, str] = {}
    for item in _files("observations", "outliers.yaml"):
        found |= cast("dict[str, str]", _tree(item))
    return found


@cache
def calibrations() -> tuple[Calibration, ...]:
    """Which numbers of the catalog were fitted to which observations."""
    sets = [pair for item in _files("calibrations", ".yaml") for pair in _tree(item).items()]
    return tuple(
        Calibration(
            name,
            cast("Mapping[str, Tree]", cast("dict[str, Tree]", written)["numbers"]),
            tuple(cast("list[str]", cast("dict[str, Tree]", written)["rows"])),
        )
        for name, written in sets
    )


@cache
def crossed_rows() -> tuple[Mapping[str, str], ...]:
    """What was found, when the catalog was made, by numbers that were fitted without some rows."""
    return _stored("crossed.csv")


@cache
def judged_rows() -> tuple[Mapping[str, str], ...]:
    """What the model said of each observation when the catalog was made: id, predicted, role."""
    return _stored("judged.csv")


def _stored(name: str) -> tuple[Mapping[str, str], ...]:
    found = files("sim.catalog").joinpath("observations", "stored", name)
    if not found.is_file():
        return ()
    return tuple(csv.DictReader(StringIO(found.read_text(encoding="utf-8"))))


def _files(folder: str, suffix: str) -> Sequence[Traversable]:
    place = files("sim.catalog").joinpath(*folder.split("/"))
    found = place.iterdir() if place.is_dir() else []
    return sorted((item for item in found if item.name.endswith(suffix)), key=lambda one: one.name)


def _tree(item: Traversable) -> Mapping[str, Tree]:
    return cast("Mapping[str, Tree]", read_yaml_text(item.read_text("utf-8"), item.name).tree)


def _rows(text: str, file: str) -> tuple[list[Row], list[Fault]]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        faults = [*_faults_of_header(reader.fieldnames or [], file)]
        rows = [] if faults else [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        faults, rows = [_fault(file, reader.line_num, "", str(error), "write it as CSV")], []
    found: list[Row] = []
    lines: dict[str, int] = {}
    for line, cells in rows:
        try:
            found.append(_row(file, line, cells, lines))
        except ScenarioError as error:
            faults += error.faults
    return found, faults


def _faults_of_header(header: Sequence[str], file: str) -> Iterator[Fault]:
    if not header:
        yield _fault(file, 1, "", "it is empty", f"begin with {','.join(COLUMNS)}")
        return
    for name in sorted(_NEEDED - set(header), key=[*COLUMNS].index):
        yield _fault(file, 1, name, "the column is missing", COLUMNS[name])
    for name, times in Counter(header).items():
        if times > 1:
            yield _fault(file, 1, name, f"{times} columns have this name", "leave one")
        elif name not in COLUMNS:
            yield _fault(file, 1, name, "there is no such column", _meant(name))


def _meant(name: str) -> str:
    if _OTHER_SEPARATORS & {*name}:
        return "separate cells by commas"
    return did_you_mean(name, COLUMNS)


def _row(
    file: str, line: int, cells: Mapping[str | None, str | None], lines: dict[str, int]
) -> Row:
    if None in cells or None in cells.values():
        problem, remedy = "it has not as many cells as the first line", "quote cells with commas"
        raise ScenarioError([_fault(file, line, "", problem, remedy)])
    given = {str(name): cell.strip() for name, cell in cells.items() if cell and cell.strip()}
    first = lines.setdefault(given.get("id", ""), line)
    if first != line:
        problem, remedy = f"the name stands in line {first} already", "give each row its own"
        raise ScenarioError([_fault(file, line, "id", problem, remedy)])
    try:
        return Row(file, line, Observation.model_validate(given))
    except ValidationError as error:
        raise ScenarioError(_faults_of(error, file, line)) from None


def _faults_of(error: ValidationError, file: str, line: int) -> Iterator[Fault]:
    """Say in plain words what keeps a row from being an observation."""
    for detail in error.errors(include_url=False):
        column = str(detail["loc"][0]) if detail["loc"] else ""
        said = detail.get("ctx", {}).get("error")
        if isinstance(said, TareError):
            yield _fault(file, line, column, said.problem, said.remedy)
        elif detail["type"] == "missing":
            yield _fault(file, line, column, "it is empty", COLUMNS[column])
        else:
            known = re.findall(r"'([^']+)'", str(detail.get("ctx", {}).get("expected", "")))
            problem = f"{shown(detail['input'])} does not fit here"
            yield _fault(file, line, column, problem, did_you_mean(str(detail["input"]), known))


def _fault(file: str, line: int, column: str, problem: str, remedy: str) -> Fault:
    return Fault(problem, remedy, file=file, line=line, path=column)
