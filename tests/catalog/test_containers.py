"""Container-like platforms in small simulations, against the measurements that they stand for."""

import json
from pathlib import Path

import pytest

from sim.catalog.models import model_of
from sim.catalog.scenario import load
from sim.records.result import Result
from sim.simulation import simulate
from sim.spec.document import Tree
from sim.spec.isolation import isolation, kernel_shared_by
from sim.spec.platform import Platform

MB, MIB = 1e6, 2.0**20
MEASURED = "debian-2c-24g"
"""The machine that the project's own rows were measured on."""

STILL: dict[str, Tree] = {"variation": "0 %"}
NO_NETWORK: dict[str, Tree] = {"create": {"network": {"wait": "0 s", "compute": "0 core-s"}}}
STORY = """
version: 1
title: A few containers
host: {host}
platforms: [{platform}]
horizon: {horizon}
page_cache: {page_cache}
groups:
  all: {{workload: {workload}, count: {count}{load}}}
"""
USUAL = {
    "host": MEASURED,
    "workload": "sleep",
    "page_cache": "warm",
    "horizon": "1 min",
    "load": "",
}


class Bench:
    """Runs scenarios that it writes to a folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "story.yaml"

    def run(self, platform: str, count: int = 1, *, seed: int = 1, **told: str) -> Result:
        """So many instances at once."""
        story = USUAL | told | {"platform": platform, "count": str(count)}
        self.file.write_text(STORY.format_map(story))
        return simulate(load(self.file), seed=seed)

    def alone(
        self,
        name: str,
        boundary: str = "container",
        *,
        host: str = MEASURED,
        workload: str = "sleep",
    ) -> float:
        """Seconds of the start of one whose making does not vary."""
        run = self.run(like(name, STILL, boundary), host=host, workload=workload)
        return started(run)[0]

    def at_once(self, platform: str, count: int, host: str = MEASURED) -> list[float]:
        """Seconds until the first, the second, ... the last of a batch is ready, on average."""
        runs = [started(self.run(platform, count, host=host, seed=seed)) for seed in range(4)]
        return [sum(times) / len(runs) for times in zip(*runs, strict=True)]

    def each(self, platform: str, count: int, workload: str = "sleep") -> float:
        """Bytes of the host for each of so many, the platform's fixed part apart."""
        run = self.run(platform, count, host="server-64c-256g", workload=workload)
        started(run)
        host = run.hosts.iloc[0]
        return float(host["memory_gross_bytes"] - host["memory_fixed_bytes"]) / count


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def like(name: str, change: dict[str, Tree], boundary: str = "container") -> str:
    """A platform of the catalog with one of its boundaries changed."""
    return json.dumps({"extends": name, "boundaries": {boundary: change}})


def started(run: Result) -> list[float]:
    """Seconds from request to ready, the shortest first."""
    instances = run.instances
    assert instances["ready_s"].notna().all(), instances["reason"].iloc[0]
    return sorted(instances["ready_s"] - instances["created_s"])


def platform(name: str) -> Platform:
    found = model_of("platforms", name)
    assert isinstance(found, Platform)
    return found


# Starts


def test_runtimes_and_engines_differ_elsewhere_as_they_do_here(bench: Bench) -> None:
    """Rows that nothing was fitted to: two runtimes on one machine, an engine's part on another."""
    crun, runc, docker = (
        bench.alone(name) for name in ("container-crun", "container-runc", "container-docker")
    )
    assert crun / runc == pytest.approx(1.69 / 3.34, rel=0.05)
    assert docker - runc == pytest.approx(0.25, rel=0.15)


def test_podman_alone_is_ready_as_was_measured_with_a_network(bench: Bench) -> None:
    assert bench.alone("container-podman", host="server-16c-64g") == pytest.approx(0.2, rel=0.10)


