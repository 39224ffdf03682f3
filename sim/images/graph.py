"""Which stages a target needs, and from where they take files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.images.dockerfile import Command, Copy, Mount, Run, Stage

SCRATCH = "scratch"
"""The base that is nothing."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A stage by its number, or else an image by its name, that files are taken from."""

    name: str
    number: int | None


def origins(command: Command) -> Iterator[Origin]:
    """The stages and images that a command takes files from, without the context."""
    match command:
        case Copy(source_stage=name, source_number=number) if name:
            yield Origin(name, number)
        case Run(mounts=mounts):
            named = (mount for mount in mounts if mount.source_stage)
            yield from (Origin(mount.source_stage, mount.source_number) for mount in named)


def context_paths(stages: Sequence[Stage]) -> list[str]:
    """The paths of the context that stages take files from."""
    return [path for stage in stages for command in stage.commands for path in _paths(command)]


def _paths(command: Command) -> list[str]:
    match command:
        case Copy(source_stage=""):
            return [source for source in command.sources if not is_remote(source)]
        case Run():
            return [mount.source or "/" for mount in command.mounts if _is_of_context(mount)]
    return []


def _is_of_context(mount: Mount) -> bool:
    return mount.kind == "bind" and not mount.source_stage


def has_unnamed_origin(stage: Stage) -> bool:
    """Whether a stage takes files from an image, or keeps a cache for RUN, which begins empty."""
    taken = [origin.number for command in stage.commands for origin in origins(command)]
    runs = [command for command in stage.commands if isinstance(command, Run)]
    return None in taken or any(mount.kind == "cache" for run in runs for mount in run.mounts)


def is_remote(source: str) -> bool:
    """Whether ADD fetches a source from a server."""
    return source.startswith(("http://", "https://", "git://", "ssh://", "git@"))


def in_order(stages: Sequence[Stage]) -> list[Stage]:
    """The stages that a target needs, itself the last one given and the first one here, in the
    order in which BuildKit writes down their steps."""
    known = {stage.number: stage for stage in stages}
    met: dict[int, Stage] = {}

    def meet(stage: Stage) -> None:
        if stage.number not in met:
            met[stage.number] = stage
            taken = [origin.number for command in stage.commands for origin in origins(command)]
            for number in (stage.base_number, *taken):
                if number is not None:
                    meet(known[number])

    meet(stages[-1])
    return [*met.values()]


def images(stages: Sequence[Stage]) -> list[str]:
    """The images that stages take something from, each of them once."""
    found = [Origin(stage.base, stage.base_number) for stage in stages]
    found += [o for stage in stages for command in stage.commands for o in origins(command)]
    names = (each.name for each in found if each.number is None and each.name != SCRATCH)
    return [*dict.fromkeys(names)]
