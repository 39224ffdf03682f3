"""Every command and every example of the README does what the README says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARE = ".venv/bin/tare "


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    """The calls of `tare`; what sets up the environment around them has been done for this test."""
    calls = [part.strip() for line in block.splitlines() for part in line.split("&&")]
    return [call.removeprefix(TARE) for call in calls if call.startswith(TARE)]


def tare(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "sim", *shlex.split(command)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    return subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the README's reader has it: the scenarios, and what earlier commands made."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    return folder


@pytest.mark.parametrize("block", [block for block in blocks("sh") if commands(block)])
def test_the_commands_of_the_readme_work_in_their_order(block: str, folder: Path) -> None:
    for command in commands(block):
        done = tare(command, folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_the_readme_has_the_two_commands_that_set_everything_up() -> None:
    first, test = (
        README.split(f"<!-- {name} command -->")[1].split("```")[1] for name in ("first", "test")
    )
    for command in (first, test):
        assert "python3 -m venv .venv && .venv/bin/pip install" in command
    assert first.strip().endswith("tare compare scenarios/web-fleet.yaml")
    assert test.strip().endswith("-m pytest -n auto")


@pytest.mark.parametrize("text", blocks("yaml"))
def test_the_scenario_of_the_readme_can_be_compared(text: str, folder: Path) -> None:
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    done = tare("compare own.yaml --json", folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_of_the_readme_runs(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "s until half of the virtual machines are ready" in done.stdout
    assert "container-docker" in done.stdout
    assert len(code.splitlines()) <= 10 + 1  # the ten lines, and one that is empty
