"""What a report leans on: every number that the run took as given, its grade and its source."""

from collections import Counter
from collections.abc import Mapping
from typing import get_args

from pandas import DataFrame

from sim.report.comparison import Leaning, Source
from sim.report.findings import Cell, Table
from sim.report.frames import rows
from sim.report.wording import amount
from sim.spec.quantity import SCENARIO, Evidence

GRADES = tuple(reversed(get_args(Evidence)))
"""The grades of evidence, weakest first."""


def evidence(leaning: Leaning) -> str:
    """Say how many numbers the run leaned on, and how many have which grade, weakest first."""
    grades = Counter(_distinct(leaning.assumptions)["evidence"])
    said = ", ".join(f"{grades[grade]:,} {grade}" for grade in GRADES if grades[grade])
    return f"{grades.total():,} numbers: {said}" if said else "no number of the catalog"


def grades(leaning: Leaning) -> Table:
    """How many numbers of each grade each platform leans on, and what all share: host and work."""
    frame = leaning.assumptions
    counts = Counter(rows(frame, "platform", "evidence"))
    known = [grade for grade in reversed(GRADES) if grade in set(frame["evidence"])]
    names = [*dict.fromkeys(frame["platform"])]
    said = tuple(
        (
            Cell(name or "host and workloads"),
            *(Cell(f"{counts[name, grade]:,}", counts[name, grade]) for grade in known),
        )
        for name in sorted(names, key=lambda name: name == "")
    )
    return Table(("platform", *known), said)


def assumptions(leaning: Leaning, sources: Mapping[str, Source]) -> Table:
    """Every number that the run leaned on, assumed ones first, with where it comes from."""
    frame = _distinct(leaning.assumptions)
    found = rows(frame, "evidence", "path", "value", "unit", "source", "note")
    said = tuple(
        (
            Cell(grade, GRADES.index(grade)),
            Cell(path),
            Cell(amount(value, unit), value),
            _key(source, sources),
            Cell(note),
        )
        for grade, path, value, unit, source, note in sorted(found, key=_weakest_first)
    )
    return Table(("evidence", "number", "value", "source", "note"), said, words=5)


def _weakest_first(row: tuple[str, ...]) -> int:
    return GRADES.index(row[0])


def _distinct(frame: DataFrame) -> DataFrame:
    """One row a number, however many platforms, or groups of a mix, lean on it."""
    numbers = frame.assign(number=frame["path"].map(_within_boundaries))
    once = numbers.drop_duplicates(["number", "value", "unit", "source", "note"])
    return once.drop(columns="number")


def _within_boundaries(path: str) -> str:
    """Where a number of a platform stands in its stack; the whole path of any other."""
    return path.rpartition("boundaries.")[2]


def cited(leaning: Leaning, sources: Mapping[str, Source]) -> list[tuple[str, str]]:
    """Give the key of every source that numbers name, in order, with its title and the place."""
    named = sorted({*leaning.assumptions["source"]} & sources.keys())
    return [(key, _told(sources[key])) for key in named]


def _told(source: Source) -> str:
    return f"{source.title} ({source.where})" if source.where else source.title


def _key(key: str, sources: Mapping[str, Source]) -> Cell:
    """The key of a source, and on asking its title."""
    if key == SCENARIO:
        return Cell("stated in the scenario")
    return Cell(key, note=sources[key].title if key in sources else "")
