"""A tree judged: the scenario that it is, or all that keeps it from being one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast

from pydantic import ValidationError

from sim.catalog.entries import mapping, resolved_entry
from sim.catalog.loader import names
from sim.catalog.overrides import standing
from sim.catalog.resolve import resolve
from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.spec.checks import check
from sim.spec.document import Document, Path, Tree, child, dotted
from sim.spec.faults import findings_of, placed
from sim.spec.finding import Finding
from sim.spec.parts import read_parts
from sim.spec.places import is_place, keys_at
from sim.spec.quantity import Model
from sim.spec.scenario import Scenario
from sim.spec.sweep import DECIDES_NOTHING

_MOST_FAULTS = 100
_READ = ("host", "platforms", "faults", "objectives", "sweep")
"""What is a model, or is made of them, once a scenario is read."""

_TOLD: Mapping[Path, str] = {
    ("name",): "its file's name names a scenario; `title` is for people",
    ("settings",): "values are set by --set",
    ("sweep", "folder"): "it is the folder of the scenario's file",
}
"""What a scenario knows, and no file says."""


class Judged(NamedTuple):
    """A document in which names are resolved, with its scenario, and what is wrong with it."""

    document: Document
    scenario: Scenario | None
    findings: list[Finding]


def judged(document: Document, name: str) -> Judged:
    """Judge a document as the file of a scenario of that name, in which names are resolved."""
    resolved, findings = resolve(document)
    for path, remedy in _TOLD.items():
        outer = resolved.tree
        for step in path[:-1]:
            outer = child(outer, step)
        if isinstance(outer, dict) and path[-1] in outer:
            findings.append(Finding(path, f"{str(path[-1])!r} is no key here", remedy, at_key=True))
    return judged_tree(resolved, {"name": name}, findings)


def judged_tree(
    document: Document, told: Mapping[str, object], findings: Iterable[Finding] = ()
) -> Judged:
    """Judge a document in which names are resolved already, with what is told of it beside."""
    tree = cast("dict[str, Tree]", document.tree)
    try:
        scenario = Scenario.model_validate({**tree, **told})
    except ValidationError as error:
        found = [*findings, *findings_of(error), *_contradictions(tree)]
        return Judged(document, None, found)
    found = [*_contradictions(_with_models(tree, scenario)), *_axes_nowhere(scenario)]
    return Judged(document, scenario, [*findings, *found])


def _axes_nowhere(scenario: Scenario) -> Iterator[Finding]:
    """Find the axes of a sweep that lead to nothing which could be set."""
    for said in scenario.sweep.axes if scenario.sweep else ():
        place: Path = ("sweep", "axes", said)
        try:
            path, _ = standing(scenario, said)
        except TareError as error:
            yield Finding(place, error.problem, error.remedy, at_key=True)
            continue
        if path[0] in DECIDES_NOTHING:
            yield Finding(place, f"{path[0]} changes no run", "take it out", at_key=True)
        elif path == ("platforms",):
            problem = "each platform is run at every point"
            yield Finding(place, problem, "name them all under platforms", at_key=True)
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


def as_error(findings: Iterable[Finding], document: Document) -> ScenarioError:
    """All faults in the order of the file, up to as many as one cares to read."""
    faults = sorted(
        {placed(finding, document) for finding in findings},
        key=lambda fault: (fault.file, fault.line or 0, fault.column or 0, str(fault)),
    )
    more = len(faults) - _MOST_FAULTS
    rest = [Fault(f"{more} more faults", file=document.file)] if more > 0 else []
    return ScenarioError([*faults[:_MOST_FAULTS], *rest])
