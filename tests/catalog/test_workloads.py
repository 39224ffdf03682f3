"""What hosts, workloads and images of the catalog say, against the measurements they came from."""

import json
from collections.abc import Mapping
from math import exp, fsum, log
from pathlib import Path

import pandas as pd
import pytest

from sim import load
from sim.catalog.entries import resolved_entry
from sim.catalog.loader import names
from sim.catalog.models import model_of
from sim.simulation import simulate
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.platform import Boundary, Phase, Platform
from sim.spec.scenario import Scenario
from sim.spec.workload import ApplicationMemory, Workload

MIB = 2.0**20
MB = 1e6

HOSTS = {
    *("laptop-8c-16g", "server-16c-64g", "server-64c-256g", "cloud-2c-8g", "x3650-16c-256g"),
    *("m5d-metal-48c-384g", "xeon-104c-384g", "openstack-4c", "openstack-6c", "gke-8c-30g"),
}
WORKLOADS = {
    *("sleep", "web-node", "web-python", "web-ruby", "web-go", "nginx", "redis", "mysql"),
    *("jvm-service", "chrome-sandbox", "batch-compute", "compile"),
}
HOSTS_OF_THREADS = {"cloud-2c-8g", "xeon-104c-384g", "gke-8c-30g"}


def host(name: str) -> Host:
    found = model_of("hosts", name)
    assert isinstance(found, Host)
    return found


def workload(name: str) -> Workload:
    found = model_of("workloads", name)
    assert isinstance(found, Workload)
    return found


def image(name: str) -> Image:
    found = model_of("images", name)
    assert isinstance(found, Image)
    return found


def boundary(platform: str, name: str) -> Boundary:
    found = model_of("platforms", platform)
    assert isinstance(found, Platform)
    return found.boundaries[name]


def lives(
    platform: str, counts: Mapping[str, int], on: str = "server-16c-64g", **more: object
) -> pd.DataFrame:
    """So many instances of workloads on a host, with nothing to pull: a row an instance."""
    given = {
        "version": 1,
        "title": "A check of the catalog",
        "host": dict(resolved_entry("hosts", on)),
        "platforms": [dict(resolved_entry("platforms", platform))],
        "horizon": "60 s",
        "groups": {
            name: {"workload": dict(resolved_entry("workloads", name)), "count": count}
            for name, count in counts.items()
        },
        "images": "present",
    }
    return simulate(Scenario.model_validate(given | more)).instances


# What there is


def test_every_host_and_workload_of_the_contract_exists() -> None:
    assert set(names("hosts")) >= HOSTS
    assert set(names("workloads")) >= WORKLOADS


@pytest.mark.parametrize("name", ["web-python", "web-ruby", "jvm-service", "web-node-18"])
def test_what_is_called_a_service_answers_requests(name: str) -> None:
    assert workload(name).serve is not None and workload(name).run is None


def test_a_build_ends_when_its_two_core_minutes_are_done() -> None:
    """0.1 core-s on one core and 120 core-s on four: 30.1 s, 5 % more or less."""
    (exited,) = lives("process", {"compile": 1})["exited_s"]
    assert exited == pytest.approx(30.1, rel=0.15)


@pytest.mark.parametrize("name", sorted(HOSTS))
def test_only_hosts_of_hardware_threads_slow_down_when_all_are_busy(name: str) -> None:
    share = host(name).smt.value
    assert (share < 1.0) == (name in HOSTS_OF_THREADS)
    assert share > 0.5  # two threads of a core never do less than one


# Memory of one instance


def in_docker(memory: ApplicationMemory, together: int) -> float:
    """Bytes for each of so many containers, which map the same files, the daemons apart."""
    parts = boundary("container-docker", "container").footprint.values()
    own = sum(part.private.value + part.shared.value / together for part in parts)
    return own + memory.private.value + memory.kernel.value + memory.mapped.value / together


