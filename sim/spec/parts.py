"""The parts of a scenario that fit their places, whatever is wrong with the others."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from sim.spec.breakage import Fault
from sim.spec.document import Path, Tree
from sim.spec.group import Group, Limits
from sim.spec.host import Host
from sim.spec.objective import Objective
from sim.spec.platform import Boundary, Platform
from sim.spec.quantity import Duration, Model
from sim.spec.sweep import Sweep

_Part = TypeVar("_Part")

_HOST = TypeAdapter(Host)
_HOSTS: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(strict=True, ge=1)])
_HORIZON: TypeAdapter[float] = TypeAdapter(Duration)
_PLATFORM = TypeAdapter(Platform)
_GROUP = TypeAdapter(Group)
_LIMITS = TypeAdapter(Limits)
_FAULT = TypeAdapter(Fault)
_SWEEP = TypeAdapter(Sweep)
_OBJECTIVE: TypeAdapter[Objective] = TypeAdapter(Objective)


@dataclass(frozen=True)
class Parts:
    """What of a tree fits its place, by where it stands; what does not is told elsewhere."""

    host: Host | None
    hosts: int | None
    horizon: float | None
    platforms: Mapping[str | int, Platform]
    groups: Mapping[str | int, Group]
    limits: Mapping[str | int, Limits]
    faults: Mapping[str | int, Fault]
    objectives: Mapping[str | int, Objective]
    metrics: Collection[str]
    group_names: Collection[str]
    images: list[Tree]
    sweep: Sweep | None

    def boundaries(self) -> Iterator[tuple[Path, Boundary]]:
        """All boundaries with their places, those of mixes among them."""
        for number, platform in self.platforms.items():
            place: Path = ("platforms", number)
            yield from _boundaries(platform, place)
            for group, inner in platform.mix.items():
                yield from _boundaries(inner, (*place, "mix", group))


def read_parts(tree: Mapping[str, Tree | Model]) -> Parts:
    """Read the parts of a tree each by itself, so that one fault hides no other.

    What of them is a model already is taken as it is.
    """
    images = tree.get("images")
    groups = _children(tree.get("groups"))
    limits = {name: _limits_of(given) for name, given in groups.items()}
    return Parts(
        host=_read(_HOST, tree.get("host")),
        hosts=_read(_HOSTS, tree.get("hosts", 1)),
        horizon=_read(_HORIZON, tree.get("horizon")),
        platforms=_fitting(_PLATFORM, _children(tree.get("platforms"))),
        groups=_fitting(_GROUP, groups),
        limits=_fitting(_LIMITS, limits),
        faults=_fitting(_FAULT, _children(tree.get("faults"))),
        objectives=_fitting(_OBJECTIVE, _children(tree.get("objectives"))),
        metrics=[str(metric) for metric in _children(tree.get("objectives"))],
        group_names=[str(name) for name in groups],
        images=images if isinstance(images, list) else [],
        sweep=_read(_SWEEP, tree.get("sweep")),
    )


def _boundaries(platform: Platform, path: Path) -> Iterator[tuple[Path, Boundary]]:
    for name, boundary in platform.boundaries.items():
        yield (*path, "boundaries", name), boundary


def _limits_of(group: Tree | Model) -> Tree | Model:
    return group.limits if isinstance(group, Group) else _children(group).get("limits")


def _children(value: Tree | Model) -> dict[str | int, Tree]:
    if isinstance(value, dict):
        return {key: value[key] for key in value}
    return dict(enumerate(value)) if isinstance(value, list) else {}


def _fitting(
    kind: TypeAdapter[_Part], given: Mapping[str | int, Tree | Model]
) -> dict[str | int, _Part]:
    found = {key: _read(kind, value) for key, value in given.items()}
    return {key: part for key, part in found.items() if part is not None}


def _read(kind: TypeAdapter[_Part], given: Tree | Model) -> _Part | None:
    try:
        return kind.validate_python(given)
    except ValidationError:
        return None
