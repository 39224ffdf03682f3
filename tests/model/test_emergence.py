"""What nobody wrote into the model, and what the catalog's platforms show all the same."""

from pathlib import Path

import pytest
from model.worlds import Run, run

import sim
from sim.catalog.loader import names
from sim.catalog.scenario import load
from sim.spec.scenario import Scenario

CONTAINERS, MACHINES = ("container-docker",), ("vm-qemu", "microvm-firecracker")
PLATFORMS = ("process", *CONTAINERS, *MACHINES)
STORY = """
version: 1
title: A storm
host: server-16c-64g
platforms: [process, container-docker, vm-qemu, microvm-firecracker]
horizon: 10 min
groups: {web: {workload: web-node, count: 10}}
"""


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("storm") / "storm.yaml"
    path.write_text(STORY)
    return path


def ran(path: Path, platform: str, count: int, page_cache: str) -> Run:
    asked: Scenario = load(path, overrides={"groups.web.count": count, "page_cache": page_cache})
    return run(asked.on(platform))


def spent(story: Run, resource: str) -> float:
    """Mean seconds of a start that were spent with a resource."""
    return float(story.result.instances[f"spent_{resource}_s"].mean())


@pytest.mark.parametrize("platform", CONTAINERS)
def test_a_storm_of_containers_queues_on_the_locks_of_the_hosts_kernel(
    storm: Path, platform: str
) -> None:
    """From 10 to 40 at once, on 16 cores: what they wait for locks grows faster than fourfold."""
    few, many = (ran(storm, platform, count, "warm") for count in (10, 40))
    assert spent(few, "locks") > 0
    assert spent(many, "locks") > 4 * spent(few, "locks")


@pytest.mark.parametrize("platform", MACHINES)
def test_a_storm_of_vms_queues_for_cpu_and_disk_and_hardly_for_a_lock(
    storm: Path, platform: str
) -> None:
    few, many = (ran(storm, platform, count, "cold") for count in (10, 40))
    assert max(spent(few, "locks"), spent(many, "locks")) < 0.05 * spent(many, "cpu")
    assert spent(many, "cpu") > 1.5 * spent(few, "cpu")
    assert spent(many, "disk") > 1.2 * spent(few, "disk")
    assert spent(many, "disk") > 10 * spent(ran(storm, CONTAINERS[0], 40, "cold"), "disk")


def test_the_page_cache_is_shared_by_containers_of_one_image_and_by_no_two_guests(
    storm: Path,
) -> None:
    read = {
        (platform, count): ran(storm, platform, count, "cold").metrics["disk_read_bytes"]
        for platform in (*CONTAINERS, *MACHINES)
        for count in (1, 5)
    }
    for platform in CONTAINERS:
        assert read[platform, 5] == read[platform, 1] > 0
    for platform in MACHINES:
        assert read[platform, 5] == pytest.approx(5 * read[platform, 1])


def test_bare_processes_have_no_tare(storm: Path) -> None:
    metrics = ran(storm, "process", 10, "warm").metrics
    assert metrics["memory_tare_bytes"] == metrics["disk_tare_bytes"] == 0
    assert metrics["cpu_tare_core_s"] == pytest.approx(0.0, abs=1e-9)


def test_net_is_the_same_on_every_platform(storm: Path) -> None:
    stories = [ran(storm, platform, 10, "warm") for platform in PLATFORMS]
    for metric in ("memory_net_bytes", "disk_net_bytes"):
        values = [story.metrics[metric] for story in stories]
        assert values == pytest.approx([values[0]] * len(values)), metric


def test_no_code_knows_the_name_of_a_platform() -> None:
    """A platform is data: outside the catalog's files its name stands in no module."""
    folder = Path(str(sim.__file__)).parent
    known = [name for name in names("platforms") if name != "process"]  # that is a plain word, too
    found = [
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*.py"))
        if path.relative_to(folder).parts[0] not in ("probes", "importers")
        for name in known
        if f'"{name}"' in path.read_text(encoding="utf-8")
    ]
    assert found == []
