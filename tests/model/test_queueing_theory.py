"""The whole model against what queueing theory says of one core that is shared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from model.worlds import Run, Spec, container, group, machine, platform, run, scenario, workload

JOBS = 6_000
RATE = 0.7  # a second, of 1 core-s each: the core is busy for 70 % of the time
BATCHES = 20


def sojourns(story: Run) -> np.ndarray:
    instances = story.result.instances
    return (instances["exited_s"] - instances["created_s"]).to_numpy(dtype=float)


def stream(on: Spec, **more: object) -> Run:
    """A stream of jobs, each an instance that runs 1 core-s and ends, but the last few."""
    work = workload(run="1 core-s", private="1 kB", **more)
    groups = {"jobs": group(JOBS, work, arrive={"poisson": f"{RATE} / s"})}
    return run(scenario(on, groups=groups, horizon="20000 s"))


@pytest.fixture(scope="module")
def bare() -> Run:
    return stream(platform())


def test_poisson_jobs_on_a_shared_core_stay_as_long_as_theory_says(bare: Run) -> None:
    """M/G/1-PS: the mean sojourn is E[S] / (1 - rho), here 1 / 0.3 s, whatever the distribution.

    Within four standard errors of batch means.
    """
    for story in (bare, stream(platform(), variation="80 %")):
        times = sojourns(story)
        batches = times.reshape(BATCHES, -1).mean(axis=1)
        error = batches.std(ddof=1) / np.sqrt(BATCHES)
        assert abs(times.mean() - 1 / (1 - RATE)) < 4 * error
        assert error < 0.25


def test_what_crossings_add_is_load_as_well() -> None:
    """At 1.25 core-s each rho is 0.875, and the mean sojourn 1.25 / 0.125 = 10 s."""
    on = platform("vm", vm=machine(cpu="2 cores", crossings={"cpu": {"compute": 1.25}}))
    times = sojourns(stream(on))
    batches = times.reshape(BATCHES, -1).mean(axis=1)
    assert abs(times.mean() - 10.0) < 4 * batches.std(ddof=1) / np.sqrt(BATCHES)


def test_little_holds_between_the_tables_of_memory_and_of_instances(bare: Run) -> None:
    """Each job holds 1 kB while it is there: the integral of the memory is all their sojourns."""
    samples = bare.result.samples
    held = samples[(samples["resource"] == "memory") & (samples["component"] == "net.private")]
    ends = pd.concat([held["time_s"].iloc[1:], pd.Series([20_000.0])]).to_numpy(dtype=float)
    area = float(((ends - held["time_s"].to_numpy(dtype=float)) * held["value"]).sum())
    assert area / 1000 == pytest.approx(sojourns(bare).sum(), rel=1e-9)


def test_the_core_is_busy_for_the_work_that_came(bare: Run) -> None:
    assert bare.metrics["cpu_gross_core_s"] == pytest.approx(JOBS)
    assert bare.metrics["cpu_utilization"] == pytest.approx(JOBS / 20_000)


@pytest.mark.parametrize("boundary", [None, container(), machine()])
def test_equal_jobs_at_once_all_take_as_long_as_all_of_the_work(boundary: Spec | None) -> None:
    """N of 2 core-s on c cores: 2 N / c s each where N exceeds c."""
    on = platform() if boundary is None else platform("x", b=boundary)
    for cores, count in ((1, 7), (4, 10), (4, 3)):
        story = run(
            scenario(
                on,
                host={"cores": f"{cores} cores", "memory": "100 GB"},
                groups={"web": group(count, workload("2 core-s"))},
            )
        )
        assert story.started == pytest.approx([2.0 * max(1.0, count / cores)] * count)
