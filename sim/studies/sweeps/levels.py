"""From what a scenario says of an axis, a list or a range, to the axis with its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim import units
from sim.catalog.overrides import standing
from sim.spec.document import Tree, child, is_cited
from sim.spec.places import takes_whole_numbers
from sim.spec.scenario import Scenario
from sim.spec.sweep import Range
from sim.studies.sweeps.axes import Axis, Writing, text_of
from sim.studies.sweeps.lazy import Lazy


def stepped_axis(scenario: Scenario, path: str, levels: list[object] | Range) -> Axis:
    """The axis of all values of a list, or of the steps of a range.

    Raises TareError for a path that leads nowhere.
    """
    steps = range(levels.steps or 1) if isinstance(levels, Range) else range(len(levels))
    whole = drawn_axis(scenario, path, levels, [step / max(1, len(steps) - 1) for step in steps])
    values = whole.values if isinstance(levels, Range) else levels
    return replace(whole, values=tuple(values))


def drawn_axis(
    scenario: Scenario, path: str, levels: list[object] | Range, shares: Sequence[float]
) -> Axis:
    """The axis of those values that lie at such shares of the whole, from 0 to 1.

    Raises TareError for a path that leads nowhere.
    """
    place, base = standing(scenario, path)
    writing = _writing(levels, takes_whole_numbers(place))
    is_log = isinstance(levels, Range) and levels.scale == "log"
    return Axis(path, _At(levels, writing, shares), _bare(base), writing, is_log)


def once(stepped: Axis) -> Axis:
    """The axis without values that came out twice, as whole numbers close to each other do."""
    if stepped.writing is None:
        return stepped
    by_number = {stepped.writing.number(value): value for value in reversed(stepped.values)}
    return replace(stepped, values=tuple(reversed(by_number.values())))


def away_from_base(stepped: Axis) -> Axis:
    """The axis without the value that the scenario has of its own."""
    base = stepped.cell({})
    kept = [value for value in stepped.values if stepped.cell({stepped.path: value}) != base]
    return replace(stepped, values=tuple(kept))


class _At(Lazy[object]):
    """The values of an axis at shares of it, each written as it is asked for."""

    def __init__(
        self, levels: list[object] | Range, writing: Writing | None, shares: Sequence[float]
    ) -> None:
        self._levels, self._writing, self._shares = levels, writing, shares

    def __len__(self) -> int:
        return len(self._shares)

    def at(self, number: int) -> object:
        share = float(self._shares[number])
        if isinstance(self._levels, Range):
            return _along(self._levels, self._writing or Writing(), share)
        return self._levels[min(int(share * len(self._levels)), len(self._levels) - 1)]


def _along(levels: Range, writing: Writing, share: float) -> object:
    """The value at a share of a range; its ends are as they were written."""
    if share in (0, 1):
        return levels.to if share else levels.from_
    low, high = levels.ends
    if levels.scale == "log":
        return writing.written(low * (high / low) ** share)
    return writing.written(low + (high - low) * share)


def _writing(levels: list[object] | Range, is_whole: bool) -> Writing | None:
    """How values are written if all of them are numbers of one dimension; None if not."""
    values = [levels.from_, levels.to] if isinstance(levels, Range) else levels
    if not all(map(_may_be_number, values)):
        return None
    dimension = units.dimension_of(*values)
    like = next((value for value in values if isinstance(value, str)), None)
    return None if dimension is None and like else Writing(dimension, like, is_whole)


def _may_be_number(value: object) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _bare(base: Tree) -> Tree:
    """What the scenario has itself, as a value of its axis would be written; an entry by name."""
    base = child(base, "private") or base
    base = child(base, "value") if is_cited(base) else base
    return text_of(base) if isinstance(base, dict | list) else base
