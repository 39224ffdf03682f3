"""`tare calibrate`: what it asks and refuses, what a machine without anything gets, Ctrl-C."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from probes.leaving import traces

from sim.catalog.scenario import load
from sim.cli.main import run
from sim.probes import quiet
from sim.probes.known import PROBES
from sim.probes.quiet import Noise

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="calibrate needs Linux")

ROOT = Path(__file__).parents[2]
NAMING = """
version: 1
title: On this machine
host: {extends: ./calibrated/host.yaml}
platforms: [process]
horizon: 1 min
groups: {service: {workload: {extends: ./calibrated/sleep.yaml}, count: 3}}
"""


def _tare(folder: Path, *words: str, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "sim", "calibrate", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _refused(capsys: pytest.CaptureFixture[str], status: int, *words: str) -> str:
    assert run(["calibrate", *words]) == status
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_elsewhere_it_says_that_it_needs_linux(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Darwin")

    assert "this is Darwin; run it on the machine" in _refused(capsys, 2)


@ON_LINUX
def test_a_runtime_that_nobody_knows_is_told_which_was_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = _refused(capsys, 2, "--only", "dokcer")

    assert said == "tare: 'dokcer' is nothing to measure; did you mean 'docker'?\n"


@ON_LINUX
def test_who_cannot_be_asked_has_to_have_said_yes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.studies.calibrate.needed_s", lambda probes: 100.0)
    monkeypatch.setattr("sys.stdin", io.StringIO())

    assert _refused(capsys, 2).endswith(
        "takes 100 s, which nobody can be asked about here; add --yes\n"
    )


@ON_LINUX
def test_a_check_of_a_busy_machine_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet, "look", lambda: Noise(0.4, 0.0))

    said = _refused(capsys, 1, "--yes", "--check", "--only", "runc")

    assert "too busy to be measured: others use 40% of its cores; a check takes a quiet" in said


@ON_LINUX
def test_a_folder_with_somebodys_work_is_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years")

    assert "would be lost" in _refused(capsys, 1, "--yes", "--out", str(tmp_path))


@ON_LINUX
def test_a_machine_with_none_of_it_still_gets_a_host_and_a_clear_list(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    before = traces()

    done = _tare(tmp_path, "--yes", "--json", PATH=str(nothing))
    out, err = done.communicate(timeout=120)

    assert done.returncode == 0, err
    document = json.loads(out)
    assert set(document["skipped"]) == {probe.name for probe in PROBES} - {PROBES[0].name}
    assert all("there is no" in reason for reason in document["skipped"].values())
    assert document["host"]["cores"] == len(os.sched_getaffinity(0))
    written = {path.name for path in (tmp_path / "calibrated").iterdir()}
    assert written == {"host.yaml", "sleep.yaml", "manifest.json"}
    assert traces() == before
    (tmp_path / "named.yaml").write_text(NAMING)
    host = load(tmp_path / "named.yaml").host
    assert host.cores.evidence == "measured"
    assert host.cores.value == document["host"]["cores"]
    assert host.memory.value == document["host"]["memory"]
    assert "median of" in host.disk.bandwidth.note


@ON_LINUX
def test_an_interrupt_ends_with_130_and_keeps_the_calibration_that_was_there(
    tmp_path: Path,
) -> None:
    before = traces()
    (tmp_path / "calibrated").mkdir()
    (tmp_path / "calibrated/manifest.json").write_text('{"generator": "tare"}')

    running = _tare(tmp_path, "--yes")
    assert running.stderr is not None
    while not running.stderr.readline().startswith("cores"):
        pass
    time.sleep(1.0)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=40)

    assert running.returncode == 130
    assert said == "tare: interrupted\n"
    assert traces() == before
    assert [path.name for path in tmp_path.iterdir()] == ["calibrated"]
    assert [path.name for path in (tmp_path / "calibrated").iterdir()] == ["manifest.json"]