@pytest.mark.parametrize(("name", "measured"), [("sleep", 4.092 * MB), ("web-node", 76.71 * MB)])
def test_fifty_containers_hold_what_gvisor_published_for_runc(name: str, measured: float) -> None:
    assert in_docker(workload(name).memory, 50) == pytest.approx(measured, rel=0.01)


def test_redis_uses_14_megabytes() -> None:
    memory = workload("redis").memory
    assert memory.private.value + memory.mapped.value == pytest.approx(14.2 * MB, rel=0.01)


def test_nginx_of_three_processes_is_charged_3_megabytes() -> None:
    """Five processes here, three on the two vCPUs where a cgroup's memory was read."""
    memory = workload("nginx").memory
    charged = (memory.private.value + memory.kernel.value) * 3 / memory.processes
    assert charged == pytest.approx(3.25 * MB, rel=0.02)


def test_a_pod_with_chrome_holds_between_200_and_250_mebibytes() -> None:
    memory = workload("chrome-sandbox").memory
    assert memory.processes > 1
    assert 200 * MIB < in_docker(memory, 1) < 250 * MIB


def test_many_pods_with_chrome_leave_gvisor_the_overhead_it_has_elsewhere() -> None:
    """206 MiB each in gVisor; it adds 18.7 MiB to an empty container and 45.2 to one of Node."""
    memory = workload("chrome-sandbox").memory
    copied = boundary("gvisor", "container").files.copied.value * memory.mapped.value
    added = 206 * MIB - in_docker(memory, 100)
    assert added - copied == pytest.approx(18.7 * MIB, rel=0.10)


# Images


@pytest.mark.parametrize("name", names("images"))
def test_a_runtime_lies_at_a_path(name: str) -> None:
    for layer in image(name).layers.values():
        assert (layer.kind == "runtime") == layer.path.startswith("/")


def test_equal_names_of_layers_are_equal_layers() -> None:
    seen: dict[str, object] = {}
    for name in names("images"):
        for key, layer in image(name).layers.items():
            numbers = layer.kind, layer.path, layer.compressed.value, layer.unpacked.value
            assert seen.setdefault(key, numbers) == numbers, f"{key} of {name}"


def lowest(name: str) -> str:
    return next(iter(image(name).layers))


def test_images_on_one_base_share_it_and_others_do_not() -> None:
    slim = ["node-slim", "web-node", "web-python", "web-ruby", "nginx", "redis", "mysql"]
    assert {lowest(name) for name in [*slim, "chrome-sandbox", "batch"]} == {"debian-slim"}
    assert lowest("jvm-service") == "ubuntu" and lowest("build") == "debian"
    assert not image("node-slim").layers.keys() & image("node-18-slim").layers.keys()


@pytest.mark.parametrize(
    ("name", "base"), [("web-node", "node-slim"), ("web-node-18", "node-18-slim")]
)
def test_a_service_lies_on_the_whole_image_of_its_runtime(name: str, base: str) -> None:
    below = image(base).layers
    assert dict(list(image(name).layers.items())[: len(below)]) == below


def test_python_slim_is_as_large_as_its_pull_took() -> None:
    """Between alpine and nginx on the line of seconds over bytes: 0.615, 3.006 and 4.236 s."""
    alpine, nginx = (sum(each.compressed.value for each in image(name).layers.values())
                     for name in ("alpine", "nginx"))  # fmt: skip
    expected = alpine + (nginx - alpine) * (3.006 - 0.615) / (4.236 - 0.615)

    layers = image("web-python").layers
    found = sum(layers[name].compressed.value for name in ("debian-slim", "python", "python-links"))
    assert found == pytest.approx(expected, rel=0.01)


def test_node_slim_and_what_compilers_lie_on_are_as_large_as_published() -> None:
    node = sum(layer.compressed.value for layer in image("node-slim").layers.values())
    assert node == 84_626_114
    build = [layer.compressed.value for layer in image("build").layers.values()][:4]
    assert build == [49_317_255, 25_634_938, 67_778_134, 236_248_824]


