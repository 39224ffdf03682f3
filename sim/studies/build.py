"""Build an image in thought: what a Dockerfile costs on a quiet host, before and after changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from sim.catalog.built import read_builds
from sim.catalog.scenario import load
from sim.errors import ScenarioError, TareError
from sim.records.builds import build_times
from sim.simulation import simulate
from sim.spec import build as spec
from sim.spec.build import Build
from sim.spec.scenario import Scenario


@dataclass(frozen=True)
class Builds:
    """The builds of one Dockerfile on a host.

    `builds` has a row a build: its number, the change before it, seconds, bytes of the image and of
    the context that was sent; `steps` a row a step of each, as `records.schema` describes it.
    """

    dockerfile: str
    host: str
    builds: pd.DataFrame
    steps: pd.DataFrame


def build_image(
    dockerfile: Path | str,
    context: Path | str | None = None,
    *,
    changes: Sequence[str] = (),
    repeat: int = 1,
    arguments: Mapping[str, str] = MappingProxyType({}),
    target: str = "",
    bases: Mapping[str, str] = MappingProxyType({}),
    host: str = "laptop-8c-16g",
) -> Builds:
    """Simulate the first build of a Dockerfile, and one after each change, `repeat` times over.

    For `bases` that the catalog does not know stand others, or files of images. A change is
    `touch:PATH`, `edit:PATH`, `add:PATH`, `remove:PATH`, `arg:NAME=VALUE` or `base:IMAGE`; nothing
    on disk is touched. The host is a name of the catalog or a file.

    Raises: ScenarioError with all faults of the Dockerfile, its context or the host, UsageError for
    a change that cannot be, TareError where a build fails.
    """
    folder = None if context is None else Path(context)
    planned = read_builds(
        Path(dockerfile),
        folder,
        changes=changes,
        repeat=repeat,
        arguments=arguments,
        target=target,
        bases=bases,
    )
    steps = _simulated(planned, host)
    times = build_times(steps).merge(_sizes(planned), on="build")
    return Builds(str(dockerfile), host, times, steps)


def _simulated(planned: list[Build], host: str) -> pd.DataFrame:
    """Perform the builds on a host where nothing else goes on."""
    scenario = _on_host(host)
    group = scenario.groups["build"].model_copy(update={"build": spec.Builds(runs=planned)})
    result = simulate(scenario.model_copy(update={"groups": {"build": group}}))
    if len(build_times(result.builds)) < len(planned):
        reason = result.instances["reason"].iloc[0] or "it is not over after a month"
        raise TareError(f"the build fails: {reason}", "name a larger host")
    return result.builds


def _on_host(host: str) -> Scenario:
    """One builder on a host of the catalog, or of a file. Raises: ScenarioError."""
    named = str(Path(host).absolute()) if host.endswith((".yaml", ".yml")) else host
    with as_file(files("sim.studies").joinpath("build.yaml")) as file:
        try:
            return load(file, overrides={"host": named})
        except ScenarioError as error:
            faults = [replace(fault, file="host", path="") for fault in error.faults]
            raise ScenarioError(faults) from None


def _sizes(planned: list[Build]) -> pd.DataFrame:
    rows = [(number, one.image, one.context) for number, one in enumerate(planned)]
    return pd.DataFrame(rows, columns=["build", "image_bytes", "context_bytes"])
