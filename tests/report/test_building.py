"""What is told of builds: of one Dockerfile, and of those of a scenario beside each other."""

from dataclasses import dataclass

import pandas as pd
import pytest
from model.built import BUILDER, LAYERED, build, step
from model.worlds import MB, Spec, group, machine, platform, scenario, workload

from sim.records.builds import build_times
from sim.report import building, parts, workshop
from sim.report.figures.builds import builds as drawn_builds
from sim.report.figures.style import WIDE
from sim.report.findings import Table
from sim.studies.compare import compare
from sim.studies.comparison import Comparison

VM = platform("vm", vm=machine(files={"kind": "disk"}))
STEPS = (
    # build, change, line, name, cached, begins, ends, layer, rule
    (0, "", 0, "[internal] load", False, 0.0, 0.5, 0, ""),
    (0, "", 1, "[1/3] FROM base", False, 0.5, 0.5, 0, ""),
    (0, "", 2, "[2/3] COPY . .", False, 0.5, 1.0, 5_000_000, ""),
    (0, "", 3, "[3/3] RUN make", False, 1.0, 9.0, 0, "make"),
    (1, "touch:a", 0, "[internal] load", False, 10.0, 10.5, 0, ""),
    (1, "touch:a", 1, "[1/3] FROM base", True, 10.5, 10.5, 0, ""),
    (1, "touch:a", 2, "[2/3] COPY . .", True, 10.5, 10.5, 5_000_000, ""),
    (1, "touch:a", 3, "[3/3] RUN make", True, 10.5, 10.5, 0, "make"),
    (2, "edit:a", 0, "[internal] load", False, 20.0, 20.5, 0, ""),
    (2, "edit:a", 1, "[1/3] FROM base", True, 20.5, 20.5, 0, ""),
    (2, "edit:a", 2, "[2/3] COPY . .", False, 20.5, 21.0, 5_000_000, ""),
    (2, "edit:a", 3, "[3/3] RUN make", False, 21.0, 28.0, 0, "make"),
)
COLUMNS = ("build", "change", "line", "name", "cached", "begins_s", "ends_s", "layer_bytes", "rule")


@dataclass(frozen=True)
class Told:
    """Builds as the study would hand them over."""

    dockerfile: str
    host: str
    builds: pd.DataFrame
    steps: pd.DataFrame


def told(dockerfile: str = "Dockerfile", faster: float = 1.0) -> Told:
    """Three builds of 9, 0.5 and 8 s, or so many times as fast."""
    steps = pd.DataFrame(STEPS, columns=list(COLUMNS)).assign(group="b", instance="b/0")
    steps[["begins_s", "ends_s"]] /= faster
    sizes = {"image_bytes": 50_000_000, "context_bytes": [2_000, 100, 200]}
    return Told(dockerfile, "tiny", build_times(steps).assign(**sizes), steps)


