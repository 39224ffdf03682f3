"""The builds of a Dockerfile: the first one, and one after each change, over one build cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sim.errors import UsageError, did_you_mean
from sim.images.changes import changed
from sim.images.context import Context
from sim.images.dockerfile import Dockerfile, Stage, stages
from sim.images.drafting import BuildCache, Draft
from sim.images.graph import context_paths, has_unnamed_origin, images
from sim.images.keys import key_of
from sim.images.naming import EXPORT, full_name
from sim.images.planning import Planner
from sim.images.stepping import State
from sim.images.supplies import BaseImage, Supplies
from sim.images.transfer import sent
from sim.spec.build import Build

CHANGES = ("touch", "edit", "add", "remove", "arg", "base")
"""What can change between two builds, as `KIND:WHAT`."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a build is made from. `moved` says how often the name of a base came to mean
    another image."""

    dockerfile: Dockerfile
    context: Context
    arguments: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    moved: Mapping[str, int] = field(default_factory=dict)


def plan_builds(inputs: Inputs, changes: Sequence[str], supplies: Supplies) -> list[Build]:
    """Plan the first build, with an empty cache and its bases there, and one after each change.

    Changes add up. Raises UsageError for one that cannot be, and ScenarioError for what is wrong in
    the Dockerfile.
    """
    cache = BuildCache()
    builds = [plan_build(inputs, supplies, cache)]
    for change in changes:
        before, inputs = inputs, after(inputs, change)
        builds.append(plan_build(inputs, supplies, cache, before.context, change))
    return builds


def after(inputs: Inputs, change: str) -> Inputs:
    """What is there once one thing has changed. Raises UsageError."""
    kind, _, what = change.partition(":")
    if kind not in CHANGES or not what:
        known = ", ".join(f"{each}:WHAT" for each in CHANGES)
        raise UsageError(f"a change cannot be {change!r}", f"write one of {known}")
    if kind == "arg":
        return replace(inputs, arguments={**inputs.arguments, **_argument(change, what)})
    if kind == "base":
        name = _base(inputs, what)
        return replace(inputs, moved={**inputs.moved, name: inputs.moved.get(name, 0) + 1})
    return replace(inputs, context=changed(inputs.context, change))


def _argument(change: str, what: str) -> dict[str, str]:
    name, equals, value = what.partition("=")
    if not (name and equals):
        raise UsageError(f"a change cannot be {change!r}", "write arg:NAME=VALUE")
    return {name: value}


def _base(inputs: Inputs, name: str) -> str:
    """The full name of an image that the build uses."""
    found = stages(inputs.dockerfile, inputs.arguments, inputs.target)
    used = images(found)
    if full_name(name) not in map(full_name, used):
        raise UsageError(f"no stage that is built is from {name!r}", did_you_mean(name, used))
    return full_name(name)


def plan_build(
    inputs: Inputs,
    supplies: Supplies,
    cache: BuildCache,
    before: Context | None = None,
    change: str | None = None,
) -> Build:
    """Plan one build over a cache, after a change; `before` is the context that was sent last."""
    found = stages(inputs.dockerfile, inputs.arguments, inputs.target)
    size = sent(inputs.context, before, context_paths(found))

    def image(name: str) -> BaseImage:
        return _as_moved(supplies.base(name), inputs.moved.get(full_name(name), 0))

    draft = Draft(cache)
    is_only = _is_only(inputs.dockerfile, found)
    planner = Planner(found, is_only, inputs.context, size, supplies, image, draft)
    frontend = inputs.dockerfile.directives.get("syntax", "")
    state = planner.plan(inputs.dockerfile.file, frontend)
    draft.export(EXPORT, supplies.rates.export.of(_new_bytes(state, cache)), state.needs)
    total = state.base_bytes + sum(state.layers.values())
    return Build(
        change=change, context=size, image=total, layers=dict(state.layers), steps=draft.steps
    )


def _is_only(dockerfile: Dockerfile, found: Sequence[Stage]) -> bool:
    """Whether names of steps go without their stage: where nothing else counts as one, which an
    image to copy from does, and the nothing that the cache of a RUN is from."""
    begins = [each for each in dockerfile.instructions if each.keyword == "FROM"]
    return len(begins) == 1 and not any(map(has_unnamed_origin, found))


def _as_moved(base: BaseImage, times: int) -> BaseImage:
    """What the name of a base means after it has come to mean another image so often: one of as
    many bytes in other layers."""
    if not times:
        return base
    moved = None
    if base.image:
        layers = {f"{name}+{times}": layer for name, layer in base.image.layers.items()}
        moved = base.image.model_copy(update={"layers": layers})
    return replace(base, digest=key_of(base.digest, str(times)), image=moved)


def _new_bytes(state: State, cache: BuildCache) -> int:
    """Bytes of the layers that no build has exported yet."""
    new = [key for key in state.layers if key not in cache.exported]
    cache.exported.update(new)
    return sum(state.layers[key] for key in new)
