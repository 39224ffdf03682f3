"""Keep the books of a disk: layers held once, what each owner wrote, and thin disks inside.

A VM's disk is a space on the host's: a sparse file that grows to the most ever written inside,
or all of it at once with `reserve`. A linked clone holds its base image in the outer space and
writes only its own blocks; a full copy holds the image inside, which makes it one copy more.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Self

from sim.resources.stock import Full, Stock


class DiskFull(Full):
    """Bytes did not fit on a disk, and nothing was changed."""


class Space(Stock):
    """The allocated bytes of one disk: contents held once, and private bytes by owner."""

    __slots__ = ("_written",)
    full = DiskFull

    def __init__(
        self,
        capacity: int,
        *,
        outer: Self | None = None,
        reserve: bool = False,
        name: str = "host",
    ) -> None:
        super().__init__(capacity, outer=outer, reserve=reserve, name=name)
        self._written: dict[Hashable, dict[str, int]] = {}

    def hold(self, key: Hashable, size: int, component: str) -> None:
        """Hold a content, such as a layer or a base image, of which one copy is stored here.

        Raises: DiskFull, naming the disk.
        """
        growth = self._growth(key, size)
        self._require(growth)
        self._hold(key, component, growth)

    def release(self, key: Hashable) -> None:
        """Let go of a content once; it is deleted when nobody holds it.

        Raises: ValueError, if nobody holds it.
        """
        if key not in self._contents:
            raise ValueError(f"{self} does not hold {key}")
        self._release(key)

    def write(self, owner: Hashable, component: str, size: int) -> None:
        """Write bytes of an owner's own: a writable layer, a copied-up file, a log.

        Raises: DiskFull, naming the disk.
        """
        self._take(component, size)
        written = self._written.setdefault(owner, {})
        written[component] = written.get(component, 0) + size

    def free(self, owner: Hashable, component: str, size: int) -> None:
        """Free bytes that an owner wrote.

        Raises: ValueError, if it has not written that much.
        """
        written = self._written.get(owner, {})
        held = written.get(component, 0)
        if not 0 <= size <= held:
            raise ValueError(f"{owner} has no {size} bytes of {component} on {self}")
        written[component] = held - size
        self._give(component, size)

    def delete(self, owner: Hashable) -> None:
        """Free all that an owner wrote."""
        for component, size in self._written.pop(owner, {}).items():
            self._give(component, size)

    def _clear(self) -> None:
        for owner in tuple(self._written):
            self.delete(owner)
        for key, copy in tuple(self._contents.items()):
            for _ in range(copy.holders):
                self._release(key)
