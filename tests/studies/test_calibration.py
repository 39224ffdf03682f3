"""What was measured becomes entries that the model gives it back from."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from sim.probes.known import PROBES
from sim.probes.probe import Probe
from sim.probes.readings import Measured, Memory, Reading
from sim.probes.starting import Batch
from sim.spec.document import Tree
from sim.spec.platform import Platform
from sim.spec.workload import Workload
from sim.studies.calibration.fitting import Fit, fit
from sim.studies.calibration.guests import with_memory_inside
from sim.studies.calibration.modelled import Entries, held, in_full, predict
from sim.studies.calibration.overlays import platform_overlay, workload_overlay
from sim.studies.calibration.phases import read_start

MIB = 2**20
COUNTS = (1, 2, 4, 16)
RUNTIMES = ["container-crun", "container-docker"]


def measured(times: Mapping[int, list[float]], cpu: float, entry: str = "sleep") -> Measured:
    """A runtime that was measured once for each count, with these moments of being ready."""
    memory = {
        count: [
            Memory(
                outside=(3 + 8 / count) * MIB,
                inside=(0.05 + 1.4 / count) * MIB,
                kernel=90 * MIB + count * 0.4 * MIB,
                unavailable=count * 4.0 * MIB,
                charged=count * 0.6 * MIB,
            )
        ]
        for count in times
    }
    return Measured(
        name="runtime",
        entry=entry,
        kind="platforms",
        version="1.0",
        batches=[Batch(tuple(ready), cpu * count, 0.0, 0.0, 0.0) for count, ready in times.items()],
        memory=memory,
        daemon={"dockerd": 80.0 * MIB, "sh": 1.0 * MIB},
        daemon_cores=0.001,
        idle_cores=0.0005,
        disk=130_000.0,
        jobs={"compute": Reading((0.52, 0.51)), "system-calls": Reading((0.11, 0.12))},
        others=0.01,
    )


def native() -> Measured:
    return measured({1: [0.0012]}, 0.001)


def entries(platform: str) -> Entries:
    return Entries(
        in_full("hosts", {"extends": "cloud-2c-8g", "smt": "100 %", "speed": 1.0}),
        in_full("platforms", {"extends": platform}),
        in_full("workloads", {"extends": "sleep"}),
    )


@pytest.mark.parametrize("platform", RUNTIMES)
def test_a_fit_gives_back_what_was_measured(platform: str) -> None:
    """A runtime that waits, computes alone and on two threads, on two cores: T1, and N x / 2."""
    wait, cpu = 0.100, 0.200
    times = {1: [wait + cpu], 2: [wait + cpu] * 2, 4: [wait + 4 * cpu / 2] * 4}

    found = fit(entries(platform), measured(times, cpu), cpu)

    for count, ready in times.items():
        assert found.times[count].last == pytest.approx(ready[-1], rel=0.12)
    assert found.start.total(found.factors, "compute", "parallel") == pytest.approx(cpu, rel=0.1)


def test_a_fit_predicts_what_it_was_not_fitted_to() -> None:
    """The catalog's own platform, as if measured with 1, 2 and 4, gives itself at 16."""
    known = entries("container-runc")
    truth = {count: predict(known, count) for count in (1, 2, 4, 16)}
    times = {
        count: [said.first, *([said.median] * (count - 2)), said.last][:count] if count > 1
        else [said.last]
        for count, said in truth.items()
        if count < 16
    }  # fmt: skip
    found = fit(known, measured(times, 0.0413), 0.0413)
    overlay = laid_over(measured(times, 0.0413, "container-runc"), found)

    said = predict(Entries(known.host, overlay, known.workload), 16, replications=3)

    assert said.last == pytest.approx(truth[16].last, rel=0.15)


def laid_over(read: Measured, found: Fit) -> Tree:
    overlay = platform_overlay(read, entries(read.entry), found, native(), "today, quiet")
    return in_full("platforms", overlay)


@cache
def docker() -> Platform:
    times = {1: [0.3], 2: [0.4, 0.4], 4: [0.6] * 4}
    read = measured(times, 0.24, "container-docker")
    found = fit(entries("container-docker"), read, 0.24)
    return Platform.model_validate(laid_over(read, found))


