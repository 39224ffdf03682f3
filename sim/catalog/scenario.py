"""From a scenario file to a Scenario, or to all that is wrong with it."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import cast

from pydantic import ValidationError

from sim.catalog.entries import resolved_entry
from sim.catalog.loader import names
from sim.catalog.overrides import overridden
from sim.catalog.resolve import resolve
from sim.errors import Fault, ScenarioError
from sim.spec.checks import check
from sim.spec.document import Document, Tree
from sim.spec.faults import findings_of, placed
from sim.spec.finding import Finding
from sim.spec.merge import read_scenario_tree
from sim.spec.parts import read_parts
from sim.spec.scenario import Scenario

_NOTHING: Mapping[str, object] = {}
_MOST_FAULTS = 100


def load(path: str | os.PathLike[str], *, overrides: Mapping[str, object] = _NOTHING) -> Scenario:
    """Read a scenario file, with values set over it by path: `{"groups.web.count": 100}`.

    Raises ScenarioError with every fault of the file, or of what is set over it.
    """
    name = FilePath(os.fspath(path)).stem
    document, scenario = _read(read_scenario_tree(path), name)
    if not overrides:
        return scenario
    _, scenario = _read(overridden(document, scenario, overrides), name)
    said = {path: value if isinstance(value, str) else json.dumps(value)
            for path, value in overrides.items()}  # fmt: skip
    return scenario.model_copy(update={"settings": said})


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
    found += _contradictions(tree)
    if found:
        raise _error(found, document)
    return scenario


def _contradictions(tree: Mapping[str, Tree]) -> Iterator[Finding]:
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
