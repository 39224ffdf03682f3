"""The public door: the names that it has, and that it opens quickly."""

import subprocess
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", sim.__all__)
def test_every_name_of_the_door_is_there(name: str) -> None:
    assert getattr(sim, name) is not None
    assert name in dir(sim)


def test_the_door_loads_nothing_until_it_is_used() -> None:
    loaded = _run("import sys, sim; print(*sys.modules)").split()

    assert "sim" in loaded
    assert not {"pydantic", "pandas", "yaml"} & {*loaded}


@pytest.mark.parametrize("first", ["compare", "simulate", "load"])
def test_simulate_is_the_function_whatever_was_imported_before(first: str) -> None:
    """No module of the package may take its name, since an import would put it in the way."""
    code = f"import sim; from sim import {first}; import sim.simulation, sim.studies.compare"

    assert _run(f"{code}; print(type(sim.simulate).__name__)") == "function"


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'simulat'"):
        sim.simulat  # noqa: B018 - the look is the test
