"""What an answer leans on: only numbers that play a part in it."""

from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.scenario import load
from sim.studies.assumptions import assumptions

GUEST = SMALL.replace("process", "vm-qemu")
SERVING = GUEST.replace("web-node", "{extends: web-node, serve: {compute: 1 core-ms}}")


def _paths(folder: Path, text: str) -> set[str]:
    return set(assumptions(load(write(folder, text)))["path"])


@pytest.mark.parametrize(
    ("path", "without", "with_it"),
    [
        ("host.merging.pages", GUEST, GUEST.replace("vm-qemu", "{extends: vm-qemu, ksm: on}")),
        ("host.merging.pages", GUEST, GUEST.replace("vm-qemu", "{name: m, ksm: on, web: vm-qemu}")),
        ("host.reboot", GUEST, GUEST + "faults: [{at: 1 s, kind: host-kernel-panic}]\n"),
        (
            "groups.web.workload.serve.packets",
            SERVING,
            SERVING.replace("2}", "2, load: {clients: 1}}"),
        ),
        (
            "groups.web.workload.steady.cpu",
            SERVING.replace("2}", "2, load: {clients: 1}}"),
            SERVING,
        ),
        (
            "platforms.vm-qemu.boundaries.vm.crossings.network.latency",
            SERVING,
            SERVING.replace("2}", "2, load: {clients: 1}}"),
        ),
    ],
)
def test_a_number_is_listed_where_it_plays_a_part(
    path: str, without: str, with_it: str, tmp_path: Path
) -> None:
    assert path not in _paths(tmp_path, without)
    assert path in _paths(tmp_path, with_it)


def test_the_host_comes_back_after_no_other_fault(tmp_path: Path) -> None:
    """A host that is lost stays so; an instance that ends leaves the kernel up."""
    faults = "faults: [{at: 1 s, kind: host-loss}, {at: 1 s, kind: instance-crash}]\n"

    assert "host.reboot" not in _paths(tmp_path, GUEST + faults)
