"""The steps of one build as they are found, and what the build cache holds of earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sim.spec.build import Step, StepKind, Work
from sim.spec.image import Image


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step comes to: bytes of its layer, what it asks for, by which rule, and where what it
    wrote lies."""

    layer: int = 0
    work: Work = field(default_factory=Work)
    rule: str = ""
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class BuildCache:
    """Outcomes of all steps that ever ran, by their keys, and the keys of exported layers."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Title:
    """Where a step stands and what it is called, and the `image` that it is about; of two that are
    equal, the one of the higher `rank` gives its name to both."""

    line: int
    name: str
    kind: StepKind
    rank: int = 0
    image: Image | None = None


class Draft:
    """Steps of one build by number. Steps of the same key are one step."""

    def __init__(self, cache: BuildCache) -> None:
        self.cache = cache
        self.steps: list[Step] = []
        self._numbers: dict[str, tuple[int, int]] = {}

    def internal(self, name: str, work: Work, needs: tuple[int, ...] = ()) -> int:
        """Add a step of the builder's own, which no cache keeps."""
        return self._append(Title(0, name, "internal"), needs, "", Outcome(0, work))

    def export(self, name: str, work: Work, needs: tuple[int, ...]) -> None:
        """Add the end of the build."""
        self._append(Title(0, name, "export"), needs, "", Outcome(0, work))

    def add(
        self, title: Title, needs: tuple[int, ...], key: str, perform: Callable[[], Outcome]
    ) -> tuple[int, Outcome]:
        """Add a step, which is cached where one of its key ran before and is performed otherwise.

        Answers with its number and what it comes to.
        """
        if key in self._numbers:
            return self._repeat(title, key), self.cache.outcomes[key]
        known = self.cache.outcomes.get(key)
        outcome = known or perform()
        self.cache.outcomes[key] = outcome
        number = self._append(title, needs, key, outcome, is_cached=known is not None)
        self._numbers[key] = number, title.rank
        return number, outcome

    def _repeat(self, title: Title, key: str) -> int:
        number, rank = self._numbers[key]
        if title.rank > rank:
            self._numbers[key] = number, title.rank
            named = {"line": title.line, "name": title.name}
            self.steps[number] = self.steps[number].model_copy(update=named)
        return number

    def _append(
        self,
        title: Title,
        needs: tuple[int, ...],
        key: str,
        outcome: Outcome,
        is_cached: bool = False,
    ) -> int:
        step = Step(
            line=title.line,
            name=title.name,
            kind=title.kind,
            needs=sorted(set(needs)),
            key=key,
            cached=is_cached,
            rule=outcome.rule,
            layer=outcome.layer,
            work=outcome.work,
            image=title.image,
        )
        self.steps.append(step)
        return len(self.steps) - 1
