"""Sweep a scenario: all points of its design, as often as it says, and what comes of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import chain
from pathlib import Path

from sim.errors import UsageError
from sim.spec.scenario import Scenario
from sim.spec.sweep import Precision, Sweep
from sim.studies.sweeps.answers import gathered
from sim.studies.sweeps.asking import questions
from sim.studies.sweeps.carrying_out import Progress
from sim.studies.sweeps.conduct import conducting
from sim.studies.sweeps.designs import points_of
from sim.studies.sweeps.moving import moving
from sim.studies.sweeps.rules import Fixed, Precise, Rule
from sim.studies.sweeps.shard import Shard
from sim.studies.sweeps.simulated import Simulated
from sim.studies.sweeps.swept import Swept
from sim.studies.sweeps.told import Told
from sim.studies.sweeps.turns import turns_of

_LOADED = ("request_p99_s", "throughput_per_s", "memory_gross_bytes", "request_cost_core_s")
_AT_REST = ("memory_gross_bytes", "startup_mean_s", "cpu_gross_core_s", "disk_gross_bytes")
"""What a report is about where the sweep does not say it: with a load, and without."""


def sweep(
    scenario: Scenario,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    runs: Path | None = None,
    merge: bool = False,
    progress: Progress | None = None,
) -> Swept:
    """Run a scenario at all points of its sweep, on all of its platforms.

    All cores share the runs, or `jobs` processes, or an executor of the standard library's kind, of
    which `jobs` chunks are then under way. What comes of them is kept in the folder `runs`, and is
    not run again; without it, in memory. With `merge` all must be there already. What comes out
    does not depend on who ran what, when and how often that was interrupted.

    Raises: UsageError where the scenario has no sweep, or none of its points can be run;
    OutputError where the folder cannot be written.
    """
    asked = asked_of(scenario)
    design = points_of(scenario)
    problem = Simulated(scenario)
    doubts = questions(scenario, design.axes, asked.sensitivity)
    with conducting(
        problem,
        rule_of(scenario),
        runs=runs,
        tries_again=not merge,
        jobs=jobs,
        executor=executor,
        progress=progress,
    ) as conduct:
        points = conduct.found(design) if merge else conduct.run(design)
        tell = partial(conduct.told, design, points)
        first = _first_metrics(tell())
        metrics = asked.metrics or [metric for metric in _usual(scenario) if metric in first]
        answers = gathered(tell(), design.axes, metrics, conduct.rule.least)
        turns = turns_of(conduct, tell, design, metrics, asked.crossover)
        moved = moving(conduct, asked.sensitivity, doubts, metrics, scenario.seed)
    return Swept(
        **vars(answers),
        scenario=scenario,
        within=design,
        platforms=problem.platforms,
        metrics=metrics,
        crossings=turns,
        moving=moved,
        told=tell,
    )


def run_shard(
    scenario: Scenario,
    shard: Shard,
    *,
    runs: Path,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> int:
    """Run the points of a sweep that are a shard's, for another to merge; say how many they are."""
    design = points_of(scenario)
    numbers = shard.of(len(design))
    with conducting(
        Simulated(scenario),
        rule_of(scenario),
        runs=runs,
        label=shard.label,
        jobs=jobs,
        executor=executor,
        progress=progress,
    ) as conduct:
        conduct.run(design, numbers=numbers)
    return len(numbers)


def asked_of(scenario: Scenario) -> Sweep:
    """What a scenario's sweep asks for. Raises: UsageError where there is none."""
    if scenario.sweep and (scenario.sweep.axes or scenario.sweep.sensitivity):
        return scenario.sweep
    problem = f"{scenario.name} does not say what is to be varied"
    raise UsageError(problem, "write --vary groups.web.count=10,20,50, or `sweep:` in its file")


def rule_of(scenario: Scenario) -> Rule:
    """How often each point is run."""
    match asked_of(scenario).replications:
        case Precision() as asked:
            return Precise(asked.of, asked.precision, asked.at_most)
        case int() as number:
            return Fixed(number)
    return Fixed(scenario.replications)


def _usual(scenario: Scenario) -> Sequence[str]:
    """What a report is about where nobody says it."""
    return _LOADED if any(group.load for group in scenario.groups.values()) else _AT_REST


def _first_metrics(tell: Iterator[Told]) -> Collection[str]:
    """The metrics of the first run that has any. Raises: UsageError where none has."""
    reasons: list[str] = []
    for told in tell:
        if found := next(filter(None, told.metrics.values()), None):
            return found
        reasons.append(told.reason or _first_reason(told))
    problem = f"none of the {len(reasons)} points could be run"
    raise UsageError(problem, f"the first: {reasons[0]}")


def _first_reason(told: Told) -> str:
    return next((outcome.reason for outcome in chain(*told.runs.values()) if outcome.reason), "")
