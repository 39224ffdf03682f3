"""What a Dockerfile that a scenario names comes to: its builds as data, before any run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.catalog.references import image_for
from sim.catalog.supplies import supplies_for
from sim.images.building import Inputs, plan_builds
from sim.images.context import read_context
from sim.images.dockerfile import Stage, read_dockerfile, stages
from sim.images.graph import SCRATCH
from sim.images.naming import full_name
from sim.spec.build import Build, Builds, Step
from sim.spec.image import Image

_NOTHING: Mapping[str, str] = {}


def read_builds(
    dockerfile: Path,
    context: Path | None = None,
    *,
    changes: Sequence[str] = (),
    repeat: int = 1,
    arguments: Mapping[str, str] = _NOTHING,
    target: str = "",
) -> list[Build]:
    """Plan the first build of a Dockerfile, and one after each change, all of them `repeat` times.

    The context is the folder of the Dockerfile unless another is given. Raises ScenarioError with
    the faults of the Dockerfile or of its context, and UsageError for a change that cannot be.
    """
    read = read_dockerfile(str(dockerfile))
    folder = read_context(context or dockerfile.parent, dockerfile)
    inputs = Inputs(read, folder, arguments, target)
    planned = plan_builds(inputs, [*changes] * repeat, supplies_for(dockerfile))
    base = _base(stages(read, arguments, target))
    there = {step.key for step in planned[0].steps}
    return [_with_images(build, base, there) for build in planned]


def builds_of(asked: Builds, folder: Path) -> list[Build]:
    """Plan the builds that a group asks for, whose files are named from a folder.

    Raises: as `read_builds`.
    """
    assert asked.dockerfile is not None  # what has its runs already asks for none
    return read_builds(
        folder / asked.dockerfile,
        None if asked.context is None else folder / asked.context,
        changes=asked.changes,
        repeat=asked.repeat,
        arguments=asked.arguments,
        target=asked.target or "",
    )


def _base(found: Sequence[Stage]) -> str:
    """The image that the last stage is from, through whatever stages."""
    by_number = {stage.number: stage for stage in found}
    stage = found[-1]
    while stage.base_number is not None:
        stage = by_number[stage.base_number]
    return stage.base


def _with_images(build: Build, base: str, there: set[str]) -> Build:
    """Put the images of the catalog where steps name them; a new one has all its layers anew."""
    steps = [_with_image(step, there) for step in build.steps]
    named = {_named(step): step.image for step in steps if step.kind == "base"}
    found = None if base == SCRATCH else named.get(full_name(base))
    return build.model_copy(update={"steps": steps, "base": found})


def _named(step: Step) -> str:
    """The image that a step is from, which stands at the end of its name."""
    return step.name.rpartition("FROM ")[2]


def _with_image(step: Step, there: set[str]) -> Step:
    if step.kind != "base" or "FROM " not in step.name:
        return step
    image = image_for(_named(step)).image
    if step.key in there:
        return step.model_copy(update={"image": image})
    return step.model_copy(update={"image": _anew(image, step.key), "is_new": True})


def _anew(image: Image, key: str) -> Image:
    """An image of the same size of which no layer is known."""
    layers = {f"{name}-{key[:8]}": layer for name, layer in image.layers.items()}
    return image.model_copy(update={"layers": layers})
