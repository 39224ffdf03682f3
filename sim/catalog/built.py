"""What a Dockerfile that a scenario names comes to: its builds as data, before any run."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.catalog.supplies import CatalogSupplies, supplies_for
from sim.errors import Fault, ScenarioError, UsageError
from sim.images.building import Inputs, plan_builds
from sim.images.context import read_context
from sim.images.dockerfile import Dockerfile, Stage, read_dockerfile, stages
from sim.images.graph import SCRATCH, images
from sim.images.naming import full_name
from sim.spec.build import Build, Builds

_NOTHING: Mapping[str, str] = {}


def read_builds(
    dockerfile: Path,
    context: Path | None = None,
    *,
    changes: Sequence[str] = (),
    repeat: int = 1,
    arguments: Mapping[str, str] = _NOTHING,
    target: str = "",
    bases: Mapping[str, str] = _NOTHING,
    beside: Path = Path(),
) -> list[Build]:
    """Plan the first build of a Dockerfile, and one after each change, all of them `repeat` times.

    The context is the folder of the Dockerfile unless another is given; what stands for `bases`
    are images of the catalog by name, or files `beside` a scenario. Raises ScenarioError with
    the faults of the Dockerfile or of its context, and UsageError for a change that cannot be.
    """
    read = read_dockerfile(str(dockerfile))
    folder = read_context(context or dockerfile.parent, dockerfile)
    inputs = Inputs(read, folder, arguments, target)
    supplies = supplies_for(dockerfile, bases, beside)
    if supplies.beside is not None:
        supplies.beside.check([*_commands(read)])
    found = stages(read, arguments, target)
    _check_bases(read.file, found, supplies)
    planned = plan_builds(inputs, [*changes] * repeat, supplies)
    base = _base(found)
    there = {step.key for step in planned[0].steps}
    return [_with_base(build, base, there) for build in planned]


def _check_bases(file: str, found: Sequence[Stage], supplies: CatalogSupplies) -> None:
    """Raise ScenarioError with all images that nobody knows, each at the line of its stage."""
    lines = {stage.base: stage.line for stage in reversed(found)}
    faults = []
    for name in images(found):
        try:
            supplies.base(name)
        except UsageError as error:
            remedy = "say which image stands for it: `--base NAME=IMAGE`, or `bases` in a scenario"
            faults.append(Fault(error.problem, remedy, file=file, line=lines.get(name)))
    if faults:
        raise ScenarioError(faults)


def _commands(read: Dockerfile) -> Iterator[str]:
    """The commands of all RUN lines as they are written, those of heredocs among them."""
    for each in read.instructions:
        if each.keyword == "RUN":
            yield " ".join(each.words)
            yield from (heredoc.content for heredoc in each.heredocs)


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
        bases=asked.bases,
        beside=folder,
    )


def _base(found: Sequence[Stage]) -> str:
    """The image that the last stage is from, through whatever stages."""
    by_number = {stage.number: stage for stage in found}
    stage = found[-1]
    while stage.base_number is not None:
        stage = by_number[stage.base_number]
    return stage.base


def _with_base(build: Build, base: str, there: set[str]) -> Build:
    """Note the image that a build ends on, and which images no host has from before."""
    bases = [step for step in build.steps if step.image is not None]
    new = {step.key for step in bases} - there
    steps = [
        step.model_copy(update={"is_new": True}) if step.key in new else step
        for step in build.steps
    ]
    named = {step.name.rpartition("FROM ")[2]: step.image for step in bases}
    found = None if base == SCRATCH else named.get(full_name(base))
    return build.model_copy(update={"steps": steps, "base": found})
