"""Guests in user mode, emulated and in gVisor, simulated against what was measured on two cores."""

from __future__ import annotations

import pytest

from sim.catalog.entries import resolved_entry
from sim.records.result import Result
from sim.simulation import simulate
from sim.spec.scenario import Scenario

MIB = 2.0**20
MEMORY = {"vm-uml": "64 MiB", "microvm-qemu-tcg": "256 MiB", "container-runsc": "1 GiB"}


def at_once(platform: str, count: int) -> Result:
    """So many sleepers started at once on two cores, as long as the slowest takes."""
    group = {
        "workload": resolved_entry("workloads", "sleep"),
        "count": count,
        "limits": {"cpu": 1, "memory": MEMORY[platform]},
    }
    asked = {
        **{"version": 1, "title": platform, "horizon": "10 s", "images": "present"},
        "host": {**resolved_entry("hosts", "server-16c-64g"), "cores": 2, "memory": "24 GiB"},
        "platforms": [resolved_entry("platforms", platform)],
        "groups": {"one": group},
    }
    return simulate(Scenario.model_validate(asked))


@pytest.mark.parametrize(
    ("row", "platform", "count", "seconds", "within"),
    [
        ("tm015", "vm-uml", 1, 1.5904, 0.15),
        ("tm093", "vm-uml", 2, 1.5036, 0.1),
        ("tm097", "vm-uml", 4, 1.7529, 0.1),
        ("tm017", "microvm-qemu-tcg", 1, 3.1591, 0.03),
        ("tare-guests", "container-runsc", 1, 0.160, 0.1),
        ("tare-guests", "container-runsc", 4, 0.274, 0.1),
    ],
)
def test_the_last_of_some_is_ready_when_it_was(
    row: str, platform: str, count: int, seconds: float, within: float
) -> None:
    ready = at_once(platform, count).instances["ready_s"]

    assert ready.max() == pytest.approx(seconds, rel=within), row


@pytest.mark.parametrize(("count", "cpu"), [(2, 1.4), (4, 0.8325)])
def test_cpu_of_a_start_in_user_mode_falls_with_those_that_share_a_core(
    count: int, cpu: float
) -> None:
    """tm094 and tm098: the loops that the kernel times take less of a core that others use too."""
    spent = at_once("vm-uml", count).components.query("resource == 'cpu'")["value"].sum()

    assert spent / count == pytest.approx(cpu, rel=0.15)


@pytest.mark.parametrize(
    ("platform", "count", "size"),
    [
        ("vm-uml", 2, 34.0 * MIB),
        ("microvm-qemu-tcg", 2, 202.0 * MIB),
        ("container-runsc", 1, 29.5 * MIB),
        ("container-runsc", 4, 14.8 * MIB),
    ],
)
def test_a_guest_holds_what_was_measured(platform: str, count: int, size: float) -> None:
    host = at_once(platform, count).hosts.iloc[0]

    held = (host["memory_gross_bytes"] - host["memory_fixed_bytes"]) / count

    assert held == pytest.approx(size, rel=0.12)
