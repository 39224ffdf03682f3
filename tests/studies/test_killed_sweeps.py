"""A sweep that is killed at any moment goes on where it was, and says in the end what it says."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass
from json import loads
from pathlib import Path
from random import Random

import pytest
from studies.killed import RUNS, begun, left_of
from studies.swept_problems import bytes_in, lines_kept_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")

PATIENCE_S = 60


@dataclass(frozen=True)
class Undisturbed:
    """What a sweep came to that nobody disturbed: its tables, its runs, and the time it took."""

    tables: dict[str, bytes]
    runs: int
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    for name in ("first", "second"):  # the first also loads what all attempts share
        began = time.monotonic()
        _ended(folder / f"{name}-runs", folder / name)
    seconds = time.monotonic() - began
    return Undisturbed(
        bytes_in(folder / "second"), len(lines_kept_in(folder / "second-runs")), seconds
    )


def _ended(runs: Path, out: Path) -> None:
    sweeping = begun(runs, out)
    sweeping.join(PATIENCE_S)
    assert sweeping.exitcode == 0


def test_undisturbed_it_does_each_run_once_and_finds_where_the_lines_cross(
    undisturbed: Undisturbed,
) -> None:
    assert undisturbed.runs > RUNS
    assert b"cost,x,up,flat,10," in undisturbed.tables["tables/crossings.csv"]


@pytest.mark.parametrize("seed", range(8))
def test_killed_over_and_over_it_ends_with_the_same_bytes(
    undisturbed: Undisturbed, tmp_path: Path, seed: int
) -> None:
    """Moments come from all over its time: while it runs, refines, tells and writes its tables."""
    chance, runs, kept = Random(seed), tmp_path / "runs", [b""]
    for attempt in range(200):
        sweeping = begun(runs, tmp_path / f"out-{attempt}")
        sweeping.join(chance.uniform(0.0, 0.6 * undisturbed.seconds))
        sweeping.kill()
        sweeping.join()
        assert set(kept[1:]) <= set(lines_kept_in(runs))
        kept[1:] = lines_kept_in(runs)
        if sweeping.exitcode == 0:
            break
    assert sweeping.exitcode == 0
    assert _each_is_kept_once(runs) == undisturbed.runs
    assert bytes_in(tmp_path / f"out-{attempt}") == undisturbed.tables


def _each_is_kept_once(runs: Path) -> int:
    """How many runs are kept, none of which was done again once it was."""
    keys = Counter(loads(line)["key"] for line in lines_kept_in(runs))
    assert set(keys.values()) == {1}
    return len(keys)


def test_two_processes_end_with_the_one_that_is_killed_and_another_goes_on(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    sweeping = begun(runs, tmp_path / "killed", jobs=2)
    while len(lines_kept_in(runs)) < RUNS // 3 and sweeping.is_alive():
        time.sleep(0.001)
    sweeping.kill()
    sweeping.join()
    assert sweeping.exitcode == -9
    assert left_of(sweeping.pid) == []
    _ended(runs, tmp_path / "out")
    assert _each_is_kept_once(runs) == undisturbed.runs
    assert bytes_in(tmp_path / "out") == undisturbed.tables