def test_a_platform_is_the_catalogs_with_what_was_measured_in_place() -> None:
    wall = docker().boundaries["container"]

    shim = wall.footprint["shim"]
    assert shim.private.value == pytest.approx(3 * MIB, rel=1e-6)
    assert shim.shared.value == pytest.approx(8 * MIB, rel=1e-6)
    assert shim.private.evidence == "measured"
    assert "PSS with 1, 2 and 4 up" in shim.private.note
    assert wall.footprint["container-kernel"].private.value == pytest.approx(0.45 * MIB, rel=1e-4)
    assert wall.daemon.memory["dockerd"].private.value == 80 * MIB
    assert wall.daemon.memory["containerd"].private.evidence == "measured"  # the catalog's own
    assert "sh" not in wall.daemon.memory
    assert wall.idle.value == pytest.approx(0.0005)
    assert wall.files.writable.value == 130_000
    assert wall.crossings.cpu["compute"].value == 1.0
    assert wall.create["engine"].compute.evidence == "calibrated"
    assert "4: 600 ms to 600 ms, 240 core-ms each (n = 1" in wall.create["engine"].compute.note
    assert "today, quiet" in wall.create["engine"].compute.note


def test_a_number_that_was_not_measured_stays_the_catalogs() -> None:
    latency = docker().boundaries["container"].crossings.network.latency

    assert latency.source == "felter-2014"


def test_the_bare_process_is_a_workload_on_the_reference_core() -> None:
    tree = in_full("workloads", workload_overlay(native(), 2.0, "today, quiet"))
    sleeper = Workload.model_validate(tree)

    assert sleeper.start.wait.value == pytest.approx(0.0002)
    assert sleeper.start.compute.value == pytest.approx(0.002)
    assert sleeper.start.compute.evidence == "measured"
    assert sleeper.memory.kernel.evidence == "assumed"


def test_a_guest_that_times_its_loops_is_predicted_where_more_share_a_core() -> None:
    """A kernel that spins for 0.6 s and computes for 0.7 core-s, from a catalog that says else."""
    loops = {"spin": "600 ms", "compute": "140 core-ms"}
    changed = {"timed-loops": loops, "kernel": {"compute": "700 core-ms"}}
    known = entries("vm-uml")
    true = in_full("platforms", {"extends": "vm-uml", "boundaries": {"guest": {"boot": changed}}})
    truth = {count: predict(Entries(known.host, true, known.workload), count) for count in COUNTS}
    times = {
        count: [said.first, *([said.median] * (count - 2)), said.last][-count:]
        for count, said in truth.items()
        if count < 16
    }
    cpu = 0.6 * 2 / 4 + 0.7
    found = fit(known, measured(times, cpu, "vm-uml"), cpu)

    overlay = laid_over(measured(times, cpu, "vm-uml"), found)
    said = predict(Entries(known.host, overlay, known.workload), 16, replications=3)

    assert said.last == pytest.approx(truth[16].last, rel=0.05)


def test_a_guest_holds_what_was_measured_of_its_process() -> None:
    known, read = entries("microvm-qemu-tcg"), measured({1: [4.0], 4: [8.0] * 4}, 4.0)
    bare = {"extends": "microvm-qemu-tcg", "boundaries": {}}

    overlay = with_memory_inside(bare, known.host, known.workload, heavy(read), "today")
    full = in_full("platforms", overlay)

    assert held(Entries(known.host, full, known.workload), 4) == pytest.approx(180 * MIB, rel=0.01)
    vm = Platform.model_validate(full).boundaries["vm"]
    assert vm.boot["kernel"].read.value / vm.interior["guest-kernel"].private.value == (
        pytest.approx(56 / 58)
    )
    assert vm.footprint["vmm"].private.value == 70 * MIB


def heavy(read: Measured) -> Measured:
    """The same with 180 MiB around each of four."""
    memory = replace(read.memory[4][0], outside=180 * MIB, inside=0)
    alone = replace(read.memory[1][0], outside=200 * MIB, inside=0)
    return replace(read, memory={1: [alone], 4: [memory]})


def test_where_no_guest_is_memory_stays_as_it_is() -> None:
    known, read = entries("container-runc"), measured({1: [0.1]}, 0.1)
    bare = {"extends": "container-runc", "boundaries": {}}

    assert with_memory_inside(bare, known.host, known.workload, read, "today") == bare


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_every_probe_measures_an_entry_whose_start_can_be_stretched(probe: type[Probe]) -> None:
    tree = in_full(probe.kind, probe.entry)

    if probe.kind == "platforms":
        assert {"compute", "parallel"} & set(read_start(tree).parts)
