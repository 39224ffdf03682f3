"""Which steps are cached, beside what a real BuildKit did with the same files one after another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from images.recording import CASES, RECORDED, lay
from sim.images.building import Inputs, plan_build
from sim.images.context import read_context
from sim.images.dockerfile import read_dockerfile
from sim.images.drafting import BuildCache
from sim.images.naming import full_name
from sim.images.supplies import BaseImage, CommandCost, Rates, Reader
from sim.spec.build import Build, Work

BY_CASE = {case["case"]: case for case in yaml.safe_load(CASES.read_text())}
BUILDKIT: Mapping[str, Any] = yaml.safe_load(RECORDED.read_text())


class Plain:
    """Supplies by which a step costs nothing in particular."""

    rates = Rates()

    def base(self, reference: str) -> BaseImage:
        """An image that its name stands for."""
        return BaseImage(full_name(reference), reference)

    def cost(self, command: str, read: Reader, folder: str) -> CommandCost:
        """No cost."""
        return SimpleNamespace(rule="", work=Work(), written=0)


def plans(case: Mapping[str, Any], folder: Path) -> Iterator[Build]:
    """Plan the builds of a case, one after another over one cache."""
    cache, before = BuildCache(), None
    given: dict[str, Any] = {"arguments": {}, "target": "", "base": 1}
    for build in case["builds"]:
        given |= {key: build[key] for key in given if key in build}
        lay(folder, {"Dockerfile": build["dockerfile"]} if "dockerfile" in build else {})
        lay(folder, build.get("files", {}))
        inputs = Inputs(
            read_dockerfile(str(folder / "Dockerfile")),
            read_context(folder, folder / "Dockerfile"),
            given["arguments"],
            given["target"],
            {full_name("tare-base"): given["base"] - 1},
        )
        yield plan_build(inputs, Plain(), cache, before)
        before = inputs.context


def as_printed(build: Build) -> list[str]:
    """The steps of a plan in BuildKit's words.

    It says of a base that it is cached only once a step that ran has used it; and that version
    leaves out the tag of a base that is the usual one.
    """
    ran = [step for step in build.steps if not step.cached]
    used = {number for step in ran if step.kind != "export" for number in step.needs}
    said = []
    for number, step in enumerate(build.steps):
        is_cached = step.cached and (step.kind != "base" or number in used)
        name = step.name.removesuffix(":latest") if step.kind == "base" else step.name
        said.append(f"{'cached' if is_cached else 'run'} {name}")
    return sorted(said)


@pytest.mark.parametrize("name", BY_CASE)
def test_a_plan_is_what_buildkit_does(name: str, tmp_path: Path) -> None:
    case = BY_CASE[name]
    ours = [as_printed(build) for build in plans(case, tmp_path)]
    theirs = [sorted(steps) for steps in BUILDKIT[name]]
    runs = case.get("differs", {}).get("runs", [])
    ours[-1] = sorted(f"cached {step[4:]}" if step[4:] in runs else step for step in ours[-1])
    assert ours == theirs
