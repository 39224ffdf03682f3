"""How `tare sweep` ends where it may not go on: asked to end, or with no room left on the disk."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from studies.killed import left_of
from studies.swept_problems import TINY, lines_kept_in

from sim.cli.main import run

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
LONG = TINY.replace("replications: 4", "replications: 100000")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY)
    return file


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
@pytest.mark.parametrize(
    ("end", "number", "jobs"), [(os.killpg, signal.SIGINT, "2"), (os.kill, signal.SIGTERM, "1")]
)
def test_asked_to_end_it_says_what_is_kept_and_leaves_nothing_running(
    tmp_path: Path, end: Callable[[int, int], None], number: int, jobs: str
) -> None:
    (tmp_path / "long.yaml").write_text(LONG)
    command = [sys.executable, "-m", "sim", "sweep", "long.yaml", "--jobs", jobs, "--quiet"]
    sweeping = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    runs = tmp_path / "reports" / "long-sweep.runs"
    until = time.monotonic() + PATIENCE_S
    while len(lines_kept_in(runs)) < 20 and time.monotonic() < until:
        time.sleep(0.01)
    end(sweeping.pid, number)
    try:
        said = sweeping.communicate(timeout=PATIENCE_S)[1]
    except subprocess.TimeoutExpired:
        os.killpg(sweeping.pid, signal.SIGKILL)
        raise
    assert sweeping.returncode == 130
    found = re.fullmatch(
        r"tare: ([\d,]+) of 2,000,000 runs are kept in reports/long-sweep\.runs; the same command "
        r"goes on from them\ntare: interrupted\n",
        said,
    )
    assert found, said
    assert 0 < int(found[1].replace(",", "")) <= len(lines_kept_in(runs))
    assert [folder.name for folder in (tmp_path / "reports").iterdir()] == ["long-sweep.runs"]
    assert left_of(sweeping.pid) == []


def _answer(file: Path, runs: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = run(["sweep", str(file), "--runs", str(runs), "--jobs", "1", "--json"])
    return status, *capsys.readouterr()


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_a_file_can_grow_no_further_it_says_so_and_goes_on_once_it_can(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs, words = tmp_path / "runs", "file too large"
    with _files_of_at_most(30_000):
        _runs_out_of_room(tiny, runs, words, capsys)
    _goes_on(tiny, runs, tmp_path, capsys)


@contextmanager
def _disk_of(size: str, folder: Path) -> Iterator[Path]:
    """A disk of its own, as only root may have one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("there may be no disk to fill here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="no disks can be had here")
def test_on_a_disk_that_is_full_it_says_so_and_goes_on_once_there_is_room(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with _disk_of("32k", tmp_path / "disk") as disk:
        _runs_out_of_room(tiny, disk / "runs", "no space left on device", capsys)
        _runs_out_of_room(tiny, disk / "runs", "no space left on device", capsys)
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        _goes_on(tiny, disk / "runs", tmp_path, capsys)


def _runs_out_of_room(
    tiny: Path, runs: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told, said = _answer(tiny, runs, capsys)
    assert (status, told) == (1, "")
    kept = len(lines_kept_in(runs))
    assert 0 < kept < 80
    assert said == (
        f"tare: cannot keep runs in {runs}: {words}; {kept} runs are kept there, and the same "
        "command goes on from them\n"
    )


def _goes_on(tiny: Path, runs: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It does what is missing and nothing again, and answers as if there had been room."""
    done = _answer(tiny, runs, capsys)
    assert done == _answer(tiny, other / "undisturbed", capsys)
    assert done[0] == 0
    assert len(lines_kept_in(runs)) == len(lines_kept_in(other / "undisturbed"))
