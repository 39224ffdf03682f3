"""What a sweep reads: a file, what is set and varied over it, and lists that are axes."""

from pathlib import Path

import pytest
from scenario_files import SMALL, faults_in, write

from sim.catalog.scenario import load
from sim.catalog.sweeping import load_sweep
from sim.catalog.varied import varied
from sim.errors import ScenarioError
from sim.spec.scenario import Scenario
from sim.spec.sweep import Range, Sweep

LISTS = """\
version: 1
title: Two services
host: {extends: cloud-2c-8g, memory: [8 GiB, 16 GiB]}
platforms: [process, {name: mixed, web: [container-docker, gvisor]}]
horizon: 1 min
groups:
  web: {workload: [web-node, redis], count: [2, 5], publish: [80, 81]}
"""
AXES = {
    "host.memory": ["8 GiB", "16 GiB"],
    "platforms.mixed.mix.web": ["container-docker", "gvisor"],
    "groups.web.workload": ["web-node", "redis"],
    "groups.web.count": [2, 5],
}


def sweep_of(scenario: Scenario) -> Sweep:
    assert scenario.sweep is not None
    return scenario.sweep


def refused(folder: Path, text: str, **given: dict[str, object]) -> list[str]:
    """The faults of a scenario that is to be swept, without the name of its file."""
    file = write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        load_sweep(file, **given)
    return [str(fault).removeprefix(f"{file}:") for fault in caught.value.faults]


def test_a_list_where_one_value_is_asked_is_an_axis(tmp_path: Path) -> None:
    scenario = load_sweep(write(tmp_path, LISTS))

    assert sweep_of(scenario).axes == AXES
    assert (scenario.groups["web"].count, scenario.groups["web"].publish) == (2, [80, 81])
    far = varied(scenario, {path: values[1] for path, values in AXES.items()})
    assert [far.groups["web"].workload.name, far.groups["web"].count] == ["redis", 5]
    assert far.platforms[1].mix["web"].name == "gvisor"


def test_what_is_not_swept_may_have_no_such_list(tmp_path: Path) -> None:
    remedy = "write one of them, or run it by `tare sweep`, for which such a list is an axis"
    problem = f"a list of 2 stands where one value is asked; {remedy}"

    assert faults_in(tmp_path, LISTS) == [
        f"3:38: host.memory: {problem}",
        f"4:41: platforms.mixed.mix.web: {problem}",
        f"7:19: groups.web.workload: {problem}",
        f"7:45: groups.web.count: {problem}",
    ]


def test_a_list_whose_first_item_does_not_fit_is_no_axis(tmp_path: Path) -> None:
    text = LISTS.replace("[2, 5]", "[two, 5]").replace("[8 GiB,", "[[8 GiB],")

    assert refused(tmp_path, text) == [
        "3:38: host.memory: a list of 2 is not a size; write a number and a unit, such as 5 MiB",
        "7:45: groups.web.count: a list of 2 is not a whole number; write a number such as 5",
    ]


def test_an_empty_list_is_no_axis(tmp_path: Path) -> None:
    text = SMALL + "sweep: {axes: {groups.web.count: []}}\n"

    assert refused(tmp_path, text) == [
        "8:34: sweep.axes.'groups.web.count': is empty; write one or more"
    ]
    assert refused(tmp_path, SMALL.replace("count: 2", "count: []")) == [
        "7:36: groups.web.count: a list of 0 is not a whole number; write a number such as 5"
    ]


def test_the_axes_of_file_lists_and_options_come_together(tmp_path: Path) -> None:
    text = SMALL.replace("count: 2", "count: [2, 5]") + "sweep: {axes: {seed: [1, 2]}}\n"
    vary: dict[str, object] = {"host.memory": {"from": "8 GiB", "to": "9 GiB", "steps": 2}}
    axes = sweep_of(load_sweep(write(tmp_path, text), vary=vary | {"hosts": (1, 2)})).axes

    assert {path: axes[path] for path in ("seed", "groups.web.count", "hosts")} == {
        "seed": [1, 2], "groups.web.count": [2, 5], "hosts": [1, 2],
    }  # fmt: skip
    assert isinstance(axes["host.memory"], Range)


