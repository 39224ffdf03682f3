"""What a stack of boundaries keeps apart: whose kernel, whose files, and what stands between."""

from collections.abc import Collection
from math import inf
from typing import Literal, get_args

from sim.spec.platform import Boundary, Platform, Wall
from sim.spec.sharing import shared_by

Isolation = Literal["none"] | Wall
"""What stands between an instance and its host; `none` is a bare process."""

Owner = Literal["host", "machine", "instance"]
"""Whose a kernel or a file system is: the host's, a machine's for several, the instance's own."""

FileKind = Literal["outside", "layers", "disk"]
"""What a file system is: that of what is around, layers of images, or a disk."""

_WEAKEST_FIRST = get_args(Wall)


def wall(boundary: Boundary) -> Wall:
    """What stands between the inside of a boundary and the kernel around it."""
    if boundary.wall is not None:
        return boundary.wall
    return "hardware" if boundary.kernel == "own" else "namespace"


def has_init(boundary: Boundary) -> bool:
    """Whether process 1 inside of a boundary is an init, and not the main process itself."""
    if boundary.init is not None:
        return boundary.init == "own"
    return wall(boundary) == "hardware"


def isolation(platform: Platform) -> Isolation:
    """The strongest wall between an instance and its host, whoever else is inside of it."""
    walls = [wall(boundary) for boundary in platform.boundaries.values()]
    return max(walls, key=_WEAKEST_FIRST.index, default="none")


def kernels(platform: Platform) -> list[str]:
    """The boundaries with a kernel of their own; an instance runs on that of the last."""
    return [name for name, each in platform.boundaries.items() if each.kernel == "own"]


def kernel_owner(platform: Platform) -> Owner:
    """Whose kernel an instance runs on."""
    return _owner(platform, kernels(platform))


def kernel_shared_by(platform: Platform, count: float) -> float:
    """How many of `count` instances on one host run on the same kernel, each of them included.

    That many go when it panics, and that many can be reached by who breaks into it. `count` may
    be infinite: where the answer is as well, all of a host share one.
    """
    return _shared_by(platform, kernels(platform), count)


def file_systems(platform: Platform) -> list[str]:
    """The boundaries that bring files; an instance sees those of the last."""
    return [name for name, each in platform.boundaries.items() if each.files.kind != "outside"]


def files_owner(platform: Platform) -> Owner:
    """Whose file system an instance sees."""
    return _owner(platform, file_systems(platform))


def file_kind(platform: Platform) -> FileKind:
    """What the file system is that an instance sees; `outside` is that of the host."""
    found = file_systems(platform)
    return platform.boundaries[found[-1]].files.kind if found else "outside"


def _owner(platform: Platform, bringers: Collection[str]) -> Owner:
    if not bringers:
        return "host"
    return "instance" if _shared_by(platform, bringers, inf) == 1 else "machine"


def _shared_by(platform: Platform, bringers: Collection[str], count: float) -> float:
    stack = ((each.scope, name in bringers) for name, each in platform.boundaries.items())
    return shared_by(stack, count)
