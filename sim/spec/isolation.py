"""What a stack of boundaries keeps apart: whose kernel an instance runs on, and with how many."""

from typing import Literal, get_args

from sim.spec.platform import Boundary, Platform, Wall

Isolation = Literal["none"] | Wall
"""What stands between an instance and its host; `none` is a bare process."""

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


def kernel_shared_by(platform: Platform, count: int) -> int:
    """How many of `count` instances on one host run on the same kernel, each of them included.

    That many go when it panics, and that many can be reached by who breaks into it.
    """
    together, share = count, count
    for boundary in platform.boundaries.values():
        scope = boundary.scope
        together = (
            together if scope == "host" else min(together, 1 if scope == "instance" else scope)
        )
        share = together if boundary.kernel == "own" else share
    return share
