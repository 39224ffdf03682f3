"""What a stack of boundaries keeps apart: whose kernel, whose files, and what stands between."""

from collections.abc import Callable
from math import inf
from typing import Literal, get_args

from sim.spec.platform import Boundary, Platform, Wall
from sim.spec.sharing import shared_by

Isolation = Literal["none"] | Wall
"""What stands between an instance and its host; `none` is a bare process."""

Owner = Literal["host", "machine", "instance"]
"""Whose a kernel or a file system is: the host's, a machine's for several, the instance's own."""

FileKind = Literal["outside", "layers", "disk"]
"""What the files of an instance are: those around it all, layers of images, or a disk."""

_WEAKEST_FIRST = get_args(Wall)


def wall(boundary: Boundary) -> Wall:
    """What stands between the inside of a boundary and the kernel around it."""
    if boundary.wall is not None:
        return boundary.wall
    return "hardware" if boundary.kernel == "own" else "namespace"


def isolation(platform: Platform) -> Isolation:
    """The strongest wall between an instance and its host, whoever else is inside of it."""
    walls = [wall(boundary) for boundary in platform.boundaries.values()]
    return max(walls, key=_WEAKEST_FIRST.index, default="none")


def kernels(platform: Platform) -> list[str]:
    """The boundaries that bring a kernel of their own; an instance runs on that of the last."""
    return [name for name, each in platform.boundaries.items() if _has_kernel(each)]


def kernel_owner(platform: Platform) -> Owner:
    """Whose kernel an instance runs on."""
    return _owner(platform, _has_kernel)


def kernel_shared_by(platform: Platform, count: float) -> float:
    """How many of `count` instances on one host run on the same kernel, each of them included.

    That many go when it panics, and that many can be reached by who breaks into it. `count` may
    be infinite: where the answer is as well, all of a host share one.
    """
    return _shared_by(platform, _has_kernel, count)


def files_owner(platform: Platform) -> Owner:
    """Whose file system an instance sees: that of the last boundary that brings files."""
    return _owner(platform, _has_files)


def file_kind(platform: Platform) -> FileKind:
    """What that file system is made of."""
    brought = [each.files.kind for each in platform.boundaries.values() if _has_files(each)]
    return brought[-1] if brought else "outside"


def _owner(platform: Platform, brings: Callable[[Boundary], bool]) -> Owner:
    if not any(map(brings, platform.boundaries.values())):
        return "host"
    return "instance" if _shared_by(platform, brings, inf) == 1 else "machine"


def _shared_by(platform: Platform, brings: Callable[[Boundary], bool], count: float) -> float:
    return shared_by(((each.scope, brings(each)) for each in platform.boundaries.values()), count)


def _has_kernel(boundary: Boundary) -> bool:
    return boundary.kernel == "own"


def _has_files(boundary: Boundary) -> bool:
    return boundary.files.kind != "outside"
