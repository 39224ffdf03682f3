"""From a scenario file to a Scenario, or to all that is wrong with it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path as FilePath

from sim.catalog.judged import Judged, as_error, judged, judged_tree
from sim.catalog.lists import lists_for_one_value
from sim.catalog.overrides import overridden
from sim.spec.document import Document, Tree
from sim.spec.merge import read_scenario_tree
from sim.spec.scenario import Scenario

_NOTHING: Mapping[str, object] = {}


def load(path: str | os.PathLike[str], *, overrides: Mapping[str, object] = _NOTHING) -> Scenario:
    """Read a scenario file, with values set over it by path: `{"groups.web.count": 100}`.

    Raises ScenarioError with every fault of the file, or of what is set over it.
    """
    name = FilePath(os.fspath(path)).stem
    document, scenario = read(read_scenario_tree(path), name)
    if not overrides:
        return scenario
    return with_values(document, scenario, overrides, "--set")


def with_values(
    document: Document, scenario: Scenario, values: Mapping[str, object], option: str
) -> Scenario:
    """Build a scenario with values set over it by path, which an option of that name has told.

    Raises ScenarioError with every fault, placed in the document that the scenario is of.
    """
    _, found = read(overridden(document, scenario, values, option), scenario.name)
    return found.model_copy(update={"settings": scenario.settings | as_settings(values)})


def as_settings(values: Mapping[str, object]) -> dict[str, str]:
    """What is set by path, as text."""
    return {
        path: value if isinstance(value, str) else json.dumps(value)
        for path, value in values.items()
    }


def read(document: Document, name: str) -> tuple[Document, Scenario]:
    """Read the file of a scenario; gives the document again, with names resolved.

    Raises ScenarioError with every fault of it.
    """
    found = judged(document, name)
    if found.findings:
        told = {each.path: each.told() for each in lists_for_one_value(document, name, found)}
        findings = [told.get(finding.path, finding) for finding in found.findings]
        raise as_error(findings, found.document)
    return found.document, _scenario(found)


def _scenario(found: Judged) -> Scenario:
    if found.scenario is None or found.findings:
        raise as_error(found.findings, found.document)
    return found.scenario


def from_written(tree: Mapping[str, Tree], name: str) -> Scenario:
    """Build a scenario of a tree as a file would have it, in which names stand for entries.

    Raises ScenarioError with every fault of it, as of a file of that name.
    """
    return read(Document(name, dict(tree), {}, {}), name)[1]


def from_resolved(
    tree: Mapping[str, Tree], name: str, settings: Mapping[str, str], file: str
) -> Scenario:
    """Build a scenario anew from what it was resolved to, in which no name stands for an entry.

    Raises ScenarioError with every fault of it, as of that file.
    """
    told = {"name": name, "settings": dict(settings)}
    return _scenario(judged_tree(Document(file, dict(tree), {}, {}), told))
