"""Builds in a scenario: from a Dockerfile to its runs, and what does not fit with them."""

from pathlib import Path

import pytest
from scenario_files import faults_in, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError

BUILT = """\
version: 1
title: A service that is built
host: cloud-2c-8g
platforms: [container-docker]
horizon: 10 min
person: {step: 1 min, slip: 1 %}
groups:
  maker: {workload: builder, count: 1, build: {dockerfile: ./Dockerfile}}
  web: {workload: web-node, count: 2, built_by: maker}
"""
BY = "built_by: maker"
DOCKERFILE = "FROM debian:bookworm-slim AS first\nCOPY main.c /\nRUN cc main.c\nFROM first\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    (tmp_path / "main.c").write_text("int main;\n", encoding="utf-8")
    return tmp_path


def test_a_dockerfile_becomes_its_builds(folder: Path) -> None:
    """Beside the scenario, wherever one is; the first, and one after each change, twice."""
    asked = "changes: [edit:main.c, touch:main.c], repeat: 2, every: 1 min"
    written = BUILT.replace("Dockerfile}", f"Dockerfile, {asked}}}")
    build = load(write(folder, written)).groups["maker"].build

    assert build is not None
    assert build.runs is not None
    changes = [run.change for run in build.runs]
    assert changes == [None, *["edit:main.c", "touch:main.c"] * 2]
    assert [bool(run.layers) for run in build.runs] == [True] * 5
    assert build.every == 60.0
    bases = {run.base.name for run in build.runs if run.base is not None}
    assert len(bases) == 1


def test_what_is_shown_of_a_scenario_is_read_again_as_the_same(folder: Path) -> None:
    file = write(folder, BUILT)
    once = load(file)
    again = load(file, overrides={"groups.web.count": 2})
    assert again.groups == once.groups


def test_groups_are_named_also_where_no_builder_of_them_fits(folder: Path) -> None:
    """The builder has a fault of its own, so who can be meant is all groups."""
    faulty = BUILT.replace("Dockerfile}", "Dockerfile, evry: 5 min}").replace(BY, "built_by: mkr")
    with pytest.raises(ScenarioError) as told:
        load(write(folder, faulty))
    assert "'mkr' is no group; did you mean 'maker'?" in str(told.value)


def test_a_count_of_those_who_are_built_can_be_set(folder: Path) -> None:
    scenario = load(write(folder, BUILT), overrides={"groups.web.count": 5})
    assert scenario.groups["web"].count == 5
    assert scenario.groups["maker"].build == load(write(folder, BUILT)).groups["maker"].build


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (BY, "built_by: makr", "9:49: groups.web.built_by: 'makr' is no group; did you mean 'ma"),
        (BY, "built_by: web", "groups.web.built_by: web builds nothing; write build: {dockerfile"),
        (BY, "built_by: 5", "groups.web.built_by: "),
        (
            "Dockerfile}",
            "Dockerfile}, built_by: maker",
            "groups.maker.built_by: maker builds for itself, and is built by maker as well; take b",
        ),
        (
            BY,
            f"{BY}, arrive: {{every: 5 s}}",
            "groups.web.arrive: web comes when maker has built it, and at no other time; take arr",
        ),
        (BY, f"{BY}, arrive: {{in_flight: 1}}", "groups.web.arrive: web comes when maker has b"),
        (
            "workload: builder, count: 1,",
            "workload: web-node, count: 1, load: {rate: 1 / s},",
            "groups.maker.load: maker ends by itself, once it has built, and takes no load; take",
        ),
        ("./Dockerfile", "./Nothing", "groups.maker.build.dockerfile: "),
        ("./Dockerfile}", "./Dockerfile, context: ./no}", "there is no folder"),
        ("./Dockerfile}", "./Dockerfile, changes: [edit:b.c]}", "there is no 'b.c' in the context"),
        ("./Dockerfile}", "./Dockerfile, changes: [burn:b.c]}", "a change cannot be 'burn:b.c'"),
        ("./Dockerfile}", "./Dockerfile, target: last}", "has no stage 'last'"),
        ("./Dockerfile}", "./Dockerfile, repeat: 0}", "groups.maker.build.repeat: 0 is too small"),
        ("./Dockerfile}", "./Dockerfile, every: 5}", "groups.maker.build.every: 5 has no unit"),
        ("{dockerfile: ./Dockerfile}", "{}", "groups.maker.build: nothing says what is built"),
        ("step: 1 min", "step: 0 s", "person.step: 0 is too little here; write more than 0"),
        ("slip: 1 %", "slip: 101 %", "person.slip: '101 %' is too large"),
        ("step: 1 min, ", "", "person"),
        (
            "[container-docker]",
            "[{name: p, extends: vm-qemu, boundaries: {vm: {files: {prepared: outside}}}}]",
            "files.prepared: ",
        ),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(
    old: str, new: str, told: str, folder: Path
) -> None:
    assert old in BUILT
    assert any(told in said for said in faults_in(folder, BUILT.replace(old, new)))


def test_a_step_needs_what_is_before_it(folder: Path) -> None:
    steps = "[{line: 1, name: a, kind: run}, {line: 2, name: b, kind: run, needs: [1]}]"
    runs = f"{{runs: [{{steps: {steps}}}]}}"
    (said,) = faults_in(folder, BUILT.replace("{dockerfile: ./Dockerfile}", runs))
    assert "groups.maker.build.runs.0: step 1, 'b', needs step 1, which is not before it;" in said
    load(write(folder, BUILT.replace("{dockerfile: ./Dockerfile}", runs.replace("[1]", "[0]"))))


def test_faults_of_a_dockerfile_are_told_with_its_line(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM debian\nRNU true\n", encoding="utf-8")
    assert any("Dockerfile:2" in said for said in faults_in(folder, BUILT))
