"""Names in a scenario: entries of the catalog, variants that extend them, mixes."""

from pathlib import Path

import pytest
from scenario_files import FULL, SMALL, write

from sim.catalog.models import model_of
from sim.catalog.scenario import load
from sim.errors import UsageError

GiB = 2**30
MiB = 2**20


def test_names_stand_for_entries_of_the_catalog(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL))

    assert scenario.host == model_of("hosts", "cloud-2c-8g")
    assert scenario.platforms == [model_of("platforms", "process")]
    assert scenario.groups["web"].workload == model_of("workloads", "web-node")
    assert scenario.groups["web"].workload.image == model_of("images", "web-node")


def test_a_scenario_is_named_as_its_file(tmp_path: Path) -> None:
    assert load(write(tmp_path, SMALL, "web-fleet.yaml")).name == "web-fleet"


def test_what_a_file_leaves_open_has_its_default(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL))

    assert (scenario.hosts, scenario.placement, scenario.replications) == (1, "spread", 1)
    assert (scenario.images, scenario.page_cache, scenario.seed) == ("present", "warm", 1)
    assert scenario.groups["web"].arrive.at == 0.0


def test_a_variant_keeps_all_that_it_does_not_name(tmp_path: Path) -> None:
    host = load(write(tmp_path, FULL)).host
    whole = model_of("hosts", "server-16c-64g")

    assert host.memory.value == 128 * GiB
    assert (host.memory.source, host.memory.evidence) == ("scenario", "assumed")
    assert host.title == "Server with 16 cores and 64 GiB (changed: memory)"
    assert host.model_copy(update={"memory": whole.memory, "title": whole.title}) == whole


def test_a_variant_of_a_platform_changes_one_wall_of_it(tmp_path: Path) -> None:
    platforms = load(write(tmp_path, FULL)).platforms
    variant = platforms[2].boundaries["vm"]

    assert (platforms[2].name, variant.reserve) == ("vm-full", "full")
    assert variant.size is not None
    assert (variant.size.memory.value, variant.size.memory.relative) == (0.5, True)
    assert variant.boot == model_of("platforms", "vm-qemu").boundaries["vm"].boot


def test_walls_of_several_platforms_nest(tmp_path: Path) -> None:
    nested = load(write(tmp_path, FULL)).platforms[3]

    assert list(nested.boundaries) == ["vm", "container"]
    assert nested.boundaries["vm"].scope == 8
    docker = model_of("platforms", "container-docker")
    assert nested.boundaries["container"] == docker.boundaries["container"]


def test_a_mix_gives_each_group_a_platform_of_its_own(tmp_path: Path) -> None:
    mixed = load(write(tmp_path, FULL)).platforms[4]

    assert mixed.of("web").name == "container-docker"
    assert mixed.of("cache").name == "cache-vm"
    assert list(mixed.of("cache").boundaries) == ["vm"]


def test_a_workload_that_names_another_image_has_that_image_alone(tmp_path: Path) -> None:
    text = SMALL.replace("workload: web-node", "workload: {extends: web-node, image: redis}")
    image = load(write(tmp_path, text)).groups["web"].workload.image

    assert image == model_of("images", "redis")


def test_an_image_that_extends_another_has_its_layers_too(tmp_path: Path) -> None:
    layer = "{kind: application, compressed: 1 MB, unpacked: 2 MB}"
    image = f"{{extends: redis, name: mine, layers: {{mine: {layer}}}}}"
    text = SMALL.replace("web-node", f"{{extends: web-node, image: {image}}}")
    layers = load(write(tmp_path, text)).groups["web"].workload.image.layers

    assert list(layers) == [*model_of("images", "redis").layers, "mine"]
    assert layers["mine"].unpacked.value == 2_000_000


def test_a_new_value_has_no_old_source(tmp_path: Path) -> None:
    """Only the value is new, but who measured 64 GiB did not measure 32."""
    text = SMALL.replace("cloud-2c-8g", "{extends: server-16c-64g, memory: {value: 32 GiB}}")
    memory = load(write(tmp_path, text)).host.memory

    assert (memory.value, memory.source, memory.evidence) == (32 * GiB, "scenario", "assumed")


def test_a_scenario_may_cite_its_numbers(tmp_path: Path) -> None:
    cited = "{value: 32 GiB, source: our-list, evidence: measured, note: a sticker}"
    text = SMALL.replace("cloud-2c-8g", f"{{extends: server-16c-64g, memory: {cited}}}")
    memory = load(write(tmp_path, text)).host.memory

    assert (memory.source, memory.evidence, memory.note) == ("our-list", "measured", "a sticker")


def test_a_bare_size_is_private_memory(tmp_path: Path) -> None:
    variant = "{name: v, extends: vm-qemu, boundaries: {vm: {footprint: {vmm: 40 MiB}}}}"
    text = SMALL.replace("[process]", f"[{variant}]")
    vmm = load(write(tmp_path, text)).platforms[0].boundaries["vm"].footprint["vmm"]

    assert (vmm.private.value, vmm.shared.value) == (40 * MiB, 0)


def test_keys_of_ones_own_are_dropped_wherever_they_stand(tmp_path: Path) -> None:
    text = SMALL.replace("count: 2", "count: 2, x-why: {nested: [1]}") + "x-owner: me\n"
    file = write(tmp_path, text)

    assert load(file) == load(write(tmp_path, SMALL))


def test_a_file_builds_on_another(tmp_path: Path) -> None:
    write(tmp_path, SMALL, "base.yaml")
    file = write(tmp_path, "extends: ./base.yaml\ngroups: {web: {count: 9}}\n")

    assert load(file).groups["web"].count == 9
    assert load(file).title == "Two services"


def test_one_platform_is_taken_out(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, FULL))

    assert [platform.name for platform in scenario.on("nested").platforms] == ["nested"]
    assert scenario.on("nested").groups == scenario.groups
    with pytest.raises(UsageError, match=r"'nestd' is no platform.*did you mean 'nested'\?"):
        scenario.on("nestd")
