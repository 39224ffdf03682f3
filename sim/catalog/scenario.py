"""From a scenario file to a Scenario, or to all that is wrong with it."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import cast

from pydantic import ValidationError

from sim.catalog.entries import mapping, resolved_entry
from sim.catalog.loader import names
from sim.catalog.overrides import overridden, standing
from sim.catalog.resolve import resolve
from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.spec.checks import check
from sim.spec.document import Document, Path, Tree, dotted
from sim.spec.faults import findings_of, placed
from sim.spec.finding import Finding
from sim.spec.merge import read_scenario_tree
from sim.spec.parts import read_parts
from sim.spec.places import is_place, keys_at
from sim.spec.quantity import Model
from sim.spec.scenario import Scenario

_NOTHING: Mapping[str, object] = {}
_MOST_FAULTS = 100
_READ = ("host", "platforms", "faults", "objectives", "sweep")
"""What is a model, or is made of them, once a scenario is read."""


def load(path: str | os.PathLike[str], *, overrides: Mapping[str, object] = _NOTHING) -> Scenario:
    """Read a scenario file, with values set over it by path: `{"groups.web.count": 100}`.

    Raises ScenarioError with every fault of the file, or of what is set over it.
    """
    name = FilePath(os.fspath(path)).stem
    document, scenario = _read(read_scenario_tree(path), name)
    if not overrides:
        return scenario
    return with_values(document, scenario, overrides, "--set")


def with_values(
    document: Document, scenario: Scenario, values: Mapping[str, object], option: str
) -> Scenario:
    """Build a scenario with values set over it by path, which an option of that name has told.

    Raises ScenarioError with every fault, placed in the document that the scenario is of.
    """
    _, found = _read(overridden(document, scenario, values, option), scenario.name)
    said = {path: value if isinstance(value, str) else json.dumps(value)
            for path, value in values.items()}  # fmt: skip
    return found.model_copy(update={"settings": scenario.settings | said})


def _read(document: Document, name: str) -> tuple[Document, Scenario]:
    resolved, findings = resolve(document)
    tree = cast("dict[str, Tree]", resolved.tree)
    for key in {"name", "settings"} & tree.keys():
        remedy = "its file's name names a scenario; `title` is for people"
        findings.append(Finding((key,), f"{key!r} is no key here", remedy, at_key=True))
    return resolved, _built(resolved, {"name": name}, findings)


def from_written(tree: Mapping[str, Tree], name: str) -> Scenario:
    """Build a scenario of a tree as a file would have it, in which names stand for entries.

    Raises ScenarioError with every fault of it, as of a file of that name.
    """
    return _read(Document(name, dict(tree), {}, {}), name)[1]


def from_resolved(
    tree: Mapping[str, Tree], name: str, settings: Mapping[str, str], file: str
) -> Scenario:
    """Build a scenario anew from what it was resolved to, in which no name stands for an entry.

    Raises ScenarioError with every fault of it, as of that file.
    """
    return _built(Document(file, dict(tree), {}, {}), {"name": name, "settings": dict(settings)})


def _built(
    document: Document, told: Mapping[str, object], findings: Iterable[Finding] = ()
) -> Scenario:
    """The scenario of a resolved tree, with what is told of it beside. Raises ScenarioError."""
    tree = cast("dict[str, Tree]", document.tree)
    found = [*findings]
    try:
        scenario = Scenario.model_validate({**tree, **told})
    except ValidationError as error:
        raise _error([*found, *findings_of(error), *_contradictions(tree)], document) from None
    found += [*_contradictions(_with_models(tree, scenario)), *_axes_nowhere(scenario)]
    if found:
        raise _error(found, document)
    return scenario


def _axes_nowhere(scenario: Scenario) -> Iterator[Finding]:
    """Find the axes of a sweep that lead to nothing which could be set."""
    for said in scenario.sweep.axes if scenario.sweep else ():
        place: Path = ("sweep", "axes", said)
        try:
            path, _ = standing(scenario, said)
        except TareError as error:
            yield Finding(place, error.problem, error.remedy, at_key=True)
            continue
        if path[0] == "sweep":
            yield Finding(place, "a sweep does not vary itself", "take it out", at_key=True)
        elif not is_place(path):
            problem = f"{dotted(path[:-1])} has no {shown(path[-1])}"
            remedy = did_you_mean(str(path[-1]), keys_at(path[:-1]))
            yield Finding(place, problem, remedy, at_key=True)


def _with_models(tree: Mapping[str, Tree], scenario: Scenario) -> dict[str, Tree | Model]:
    """The tree with its parts as the models that they are, in the order in which they stand."""
    parts = {key: getattr(scenario, key) for key in tree if key in _READ}
    parts["groups"] = {name: scenario.groups[name] for name in mapping(tree["groups"])}
    return {**tree, **parts}


def _contradictions(tree: Mapping[str, Tree | Model]) -> Iterator[Finding]:
    return check(read_parts(tree), names("images"), _servers)


def _servers() -> list[str]:
    """The workloads of the catalog that answer requests."""
    return [name for name in names("workloads") if "serve" in resolved_entry("workloads", name)]


def _error(findings: Iterable[Finding], document: Document) -> ScenarioError:
    """All faults in the order of the file, up to as many as one cares to read."""
    faults = sorted(
        {placed(finding, document) for finding in findings},
        key=lambda fault: (fault.file, fault.line or 0, fault.column or 0, str(fault)),
    )
    more = len(faults) - _MOST_FAULTS
    rest = [Fault(f"{more} more faults", file=document.file)] if more > 0 else []
    return ScenarioError([*faults[:_MOST_FAULTS], *rest])
