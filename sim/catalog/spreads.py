"""How far off numbers of each grade of evidence may be, where they state no interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from sim.spec.document import Tree
from sim.spec.reader import read_yaml_text

_FILE = "spreads.yaml"


@dataclass(frozen=True)
class Spread:
    """A number may be its value over this factor, its value times it, or between; and why so."""

    factor: float
    why: str


@cache
def spreads() -> Mapping[str, Spread]:
    """Read the spread of each grade of evidence. They are assumed, from errors of the catalog."""
    text = files("sim.catalog").joinpath(_FILE).read_text(encoding="utf-8")
    grades = cast("Mapping[str, Mapping[str, Tree]]", read_yaml_text(text, _FILE).tree)
    return {
        grade: Spread(float(str(stated["factor"])), str(stated["why"]))
        for grade, stated in grades.items()
    }
