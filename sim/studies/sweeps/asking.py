"""What is asked of the sensitivity of a scenario: which inputs, on which platforms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.spec.scenario import Scenario
from sim.spec.sweep import Range, Sensitivity
from sim.studies.sweeps import salib
from sim.studies.sweeps.axes import Axis
from sim.studies.sweeps.inputs import Input
from sim.studies.sweeps.samples import OneAtATime
from sim.studies.sweeps.uncertain import uncertain


@dataclass(frozen=True)
class Question:
    """What moves the answers of some platforms, which have these inputs."""

    platforms: tuple[str, ...]
    inputs: tuple[Input, ...]

    def most_rows(self, asked: Sensitivity) -> int:
        """At most so many rows answer it: inputs that alone do little are not varied together."""
        count = len(self.inputs)
        together = {
            "morris": asked.trajectories * (count + 1),
            "sobol": asked.points * (count + 2),
        }
        return len(OneAtATime(self.inputs)) + together.get(asked.method, 0)


def questions(
    scenario: Scenario, axes: Sequence[Axis], asked: Sensitivity | None
) -> list[Question]:
    """What is asked: of the axes, for all platforms; of the catalog, for each what it leans on.

    Raises UsageError where there is nothing to vary, or where SALib is needed and not there.
    """
    if asked is None:
        return []
    if asked.method != "one-at-a-time":
        salib.check_installed()
    names = tuple(platform.name for platform in scenario.platforms)
    if asked.inputs == "catalog":
        return [Question((name,), uncertain(scenario, name)) for name in names]
    inputs = tuple(_of_axes(scenario, axes))
    if not inputs:
        problem = "no axis has an interval whose sensitivity could be asked for"
        raise UsageError(problem, "state axes of numbers, or write inputs: catalog")
    return [Question(names, inputs)]


def _of_axes(scenario: Scenario, axes: Sequence[Axis]) -> Iterator[Input]:
    """The axes of numbers, each from the least of its values to the greatest."""
    levels = scenario.sweep.axes if scenario.sweep else {}
    for axis in axes:
        match levels[axis.path]:
            case Range() as stated if axis.writing is not None:
                yield Input(axis.path, *stated.ends, stated.scale, axis.writing)
            case list() if axis.writing is not None and len({*(axis.numbers or ())}) > 1:
                numbers = axis.numbers or ()
                yield Input(axis.path, min(numbers), max(numbers), writing=axis.writing)
