"""Virtual machines of the catalog, simulated, against the measurements that they were fitted to.

Most rows are RunD's: sandboxes on 104 hardware threads, asked for all at once, on an empty host or
beside others. A sleeper stands for the sandbox, since its own start takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

import pytest

from sim.catalog.entries import resolved_entry
from sim.records.result import Result
from sim.simulation import simulate
from sim.spec.document import Tree
from sim.spec.scenario import Scenario

MIB = 2.0**20
SETTLED_S = 1000


def scenario(
    platform: str,
    count: int,
    *,
    running: int = 0,
    memory: str = "128 MiB",
    host: str = "xeon-104c-384g",
    workload: str = "sleep",
    images: str = "present",
) -> Scenario:
    """So many at once of one workload, on an empty host or beside others that have been running."""
    group = {
        "workload": resolved_entry("workloads", workload),
        "count": count,
        "arrive": {"at": f"{SETTLED_S if running else 0} s"},
        "limits": {"cpu": 1, "memory": memory},
    }
    before = {"old": {**group, "count": running, "arrive": {"at": "0 s"}}} if running else {}
    given = {
        "version": 1,
        "title": "A batch",
        "host": resolved_entry("hosts", host),
        "platforms": [resolved_entry("platforms", platform)],
        "horizon": f"{2 * SETTLED_S if running else 200} s",
        "images": images,
        "groups": {"new": group, **before},
    }
    return Scenario.model_validate(given)


@cache
def batches(platform: str, count: int, running: int = 0) -> tuple[Result, ...]:
    """The same batch, so often that a dozen start, and three times beside others."""
    asked = scenario(platform, count, running=running)
    often = 3 if running else -(-12 // count)
    return tuple(simulate(asked, replication=number) for number in range(often))


def mean_start(results: Sequence[Result]) -> float:
    """Milliseconds from request to ready, over the new instances of all runs."""
    tables = (result.instances for result in results)
    new = [table[table["group"] == "new"] for table in tables]
    means = [(table["ready_s"] - table["created_s"]).mean() for table in new]
    return 1000.0 * sum(means) / len(means)


def cpu_of_a_start(results: Sequence[Result], count: int) -> float:
    """Core-milliseconds of the host for each start, what threads cost each other included."""
    tables = (result.components for result in results)
    spent = [
        table[(table["resource"] == "cpu") & (table["component"] != "idle")]["value"].sum()
        for table in tables
    ]
    return 1000.0 * sum(spent) / len(spent) / count


def memory_of_each(result: Result) -> float:
    """MiB of the host for each instance, without what the platform holds once."""
    host = result.hosts.iloc[0]
    held = host["memory_gross_bytes"] - host["memory_fixed_bytes"]
    return float(held / host["instances"] / MIB)


# Starts of sandboxes


@pytest.mark.parametrize(
    ("platform", "measured", "band"),
    [
        ("kata-qemu", {10: 813.7, 20: 1084.4, 50: 1985.1, 100: 3602.6}, 0.13),
        ("kata-template", {10: 368.9}, 0.05),
        ("kata-firecracker", {10: 1264.7, 20: 2552.6, 50: 6331.4, 100: 12780.3}, 0.10),
        ("rund", {10: 124.9, 20: 162.3, 50: 264.7, 100: 475.2}, 0.10),
    ],
    ids=["kata-qemu", "kata-template", "kata-firecracker", "rund"],
)
def test_sandboxes_at_once_wait_for_each_other_as_was_measured(
    platform: str, measured: dict[int, float], band: float
) -> None:
    found = {count: mean_start(batches(platform, count)) for count in measured}

    assert found == pytest.approx(measured, rel=band)


@pytest.mark.parametrize(
    ("platform", "measured", "band"),
    [
        # 100 at once beside 100 took 2.4 s with QEMU, less than 3.6 s on an empty host: left out
        ("kata-qemu", {(1, 100): 517.5, (1, 200): 527.4, (1, 500): 582.5}, 0.06),
        ("kata-qemu", {(100, 200): 3470.8, (100, 500): 6630.2}, 0.20),
        ("kata-firecracker", {(1, 100): 353.4, (1, 200): 404.4, (1, 500): 622.9}, 0.12),
        ("kata-firecracker", {(100, 100): 15981.5, (100, 200): 16554.3}, 0.15),
        ("kata-firecracker", {(100, 500): 38837.2}, 0.17),
        ("rund", {(1, 100): 87.5, (1, 200): 90.7, (1, 500): 100.9}, 0.10),
        ("rund", {(100, 100): 550.6, (100, 200): 641.5, (100, 500): 907.8}, 0.06),
    ],
)
def test_sandboxes_start_later_the_more_of_them_run(
    platform: str, measured: dict[tuple[int, int], float], band: float
) -> None:
    found = {asked: mean_start(batches(platform, *asked)) for asked in measured}

    assert found == pytest.approx(measured, rel=band)


@pytest.mark.parametrize(
    ("platform", "measured", "band"),
    [
        ("kata-qemu", {1: 678, 10: 817, 50: 1134}, 0.20),
        ("kata-template", {1: 381, 10: 334}, 0.10),
        ("kata-firecracker", {1: 362, 10: 314, 50: 354, 100: 388}, 0.15),
        ("rund", {1: 153, 10: 130, 50: 155, 100: 188}, 0.18),
    ],
    ids=["kata-qemu", "kata-template", "kata-firecracker", "rund"],
)
def test_starts_take_about_the_cpu_that_was_measured(
    platform: str, measured: dict[int, float], band: float
) -> None:
    found = {count: cpu_of_a_start(batches(platform, count), count) for count in measured}

    assert found == pytest.approx(measured, rel=band)


def test_cpu_of_a_start_grows_where_all_threads_are_busy() -> None:
    """It doubled, 678 to 1337 core-ms; a part of that is what threads of a core cost each other."""
    alone, crowded = (cpu_of_a_start(batches("kata-qemu", count), count) for count in (1, 100))

    assert 1.3 < crowded / alone < 1337 / 678


def test_devices_made_one_by_one_leave_the_processors_idle() -> None:
    many = batches("kata-firecracker", 100)
    last = float(many[0].instances["ready_s"].max())

    busy = cpu_of_a_start(many, 100) * 100 / 1000 / (104 * last)

    assert busy < 0.03
    assert mean_start(batches("kata-firecracker", 1)) < mean_start(batches("kata-qemu", 1))
    assert mean_start(many) > 3 * mean_start(batches("kata-qemu", 100))


def test_qemu_starts_a_container_as_the_tests_of_kata_expect() -> None:
    """0.64 s within 25 %, on another machine."""
    assert mean_start(batches("kata-qemu", 1)) == pytest.approx(640, rel=0.25)


# Memory of sandboxes


@pytest.mark.parametrize(
    ("platform", "measured"),
    [
        ("kata-qemu", {(1, 128): 165.8, (10, 128): 146.8, (100, 128): 145.0}),
        ("kata-qemu", {(1, 512): 174.0, (100, 512): 152.1, (1, 4096): 242.1}),
        ("kata-firecracker", {(1, 128): 95.2, (10, 128): 76.6, (100, 128): 75.2}),
        ("kata-firecracker", {(1, 512): 101.2, (100, 512): 82.3, (1, 4096): 165.1}),
        ("rund", {(1, 128): 58.7, (10, 128): 28.1, (100, 128): 24.5}),
        ("rund", {(1, 512): 57.1, (100, 512): 24.2, (1, 4096): 57.5}),
    ],
)
def test_sandboxes_take_the_memory_that_was_measured(
    platform: str, measured: dict[tuple[int, int], float]
) -> None:
    found = {
        (count, size): memory_of_each(simulate(scenario(platform, count, memory=f"{size} MiB")))
        for count, size in measured
    }

    assert found == pytest.approx(measured, rel=0.03)


def test_a_template_saves_9_gb_of_a_hundred_small_guests() -> None:
    each = [
        memory_of_each(batches(platform, 100)[0]) for platform in ("kata-qemu", "kata-template")
    ]
    assert 100 * (each[0] - each[1]) * MIB == pytest.approx(9e9, rel=0.03)


def test_twenty_containers_take_a_little_more_in_cloud_hypervisor_than_in_qemu() -> None:
    each = [memory_of_each(batches(platform, 20)[0]) for platform in ("kata-clh", "kata-qemu")]
    assert each[0] / each[1] == pytest.approx(119.6 / 117.2, rel=0.01)


def test_pods_with_a_browser_take_the_memory_that_was_measured_in_qemu() -> None:
    """What the browser reads was fitted on QEMU's row; Cloud Hypervisor's, 9 % more, is not met."""
    found = [
        memory_of_each(
            simulate(
                scenario(name, 3, memory="2 GiB", host="gke-8c-30g", workload="chrome-sandbox")
            )
        )
        for name in ("kata-qemu", "kata-clh")
    ]
    assert found[0] == pytest.approx(631.5, rel=0.04)
    assert found[1] == pytest.approx(687.5, rel=0.12)
    assert found[1] > found[0]


def test_workloads_map_one_copy_of_their_files_on_rund_and_one_each_on_kata() -> None:
    def files(platform: str) -> float:
        asked = scenario(platform, 10, memory="512 MiB", workload="web-node")
        table = simulate(asked).components
        copies = table["component"].isin(["net.files", "duplicate.files"])
        return float(table[(table["resource"] == "memory") & copies]["value"].sum()) / MIB

    assert files("rund") == pytest.approx(45.0)
    assert files("kata-qemu") == pytest.approx(10 * 45.0)


# MicroVMs

SPAWN_TO_INIT = ("vmm", "configuration", "kernel")
CARD = ("tap", "network-card")


@pytest.mark.parametrize(
    ("platform", "alone", "with_card", "fifty"),
    [("microvm-clh", 102.5, 119.9, 127.7), ("microvm-qemu", 213.9, 232.3, 231.1)],
)
def test_a_microvm_reaches_init_when_it_was_measured(
    platform: str, alone: float, with_card: float, fifty: float
) -> None:
    def phases(count: int, names: Sequence[str]) -> float:
        workload = "redis" if names[-1] in CARD else "sleep"
        asked = scenario(
            platform, count, memory="256 MiB", host="m5d-metal-48c-384g", workload=workload
        )
        table = simulate(asked).instances
        return 1000.0 * sum(table[f"{name}_s"].mean() for name in names)

    found = [phases(20, SPAWN_TO_INIT), phases(20, SPAWN_TO_INIT + CARD), phases(50, SPAWN_TO_INIT)]

    assert found == pytest.approx([alone, with_card, fifty], rel=0.02)


@pytest.mark.parametrize(
    ("size", "vmm", "measured"),
    [
        (128, "firecracker", 129.4),
        (256, "clh", 169.9 - 2.49 + 13.34),
    ],
)
def test_an_idle_microvm_takes_the_memory_that_was_measured(
    size: int, vmm: str, measured: float
) -> None:
    asked = scenario(f"microvm-{vmm}", 1, memory=f"{size} MiB", host="m5d-metal-48c-384g")
    assert memory_of_each(simulate(asked)) == pytest.approx(measured, rel=0.02)


def answered(platform: str, workload: str, batch: int, **serve: str) -> float:
    """Requests a second for 30 clients of one thread, of which a packet carries a batch.

    A core of the machine of these rows is taken as 1.5 of the reference.
    """
    entry = resolved_entry("workloads", workload)
    asked = {
        **cast("dict[str, Tree]", entry["serve"]),
        **{"packets": 2.0 / batch, "threads": 1, "client": "0 s"},
        **serve,
    }
    guest = {"workload": {**entry, "serve": asked}, "count": 1, "load": {"clients": 30}}
    given = {
        "version": 1,
        "title": "A closed loop",
        "host": {**resolved_entry("hosts", "server-16c-64g"), "speed": 1.5},
        "platforms": [resolved_entry("platforms", platform)],
        "horizon": "2 s",
        "images": "present",
        "groups": {"guest": guest},
    }
    requests = simulate(Scenario.model_validate(given)).requests
    settled = requests[requests["start_s"] >= 1.0]
    return float(settled["done"].sum() / (settled["end_s"] - settled["start_s"]).sum())


@pytest.mark.parametrize(
    ("platform", "get", "set_", "page", "bands"),
    [
        ("process", 2_439_000, 2_017_000, 175_556, (0.02, 0.02)),
        ("container-docker", 1_961_000, 1_678_000, 160_336, (0.02, 0.17)),
        ("microvm-qemu", 1_543_000, 1_320_000, 104_455, (0.05, 0.05)),
        ("microvm-firecracker", 1_139_000, 1_055_000, 60_065, (0.10, 0.20)),
        ("unikernel-unikraft", 2_688_000, 2_253_000, 291_780, (0.05, 0.05)),
    ],
)
def test_one_thread_answers_as_many_requests_as_were_measured(
    platform: str, get: float, set_: float, page: float, bands: tuple[float, float]
) -> None:
    """A packet of Redis carries 16 requests, one of nginx a page; a SET takes a little more."""
    sets = {"compute": "0.371 core-us"}
    redis = [answered(platform, "redis", 16), answered(platform, "redis", 16, **sets)]
    nginx = answered(platform, "nginx", 1)

    assert redis == pytest.approx([get, set_], rel=bands[0])
    assert nginx == pytest.approx(page, rel=bands[1])


# Clouds and unikernels


def test_a_cloud_server_answers_later_with_a_cold_image() -> None:
    """Means of AWS are 34.0 s warm and 55.9 s cold, 1.6 times as long."""

    def seconds(images: str) -> float:
        asked = scenario("vm-cloud", 4, memory="2 GiB", host="server-16c-64g", images=images)
        return mean_start([simulate(asked)]) / 1000.0

    warm, cold = seconds("present"), seconds("absent")

    assert 1.5 < cold / warm < 2.5


@pytest.mark.parametrize(
    ("platform", "inside"), [("unikernel-unikraft", 2e6 / MIB), ("unikernel-osv", 24e6 / MIB)]
)
def test_a_unikernel_is_its_vmm_and_little_more(platform: str, inside: float) -> None:
    result = simulate(scenario(platform, 12, host="server-16c-64g"))

    # the sleeper's own 1.5 MiB come on top of QEMU's 28
    assert memory_of_each(result) == pytest.approx(28 + inside + 1.5, rel=0.02)
