"""How the axes of a sweep are called, and how a point of it is said in a sentence."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pandas import DataFrame

from sim.report.frames import rows
from sim.report.sweeps.swept import Axis
from sim.report.wording import amount, listed

_FEWEST_PARTS = 2
_COUNT = re.compile(r"groups\.([^.]+)\.count|(hosts)")


@dataclass(frozen=True)
class Naming:
    """The words for the axes of one sweep, each by the name of its column."""

    axes: Sequence[Axis]

    @cached_property
    def _axes(self) -> Mapping[str, Axis]:
        return {axis.name: axis for axis in self.axes}

    @cached_property
    def _short(self) -> Mapping[str, str]:
        short = shortened([axis.path for axis in self.axes])
        return {axis.name: short[axis.path] for axis in self.axes}

    def short(self, name: str) -> str:
        """Call an axis by the last parts of its path, as many as tell it from the others."""
        return self._short.get(name, name)

    def value(self, name: str, value: object) -> str:
        """Say a value of an axis: `64 GiB`, `50`, `spread`."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return "-" if math.isnan(value) else amount(value, self._unit(name))
        return str(value)

    def holds(self, name: str, value: object) -> str:
        """Say an axis with a value, for a heading: `host.memory 64 GiB`, `50 instances`."""
        return self._counted(name, value) or f"{self.short(name)} {self.value(name, value)}"

    def phrase(self, name: str, value: object, told: str = "") -> str:
        """Say an axis with a value in a sentence: `50 instances`, `a host.memory of 64 GiB`.

        `told` is the value in words, where they are given.
        """
        said = told or self.value(name, value)
        return self._counted(name, value, told) or f"{_article(self.short(name))} of {said}"

    def held(self, values: Mapping[str, object]) -> str:
        """Say what is held, for a subtitle: `host.memory 64 GiB and 50 instances`."""
        return listed(self.holds(name, value) for name, value in values.items())

    def place(self, values: Mapping[str, object]) -> str:
        """Say a point in a sentence: `50 instances and a host.memory of 64 GiB`."""
        if not values:
            return "the one point"
        return listed(self.phrase(name, value) for name, value in values.items())

    def places(self, points: DataFrame) -> dict[int, str]:
        """Say every point of a frame, each by its number."""
        names = [axis.name for axis in self.axes]
        return {
            number: self.place(dict(zip(names, values, strict=True)))
            for number, *values in rows(points, "point", *names)
        }

    def _unit(self, name: str) -> str:
        return self._axes[name].unit if name in self._axes else ""

    def _counted(self, name: str, value: object, told: str = "") -> str:
        """What a number of instances or hosts is of; nothing of any other axis."""
        found = _COUNT.fullmatch(self._axes[name].path) if name in self._axes else None
        if not found or not isinstance(value, (int, float)):
            return ""
        what = "host" if found[2] else "instance"
        ending = "" if value == 1 else "s"
        return f"{told or amount(value, '')} {what}{ending}{self._of_group(found[1])}"

    def _of_group(self, group: str | None) -> str:
        return f" of {group}" if group and self._counts > 1 else ""

    @cached_property
    def _counts(self) -> int:
        """How many axes are numbers of instances, which are told apart by their groups."""
        return sum("groups" in axis.path and axis.path.endswith(".count") for axis in self.axes)


def shortened(paths: Iterable[str]) -> dict[str, str]:
    """Call each path by its last parts, two of them or as many as tell it from the others."""
    parts = {path: path.split(".") for path in paths}
    return {path: ".".join(_enough(own, parts.values())) for path, own in parts.items()}


def _enough(own: list[str], every: Iterable[list[str]]) -> list[str]:
    others = [each for each in every if each != own]
    for count in range(_FEWEST_PARTS, len(own)):
        if all(own[-count:] != other[-count:] for other in others):
            return own[-count:]
    return own


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
