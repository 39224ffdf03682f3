"""The command as a process: what it loads, how it ends, what its terminal can show."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from scenario_files import SMALL, write

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "pandas", "matplotlib", "scipy", "simpy", "pydantic"}
LOADED = (
    "import sys, sim.cli.main as m; status = m.run(sys.argv[1:]);"
    "print(*(name for name in sys.modules if '.' not in name), file=sys.stderr); sys.exit(status)"
)

VERBS = ["compare", "sweep", "build", "new", "show", "explain", "list", "schema", "verify"]


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def _tare(*arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sim", *arguments]
    return subprocess.run(command, env=_environment(**more), capture_output=True, check=False)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["list"], *([verb, "--help"] for verb in VERBS)],
    ids=" ".join,
)
def test_help_version_and_list_load_nothing_heavy(arguments: list[str]) -> None:
    command = [sys.executable, "-c", LOADED, *arguments]
    done = subprocess.run(
        command, env=_environment(), capture_output=True, text=True, check=True
    )

    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert not loaded & HEAVY


def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    command = f"{sys.executable} -m sim list | head -n 1"
    done = subprocess.run(
        command, shell=True, env=_environment(), capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("hosts\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to show")
@pytest.mark.parametrize("arguments", [["list"], ["--help"], ["schema"], ["list", "--json"]])
def test_a_full_disk_is_status_1_in_words(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim", *arguments],
            env=_environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == "tare: cannot write the output: no space left on device\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_that_is_read_only_is_status_1_in_words(tmp_path: Path) -> None:
    file = write(tmp_path, SMALL)
    tmp_path.chmod(0o500)
    done = _tare("compare", str(file), "--out", str(tmp_path / "report"))

    assert done.returncode == 1
    assert b"permission denied" in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_status_2_in_words(tmp_path: Path) -> None:
    file = write(tmp_path, SMALL)
    file.chmod(0)
    done = _tare("show", str(file))

    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_terminal_without_unicode_stops_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, SMALL.replace("Two services", "Zwölf Dienste – 열둘"))
    faulty = write(tmp_path, SMALL.replace("web-node", "wéb"), "faulty.yaml")
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}

    assert _tare("compare", str(faulty), **ascii_only).returncode == 2
    assert _tare("list", **ascii_only).stdout.isascii()
    assert _tare("show", str(file), "--json", **ascii_only).stdout.isascii()
    shown = _tare("show", str(file), **ascii_only)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "Zwölf Dienste – 열둘" in shown.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_with_130_and_no_traceback(jobs: str, tmp_path: Path) -> None:
    """The replications are so many that the run cannot end before it is interrupted."""
    file = write(tmp_path, SMALL.replace("count: 2", "count: 500") + "replications: 100000\n")
    command = [sys.executable, "-m", "sim", "compare", str(file), "--jobs", jobs]
    running = subprocess.Popen(
        command, cwd=tmp_path, env=_environment(), stderr=subprocess.PIPE, start_new_session=True
    )
    assert running.stderr is not None
    announced = running.stderr.readline()
    time.sleep(1.0)
    os.killpg(running.pid, signal.SIGINT)
    rest = _rest(running)

    assert b"50,000,000 starts" in announced
    assert running.returncode == 130
    assert rest == b"tare: interrupted\n"


def _rest(running: subprocess.Popen[bytes]) -> bytes:
    """What a command that is to end still says; one that goes on is killed, with all it started."""
    try:
        return running.communicate(timeout=20)[1]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


def test_the_version_is_told() -> None:
    done = _tare("--version")

    assert done.stdout.startswith(b"tare, version 0")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_request_to_end_is_an_interrupt(tmp_path: Path) -> None:
    file = write(tmp_path, SMALL.replace("count: 2", "count: 500") + "replications: 100000\n")
    command = [sys.executable, "-m", "sim", "compare", str(file), "--quiet"]
    running = subprocess.Popen(
        command, cwd=tmp_path, env=_environment(), stderr=subprocess.PIPE, start_new_session=True
    )
    time.sleep(2.0)
    running.terminate()

    assert _rest(running) == b"tare: interrupted\n"
    assert running.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
