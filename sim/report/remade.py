"""A manifest read back: the scenarios that a report was made from, to be run again."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.catalog.scenario import from_resolved
from sim.errors import Fault, ScenarioError, UsageError, shown
from sim.report.folder import GENERATOR, MANIFEST
from sim.report.manifest import digest
from sim.spec.document import Tree, dotted
from sim.spec.scenario import Scenario

_WANTED = f"name the folder of a report, or the {MANIFEST} in it"
_LEFT = "take the report from where it came, or write it anew with tare compare"
_OTHERS = {"validation": "tare validate --report", "sweep": "tare sweep"}
_DIGITS_SHOWN = 12


class _Stored(BaseModel):
    """What a manifest is read into; keys that a later Tare adds are none of its business."""

    model_config = ConfigDict(frozen=True, strict=True)


class StoredScenario(_Stored):
    """A scenario as a manifest holds it."""

    name: str
    sha256: str
    seed: int
    replications: int
    platforms: list[str]
    settings: dict[str, str] = {}
    scenario: dict[str, object]


class Manifest(_Stored):
    """What a report was made from; `folder` is where the report lies."""

    folder: Path
    scenarios: list[StoredScenario] = Field(min_length=1)
    versions: dict[str, str]
    tables: dict[str, str]
    run: dict[str, object]


def read_manifest(report: Path) -> Manifest:
    """Read the manifest of a report, which is a folder or its `manifest.json`.

    Raises UsageError for what is no report, no whole one, or none that this Tare reads.
    """
    file = report / MANIFEST if report.is_dir() else report
    content = _content(file, report)
    if not isinstance(content, dict) or content.get("generator") != GENERATOR:
        raise UsageError(f"{file} is not the manifest of a report of Tare", _WANTED)
    if content.get("schema") != 1:
        problem = f"{file}: schema: {shown(content.get('schema'))} is none that this Tare reads"
        raise UsageError(problem, "it reads schema 1; a later Tare may read this one")
    _refuse_others(content, file)
    try:
        return Manifest.model_validate(content | {"folder": file.parent})
    except ValidationError as error:
        raise UsageError(f"{file}: {_first_fault(error)}", _LEFT) from None


def _refuse_others(content: Mapping[str, object], file: Path) -> None:
    """Refuse what was made otherwise than by comparing scenarios."""
    for kind, verb in _OTHERS.items():
        if kind in content:
            problem = f"{file} is the manifest of a {kind}, which is no comparison of scenarios"
            raise UsageError(problem, f"{verb} writes it anew")


def _content(file: Path, report: Path) -> object:
    _refuse_endless(file)
    try:
        return json.loads(file.read_bytes())
    except FileNotFoundError:
        missing = f"{report} has no {MANIFEST}" if report.is_dir() else f"{report} does not exist"
        raise UsageError(missing, _WANTED) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{file} cannot be read: {reason}", _WANTED) from None
    except json.JSONDecodeError as error:
        problem = f"{file}:{error.lineno}:{error.colno}: it is not JSON, or not all of it is here"
        raise UsageError(problem, f"{_WANTED}; if it is one, {_LEFT}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{file} is not JSON", _WANTED) from None


def _refuse_endless(file: Path) -> None:
    """Refuse a pipe or a device, of which nobody knows when it ends. Raises: UsageError."""
    if file.exists() and not file.is_file():
        raise UsageError(f"{file} is neither a file nor a folder", _WANTED)


def _first_fault(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    return f"{dotted(detail['loc'])}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def edits(manifest: Manifest) -> Iterator[str]:
    """Say which scenarios are not those that the report was made from; nothing if all are."""
    for stored in manifest.scenarios:
        found = digest(stored.scenario, stored.settings)
        if found != stored.sha256:
            yield (
                f"the scenario {stored.name}, or what was set over its file, was edited: "
                f"its SHA-256 is {found[:_DIGITS_SHOWN]}…, "
                f"and {stored.sha256[:_DIGITS_SHOWN]}… stands beside it"
            )


def remade(manifest: Manifest) -> list[Scenario]:
    """Build the scenarios of a manifest anew.

    Raises ScenarioError for one that this Tare does not take, and UsageError where the manifest
    says two things of one.
    """
    scenarios = [_scenario(stored, manifest.folder / MANIFEST) for stored in manifest.scenarios]
    twice = len(scenarios) - len({scenario.name for scenario in scenarios})
    if twice:
        raise UsageError(f"{manifest.folder / MANIFEST}: two scenarios have one name", _LEFT)
    return scenarios


def _scenario(stored: StoredScenario, file: Path) -> Scenario:
    tree = cast("dict[str, Tree]", stored.scenario)
    try:
        scenario = from_resolved(tree, stored.name, stored.settings, f"{file}: {stored.name}")
    except ScenarioError as error:
        problem = f"the scenario {stored.name} is none that this Tare takes"
        later = "a later Tare may have written it, or an earlier one"
        raise ScenarioError([*error.faults, Fault(problem, later, file=str(file))]) from None
    _check_told_once(stored, scenario, file)
    return scenario


def _check_told_once(stored: StoredScenario, scenario: Scenario, file: Path) -> None:
    """What a manifest tells beside a scenario is what the scenario itself says."""
    inside = {
        "seed": scenario.seed,
        "replications": scenario.replications,
        "platforms": [platform.name for platform in scenario.platforms],
    }
    for key, said in inside.items():
        beside = getattr(stored, key)
        if beside != said:
            problem = f"{file}: {stored.name}: {key}: {shown(beside)}, and {shown(said)} inside"
            raise UsageError(f"{problem} the scenario", _LEFT)
