"""What is made on a workbench is gone afterwards: at the end, at a fault, a signal, a kill."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from probes.leaving import traces

from sim.probes.bench import ProbeError, Workbench
from sim.probes.undoing import CGROUPS, leftovers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="probes read what Linux tells")

ROOT = Path(__file__).parents[2]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
AS_ROOT = pytest.mark.skipif(not IS_ROOT, reason="takes root to mount")

MAKING = """
import os, subprocess, sys, time
from pathlib import Path
from sim.probes.bench import Workbench
with Workbench() as bench:
    setting, path = Path(sys.argv[1]), Path(sys.argv[2])
    bench.set(setting, "after")
    bench.making(path / "inside")
    (path / "inside").mkdir(parents=True)
    bench.start(["sh", "-c", "setsid sleep 1000 & setsid sleep 1000 & wait"])
    if os.geteuid() == 0:
        (bench.folder / "mounted").mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", bench.folder / "mounted"], check=True)
        for top in ("memory", "pids", "unified", "."):
            if Path("/sys/fs/cgroup", top, "cgroup.procs").exists():
                Path("/sys/fs/cgroup", top, bench.mark, "one").mkdir(parents=True)
    print("made", bench.folder, flush=True)
    time.sleep(1000)
"""


@pytest.fixture
def setting(tmp_path: Path) -> Path:
    file = tmp_path / "setting"
    file.write_text("before\n")
    return file


def made(setting: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has made one of everything, and its folder."""
    command = [sys.executable, "-c", MAKING, str(setting), str(setting.parent / "path")]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    word, _, folder = process.stdout.readline().strip().partition(" ")
    assert word == "made"
    return process, Path(folder)


def ended(process: "subprocess.Popen[str]") -> None:
    process.wait(timeout=30)
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_even_if_it_comes_twice(
    number: signal.Signals, setting: Path
) -> None:
    before = traces()
    process, folder = made(setting)
    assert setting.read_text() == "after"

    for _ in range(3):
        process.send_signal(number)
    ended(process)

    assert traces() == before
    assert not folder.exists()
    assert setting.read_text().strip() == "before"
    assert not (setting.parent / "path").exists()


def test_what_a_kill_left_the_next_one_clears(setting: Path) -> None:
    before = traces()
    process, folder = made(setting)
    process.kill()
    ended(process)
    assert folder.name in traces()["folders"]
    assert setting.read_text() == "after"

    with Workbench() as bench:
        assert bench.cleared == [folder.name]
        assert not bench.left

    assert traces() == before
    assert setting.read_text().strip() == "before"
    assert not (setting.parent / "path").exists()


def test_one_that_still_runs_is_nobody_elses_to_clear(setting: Path) -> None:
    process, folder = made(setting)
    try:
        assert folder not in leftovers(folder.parent)
        with Workbench() as bench:
            assert not bench.cleared
        assert folder.exists()
    finally:
        process.terminate()
        ended(process)


def test_a_folder_that_somebody_else_put_there_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / "tare-calibrate-notes").mkdir()
    (tmp_path / "tare-calibrate-1-0").symlink_to(tmp_path)

    assert not list(leftovers(tmp_path))


def test_a_fault_leaves_nothing() -> None:
    before = traces()

    with pytest.raises(ZeroDivisionError), Workbench() as bench:
        bench.start(["sleep", "1000"])
        raise ZeroDivisionError

    assert traces() == before


def test_who_listened_to_signals_before_does_so_again() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    with Workbench():
        assert signal.getsignal(signal.SIGINT) != before[0]

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_an_interrupt_that_was_swallowed_is_raised_at_the_next_pause() -> None:
    with pytest.raises(KeyboardInterrupt), Workbench() as bench:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        bench.pause()


def test_a_setting_of_several_words_goes_back_to_the_one_that_was_chosen(tmp_path: Path) -> None:
    file = tmp_path / "enabled"
    file.write_text("always [madvise] never\n")

    with Workbench() as bench:
        bench.set(file, "never")

    assert file.read_text() == "madvise"


def test_a_command_that_fails_tells_its_last_words() -> None:
    with Workbench() as bench:
        assert bench.run(["echo", "hello"]) == "hello"
        with pytest.raises(ProbeError, match="sh ended with status 3: no luck"):
            bench.run(["sh", "-c", "echo no luck; exit 3"])


def test_cpu_of_children_counts_while_they_run_and_after() -> None:
    with Workbench() as bench:
        before = bench.cpu()
        bench.start(["sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"])
        end = time.monotonic() + 20
        while bench.family() and time.monotonic() < end:
            bench.pause()
        assert 0.02 < bench.cpu() - before < 10


@AS_ROOT
def test_cgroups_are_where_the_test_looks_for_them() -> None:
    assert list(CGROUPS.glob("**/cgroup.procs"))
