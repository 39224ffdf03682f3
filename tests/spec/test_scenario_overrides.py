"""Values set over a scenario by path: where paths lead, and what is said where they do not."""

from pathlib import Path

import pytest
from scenario_files import FULL, SMALL, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError

GiB = 2**30
MiB = 2**20


def _said(folder: Path, overrides: dict[str, object]) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(write(folder, FULL), overrides=overrides)
    return str(caught.value)


def test_nothing_else_changes(tmp_path: Path) -> None:
    file = write(tmp_path, FULL)
    before, after = load(file), load(file, overrides={"groups.web.count": 9})

    assert after.groups["web"].count == 9
    group = after.groups["web"].model_copy(update={"count": before.groups["web"].count})
    unset = {"groups": after.groups | {"web": group}, "settings": {}}
    assert after.settings == {"groups.web.count": "9"}
    assert after.model_copy(update=unset) == before


def test_platforms_are_walked_by_name_into_what_the_catalog_says(tmp_path: Path) -> None:
    vmm = "platforms.vm-full.boundaries.vm.footprint.vmm"
    scenario = load(write(tmp_path, FULL), overrides={vmm: "40 MiB"})
    held = scenario.platforms[2].boundaries["vm"].footprint["vmm"]

    assert (held.private.value, held.private.source) == (40 * MiB, "scenario")


def test_a_group_of_a_mix_is_walked_under_mix(tmp_path: Path) -> None:
    path = "platforms.mixed.mix.cache.boundaries.vm.reserve"
    scenario = load(write(tmp_path, FULL), overrides={path: "full"})

    assert scenario.platforms[4].of("cache").boundaries["vm"].reserve == "full"


@pytest.mark.parametrize("end", ["", ".value"])
def test_a_new_value_replaces_a_cited_number_as_a_whole(end: str, tmp_path: Path) -> None:
    path = "host.disk.latency" + end
    latency = load(write(tmp_path, FULL), overrides={path: "1 ms"}).host.disk.latency

    assert (latency.value, latency.source, latency.note) == (0.001, "scenario", "")


def test_a_name_set_stands_for_its_entry(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL), overrides={
        "host": "laptop-8c-16g",
        "platforms": ["vm-qemu", {"extends": "vm-qemu", "name": "two"}],
        "groups.web.workload": "redis",
        "groups.web.workload.start.threads": 2,
    })  # fmt: skip

    assert scenario.host.memory.value == 16 * GiB
    assert [platform.name for platform in scenario.platforms] == ["vm-qemu", "two"]
    assert scenario.groups["web"].workload.start.threads == 2


def test_what_is_open_can_be_set(tmp_path: Path) -> None:
    """The small scenario states no limits, no registry and no objectives."""
    scenario = load(write(tmp_path, SMALL), overrides={
        "groups.web.limits.memory": "1 GiB",
        "registry.bandwidth": "100 MB/s",
        "objectives.oom_kills": "= 0",
    })  # fmt: skip

    assert scenario.groups["web"].limits.memory == GiB
    assert scenario.registry is not None
    assert list(scenario.objectives) == ["oom_kills"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("groups.wbe.count", 1, "--set groups.wbe.count: groups has no 'wbe'; did you mean 'web'?"),
        ("platforms.vm-ful.title", "x", "by name, has no 'vm-ful'; did you mean 'vm-full'?"),
        ("hsot.cores", 1, "--set hsot.cores: the scenario has no 'hsot'; did you mean 'host"),
        ("groups.web.cuont", 1, "--set groups.web.cuont: 'cuont' is no key here; did you mean 'c"),
        ("groups.web.count", "many", "--set groups.web.count: 'many' is not a whole number; write"),
        ("groups.web.count.x", 1, "groups.web.count holds nothing with a name; set groups.web.cou"),
        ("host.memory.source", "me", "host.memory holds nothing with a name; set host.memory as a"),
        ("horizon", 10, "--set horizon: 10 has no unit; write 10 s, or another of"),
        ("host", {"extends": "x"}, "--set host: host.extends: 'x' is no host of the catalog"),
        ("name", "x", "--set name: 'name' is no key here"),
        ("groups.web.limits.memory", "1 TiB", "1 TiB is more than the host's 128 GiB"),
        ("host.memory", "64 MiB", "512 MiB is more than the host's 64 MiB"),
        ("", 1, "'' is no key here; known: "),
        ("platforms..title", 1, "platforms, whose items go by name, has no ''; known: process, c"),
    ],
)
def test_a_fault_names_the_path_that_set_it(
    path: str, value: object, told: str, tmp_path: Path
) -> None:
    assert told in _said(tmp_path, {path: value})


def test_faults_of_several_paths_are_told_at_once(tmp_path: Path) -> None:
    said = _said(tmp_path, {"horizon": "5 MiB", "seed": -1, "groups.web.count": 2}).splitlines()

    assert [line.split(": ")[0] for line in said] == ["--set horizon", "--set seed"]


def test_a_wrong_file_is_told_before_what_is_set_over_it(tmp_path: Path) -> None:
    file = write(tmp_path, SMALL.replace("1 min", "1"))
    with pytest.raises(ScenarioError, match=r"scenario\.yaml:5:10: horizon"):
        load(file, overrides={"horizon": "1 min"})
