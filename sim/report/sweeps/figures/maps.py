"""Who wins where, as cells over places across and upwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.report.sweeps.contests import name_of
from sim.report.sweeps.naming import Naming
from sim.report.sweeps.reading import Margin, margins, values_of
from sim.report.sweeps.scales import Levels, levels_of
from sim.report.sweeps.slices import Slice, main_axis, slices
from sim.report.sweeps.swept import Swept
from sim.report.wording import capital, listed

_MOST_ACROSS, _MOST_UP, _MOST_MAPS = 24, 16, 6
_SEVERAL = 2

Cells = Mapping[tuple[int, int], Margin]
"""Who wins, by the place across and the place upwards."""


@dataclass(frozen=True, slots=True)
class Map:
    """Cells over places across and upwards, each with its label.

    `metrics` are those of the rows, or the one of all of them.
    """

    title: str
    across: Sequence[str]
    upward: Sequence[str]
    cells: Cells
    metrics: Sequence[str]

    @property
    def is_full(self) -> bool:
        """Whether there is a result at every place."""
        return len(self.cells) == len(self.across) * len(self.upward)


@dataclass(frozen=True, slots=True)
class Maps:
    """Maps to be drawn side by side, and in words what they show and leave out."""

    found: Sequence[Map]
    words: str


def over_two(swept: Swept, metric: str) -> Maps | None:
    """Map who wins a metric over two axes of a grid, side by side over a third."""
    varying = _varying(swept)
    if swept.design != "grid" or len(varying) < _SEVERAL:
        return None
    main = main_axis(swept, {levels.name: levels for levels in varying})
    varying.sort(key=lambda levels: (levels.name != main, levels.is_words, -len(levels.values)))
    across, upward, *others = varying
    shown = [across.thinned(_MOST_ACROSS), upward.thinned(_MOST_UP)]
    shown += [levels.thinned(_MOST_MAPS) for levels in others[:1]]
    held = {levels.name: levels.middle for levels in others[1:]}
    return Maps([*_maps(swept, metric, shown, held)], _words(swept, shown, held))


def _varying(swept: Swept) -> list[Levels]:
    """The axes that have more than one value."""
    every = [levels_of(axis, swept.points) for axis in swept.axes]
    return [levels for levels in every if len(levels.values) > 1]


def _words(swept: Swept, shown: Sequence[Levels], held: Mapping[str, object]) -> str:
    """Which axis lies where, and what of the design is not shown."""
    naming = Naming(swept.axes)
    said = [f"{naming.short(shown[0].name)} across, {naming.short(shown[1].name)} upwards"]
    if held:
        said.append(f"with {naming.held(held)}")
    thinned = [
        naming.short(levels.name)
        for levels in shown
        if len(levels.values) < len(levels_of(levels.axis, swept.points).values)
    ]
    return ", ".join(said) + (f"; not every value of {listed(thinned)}" if thinned else "")


def _maps(
    swept: Swept, metric: str, shown: Sequence[Levels], held: Mapping[str, object]
) -> Iterator[Map]:
    """A map for each value of the third axis, if there is one."""
    naming = Naming(swept.axes)
    across, upward, *third = shown
    for levels in third:
        for value in levels.values:
            own = {**held, levels.name: value}
            cells = dict(_cells(swept, metric, across, upward, own))
            title = naming.holds(levels.name, value)
            yield Map(title, _labels(across, naming), _labels(upward, naming), cells, [metric])
    if not third:
        cells = dict(_cells(swept, metric, across, upward, held))
        yield Map("", _labels(across, naming), _labels(upward, naming), cells, [metric])


def _labels(levels: Levels, naming: Naming) -> list[str]:
    return [naming.value(levels.name, value) for value in levels.values]


def _cells(
    swept: Swept, metric: str, across: Levels, upward: Levels, held: Mapping[str, object]
) -> Iterator[tuple[tuple[int, int], Margin]]:
    values = values_of(swept.points, [axis.name for axis in swept.axes])
    columns, rows = ({value: n for n, value in enumerate(of.values)} for of in (across, upward))
    for margin in margins(swept.winners, metric):
        own = values[margin.point]
        x, y = columns.get(own[across.name]), rows.get(own[upward.name])
        if x is not None and y is not None and held.items() <= own.items():
            yield (x, y), margin


def by_metric(swept: Swept) -> Maps | None:
    """Map who wins each metric along an axis: a row a metric, a map for each axis."""
    shown = [metric for metric in reversed(swept.metrics) if margins(swept.winners, metric)]
    cut = _strips(swept)
    if not shown or not cut:
        return None
    along = dict.fromkeys(Naming(swept.axes).short(of.levels.name) for of in cut)
    return Maps([_strip(swept, of, shown) for of in cut], f"along {listed(along)}")


def _strips(swept: Swept) -> list[Slice]:
    """The slices of a design that varies one thing at a time, or all of them together."""
    if swept.design == "grid" and len(_varying(swept)) > 1:
        return []
    return [of for of in slices(swept).found if of.is_joined]


def _strip(swept: Swept, of: Slice, metrics: Sequence[str]) -> Map:
    levels, naming = of.levels.thinned(_MOST_ACROSS), Naming(swept.axes)
    values = values_of(swept.points, [levels.name])
    places = {value: n for n, value in enumerate(levels.values)}
    at = {point: places.get(values[point][levels.name]) for point in of.points}
    cells = {
        (x, row): margin
        for row, metric in enumerate(metrics)
        for margin in margins(swept.winners, metric)
        if (x := at.get(margin.point)) is not None
    }
    names = [capital(name_of(metric)) for metric in metrics]
    return Map(of.title, _labels(levels, naming), names, cells, metrics)
