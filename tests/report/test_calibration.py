"""A calibration as a terminal shows it."""

import io

from rich.console import Console

from sim.probes.drive import Drive
from sim.probes.host import HostMeasured
from sim.probes.quiet import Noise
from sim.probes.readings import Checked, Measured, Memory, Reading
from sim.probes.starting import Batch
from sim.report.calibration import print_calibration, print_check

MIB = 2**20
ONE = Reading((1.0,))
HOST = HostMeasured(
    processor="EPYC",
    kernel="6.1",
    cores=2,
    speed=Reading((0.9, 1.1, 1.2)),
    among_all=Reading((0.99,)),
    memory=8 * 2**30,
    memory_in_use=400 * MIB,
    swap=0,
    drive=Drive("ext4", 10**11, Reading((2e8,)), Reading((1e8,)), Reading((3000.0,)), ONE),
    process_s=Reading((0.001,)),
    process_cpu_s=Reading((0.0008,)),
    call_s=Reading((1.3e-7,)),
    fault_s=Reading((5e-7,)),
)


def runtime(name: str, job: float) -> Measured:
    return Measured(
        name=name,
        entry=name,
        kind="platforms",
        version="1",
        batches=[Batch((0.1,), 0.05, 0.0, 0.0, 0.0), Batch((0.1, 0.2), 0.1, 0.0, 0.0, 0.0)],
        memory={1: [Memory(3.0 * MIB, MIB, 0, 0, 0)], 2: [Memory(2.5 * MIB, MIB, 0, 0, MIB)]},
        daemon={},
        daemon_cores=0.0,
        idle_cores=0.002,
        disk=1000.0,
        jobs={"compute": Reading((job, 2 * job))},
        others=0.0,
    )


def printed(noise: Noise) -> str:
    console = Console(file=io.StringIO(), width=80)
    measured = [runtime("native", 0.5), runtime("boxed", 0.6)]
    print_calibration(HOST, measured, {"podman": "it needs root"}, noise, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_was_read_stands_in_tables_of_80_columns() -> None:
    page = printed(Noise(0.0, 0.0))

    assert max(map(len, page.splitlines())) <= 80
    starts = next(line for line in page.splitlines() if line.startswith("boxed")).split()
    assert starts[:8] == ["boxed", "1", "1", "100", "ms", "100", "ms", "100"]
    assert "- podman: it needs root" in page
    assert page.split("inside, over outside")[1].splitlines()[3].split() == ["boxed", "1.20"]
    assert "too busy" not in page


def test_a_busy_machine_is_said_last() -> None:
    page = printed(Noise(0.5, 0.0))

    assert page.rstrip().endswith(
        "This machine is too busy to be measured: others use 50% of its cores."
    )


def test_a_check_is_a_table_and_half_of_its_errors() -> None:
    rows = [
        Checked("boxed", 16, "median", 0.9, 1.0),
        Checked("boxed", 16, "last", 1.2, 1.2),
        Checked("boxed", 32, "last", 3.0, 2.5),
    ]
    console = Console(file=io.StringIO(), width=80)
    print_check(rows, console)
    assert isinstance(console.file, io.StringIO)
    page = console.file.getvalue()

    assert "-10 %" in page
    assert "+20 %" in page
    assert "Half of the predictions are off by 10 % or less, and the worst by 20 %." in page
