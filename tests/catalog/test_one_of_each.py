"""One of each: every platform alone, within 15 % of the measurement that its numbers stand for.

What was fitted to its row is held to a narrower band.

Each row has the key of its measurement, and the conditions that it states: the host, the guest's
memory, from where to where the time was taken. What differs between equal starts is switched off.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, cast

import pytest

from sim import load
from sim.catalog.entries import resolved_entry
from sim.records.result import Result
from sim.simulation import simulate
from sim.spec.document import Tree
from sim.spec.scenario import Scenario

WITHIN = 0.15
MIB = 2.0**20
TWO_CORES = "debian-2c-24g"
THREADS = "xeon-104c-384g"
TO_INIT = ("vmm", "configuration", "tap", "firmware", "kernel-load", "kernel", "network-card")


class Start(NamedTuple):
    """Seconds of a start that was measured alone; some phases of it, or all but some."""

    row: str
    platform: str
    seconds: float
    host: str = "server-16c-64g"
    memory: str | None = None
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    within: float = WITHIN


class Memory(NamedTuple):
    """Bytes that an idle instance takes of the host, what the platform holds once left out."""

    row: str
    platform: str
    bytes: float
    number: int = 1
    memory: str | None = None
    without: tuple[str, ...] = ()
    within: float = WITHIN


STARTS = (
    Start("tm001", "process", 0.0013, TWO_CORES, within=0.02),
    Start("tm003", "namespaces", 0.00575, TWO_CORES, within=0.02),
    Start("tm005", "container-crun", 0.0243, TWO_CORES, within=0.02),
    Start("tm007", "container-runc", 0.0476, TWO_CORES, within=0.02),
    Start("tm009", "container-podman", 0.1726, TWO_CORES, without=("network",), within=0.02),
    Start("tm011", "container-docker-host-net", 0.3211, TWO_CORES, within=0.02),
    Start("tm013", "container-docker", 0.32495, TWO_CORES, within=0.02),
    Start("SD404", "container-lxd", 6.326, within=0.02),
    Start("SD137", "gvisor", 0.32495 * 1144 / 1193, TWO_CORES),  # by Docker's beside it
    Start("oi267", "docker-desktop-mac", 1.528, "laptop-8c-16g"),
    Start("SD480", "docker-desktop-windows", 1.7, "laptop-8c-16g", within=0.02),
    Start("SD097", "unikernel-unikraft", 0.0422, within=0.05),
    Start("SD403", "unikernel-osv", 0.6699, within=0.05),
    Start("SD201", "rund", 0.0842, THREADS, memory="128 MiB", within=0.05),
    Start("SD193", "kata-template", 0.3108, THREADS, memory="128 MiB", within=0.05),
    Start("SD209", "kata-firecracker", 0.3107, THREADS, memory="128 MiB", within=0.05),
    Start("SD149", "kata-clh", 0.47, within=0.05),
    Start("SD185", "kata-qemu", 0.5249, THREADS, memory="128 MiB", within=0.05),
    Start("SD019", "microvm-clh", 0.1199, "m5d-metal-48c-384g", memory="256 MiB", only=TO_INIT),
    Start("SD011", "microvm-firecracker", 0.2111, "m5d-metal-48c-384g", memory="256 MiB",
          only=TO_INIT),
    Start("SD023", "microvm-qemu", 0.2323, "m5d-metal-48c-384g", memory="256 MiB", only=TO_INIT),
    Start("SD370", "vm-qemu", 10.06, "openstack-4c"),
    Start("SD456-459", "vm-cloud", 1.543 + 4.905 + 17.176 + 5.643, within=0.05),
)  # fmt: skip
MEMORIES = (
    Memory("tm126+tm127", "container-podman", (1.39844 + 1.10449) * MIB,
           without=("boundary.container-kernel", "net.kernel")),
    Memory("SD140", "container-docker", 4_092_149.76, number=50, within=0.02),
    Memory("SD143", "gvisor", 23_695_032.32, number=50, within=0.02),
    Memory("SD332", "rund", 58.7 * MIB, memory="128 MiB"),
    Memory("SD320", "kata-template", 125.2 * MIB, memory="128 MiB", within=0.03),
    Memory("SD309", "kata-firecracker", 95.2 * MIB, memory="128 MiB"),
    Memory("SD297", "kata-qemu", 165.8 * MIB, memory="128 MiB"),
    Memory("SD077", "microvm-firecracker", 169.9 * MIB, memory="256 MiB", within=0.02),
    Memory("oi212", "microvm-qemu", 198_812 * 1024, memory="256 MiB", within=0.02),
    Memory("oi213", "microvm-qemu", 215_420 * 1024, memory="1 GiB", within=0.02),
)  # fmt: skip
WITHOUT_A_ROW = {
    "containers-in-vms": "made of two that have rows; nobody measured the two together",
    "vm-qemu-balloon": "boots as vm-qemu, and its memory at rest is the same",
    "vm-qemu-direct": "boots as vm-qemu, but for a page cache that no row tells of",
    "vm-qemu-ksm": "boots as vm-qemu; what merging saves is held to its rows elsewhere",
}


def calm(platform: str) -> dict[str, Tree]:
    """A platform of the catalog, of which each start takes the same."""
    entry = resolved_entry("platforms", platform)
    walls = cast("dict[str, dict[str, Tree]]", entry["boundaries"])
    steady: dict[str, Tree] = {name: {**walls[name], "variation": "0 %"} for name in walls}
    return {**entry, "boundaries": steady}


def alone(platform: str, row: Start | Memory) -> Result:
    """So many sleepers on a platform, under the conditions of a row."""
    sleep = resolved_entry("workloads", "sleep")
    listens = {**sleep, "serve": {"compute": "1 core-us"}}  # so that there is a network card
    group: dict[str, object] = {"workload": listens if isinstance(row, Start) else sleep}
    if row.memory:
        group["limits"] = {"cpu": 1, "memory": row.memory}
    on, count = "server-16c-64g", 1
    if isinstance(row, Start):
        on = row.host
    else:
        count = row.number
    asked = {
        **{"version": 1, "title": row.row, "horizon": "3 min", "images": "present"},
        "host": resolved_entry("hosts", on),
        "platforms": [calm(platform)],
        "groups": {"one": group | {"count": count}},
    }
    return simulate(Scenario.model_validate(asked))


@pytest.mark.parametrize("row", STARTS, ids=lambda row: f"{row.platform}-{row.row}")
def test_a_start_alone_takes_what_was_measured(row: Start) -> None:
    (one,) = alone(row.platform, row).instances.to_dict("records")
    took = one["ready_s"] - one["created_s"]
    if row.only:
        took = sum(one.get(f"{phase}_s", 0.0) for phase in row.only)
    took -= sum(one[f"{phase}_s"] for phase in row.without)
    assert took == pytest.approx(row.seconds, rel=row.within)


@pytest.mark.parametrize("row", MEMORIES, ids=lambda row: f"{row.platform}-{row.row}")
def test_an_idle_instance_takes_what_was_measured(row: Memory) -> None:
    result = alone(row.platform, row)
    held = result.components[result.components["resource"] == "memory"]
    left_out = held[held["component"].isin(row.without)]["value"].sum()
    host = result.hosts.iloc[0]
    each = (host["memory_gross_bytes"] - host["memory_fixed_bytes"] - left_out) / row.number
    assert each == pytest.approx(row.bytes, rel=row.within)


def test_every_platform_of_the_scenario_has_a_row_or_a_reason() -> None:
    scenario = load(Path(__file__).parents[2] / "scenarios" / "one-of-each.yaml")
    told = {row.platform for row in STARTS} | set(WITHOUT_A_ROW)
    assert {platform.name for platform in scenario.platforms} == told