def test_what_is_varied_takes_the_place_of_the_files_axis_and_what_is_set_ends_it(
    tmp_path: Path,
) -> None:
    text = (
        SMALL.replace("count: 2", "count: [2, 5]") + "sweep: {axes: {seed: [1, 2], hosts: [1, 2]}}"
    )
    scenario = load_sweep(
        write(tmp_path, text),
        overrides={"groups.web.count": 3, "seed": 9, "sweep.design": "zip", "host.cores": [2, 4]},
        vary={"hosts": [7, 8]},
    )

    assert (scenario.groups["web"].count, scenario.seed) == (3, 9)
    assert sweep_of(scenario).axes == {"hosts": [7, 8], "host.cores": [2, 4]}
    assert sweep_of(scenario).design == "zip"
    assert scenario.settings == {
        "groups.web.count": "3", "seed": "9", "sweep.design": "zip", "host.cores": "[2, 4]",
    }  # fmt: skip


def test_files_that_values_name_lie_where_the_scenario_does(tmp_path: Path) -> None:
    write(tmp_path, "{extends: cloud-2c-8g, name: larger, memory: 32 GiB}", "larger.yaml")
    file = write(tmp_path, SMALL.replace("host: cloud-2c-8g", "host: [cloud-2c-8g, ./larger.yaml]"))
    scenario = load_sweep(file)

    assert varied(scenario, {"host": "./larger.yaml"}).host.name == "larger"


def test_values_and_options_that_are_wrong_are_told_together(tmp_path: Path) -> None:
    text = SMALL.replace("count: 2", "count: [2, 5]")
    vary = {"groups.web.coutn": [1], "hosts": [1, 1], "groups.web": [1], "sweep.points": [1]}

    assert refused(tmp_path, text, vary=vary) == [
        "--vary groups.web.coutn: groups.web has no 'coutn'; did you mean 'count'?",
        "--vary groups.web.coutn: the axis groups.web sets this as well; "
        "take one out, or put groups.web.coutn into the values of groups.web",
        "--vary hosts: sweep.axes.hosts.1: 1 stands here twice; take one out",
        "--vary sweep.points: sweep changes no run; take it out",
        "7:36: sweep.axes.'groups.web.count': the axis groups.web sets this as well; "
        "take one out, or put groups.web.count into the values of groups.web",
    ]


def test_one_path_may_have_one_axis(tmp_path: Path) -> None:
    text = SMALL.replace("count: 2", "count: [2, 5]") + "sweep: {axes: {groups.web.count: [1, 2]}}"

    assert refused(tmp_path, text) == [
        "7:36: groups.web.count: `sweep:` has an axis of this path as well; take one of the two out"
    ]


def test_a_sweep_of_nothing_is_refused_unless_it_asks_what_matters(tmp_path: Path) -> None:
    said = "nothing in it is varied; add --vary groups.NAME.count=10,50, or write sweep: {axes: …}"
    assert refused(tmp_path, SMALL)[0].endswith(said)

    matters = "sweep: {sensitivity: {of: memory_gross_bytes, inputs: catalog}}\n"
    assert sweep_of(load_sweep(write(tmp_path, SMALL + matters))).axes == {}


def test_the_folder_of_a_sweep_is_no_key(tmp_path: Path) -> None:
    text = SMALL + "sweep: {folder: x, axes: {seed: [1]}}\n"

    assert refused(tmp_path, text) == [
        "8:9: sweep.folder: 'folder' is no key here; it is the folder of the scenario's file"
    ]


def test_a_scenario_with_a_sweep_loads_without_one_as_well(tmp_path: Path) -> None:
    text = SMALL + "sweep: {axes: {groups.web.count: [3, 4]}}\n"

    assert load(write(tmp_path, text)).groups["web"].count == 2


def test_an_axis_of_which_nothing_fits_is_told_before_anything_runs(tmp_path: Path) -> None:
    vary = {
        "horizon": {"from": 10, "to": 60, "steps": 3},
        "groups.web.count": ["two", "five"],
        "groups.web.limits.memory": ["1 TiB", "2 TiB"],
        "hosts": [0, 1],
    }
    text = SMALL + "sweep: {axes: {placement: [sprad]}}\n"

    assert refused(tmp_path, text, vary=vary) == [
        "--vary groups.web.count: 'two' is not a whole number; write a number such as 5",
        "--vary horizon: 60 has no unit; write 60 s, or another of ms, us, ns, min, h, d",
        "8:27: sweep.axes.placement: 'sprad' does not fit here; did you mean 'spread'?",
    ]


@pytest.mark.parametrize(
    ("path", "levels", "said"),
    [
        ("replications", [2, 4], "replications changes no run; take it out"),
        ("title", ["a", "b"], "title changes no run; take it out"),
        ("platforms", [["process"], ["vm-qemu"]], "each platform is run at every point; name them"),
    ],
)
def test_what_would_give_the_same_run_at_every_point_is_no_axis(
    tmp_path: Path, path: str, levels: list[object], said: str
) -> None:
    (told,) = refused(tmp_path, SMALL, vary={path: levels})
    assert said in told
