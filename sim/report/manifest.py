"""What a report was made from, so that it can be made again: scenario, seed, versions, hashes."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

from sim import version as tare
from sim.report.comparison import Comparison, platform_names
from sim.report.document import Json
from sim.report.folder import GENERATOR

_LIBRARIES = (
    *("numpy", "pandas", "scipy", "simpy", "pydantic"),
    *("matplotlib", "pillow", "jinja2", "pyarrow"),
)


def manifest(comparisons: Mapping[str, Comparison], tables: Mapping[str, str]) -> str:
    """Write the manifest, with the SHA-256 of each table; only `run` differs from run to run.

    Each scenario stands in it resolved, without what this version takes for granted; its SHA-256 is
    its `digest`.
    """
    content = {
        "schema": 1,
        "generator": GENERATOR,
        "scenarios": [_scenario(*item) for item in comparisons.items()],
        "versions": versions(),
        "tables": dict(sorted(tables.items())),
        "run": _run(),
    }
    return compact(content) + "\n"


def validation_manifest(about: Mapping[str, object], tables: Mapping[str, str]) -> str:
    """Write the manifest of a validation, which sums it up; only `run` differs from run to run."""
    return _of_one("validation", about, tables)


def sweep_manifest(about: Mapping[str, object], tables: Mapping[str, str]) -> str:
    """Write the manifest of a sweep, with what it varied; only `run` differs from run to run."""
    return _of_one("sweep", about, tables)


def _of_one(kind: str, about: Mapping[str, object], tables: Mapping[str, str]) -> str:
    content = {
        "schema": 1,
        "generator": GENERATOR,
        kind: about,
        "versions": versions(),
        "tables": dict(sorted(tables.items())),
        "run": _run(),
    }
    return compact(content) + "\n"


def compact(content: Mapping[str, object]) -> str:
    """Write JSON without a space that says nothing."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def digest(resolved: Mapping[str, object], settings: Mapping[str, str]) -> str:
    """Give the SHA-256 of a resolved scenario, which an edited one does not keep.

    What was set over its file, which a report says, belongs to it where there is anything.
    """
    whole = {"scenario": resolved, "settings": settings} if settings else resolved
    return sha256(compact(whole).encode(errors="replace")).hexdigest()


def versions() -> dict[str, str]:
    """Give the versions of Tare, Python and the libraries, of those that are installed."""
    found = {"tare-sim": tare.version(), "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def _scenario(label: str, comparison: Comparison) -> dict[str, Json]:
    resolved = comparison.scenario.model_dump(mode="json", exclude_defaults=True)
    settings = dict(comparison.scenario.settings)
    return {
        "name": label,
        "sha256": digest(resolved, settings),
        "seed": comparison.scenario.seed,
        "replications": comparison.scenario.replications,
        "platforms": list(platform_names(comparison)),
        "settings": dict(settings),
        "scenario": resolved,
    }


def machine() -> dict[str, str]:
    """Give what kind of machine this is, which may count for the last digits."""
    return {"system": platform.system(), "machine": platform.machine()}


def _run() -> dict[str, Json]:
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        **machine(),
        "cores": os.cpu_count(),
        "python": platform.python_implementation(),
    }
