"""Compare platforms: run every replication of a scenario on each, and put them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from sim.records.result import Result
from sim.simulation import simulate
from sim.spec.scenario import Scenario
from sim.studies.assumptions import assumptions
from sim.studies.binding import binding
from sim.studies.comparison import Comparison
from sim.studies.loads import latencies, loads
from sim.studies.objectives import objectives
from sim.studies.tables import components, differences, phases, readings, stacked, summary
from sim.studies.trust import trust
from sim.studies.workers import deaf_to_interrupts, workers

Progress = Callable[[int, int], None]


def compare(scenario: Scenario, *, jobs: int = 1, progress: Progress | None = None) -> Comparison:
    """Run all replications of a scenario on all of its platforms.

    `jobs` processes share the runs; what comes out does not depend on how many. `progress` is
    told how many of all runs are done.
    """
    results = list(_counted(run_all(scenario, jobs), scenario, progress))
    firsts = [result for result in results if result.replication == 0]
    metrics = readings(results)
    whole = summary(metrics)
    return Comparison(
        name=scenario.name,
        scenario=scenario,
        summary=whole,
        components=components(results),
        phases=phases(results),
        differences=differences(metrics, [platform.name for platform in scenario.platforms]),
        binding=binding(results),
        objectives=objectives(scenario, whole),
        assumptions=assumptions(scenario),
        instances=stacked(results, "instances", replication=True),
        samples=stacked(firsts, "samples"),
        events=stacked(firsts, "events"),
        requests=stacked(firsts, "requests"),
        loads=loads(scenario, results),
        latencies=latencies(results),
        faults=stacked(results, "faults", replication=True),
        hands=stacked(results, "hands", replication=True),
        builds=stacked(results, "builds", replication=True),
        trust=trust(scenario),
    )


def run_all(scenario: Scenario, jobs: int) -> Iterator[Result]:
    """Simulate every replication on every platform, in that order whoever runs them."""
    names = [platform.name for platform in scenario.platforms]
    pairs = product(names, range(scenario.replications))
    runs = [(scenario.on(name), number) for name, number in pairs]
    if jobs <= 1 or len(runs) == 1:
        yield from map(_run, runs)
        return
    with workers(min(jobs, len(runs))) as pool:
        size = max(1, len(runs) // (4 * jobs))
        parts = [runs[start : start + size] for start in range(0, len(runs), size)]
        with deaf_to_interrupts():
            futures = [pool.submit(_run_each, part) for part in parts]
        for future in futures:
            yield from future.result()


def _run_each(runs: list[tuple[Scenario, int]]) -> list[Result]:
    return [_run(run) for run in runs]


def _run(run: tuple[Scenario, int]) -> Result:
    scenario, replication = run
    return simulate(scenario, replication=replication)


def _counted(
    results: Iterable[Result], scenario: Scenario, progress: Progress | None
) -> Iterator[Result]:
    total = len(scenario.platforms) * scenario.replications
    for done, result in enumerate(results, start=1):
        if progress is not None:
            progress(done, total)
        yield result
