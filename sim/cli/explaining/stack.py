"""The stack of a platform: drawn as boxes in boxes, and what it can and cannot do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal, get_args

from sim.cli.explaining.layout import Box, Line, Part, facts
from sim.spec.isolation import (
    file_systems,
    files_owner,
    isolation,
    kernel_owner,
    kernel_shared_by,
    kernels,
    wall,
)
from sim.spec.platform import Boundary, Platform, Wall
from sim.spec.systems import SYSTEMS

WALLS: Mapping[Wall, str] = dict(
    zip(
        get_args(Wall),
        (
            "namespaces and cgroups of the kernel around it",
            "a kernel that is itself a program, and answers its system calls",
            "hardware, the processor's own separation of machines",
        ),
        strict=True,
    )
)
"""What stands between the inside and the kernel around it, the weakest first."""

_PROVISIONS: Mapping[Literal["copy", "clone", "thin"], str] = {
    "copy": "a full copy for each",
    "clone": "a clone for each, which grows with what is written",
    "thin": "a device for each, which shares blocks on the disk and no page cache",
}


@dataclass(frozen=True)
class Standing:
    """A boundary where it stands: its name, what is around it, whether it brings the workload."""

    name: str
    boundary: Boundary
    around: str
    is_bringer: bool

    @property
    def each(self) -> str:
        """Whom one such boundary is for: `each instance`."""
        scope = self.boundary.scope
        if isinstance(scope, int):
            return f"each group of {scope} instances"
        return f"each {scope}"

    @property
    def words(self) -> dict[str, str]:
        """What meanings leave open."""
        return {"around": self.around, "each": self.each}


def standing(platform: Platform) -> list[Standing]:
    """The boundaries of a platform, outermost first; the last with files brings the workload's."""
    around = ["the host", *(f"the {name}" for name in platform.boundaries)]
    bringers = file_systems(platform)[-1:]
    return [
        Standing(name, boundary, outer, is_bringer=name in bringers)
        for (name, boundary), outer in zip(platform.boundaries.items(), around, strict=False)
    ]


def drawing(stack: list[Standing]) -> Box:
    """Draw a stack within its host."""
    inside: tuple[Part, ...] = (_workload(stack),)
    for each in reversed(stack):
        inside = (Box(((each.name, (*_box(each), *inside)),)),)
    kernels = "its kernel serves all that have none of their own"
    return Box((("host", (Line(kernels, hang=2), *inside)),))


def _workload(stack: list[Standing]) -> Box:
    said = "the processes of one instance"
    shared = [each for each in stack if each.boundary.scope != "instance"]
    if shared and shared[-1] is stack[-1]:
        said += ", beside those of others"
    return Box((("workload", (Line(said),)),))


def _box(each: Standing) -> Iterator[Line]:
    if each.boundary.title:
        yield Line(each.boundary.title, "heading")
    yield from facts(described(each), indent=0)


def described(each: Standing) -> Iterator[tuple[str, str]]:
    """What a boundary keeps apart, as labels and what is said of them."""
    yield "kernel", _kernel(each)
    yield "wall", WALLS[wall(each.boundary)]
    yield "scope", _scope(each.boundary)
    yield "files", files(each)


def _kernel(each: Standing) -> str:
    if each.boundary.kernel == "own":
        return f"{SYSTEMS[each.boundary.system]}, of its own"
    return f"that of {each.around}"


def _scope(boundary: Boundary) -> str:
    if boundary.scope == "instance":
        return "one for each instance"
    many = "one on each host, for all its instances" if boundary.scope == "host" else (
        f"one for every {boundary.scope} instances")  # fmt: skip
    made = "there before the first" if boundary.provision == "ahead" else "made for the first"
    return f"{many}; {made}"


def files(each: Standing) -> str:
    """Where the files inside come from."""
    source = each.boundary.files
    held = [*([source.guest.name] if source.guest else []),
            *(["the workload's image"] if each.is_bringer else [])]  # fmt: skip
    what = " and ".join(held) or "nothing yet"
    if source.kind == "outside":
        return f"those of {each.around}"
    if source.kind == "disk":
        return f"a disk that holds {what}: {_PROVISIONS[source.provision]}"
    way = ", seen inside as a shared folder" if each.boundary.kernel == "own" else ""
    return f"the layers of {what}, unpacked once on {each.around}{way}; a writable one for each"


def abilities(platform: Platform) -> Iterator[tuple[str, str]]:
    """What a platform can and cannot do, as questions of a reader and their answers."""
    yield "kernel", _whose_kernel(platform)
    yield "if that panics", _panic(platform)
    yield "other systems", _systems(platform)
    yield "file system", _whose_files(platform)
    yield "towards the host", _strongest_wall(platform)


def _whose_kernel(platform: Platform) -> str:
    owner, shared_by = kernel_owner(platform), kernel_shared_by(platform, inf)
    if owner == "instance":
        return "each instance has one of its own"
    whose = "the host's" if owner == "host" else "not the host's"
    if shared_by < inf:
        return f"{shared_by} instances share one, which is {whose}"
    return f"all instances of a host share one, which is {whose}"


def _panic(platform: Platform) -> str:
    lost = kernel_shared_by(platform, inf)
    if lost == 1:
        return "one instance is lost"
    return f"{lost if lost < inf else 'all'} instances are lost with it"


def _systems(platform: Platform) -> str:
    """Whose programs run, and whether another kernel could be put there for others."""
    own = kernels(platform)
    if not own:
        return "only programs made for the host's kernel run"
    inner = platform.boundaries[own[-1]]
    system = SYSTEMS[inner.system]
    if wall(inner) != "hardware":
        return f"only programs made for {system} run, whose system calls it answers"
    return (
        f"programs made for {system}, whatever the host's system is; with a guest of another "
        f"(`system` of {own[-1]}) programs made for that"
    )


def _whose_files(platform: Platform) -> str:
    """Two versions of a runtime may want the same path, for which one file system has one room."""
    owner = files_owner(platform)
    if owner == "instance":
        return "each instance has its own, with whatever versions it brings"
    whom = "all, the host's" if owner == "host" else "all that share the wall"
    return f"one for {whom}: two versions of a runtime cannot lie at the same path"


def _strongest_wall(platform: Platform) -> str:
    strongest = isolation(platform)
    if strongest == "none":
        return "nothing but its user's rights stands between"
    return WALLS[strongest]
