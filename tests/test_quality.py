"""The code is as ruff and mypy want it; exceptions stand with their reasons in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECKS = (["ruff", "check", "sim", "tests"], ["mypy"])


@pytest.mark.parametrize("command", CHECKS, ids=lambda command: command[0])
def test_a_checker_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
