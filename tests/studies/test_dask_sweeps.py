"""A sweep on a real cluster of Dask's: a scheduler and workers that are processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copytree

import pytest
from studies.swept_problems import TINY, Lines, lines_kept_in, report_in, swept

from sim.errors import TareError, UsageError
from sim.studies.sweeps import cluster as clusters
from sim.studies.sweeps.cluster import cluster

pytest.importorskip("distributed")

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
RUNS = 80
PATIENCE_S = 120


def _environment(root: Path = ROOT) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(TESTS)))}


def _until(happened: Callable[[], bool]) -> None:
    """Wait, though not for ever."""
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


@contextmanager
def _running(*program: str, folder: Path, root: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask's, which finds Tare and these tests, and is ended with the test."""
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *program, "--no-dashboard"],
            cwd=folder, env=_environment(root), stdout=said, stderr=said,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler, to which workers may come."""
    folder = tmp_path_factory.mktemp("scheduler")
    file = folder / "scheduler.json"
    where = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    with _running("distributed.cli.dask_scheduler", *where, folder=folder):
        _until(lambda: file.exists() and file.read_text().endswith("}"))
        yield json.loads(file.read_text())["address"]


def _worker(
    address: str, folder: Path, root: Path = ROOT
) -> contextmanager[subprocess.Popen[bytes]]:
    """A worker of one thread, which nobody starts again."""
    alone = ("--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
    return _running("distributed.cli.dask_worker", address, *alone, folder=folder, root=root)


def _cores(address: str) -> int:
    """How many workers have come."""
    try:
        with cluster(address) as (_, cores):
            return cores
    except TareError:
        return 0


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:99999", "", "moon://here:1"])
def test_where_no_scheduler_is_it_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_PATIENCE_S", 0.2)
    with (
        pytest.raises(TareError, match=f"no scheduler of Dask's answers at {address}: .*; write"),
        cluster(address),
    ):
        pass


def test_a_scheduler_without_workers_says_how_to_start_some(scheduler: str) -> None:
    with (
        pytest.raises(TareError, match=f"has no workers; start some: dask worker {scheduler}"),
        cluster(scheduler),
    ):
        pass


def test_a_worker_with_another_version_of_tare_is_told_of(scheduler: str, tmp_path: Path) -> None:
    """Its numbers might be others."""
    copytree(ROOT / "sim", tmp_path / "sim")
    with (tmp_path / "sim" / "simulation.py").open("a") as source:
        source.write("# another\n")
    with _worker(scheduler, tmp_path, root=tmp_path):
        _until(lambda: _cores(scheduler) == 1)
        with (
            cluster(scheduler) as (executor, cores),
            pytest.raises(UsageError, match=r"a worker runs another version of Tare.*; install"),
        ):
            swept(Lines(), 3, executor=executor, jobs=cores)
    _until(lambda: _cores(scheduler) == 0)


def _sweep(scenario: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", "sweep", str(scenario), "--out", str(out), *options]
    return subprocess.Popen(
        [*command, "--quiet"], env=_environment(), stderr=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def test_two_workers_of_which_one_is_killed_give_the_bytes_of_a_serial_sweep(
    scheduler: str, tmp_path: Path
) -> None:
    scenario = tmp_path / "tiny.yaml"
    scenario.write_text(TINY)
    one, two = tmp_path / "one", tmp_path / "two"
    with ExitStack() as workers:
        first, _ = [workers.enter_context(_worker(scheduler, tmp_path)) for _ in range(2)]
        _until(lambda: _cores(scheduler) == 2)
        sweeping = _sweep(scenario, two, "--executor", "dask", "--dask-address", scheduler)
        _until(lambda: len(lines_kept_in(tmp_path / "two.runs")) >= RUNS // 8)
        first.kill()
        kept = len(lines_kept_in(tmp_path / "two.runs"))
        assert sweeping.communicate(timeout=PATIENCE_S)[1] == ""
    assert (sweeping.returncode, kept < RUNS) == (0, True)
    serial = _sweep(scenario, one, "--jobs", "1")
    assert (serial.communicate(timeout=PATIENCE_S)[1], serial.returncode) == ("", 0)
    assert report_in(two) == report_in(one)
