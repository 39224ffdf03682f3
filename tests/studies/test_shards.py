"""Shards that know nothing of each other come to what one command comes to."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from studies.swept_problems import TWICE, Lines, line, lines_kept_in, swept, tables_of

from sim.errors import UsageError
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.shard import Shard

POINTS = 30


class Killed(BaseException):
    """What stops a shard in the midst of its runs, as a kill does."""


def _run(shard: Shard, runs: Path, most: int | None = None) -> None:
    """Run a share of the points; one that is killed stops after so many runs."""

    def told(done: int, total: int) -> None:
        if most is not None and done >= most:
            raise Killed

    with conducting(Lines(), TWICE, runs=runs, label=shard.label, jobs=1, progress=told) as conduct:
        conduct.run(line(POINTS), numbers=shard.of(POINTS))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a sweep that one process did."""
    return tables_of(swept(Lines(), POINTS), tmp_path_factory.mktemp("whole") / "out")


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20, 50])
def test_shards_in_any_order_come_to_the_bytes_of_one_command(
    whole: dict[str, bytes], tmp_path: Path, count: int
) -> None:
    """Some are run twice, and one is killed and begun again; of 50, some have no point."""
    chance, runs = Random(count), tmp_path / "runs"
    shards = [Shard(number, count) for number in range(1, count + 1)]
    shards += chance.sample(shards, count // 3)
    chance.shuffle(shards)
    with pytest.raises(Killed):
        _run(Shard(1, count), runs, most=1)
    for shard in shards:
        _run(shard, runs)
    assert tables_of(swept(Lines(), POINTS, runs=runs, merge=True), tmp_path / "out") == whole


def test_shards_of_different_counts_share_what_is_there(tmp_path: Path) -> None:
    """The second half of the points was begun anew as four quarters."""
    runs = tmp_path / "runs"
    _run(Shard(1, 2), runs)
    kept = len(lines_kept_in(runs))
    for number in range(1, 5):
        _run(Shard(number, 4), runs)
    assert kept == 2 * (POINTS // 2 + 1)
    assert len(lines_kept_in(runs)) == 2 * (POINTS + 1)


def test_a_merge_names_the_points_of_shards_that_are_missing(tmp_path: Path) -> None:
    for number in (1, 2, 4, 5):
        _run(Shard(number, 5), tmp_path)
    with pytest.raises(UsageError, match=r"12 runs are not there yet, of 120: at point 2, 7, 12, "):
        swept(Lines(), POINTS, runs=tmp_path, merge=True)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_any_executor_of_the_library_comes_to_the_same_bytes(
    whole: dict[str, bytes], tmp_path: Path, kind: str
) -> None:
    pool = (
        ThreadPoolExecutor(3)
        if kind == "threads"
        else ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    )
    with pool:
        done = swept(Lines(seconds=0.002), POINTS, runs=tmp_path / "runs", executor=pool, jobs=3)
    assert tables_of(done, tmp_path / "out") == whole
