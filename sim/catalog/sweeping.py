"""From a scenario file to the scenario that a sweep varies, with all of its axes."""

import os
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path as FilePath
from typing import cast

from sim.catalog.entries import mapping
from sim.catalog.judged import Judged, as_error, judged
from sim.catalog.lists import lists_for_one_value, with_first_values
from sim.catalog.overrides import overridden, with_value
from sim.catalog.scenario import as_settings, read
from sim.errors import Fault, ScenarioError
from sim.spec.document import Document, Path, Place, Tree, child
from sim.spec.faults import by_name
from sim.spec.finding import Finding
from sim.spec.merge import read_scenario_tree
from sim.spec.scenario import Scenario
from sim.spec.sweep import Range, Sweep

_NOTHING: Mapping[str, object] = {}
_SWEEP: Path = ("sweep",)
_AXES: Path = (*_SWEEP, "axes")


def load_sweep(
    path: str | os.PathLike[str],
    *,
    overrides: Mapping[str, object] = _NOTHING,
    vary: Mapping[str, object] = _NOTHING,
) -> Scenario:
    """Read a scenario for a sweep; `vary` has lists of values, or ranges, by path.

    Its axes are those of the file's `sweep:`; the lists that stand where one value is asked, of
    which the scenario itself has the first; and those of `vary`, in the place of others of the
    same path. What `overrides` set is varied no more, unless by `vary`.
    Raises ScenarioError with every fault of the file, or of what is set over it.
    """
    name = FilePath(os.fspath(path)).stem
    document = _with_lists_as_axes(read_scenario_tree(path), name)
    if overrides:
        document = _with_lists_as_axes(_overridden(document, name, overrides), name)
    for said, levels in vary.items():
        given = [*levels] if isinstance(levels, tuple | range) else levels
        document = _with_axis(document, said, given, {(): Place(f"--vary {said}", 0, 0)})
    _, scenario = read(document, name)
    sweep = _something(scenario, document.file)
    if unfit := [*_unfit(scenario, sweep)]:
        raise as_error(unfit, document)
    return scenario.model_copy(
        update={
            "sweep": sweep.model_copy(update={"folder": os.path.dirname(os.fspath(path))}),
            "settings": as_settings(overrides),
        }
    )


def _something(scenario: Scenario, file: str) -> Sweep:
    """The sweep of a scenario, if it has anything to go through."""
    sweep = scenario.sweep or Sweep()
    if sweep.axes or (sweep.sensitivity and sweep.sensitivity.inputs == "catalog"):
        return sweep
    remedy = "add --vary groups.NAME.count=10,50, or write sweep: {axes: …}"
    raise ScenarioError([Fault("nothing in it is varied", remedy, file=file)])


def _unfit(scenario: Scenario, sweep: Sweep) -> Iterator[Finding]:
    """Find the axes of which no value fits its place, whatever the others have."""
    single = scenario.model_copy(update={"sweep": None})
    nowhere = Document("", None, {}, {})
    for said, levels in sweep.axes.items():
        values = [levels.to, levels.from_] if isinstance(levels, Range) else levels
        points = (overridden(nowhere, single, {said: value}, "--vary") for value in values)
        refused = takewhile(_is_refused, (judged(each, scenario.name) for each in points))
        findings = [found.findings for found in refused]
        if len(findings) == len(values):
            yield from (each._replace(path=(*_AXES, said)) for each in findings[0])


def _is_refused(found: Judged) -> bool:
    return found.scenario is None


def _with_lists_as_axes(document: Document, name: str) -> Document:
    """The document with its lists for one value among its axes, and their first items instead."""
    lists = lists_for_one_value(document, name, judged(document, name))
    if not lists:
        return document
    found = with_first_values(document, lists)
    resolved = judged(found, name).document.tree
    given = {_said(by_name(each.path, resolved)): each for each in lists}
    twice = given.keys() & _axes(document).keys()
    if twice:
        problem, remedy = "`sweep:` has an axis of this path as well", "take one of the two out"
        raise ScenarioError(
            document.fault(given[said].written, problem, remedy) for said in sorted(twice)
        )
    for said, each in given.items():
        found = _with_axis(found, said, each.values, _places_in(document, each.written))
    return found


def _overridden(document: Document, name: str, overrides: Mapping[str, object]) -> Document:
    """The document with values set by path, in its sweep as well."""
    of_sweep = {said: _path_in_sweep(said) for said in overrides if said.split(".")[0] in _SWEEP}
    others = {said: value for said, value in overrides.items() if said not in of_sweep}
    tree = mapping(document.tree)
    sweep = mapping(tree.pop("sweep", None)) | {"axes": _not_set(_axes(document), others)}
    resolved, scenario = read(replace(document, tree=tree), name)
    found = overridden(resolved, scenario, others, "--set")
    swept: Tree = {**mapping(found.tree), "sweep": sweep}
    for said, path in of_sweep.items():
        swept = with_value(swept, path, cast("Tree", overrides[said]))
    places = {path: Place(f"--set {said}", 0, 0) for said, path in of_sweep.items()}
    return replace(found, tree=swept, values={**found.values, **places})


def _not_set(axes: Mapping[str, Tree], overrides: Container[str]) -> dict[str, Tree]:
    return {said: axes[said] for said in axes if said not in overrides}


def _path_in_sweep(said: str) -> Path:
    """The path that a text names in a sweep, where the path of an axis is one key."""
    steps = said.split(".")
    return (*_AXES, ".".join(steps[2:])) if steps[1:2] == ["axes"] and steps[2:] else tuple(steps)


def _with_axis(
    document: Document, said: str, levels: object, places: Mapping[Path, Place]
) -> Document:
    """The document with an axis more, or another of that path."""
    path: Path = (*_AXES, said)
    others = {each: place for each, place in document.values.items() if each[:3] != path}
    return replace(
        document,
        tree=with_value(document.tree, path, cast("Tree", levels)),
        values=others | {(*path, *inside): place for inside, place in places.items()},
        keys={each: place for each, place in document.keys.items() if each[:3] != path},
    )


def _axes(document: Document) -> dict[str, Tree]:
    return mapping(child(child(document.tree, "sweep"), "axes"))


def _places_in(document: Document, outer: Path) -> dict[Path, Place]:
    """Where what is inside of a value is written, by the path from there."""
    length = len(outer)
    return {
        path[length:]: place for path, place in document.values.items() if path[:length] == outer
    }


def _said(path: Path) -> str:
    return ".".join(map(str, path))