@pytest.mark.parametrize(("count", "last"), [(1, 0.0427), (2, 0.0612), (4, 0.0892), (8, 0.1906)])
def test_containers_of_runc_that_start_at_once_share_the_cpu(
    bench: Bench, count: int, last: float
) -> None:
    assert bench.at_once("container-runc", count)[-1] == pytest.approx(last, rel=0.15)


def test_most_of_a_batch_of_runc_is_ready_only_near_its_end(bench: Bench) -> None:
    """As they share what there is, the first of 8 took 0.80 of the last; queued it would be 1/8."""
    times = bench.at_once("container-runc", 8)
    assert times[0] / times[-1] == pytest.approx(0.1528 / 0.1906, rel=0.15)


@pytest.mark.parametrize(
    ("count", "first", "last"), [(1, 0.1854, 0.1854), (2, 0.2068, 0.2571), (4, 0.4045, 0.4544)]
)
def test_podman_on_two_cores_waits_for_cpu_and_lock(
    bench: Bench, count: int, first: float, last: float
) -> None:
    times = bench.at_once(like("container-podman", NO_NETWORK), count)
    assert (times[0], times[-1]) == pytest.approx((first, last), rel=0.15)


@pytest.mark.parametrize(("count", "measured"), [(1, 0.2), (4, 0.5), (8, 1.0), (16, 2.0)])
def test_podman_on_16_idle_cores_waits_for_its_lock(
    bench: Bench, count: int, measured: float
) -> None:
    run = bench.run("container-podman", count, host="server-16c-64g")
    times = started(run)

    assert sum(times) / count == pytest.approx(measured, rel=0.15)
    busy = float(run.hosts["cpu_gross_core_s"].iloc[0]) / (16 * times[-1])
    assert busy < 0.12


def test_docker_starts_16_at_once_sooner_than_podman_whose_lock_they_all_need(
    bench: Bench,
) -> None:
    docker, podman = (
        bench.at_once(name, 16, host="server-16c-64g")[-1]
        for name in ("container-docker", "container-podman")
    )
    assert bench.alone("container-podman") < bench.alone("container-docker")
    assert podman > 3 * docker


def test_a_system_container_runs_long_before_its_service_answers(bench: Bench) -> None:
    """LXC is up after 800 ms; the service in a whole userland answers after 6.3 s."""
    row = bench.run(like("container-lxd", STILL)).instances.iloc[0]
    phases = ("storage", "engine", "network", "namespaces", "runtime", "init")

    assert sum(row[f"{phase}_s"] for phase in phases) == pytest.approx(0.8, rel=0.02)
    assert row["userland_s"] > 5


def test_a_kernel_in_a_process_adds_less_to_a_start_than_the_starts_spread(bench: Bench) -> None:
    """runsc took 190 ms where runc took 100, and 1 144 within Docker where runc took 1 193."""
    docker, gvisor = bench.alone("container-docker"), bench.alone("gvisor")
    runtime = bench.alone("container-runc")

    assert gvisor / docker == pytest.approx(1144 / 1193, rel=0.15)
    assert (runtime + gvisor - docker) / runtime == pytest.approx(190 / 100, rel=0.15)


def test_node_starts_in_gvisor_as_on_runc(bench: Bench) -> None:
    docker, gvisor = (
        bench.alone(name, workload="web-node") for name in ("container-docker", "gvisor")
    )
    assert gvisor / docker == pytest.approx(2442 / 2558, rel=0.15)


# Memory


@pytest.mark.parametrize(("count", "measured"), [(1, 1.40234), (2, 0.72266), (4, 0.38672)])
def test_a_container_of_runc_holds_its_process_and_half_a_mib_of_kernel(
    bench: Bench, count: int, measured: float
) -> None:
    assert bench.each("container-runc", count) / MIB - 0.5 == pytest.approx(measured, rel=0.05)


