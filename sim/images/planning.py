"""One build: which steps a target takes, in which order, and which of them are cached.

As BuildKit does it (frontend/dockerfile/dockerfile2llb/convert.go): stages that the target does not
need are left out, equal steps of two stages are one, and a step waits only for what it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from sim.errors import Fault, ScenarioError, UsageError
from sim.images.contents import Tree
from sim.images.context import Context
from sim.images.dockerfile import Stage
from sim.images.drafting import Draft, Outcome, Title
from sim.images.graph import SCRATCH, Origin, context_paths, images, in_order
from sim.images.keys import key_of
from sim.images.naming import (
    CONTEXT,
    DEFINITION,
    FRONTEND,
    IGNORE,
    METADATA,
    RESOLVE,
    StageNames,
    full_name,
)
from sim.images.stepping import State, Stepper
from sim.images.supplies import BaseImage, Supplies
from sim.images.taking import Source, of_context, of_tree


@dataclass(slots=True)
class Planner:
    """Walks through the stages that a target needs and drafts their steps.

    `stages` are those that the target needs, itself the last. `image` gives the image of a name as
    it is now, and `sent` are the bytes of the context that go to the builder.
    """

    stages: Sequence[Stage]
    is_only: bool
    context: Context
    sent: int
    supplies: Supplies
    image: Callable[[str], BaseImage]
    draft: Draft
    begun: tuple[int, ...] = ()
    delivered: tuple[int, ...] = ()
    states: dict[int, State] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def plan(self, file: str, frontend: str) -> State:
        """Draft all steps, and answer with what the target comes to.

        Raises:
            ScenarioError: lines that take what is not there, all of them.
        """
        order = in_order(self.stages)
        self._begin(file, frontend)
        ranks = {stage.number: rank for rank, stage in enumerate(order)}
        if context_paths(self.stages):
            work = self.supplies.rates.context.of(self.sent)
            self.delivered = (self.draft.internal(CONTEXT, work, self.begun),)
        for stage in self.stages:
            self.states[stage.number] = self._stage(stage, ranks[stage.number], file)
        if self.faults:
            raise ScenarioError(self.faults)
        return self.states[self.stages[-1].number]

    def _begin(self, file: str, frontend: str) -> None:
        """What is read before the steps are known: the file, the program that reads it where the
        file names one, what is said of the bases, and what not to send."""
        rates = self.supplies.rates
        named = DEFINITION.format(PurePath(file).name)
        ready = (self.draft.internal(named, rates.definition.of(0)),)
        if frontend:
            name = full_name(frontend)
            asked = self.draft.internal(RESOLVE.format(name), rates.metadata.of(0), ready)
            title = Title(1, FRONTEND.format(name), "base")
            ready = (self._fetched(title, BaseImage(name, name), (asked,)),)
        names = dict.fromkeys(map(full_name, images(self.stages)))
        asked_for = [
            self.draft.internal(METADATA.format(name), rates.metadata.of(0), ready)
            for name in names
        ]
        self.begun = (self.draft.internal(IGNORE, rates.ignore.of(0), (*asked_for, *ready)),)

    def _stage(self, stage: Stage, rank: int, file: str) -> State:
        has_image = stage.base_number is None and stage.base != SCRATCH
        names = StageNames(stage, has_image, self.is_only)
        stepper = Stepper(self.draft, self.supplies, self._source, names, rank, self.begun)
        state = self._start(stage, names, rank)
        for command in stage.commands:
            try:
                state = stepper.after(command, state)
            except UsageError as error:
                fault = Fault(error.problem, error.remedy, file=file, line=command.line)
                self.faults.append(fault)
        return state

    def _start(self, stage: Stage, names: StageNames, rank: int) -> State:
        if stage.base_number is not None:
            return self.states[stage.base_number]
        if stage.base == SCRATCH:
            return State(key_of(SCRATCH), Tree(SCRATCH), self.begun)
        image = self.image(stage.base)
        title = Title(stage.line, names.following(f"FROM {image.name}"), "base", rank)
        number = self._fetched(title, image, self.begun)
        return State(key_of("image", image.digest), Tree(image.digest), (number,), image.size)

    def _fetched(self, title: Title, image: BaseImage, needs: tuple[int, ...]) -> int:
        """A step that sees to it that an image is there."""
        got = Outcome(0, self.supplies.rates.base.of(0))
        title = replace(title, image=image.image)
        return self.draft.add(title, needs, key_of("image", image.digest), lambda: got)[0]

    def _source(self, origin: Origin | None) -> Source:
        if origin is None:
            return Source(of_context(self.context), self.delivered)
        if origin.number is not None:
            state = self.states[origin.number]
            return Source(of_tree(state.tree), state.needs)
        if origin.name == SCRATCH:
            return Source(of_tree(Tree(SCRATCH)), self.begun)
        image = self.image(origin.name)
        number = self._fetched(Title(0, f"FROM {image.name}", "base"), image, self.begun)
        return Source(of_tree(Tree(image.digest)), (number,))
