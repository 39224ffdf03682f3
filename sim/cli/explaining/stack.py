"""The stack of a platform as boxes in boxes, the host outside and the workload inside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sim.cli.explaining.layout import Box, Line, Part
from sim.spec.isolation import wall
from sim.spec.platform import Boundary, Wall
from sim.spec.systems import SYSTEMS

WALLS: Mapping[Wall, str] = dict(
    zip(
        get_args(Wall),
        (
            "namespaces and cgroups of the kernel around it",
            "a kernel that is itself a program, and answers its system calls",
            "hardware: the processor's own separation of machines",
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


def standing(boundaries: Mapping[str, Boundary]) -> list[Standing]:
    """The boundaries of a platform, outermost first; the last with files brings the workload's."""
    around = ["the host", *(f"the {name}" for name in boundaries)]
    bringers = [name for name, each in boundaries.items() if each.files.kind != "outside"]
    return [
        Standing(name, boundary, outer, is_bringer=name in bringers[-1:])
        for (name, boundary), outer in zip(boundaries.items(), around, strict=False)
    ]


def drawing(stack: list[Standing]) -> Box:
    """Draw a stack within its host."""
    inside: tuple[Part, ...] = (_workload(stack),)
    for each in reversed(stack):
        inside = (Box(((each.name, (*_facts(each), *inside)),)),)
    kernels = "its kernel serves all that have none of their own"
    return Box((("host", (Line(kernels, hang=2), *inside)),))


def _workload(stack: list[Standing]) -> Box:
    said = "the processes of one instance"
    shared = [each for each in stack if each.boundary.scope != "instance"]
    if shared and shared[-1] is stack[-1]:
        said += ", beside those of others"
    return Box((("workload", (Line(said),)),))


def _facts(each: Standing) -> Iterator[Line]:
    boundary = each.boundary
    if boundary.title:
        yield Line(boundary.title, "heading")
    for label, said in (
        ("kernel", _kernel(each)),
        ("wall", WALLS[wall(boundary)]),
        ("scope", _scope(boundary)),
        ("files", files(each)),
    ):
        yield Line(f"{label:<8}{said}", hang=8)


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