def test_two_versions_of_node_do_not_fit_one_file_system() -> None:
    bare = lives("process", {"web-node": 1, "web-node-18": 1})
    assert sorted(bare["state"]) == ["failed", "ready"]
    assert "/usr/local/bin/node" in "".join(bare["reason"])

    assert set(lives("container-docker", {"web-node": 1, "web-node-18": 1})["state"]) == {"ready"}


def test_all_runtimes_but_two_of_one_kind_fit_one_file_system() -> None:
    bare = lives("process", {name: 1 for name in WORKLOADS}, on="server-64c-256g")
    assert not bare["reason"].any()


# Hosts


def demand(phases: Mapping[str, Phase]) -> float:
    return fsum(phase.compute.value for phase in phases.values())


NCU = {
    **{(1, 0): 10.06, (2, 0): 11.31, (3, 0): 13.08, (4, 0): 15.31, (6, 0): 18.85},
    **{(1, 4): 13.85, (1, 8): 19.26, (1, 12): 25.04},
    **{(3, 6): 21.49, (6, 6): 29.66, (6, 12): 40.38},
}
"""Seconds of a boot, by how many boot together and beside how many that only compute."""


def booted(folder: Path, together: int, busy: int) -> float:
    """Mean seconds of a boot as simulated: no two are quite alike, and so they drift apart."""
    guests = {"name": "guests", "extends": "vm-qemu"}
    hogs = {"workload": {"extends": "sleep", "steady": {"cpu": "1 cores"}}, "count": busy}
    boots = {"workload": "sleep", "count": together, "arrive": {"at": "5 s"}}
    groups = {"boots": boots} | ({"hogs": hogs} if busy else {})
    mix = {"name": "mix", "boots": guests} | ({"hogs": "process"} if busy else {})
    asked = {
        **{"version": 1, "title": "Boots beside hogs", "host": "openstack-4c"},
        **{"platforms": [mix], "horizon": "90 s", "groups": groups, "page_cache": "cold"},
    }
    file = folder / "boots.json"  # which YAML can read
    file.write_text(json.dumps(asked), encoding="utf-8")
    found = simulate(load(file)).instances
    boot = found[found["group"] == "boots"]
    return float((boot["ready_s"] - boot["created_s"]).mean())


def test_boots_on_an_openstack_host_take_what_eleven_rows_measured(tmp_path: Path) -> None:
    errors = [abs(log(booted(tmp_path, *row) / time)) for row, time in NCU.items()]
    assert exp(max(errors)) < 1.16
    assert exp(fsum(errors) / len(errors)) < 1.08


def docker_run(name: str) -> float:
    """Seconds from a request to its first output, on a host that does nothing else."""
    on, container = host(name), boundary("container-docker", "container")
    offered = on.cores.value * on.smt.value
    phases = container.create.values()
    works = [phase.compute.value / min(phase.threads, offered) for phase in phases]
    work = fsum(works) + workload("sleep").start.compute.value
    written = max(on.disk.latency.value, on.disk.flush.value)
    waits = fsum(phase.wait.value + phase.syncs * written for phase in phases)
    return waits + work / on.speed.value


def test_a_container_starts_on_a_small_cloud_server_in_less_than_it_ran_there() -> None:
    """568 ms to its end on two threads of one core; 325 ms to its first output on two cores."""
    assert docker_run("debian-2c-24g") == pytest.approx(0.325, rel=0.05)
    assert 0.568 - 0.100 < docker_run("cloud-2c-8g") < 0.568 - 0.050


def test_a_thread_of_a_small_cloud_server_makes_namespaces_as_slowly_as_measured() -> None:
    assert 5.75 / 7.94 <= host("cloud-2c-8g").speed.value <= 5.75 / 7.55


def test_two_hosts_with_one_drive_of_a_metal_instance_have_the_same_drive() -> None:
    metal, server = host("m5d-metal-48c-384g"), host("server-16c-64g")
    assert metal.disk == server.disk.model_copy(update={"capacity": metal.disk.capacity})
    assert metal.speed.value == server.speed.value == 1.0
