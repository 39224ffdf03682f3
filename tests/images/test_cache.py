"""Which steps are cached, beside what a real BuildKit did with the same files one after another."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from images.recording import CASES, RECORDED, lay

from sim.images.building import Inputs, plan_build
from sim.images.context import read_context
from sim.images.costs import Cost
from sim.images.dockerfile import read_dockerfile
from sim.images.drafting import BuildCache
from sim.images.naming import full_name
from sim.images.supplies import BaseImage, Rates
from sim.images.surroundings import Surroundings
from sim.spec.build import Build, Work

BY_CASE = {case["case"]: case for case in yaml.safe_load(CASES.read_text())}
BUILDKIT: Mapping[str, Any] = yaml.safe_load(RECORDED.read_text())


class Plain:
    """Supplies by which a step costs nothing in particular."""

    rates = Rates()

    def base(self, reference: str) -> BaseImage:
        """An image that its name stands for."""
        return BaseImage(full_name(reference), reference)

    def cost(self, line: int, command: str, around: Surroundings) -> Cost:
        """No cost."""
        return Cost("", Work(), 0)


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

    It says of a base that it is cached only once a step that ran has used it.
    """
    ran = [step for step in build.steps if not step.cached]
    used = {number for step in ran if step.kind != "export" for number in step.needs}
    said = []
    for number, step in enumerate(build.steps):
        is_cached = step.cached and (step.kind != "base" or number in used)
        said.append(f"{'cached' if is_cached else 'run'} {step.name}")
    return alike(said)


def alike(steps: Iterable[str]) -> list[str]:
    """Steps in an order of their own, without what BuildKit says of a base now so and now so: for
    which of several stages it is there, and a tag that is the usual one."""
    bases = (re.sub(r"\[.*\] FROM (.*?)(:latest)?$", r"FROM \1", step) for step in steps)
    return sorted(bases)


def today(steps: Sequence[str], newer: Mapping[str, str]) -> list[str]:
    """What was recorded as the BuildKit of today would have it."""
    renamed = [f"{kind} {newer.get(name, name)}" for kind, _, name in map(_parted, steps)]
    return alike(renamed + [f"run {name}" for name in [newer.get("")] if name])


def _unnumbered(steps: Iterable[str]) -> list[str]:
    return sorted(re.sub(r"\[.* +\d+/\d+\] ", "", step) for step in steps)


def _parted(step: str) -> tuple[str, str, str]:
    return step.partition(" ")


@pytest.mark.parametrize("name", BY_CASE)
def test_a_plan_is_what_buildkit_does(name: str, tmp_path: Path) -> None:
    case = BY_CASE[name]
    ours = [as_printed(build) for build in plans(case, tmp_path)]
    theirs = [today(steps, case.get("newer", {})) for steps in BUILDKIT[name]]
    if "names" in case:
        ours, theirs = ([_unnumbered(steps) for steps in builds] for builds in (ours, theirs))
    if "differs" in case:
        runs = {f"run {step}" for step in case["differs"]["runs"]}
        assert set(ours.pop()) - set(theirs.pop()) == runs
    assert ours == theirs