def texts(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_a_build_is_as_long_as_from_its_first_step_to_its_last() -> None:
    times = told().builds
    assert times["seconds"].tolist() == [9.0, 0.5, 8.0]
    assert times["steps"].tolist() == [3, 3, 3]
    assert times["cached"].tolist() == [0, 3, 1]


def test_a_build_of_which_a_step_is_not_over_is_none() -> None:
    steps = told().steps
    steps.loc[11, "ends_s"] = float("nan")
    assert build_times(steps)["build"].tolist() == [0, 1]


def test_steps_stand_beside_each_other_build_by_build() -> None:
    table = building.step_table(told())
    assert table.columns == ("step", "first", "after touch:a", "after edit:a")
    assert texts(table) == [
        ("[internal] load", "500 ms", "500 ms", "500 ms"),
        ("[1/3] FROM base", "0 s", "cached", "cached"),
        ("[2/3] COPY . .", "500 ms", "cached", "500 ms"),
        ("[3/3] RUN make", "8 s", "cached", "7 s"),
    ]


def test_a_change_that_comes_again_is_shown_once() -> None:
    given = told()
    steps = pd.concat([given.steps, given.steps[4:8].assign(build=3)])
    again = Told("Dockerfile", "tiny", pd.concat([given.builds, given.builds[1:2]]), steps)
    assert building.step_table(again).columns == building.step_table(given).columns


def test_rules_and_layers_are_told_of_the_steps_that_have_them() -> None:
    assert texts(building.layer_table(told())) == [
        ("[2/3] COPY . .", "", "4.77 MiB"),
        ("[3/3] RUN make", "make", "-"),
    ]


def test_builds_are_told_with_what_is_cached_sent_and_comes_out() -> None:
    table = building.build_table(told())
    assert [row[:3] for row in texts(table)] == [
        ("first", "9 s", "0 of 3"),
        ("touch:a", "500 ms", "3 of 3"),
        ("edit:a", "8 s", "1 of 3"),
    ]


def test_two_dockerfiles_are_told_side_by_side_with_their_sums() -> None:
    table = building.against_table(told("a/Dockerfile"), told("a/Dockerfile.new", faster=2.0))
    assert table.columns == ("build", "Dockerfile", "Dockerfile.new")
    assert texts(table)[-1] == ("all", "17.5 s", "8.75 s")
    same = building.against_table(told("a/Dockerfile"), told("b/Dockerfile"))
    assert same.columns == ("build", "a/Dockerfile", "b/Dockerfile")


def test_sentences_say_what_each_change_makes_run_again() -> None:
    assert list(building.sentences(told())) == [
        "After touch:a all steps are cached.",
        "After edit:a the first step that is not cached is [2/3] COPY . .; "
        "[3/3] RUN make takes longest, 7 s.",
    ]


def test_the_document_has_every_build_with_its_steps() -> None:
    document = building.build_document(told())
    assert document["schema"] == 1
    first, touched, _ = document["builds"]  # type: ignore[misc]
    assert first["change"] is None
    assert (touched["change"], touched["seconds"], touched["context_bytes"]) == (
        "touch:a",
        0.5,
        100,
    )
    assert touched["steps"][3] == {
        "line": 3,
        "name": "[3/3] RUN make",
        "cached": True,
        "seconds": 0.0,
        "layer_bytes": 0,
        "rule": "make",
    }


def compared(*builds: Spec, **more: object) -> Comparison:
    """What so many builds, and two instances of what comes out, take as layers and on a disk."""
    groups = {
        "b": group(1, BUILDER, build={"runs": list(builds)}),
        "app": group(2, workload(private="1 MB"), built_by="b"),
    }
    return compare(scenario(groups=groups, platforms=[LAYERED, VM], **more))


@pytest.fixture(scope="module")
def made() -> Comparison:
    first = build(step("a", wait=4.0, layer=MB), step("b", needs=(0,), wait=2.0))
    later = build(step("a", wait=4.0, layer=MB), step("c", needs=(0,), wait=1.0), change="edit:x")
    return compared(first, later, person={"step": "1 s", "slip": "0 %"})


def test_builds_of_a_scenario_are_told_platform_by_platform(made: Comparison) -> None:
    """A disk has no steps that are cached: 4 and 2 s, 4 and 1 s, each begun a second later."""
    rows = texts(workshop.builds(made))
    assert [row[:2] for row in rows] == [("b", "c"), ("b", "vm")]
    assert rows[0][2:5] == ("6 s", "1 s", "50 %")
    assert rows[1][4] == "0 %"


def test_each_change_is_told_with_what_it_costs(made: Comparison) -> None:
    table = workshop.changes(made)
    assert table.columns == ("group", "after", "c", "vm")
    assert [row[:3] for row in texts(table)] == [("b", "first", "6 s"), ("b", "edit:x", "1 s")]


def test_the_steps_that_take_longest_are_told_first(made: Comparison) -> None:
    rows = [row for row in texts(workshop.steps(made)) if row[1] == "c"]
    assert rows[0] == ("b", "c", "a", "1", "4 s")


def test_what_a_person_does_is_told_where_there_is_one(made: Comparison) -> None:
    """The builder: started, and its two steps written down; built again; two are started, twice."""
    rows = {row[:2]: row[2] for row in texts(workshop.hands(made))}
    assert rows["b", "c"] == "4"
    assert rows["app", "c"] == "4"
    assert [row[0] for row in texts(workshop.set_up(made))] == ["c", "vm"]
    nobody = compared(build(step("a", wait=1.0)))
    assert not workshop.hands(nobody).rows
    titles = {part.title for part in parts.parts(nobody)}
    assert "How long builds take" in titles
    assert not titles & {"What is done by hand", "Setting up, and keeping alike"}


def test_nothing_is_told_of_builds_where_nothing_is_built() -> None:
    titles = {part.title for part in parts.parts(compare(scenario()))}
    assert not titles & {"How long builds take", "What each change costs", "What is done by hand"}


def test_a_build_that_fails_is_told_and_draws_nothing() -> None:
    failed = compared(build(step("a", layer=100_000 * MB)))
    colours = {"c": "#000000", "vm": "#ff0000"}
    assert drawn_builds(failed, colours, WIDE) is None
    assert not workshop.builds(failed).rows
    assert not workshop.changes(failed).rows
    assert set(failed.instances[failed.instances["group"] == "app"]["state"]) == {"starting"}
