"""What may not contradict itself in a sweep, or the scenario that it varies."""

from collections.abc import Callable, Collection, Iterator
from itertools import combinations
from math import prod

from sim import units
from sim.errors import did_you_mean, shown
from sim.spec.document import Path
from sim.spec.finding import Finding
from sim.spec.metrics import SWEPT
from sim.spec.parts import Parts
from sim.spec.sweep import MOST_POINTS, SAMPLED, Precision, Range, Sweep

_SWEEP: Path = ("sweep",)
_AXES: Path = (*_SWEEP, "axes")


def sweep_possible(parts: Parts) -> Iterator[Finding]:
    """Find what is wrong with a sweep as a whole, and with its metrics."""
    if parts.sweep is not None:
        for rule in _RULES:
            yield from rule(parts.sweep)
        yield from _metrics_known(parts.sweep, [str(name) for name in parts.group_names])


def _levels_there(sweep: Sweep) -> Iterator[Finding]:
    for path, levels in sweep.axes.items():
        place: Path = (*_AXES, path)
        if isinstance(levels, Range):
            if levels.steps is None and sweep.design not in SAMPLED:
                problem = f"in how many steps {sweep.design} is to take this range is not said"
                yield Finding(place, problem, "add steps: 5, say")
        else:
            yield from _said_once(levels, place)


def _said_once(levels: list[object], place: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, level in enumerate(levels):
        if (written := repr(level)) in seen:
            yield Finding((*place, number), f"{shown(level)} stands here twice", "take one out")
        seen.add(written)


def _axes_apart(sweep: Sweep) -> Iterator[Finding]:
    for first, second in combinations(sweep.axes, 2):
        for outer, inner in ((first, second), (second, first)):
            if f"{inner}.".startswith(f"{outer}."):
                problem = f"the axis {outer} sets this as well"
                remedy = f"take one out, or put {inner} into the values of {outer}"
                yield Finding((*_AXES, inner), problem, remedy, at_key=True)


def _design_whole(sweep: Sweep) -> Iterator[Finding]:
    if sweep.design == "zip":
        yield from _lengths_equal(sweep)
    if sweep.design in SAMPLED:
        yield from _points_said(sweep)
    elif sweep.points is not None:
        problem = f"{sweep.design} takes every value of its axes, and draws no points"
        yield Finding((*_SWEEP, "points"), problem, "take points out, or write design: sobol")


def _lengths_equal(sweep: Sweep) -> Iterator[Finding]:
    lengths = {path: length for path, length in _lengths(sweep).items() if length}
    first = next(iter(lengths.items()), ("", 0))
    for path, length in lengths.items():
        if length != first[1]:
            problem = f"{length} values stand beside {first[1]} of {first[0]}"
            yield Finding((*_AXES, path), problem, f"write {first[1]} values, or design: grid")


def _points_said(sweep: Sweep) -> Iterator[Finding]:
    if not sweep.axes:
        remedy = "add axes: {PATH: {from: LOW, to: HIGH}}"
        yield Finding(_SWEEP, f"{sweep.design} has no axes to draw from", remedy)
    if sweep.points is None:
        problem = f"how many points {sweep.design} is to draw is not said"
        yield Finding(_SWEEP, problem, "add points: 64, say")
    elif sweep.design == "sobol":
        yield from _power_of_two(sweep.points, (*_SWEEP, "points"))


def _power_of_two(points: int, path: Path) -> Iterator[Finding]:
    if points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        problem = f"{points:,} is no power of 2, of which Sobol' points come in full"
        yield Finding(path, problem, f"write {below} or {2 * below}")


def _points_bearable(sweep: Sweep) -> Iterator[Finding]:
    lengths = _lengths(sweep).values()
    points = {"grid": prod(lengths), "one-at-a-time": 1 + sum(lengths)}.get(sweep.design, 0)
    if points > MOST_POINTS:
        problem = f"the axes have {points:,} points together"
        remedy = f"{MOST_POINTS:,} are the most; draw some by design: sobol and points: 1024, say"
        yield Finding(_AXES, problem, remedy)


def _crossover_on_axis(sweep: Sweep) -> Iterator[Finding]:
    if sweep.crossover is None:
        return
    along, path = sweep.crossover.along, (*_SWEEP, "crossover")
    if sweep.design != "grid":
        problem = f"{sweep.design} has no lines of points between which to look"
        yield Finding(path, problem, "write design: grid, or take crossover out")
    if along not in sweep.axes:
        remedy = did_you_mean(along, sweep.axes) if sweep.axes else "add it to the axes"
        yield Finding((*path, "along"), f"{shown(along)} is no axis", remedy)
    elif not _are_numbers(sweep.axes[along]):
        problem = f"between the values of {along} there are no others"
        yield Finding((*path, "along"), problem, "name an axis of numbers")


def _are_numbers(levels: list[object] | Range) -> bool:
    if isinstance(levels, Range):
        return True
    if any(isinstance(level, bool) for level in levels):
        return False
    if all(isinstance(level, int | float) for level in levels):
        return True
    return units.dimension_of(*levels) is not None


def _sensitivity_possible(sweep: Sweep) -> Iterator[Finding]:
    if sweep.sensitivity is None:
        return
    path: Path = (*_SWEEP, "sensitivity")
    if sweep.sensitivity.method == "sobol":
        yield from _power_of_two(sweep.sensitivity.points, (*path, "points"))
    if sweep.sensitivity.inputs == "axes" and not sweep.axes:
        yield Finding((*path, "inputs"), "there are no axes", "write inputs: catalog, or add axes")


def _lengths(sweep: Sweep) -> dict[str, int]:
    """How many values each axis has where a design goes by values; 0 where that is not said."""
    return {
        path: (levels.steps or 0) if isinstance(levels, Range) else len(levels)
        for path, levels in sweep.axes.items()
    }


def _metrics_known(sweep: Sweep, groups: Collection[str]) -> Iterator[Finding]:
    known = [*SWEPT, *(f"groups.{group}.{name}" for group in groups for name in SWEPT)]
    for path, metric in _metrics(sweep):
        if metric not in known:
            remedy = did_you_mean(metric, _likely(metric, groups), "tare list metrics")
            yield Finding((*_SWEEP, *path), f"{shown(metric)} is no metric", remedy)


def _likely(metric: str, groups: Collection[str]) -> list[str]:
    """The metrics of the whole, or of groups where one of a group was meant."""
    if not metric.startswith("groups."):
        return [*SWEPT]
    return [f"groups.{group}.{name}" for group in groups for name in SWEPT]


def _metrics(sweep: Sweep) -> Iterator[tuple[Path, str]]:
    """All metrics that a sweep names, each with where it stands."""
    yield from ((("metrics", number), name) for number, name in enumerate(sweep.metrics))
    parts = {"crossover": sweep.crossover, "sensitivity": sweep.sensitivity}
    if isinstance(sweep.replications, Precision):
        yield ("replications", "of"), sweep.replications.of
    for key, part in parts.items():
        if part is not None and part.of is not None:
            yield (key, "of"), part.of


_RULES: tuple[Callable[[Sweep], Iterator[Finding]], ...] = (
    *(_levels_there, _axes_apart, _design_whole, _points_bearable),
    *(_crossover_on_axis, _sensitivity_possible),
)
