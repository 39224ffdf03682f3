"""What of a design fits on a page: points along one axis, side by side over the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import values_of
from sim.report.sweeps.scales import Levels, levels_of, spread_over
from sim.report.sweeps.swept import Swept
from sim.report.wording import listed
from sim.spec.sweep import SAMPLED

MOST_SLICES = 9
_MOST_SCATTERED = 300


@dataclass(frozen=True)
class Slice:
    """Points in the order of one axis; `held` are the values of the others that they share."""

    title: str
    levels: Levels
    points: Sequence[int]
    held: Mapping[str, object] = field(default_factory=dict)
    is_joined: bool = True

    def at(self, point: int, values: Mapping[int, Mapping[str, object]]) -> float:
        """Where a point lies along the axis."""
        return self.levels.at(values[point][self.levels.name])


@dataclass(frozen=True)
class Slices:
    """The slices of a design, and what of it they leave out, in words."""

    found: Sequence[Slice]
    left_out: str = ""


def slices(swept: Swept) -> Slices:
    """Cut a design into as many slices as a figure has room for."""
    varying = {
        axis.name: levels
        for axis in swept.axes
        if (levels := levels_of(axis, swept.points)).values
    }
    if not varying:
        return Slices(())
    if swept.design in SAMPLED:
        return _scattered(swept, varying)
    if swept.design == "one-at-a-time":
        return _one_at_a_time(swept, varying)
    main = main_axis(swept, varying)
    if swept.design == "zip":
        return _together(swept, varying, main)
    return _grid(swept, varying, main)


def main_axis(swept: Swept, varying: Mapping[str, Levels]) -> str:
    """The axis that figures go along: that of crossings, else of numbers, with most levels."""
    for along in swept.crossings["along"].tolist():
        if along in varying:
            return str(along)
    return max(varying, key=lambda name: (not varying[name].is_words, len(varying[name].values)))


def _grid(swept: Swept, varying: Mapping[str, Levels], main: str) -> Slices:
    """A slice for each combination of the other axes, or along one of them, the rest held."""
    others = {name: levels for name, levels in varying.items() if name != main}
    kept, left_out = _kept(others, Naming(swept.axes))
    naming, found = Naming(swept.axes), []
    titled = [name for name, values in kept.items() if len(values) > 1]
    for combination in product(*kept.values()):
        held = dict(zip(kept, combination, strict=True))
        title = ", ".join(naming.holds(name, held[name]) for name in titled)
        points = _points_with(swept, held, varying[main])
        if points:
            found.append(Slice(title, varying[main], points, held))
    return Slices(found, left_out)


def _kept(
    others: Mapping[str, Levels], naming: Naming
) -> tuple[dict[str, Sequence[object]], str]:
    """Which levels of the other axes are shown, and in words which are not."""
    every = {name: levels.values for name, levels in others.items()}
    if prod(map(len, every.values())) <= MOST_SLICES:
        return every, ""
    shown = max(others, key=lambda name: _worth_showing(others[name]))
    held = {name: levels.middle for name, levels in others.items() if name != shown}
    some = others[shown].thinned(MOST_SLICES).values
    said = [f"with {naming.held(held)}"] if held else []
    if len(some) < len(every[shown]):
        said.append(f"{len(some)} of {len(every[shown]):,} values of {naming.short(shown)}")
    return {**{name: [value] for name, value in held.items()}, shown: some}, ", ".join(said)


def _worth_showing(levels: Levels) -> tuple[bool, int]:
    """An axis is worth its charts that has many levels, but not more than there is room for."""
    return len(levels.values) <= MOST_SLICES, len(levels.values)


def _points_with(swept: Swept, held: Mapping[str, object], levels: Levels) -> list[int]:
    """The points that have some values, in the order of an axis."""
    frame = swept.points
    for name, value in held.items():
        frame = frame[frame[name] == value]
    at = dict(zip(frame["point"].tolist(), frame[levels.name].tolist(), strict=True))
    return sorted(at, key=lambda point: levels.at(at[point]))


def _together(swept: Swept, varying: Mapping[str, Levels], main: str) -> Slices:
    naming = Naming(swept.axes)
    others = [naming.short(name) for name in varying if name != main]
    left_out = f"{listed(others)} {'changes' if len(others) == 1 else 'change'} with it"
    found = Slice("", varying[main], _points_with(swept, {}, varying[main]))
    return Slices([found], left_out if others else "")


def _one_at_a_time(swept: Swept, varying: Mapping[str, Levels]) -> Slices:
    """A slice for each axis, where all others are as they are at most points."""
    base = {name: Counter(swept.points[name].tolist()).most_common(1)[0][0] for name in varying}
    found = [_changed(swept, levels, base) for levels in varying.values()]
    told = [of for of in found if len(of.points) > 1 or len(varying) == 1]
    return Slices(told[:MOST_SLICES], _more_axes(len(told)))


def _changed(swept: Swept, levels: Levels, base: Mapping[str, object]) -> Slice:
    """The points at which one axis alone is changed."""
    held = {other: value for other, value in base.items() if other != levels.name}
    points = _points_with(swept, held, levels)
    values = values_of(swept.points, [levels.name])
    own = Levels(levels.axis, [values[point][levels.name] for point in points])
    return Slice(Naming(swept.axes).short(levels.name), own, points, held)


def _more_axes(found: int) -> str:
    return f"{found - MOST_SLICES} more axes are in the tables" if found > MOST_SLICES else ""


def _scattered(swept: Swept, varying: Mapping[str, Levels]) -> Slices:
    """All points once along each axis; of very many some."""
    naming, every = Naming(swept.axes), swept.points["point"].tolist()
    shown = spread_over(every, _MOST_SCATTERED)
    found = [
        Slice(naming.short(name), levels, shown, is_joined=False)
        for name, levels in varying.items()
    ]
    some = f"{len(shown)} of {len(every):,} points" if len(shown) < len(every) else ""
    return Slices(found[:MOST_SLICES], ", ".join(filter(None, (some, _more_axes(len(found))))))