@pytest.mark.parametrize(
    ("count", "process", "monitor"),
    [(1, 1.39844, 1.10449), (2, 0.72266, 0.83252), (4, 0.38867, 0.64307)],
)
def test_a_container_of_podman_holds_its_monitor_as_well(
    bench: Bench, count: int, process: float, monitor: float
) -> None:
    found = bench.each("container-podman", count) / MIB - 0.5
    assert found == pytest.approx(process + monitor, rel=0.10)


def test_files_count_once_for_all_kernels_in_processes(bench: Bench) -> None:
    """Node is 22 % short of its row, 124.08 MB, and a browser 5 % of its own, 206 MiB.

    With a copy of files in each it would be 17 % over the one and 62 % over the other.
    """
    node, browser = bench.each("gvisor", 50, "web-node"), bench.each("gvisor", 50, "chrome-sandbox")
    copied = like("gvisor", {"files": {"cache": "host"}})

    assert node == pytest.approx(124.08 * MB, rel=0.23)
    assert browser == pytest.approx(206 * MIB, rel=0.15)
    assert bench.each(copied, 50, "chrome-sandbox") > 1.5 * 206 * MIB


def test_a_server_takes_14_times_as_many_idle_system_containers_as_guests(bench: Bench) -> None:
    guest, container = (bench.each(name, 20) for name in ("vm-qemu", "container-lxd"))
    assert guest / container == pytest.approx(14.5, rel=0.05)


def test_nginx_in_a_system_container_takes_what_init_takes_besides(bench: Bench) -> None:
    more = bench.each("container-lxd", 20, "nginx") - bench.each("container-docker", 20, "nginx")
    assert (84.55 * MB + more) / (101 * MB) == pytest.approx(1.0, rel=0.15)


# Work


def test_redis_answers_half_as_many_in_gvisor_where_packets_are_dear(bench: Bench) -> None:
    """The rows are from a virtual machine of a cloud, whose own card costs more than the calls."""
    cloud = "{extends: server-16c-64g, cores: 4, speed: 0.7, link: {per_packet: 7.3 core-us}}"
    load = ", load: {clients: 50}"
    docker, gvisor = (
        bench.run(name, host=cloud, workload="redis", load=load).requests["done"].sum() / 60
        for name in ("container-docker", "gvisor")
    )
    assert docker == pytest.approx(30_312, rel=0.05)
    assert gvisor == pytest.approx(15_326, rel=0.20)


def test_a_service_in_node_answers_less_than_half_as_many_in_gvisor(bench: Bench) -> None:
    cloud = "{extends: server-16c-64g, cores: 4, speed: 0.7}"
    docker, gvisor = (
        bench.run(name, host=cloud, workload="web-node", load=", load: {clients: 25}")
        .requests["done"].sum() / 60
        for name in ("container-docker", "gvisor")
    )  # fmt: skip
    assert (docker, gvisor) == pytest.approx((885.8, 375.1), rel=0.05)


def test_files_come_at_half_the_rate_through_a_kernel_in_a_process(bench: Bench) -> None:
    reader = "{extends: sleep, start: {read: 2 GB, compute: 0 core-s}}"
    host, guest = (
        bench.run(like(name, STILL), workload=reader, page_cache="cold", host="server-16c-64g")
        .instances["application_s"].iloc[0]
        for name in ("container-docker", "gvisor")
    )  # fmt: skip
    assert host / guest == pytest.approx(0.5, rel=0.05)


# What is kept apart


@pytest.mark.parametrize(
    ("name", "wall", "together"),
    [
        ("namespaces", "namespace", 50),
        ("container-crun", "namespace", 50),
        ("container-runc", "namespace", 50),
        ("container-podman", "namespace", 50),
        ("container-lxd", "namespace", 50),
        ("gvisor", "system-call", 1),
        ("docker-desktop-windows", "hardware", 50),
    ],
)
def test_what_stands_between_an_instance_and_its_host(name: str, wall: str, together: int) -> None:
    assert isolation(platform(name)) == wall
    assert kernel_shared_by(platform(name), 50) == together
