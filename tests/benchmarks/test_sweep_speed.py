"""What a sweep adds to its runs, side by side with the bare runs in one go: ratios and memory only.

A run takes a known time of the processor, so that what is compared is the engine's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from studies.swept_problems import TINY, swept

import sim
from sim.catalog.varied import varied
from sim.simulation import simulate
from sim.spec.metrics import METRICS
from sim.studies.sweeps.crews import cores
from sim.studies.sweeps.designs import points_of
from sim.studies.sweeps.rules import Fixed
from sim.studies.sweeps.runs import Values
from sim.studies.sweeps.simulated import measured
from sim.studies.sweeps.sweep import sweep

pytestmark = pytest.mark.alone

TESTS = Path(__file__).parents[1]
PAIRS = 2
"""How often both are done, in turn; the best of each counts."""

POINTS, REPLICATIONS = 8, 32
LARGER = (
    TINY.replace("cloud-2c-8g", "server-16c-64g")
    .replace("horizon: 5 s", "horizon: 10 s")
    .replace("count: 1}", "count: 1, arrive: {every: 0.05 s}}")
    .replace("replications: 4", f"replications: {REPLICATIONS}")
)
"""A scenario whose runs take some 20 ms."""


@dataclass(frozen=True)
class Busy:
    """A run that keeps a core busy for a while, and measures some of Tare's metrics."""

    seconds: float = 0.0
    metrics: Sequence[str] = (*METRICS,)[:4]
    platforms: Sequence[str] = ("one", "other")

    def key(self, values: Values, platform: str) -> bytes:
        return f"{platform} {values}".encode()

    def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
        until = time.thread_time() + self.seconds
        while time.thread_time() < until:
            pass
        chance, x = Random(replication), values["x"]
        assert isinstance(x, int | float)
        more = chance.random() + (platform != "one")  # so that they change places nowhere
        return {metric: x + more for metric in self.metrics}


def _best(*ways: Callable[[], float]) -> list[float]:
    """The least time of each way of doing the same, done in turn."""
    return [
        min(times) for times in zip(*([way() for way in ways] for _ in range(PAIRS)), strict=True)
    ]


def _took(clock: Callable[[], float], do: Callable[[], object]) -> float:
    began = clock()
    do()
    return clock() - began


def test_a_sweep_adds_at_most_a_twentieth_to_runs_of_20_ms(tmp_path: Path) -> None:
    """With what names, keeps, tells and writes them; one process each, by its own clock."""
    (tmp_path / "some.yaml").write_text(LARGER)
    counts = [*range(30, 30 + POINTS)]
    axes = {"sweep": {"axes": {"groups.web.count": counts}, "design": "zip"}}
    scenario = sim.load(tmp_path / "some.yaml", overrides=axes)
    folders = iter(range(PAIRS))

    def bare() -> None:
        for values in points_of(scenario):
            point = varied(scenario, values)
            for platform in scenario.platforms:
                there = point.on(platform.name)
                for replication in range(REPLICATIONS):
                    measured(simulate(there, replication=replication))

    def whole() -> None:
        folder = tmp_path / str(next(folders))
        folder.mkdir()
        sweep(scenario, jobs=1, runs=folder / "runs").write(folder)

    plain, ours = _best(*(partial(_took, time.process_time, each) for each in (bare, whole)))
    runs = POINTS * len(scenario.platforms) * REPLICATIONS
    each = f"{plain / runs * 1e3:.2f} ms bare, {ours / runs * 1e3:.2f} ms in a sweep"
    print(each)
    assert ours <= 1.05 * plain, each


def _alone(busy: Busy, points: Sequence[int]) -> None:
    for x in points:
        for platform in busy.platforms:
            busy.run({"x": x}, platform, 0)


@pytest.mark.skipif(cores() < 2, reason="there is one core")
def test_two_cores_do_nine_tenths_of_what_two_bare_processes_do() -> None:
    """Both begin with nothing loaded; runs keep a core busy for 100 ms."""
    busy, points = Busy(0.1), 40

    def bare() -> None:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            halves = [range(half, points, 2) for half in range(2)]
            list(pool.map(partial(_alone, busy), halves))

    def whole() -> None:
        swept(busy, points, rule=Fixed(1), metrics=busy.metrics[:1], jobs=2)

    plain, ours = _best(*(partial(_took, time.perf_counter, each) for each in (bare, whole)))
    print(f"{plain:.2f} s bare, {ours:.2f} s in a sweep: {plain / ours:.3f}")
    assert plain / ours >= 0.9


def _peak_bytes(points: int, folder: Path) -> int:
    """The most memory that a process takes which sweeps points of two times ten runs, and tells."""
    folder.mkdir()
    (folder / "out").mkdir()
    program = (
        "from pathlib import Path\n"
        "from benchmarks.test_sweep_speed import Busy, Fixed, swept\n"
        f"done = swept(Busy(), {points}, rule=Fixed(10), metrics=Busy().metrics, "
        "runs=Path('runs'))\n"
        "done.write(Path('out')); print(Path('/proc/self/status').read_text())"
    )
    path = os.pathsep.join((str(TESTS.parent), str(TESTS)))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="memory is looked up in /proc")
def test_a_hundred_times_the_runs_take_little_more_memory(tmp_path: Path) -> None:
    few, many = (_peak_bytes(runs // 20, tmp_path / str(runs)) for runs in (1_000, 100_000))
    print(f"{few / 1e6:.0f} MB for 1,000 runs, {many / 1e6:.0f} MB for 100,000")
    assert many < 500e6
    assert (many - few) / 99_000 < 1_100  # what names a run and where it is kept, in bytes
