"""How many runs a sweep needs, and about how long they will take, told before any is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter

from sim.spec.scenario import Scenario
from sim.studies.sweeps.agenda import Agenda
from sim.studies.sweeps.asking import questions
from sim.studies.sweeps.axes import Axis
from sim.studies.sweeps.crews import cores
from sim.studies.sweeps.designs import points_of
from sim.studies.sweeps.journal import Journal
from sim.studies.sweeps.runs import Problem, Task, perform
from sim.studies.sweeps.simulated import Simulated
from sim.studies.sweeps.sweep import asked_of, rule_of

_MOST_POINTS = 10_000
"""How many points are looked at one by one; of more, so many from the whole speak for the rest."""

_MOST_COUNTED = 200
"""How many points are looked at for how many instances they start."""

_SAMPLE, _SAMPLE_S = 12, 10.0
"""Of how many runs, or within which time, the time of a run is learnt."""


@dataclass(frozen=True)
class Foretold:
    """A sweep before it is run: its points, its runs, and those that are kept.

    `reasons` says why points cannot be run, and of how many. `is_least` where a rule may ask for
    more runs. `beyond` is how many more there are at most for what is asked beside the design's
    points. `run_s` is the mean time of a run, on one core.
    """

    points: int
    reasons: Mapping[str, int]
    runs: int
    kept: int
    is_least: bool
    beyond: int
    run_s: float
    jobs: int

    @property
    def seconds(self) -> float:
        """About how long the runs that are not kept take, with all that may be asked beside."""
        return (self.runs - self.kept + self.beyond) * self.run_s / self.jobs


def foretell(scenario: Scenario, runs: Path | None, jobs: int | None = None) -> Foretold:
    """Count the runs of a sweep, and do a few of them to see how long they take."""
    problem, rule = Simulated(scenario), rule_of(scenario)
    design, journal = points_of(scenario), Journal(runs)
    step = -(-len(design) // _MOST_POINTS)
    numbers = range(0, len(design), step)
    agenda = Agenda(problem, design, rule, journal, numbers, problem.platforms)
    tasks = agenda.take(len(numbers) * len(problem.platforms) * rule.least)
    share = len(design) / len(numbers)
    return Foretold(
        points=len(design),
        reasons=Counter(point.reason for point in agenda.points if point.reason),
        runs=round((agenda.done + len(tasks)) * share),
        kept=round(agenda.done * share),
        is_least=bool(rule.metric),
        beyond=_beyond(scenario, design.axes) * rule.least,
        run_s=_mean_time(problem, tasks),
        jobs=jobs or cores(),
    )


def starts_of(scenario: Scenario) -> int:
    """About how many instances a sweep starts in all, of which nothing is run to see it."""
    design, groups = points_of(scenario), scenario.groups
    some = design[:: -(-len(design) // _MOST_COUNTED)]
    counts = [
        sum(_whole(at.get(f"groups.{name}.count", group.count)) for name, group in groups.items())
        for at in some
    ]
    runs = len(design) * len(scenario.platforms) * rule_of(scenario).least
    return round(fmean(counts) * runs)


def _whole(count: object) -> int:
    return count if isinstance(count, int) else 0


def _beyond(scenario: Scenario, axes: Sequence[Axis]) -> int:
    """How many runs of one replication its sensitivity needs at most."""
    asked = asked_of(scenario).sensitivity
    if asked is None:
        return 0
    found = questions(scenario, axes, asked)
    return sum(each.most_rows(asked) * len(each.platforms) for each in found)


def _mean_time(problem: Problem, tasks: Sequence[Task]) -> float:
    """The mean time of a few runs from all over the design."""
    began, found = perf_counter(), [0.0] if not tasks else []
    for task in tasks[:: -(-len(tasks) // _SAMPLE) or 1]:
        if perf_counter() - began > _SAMPLE_S:
            break
        found += [outcome.seconds for outcome in perform(problem, [task])]
    return fmean(found)
