"""Merge equal pages of the kernels inside a host, as KSM does, and part them when they differ.

A scanner visits the region of one inner kernel after the other. Of each content it finds a number
of bytes; those that were there at the previous visit and are unchanged are stable, and are held
once with the stable bytes of that content in other regions. A smaller one is the beginning of a
larger one, so of each content the largest is held, and all others are saved. In books and region
nothing moves: what is saved is a credit, and leaves `used` of the ledger.

Pages that the kernel inside frees stay merged, since freeing writes nothing; they part when it
next takes memory, which it may find there. Parting needs memory, and makes others give way like
any growth. Bytes that are swapped out are not merged, nor are merged ones swapped out. Of a
kernel inside an inner one, nothing is merged.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sim.resources.memory import Ledger

MERGED = "credit.merged"

Sizes: TypeAlias = dict[Hashable, int]
Dirtied: TypeAlias = Mapping[Hashable, int] | float
"""Bytes written by content, or the share of all contents that was written."""


@dataclass(slots=True)
class Scan:
    """What is known of a region: what was there at the last visit, and what of it is stable."""

    noted: Sizes = field(default_factory=dict)
    stable: Sizes = field(default_factory=dict)


class Shared:
    """One content: the bytes of it that are stable in each region, added up."""

    __slots__ = ("sizes", "total")

    def __init__(self) -> None:
        self.total = 0
        self.sizes: dict[int, int] = {}  # how many regions have each size

    @property
    def saved(self) -> int:
        """All but the largest, which is the copy that stays."""
        return self.total - max(self.sizes, default=0)

    def resize(self, before: int, after: int) -> int:
        """Change what is stable in one region; return how much more is saved."""
        saved = self.saved
        self.total += after - before
        self.sizes[after] = self.sizes.get(after, 0) + 1
        self.sizes[before] = self.sizes.get(before, 0) - 1
        for size in {before, after}:
            if not (size and self.sizes[size]):
                del self.sizes[size]
        return self.saved - saved


class Merger:
    """Merges what is equal in the regions of a ledger's inner kernels; `saved` is how much."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.saved = 0
        self._scans: dict[Ledger, Scan] = {}
        self._shared: dict[Hashable, Shared] = {}

    def add(self, inner: Ledger) -> None:
        """Let the region of an inner kernel be scanned from now on.

        Raises: ValueError, if it is not inside the ledger, or scanned already.
        """
        if inner.outer is not self.ledger or inner.closed or inner.merger is not None:
            raise ValueError(f"{inner} cannot be scanned in {self.ledger}")
        self._scans[inner] = Scan()
        inner.merger = self

    def remove(self, inner: Ledger) -> None:
        """Part all that is merged of a region, and scan it no more.

        Raises: Exhausted, if that needs more memory than there is.
        """
        self._part_in_room(inner, dict.fromkeys(self._scans[inner].stable, 0))
        self._leave(inner)

    def visit(self, inner: Ledger, dirtied: Dirtied = 0.0) -> None:
        """Scan a region once, of which some was written since the previous visit.

        Raises: Exhausted, if parting what changed needs more memory than there is.
        """
        scan = self._scans[inner]
        unchanged = _unwritten(self._remaining(inner, scan.noted), dirtied)
        self._part_in_room(inner, {key: unchanged.get(key, 0) for key in scan.stable})
        scan.noted = inner.contents()
        # making room may have dropped what is merged, which parts when its pages are used
        left = {key: scan.noted.get(key, 0) for key in scan.stable}
        inner.lost = {key: size for key, size in left.items() if size < scan.stable[key]}
        self._merge(inner, scan, unchanged)

    def dirty(self, inner: Ledger, dirtied: Dirtied) -> None:
        """Part pages that are written: they differ until two more visits found them unchanged.

        Raises: Exhausted, with nothing changed, if there is no memory for them.
        """
        scan = self._scans[inner]
        self._part_in_room(inner, _unwritten(scan.stable, dirtied))
        scan.noted = _unwritten(scan.noted, dirtied)

    def saved_by(self, inner: Ledger) -> float:
        """Return the part of a region in what is saved, in proportion to what is stable in it."""
        stable = self._scans[inner].stable
        shared = ((size, self._shared[key]) for key, size in stable.items() if size)
        return sum(each.saved * size / each.total for size, each in shared)

    # What the ledgers tell

    def cost(self, inner: Ledger, sizes: Mapping[Hashable, int]) -> int:
        """Return the memory it takes to part what is stable above the sizes given."""
        stable = self._scans[inner].stable
        return sum(
            self._fewer_saved(key, stable[key], size)
            for key, size in sizes.items()
            if size < stable.get(key, 0)
        )

    def part(self, inner: Ledger, sizes: Mapping[Hashable, int]) -> None:
        """Part what is stable above the sizes, which are left of what was noted; there is room."""
        scan = self._scans[inner]
        scan.noted = {key: min(size, sizes.get(key, size)) for key, size in scan.noted.items()}
        self._shrink(inner, scan, sizes)

    def cut(self, inner: Ledger, size: int) -> None:
        """Forget merged pages of a region that were freed inside and have now left the region."""
        scan = self._scans[inner]
        sizes = {}
        for key, stable in scan.stable.items():
            gone = min(size, max(0, stable - inner.present(key)))
            sizes[key] = stable - gone
            size -= gone
        self._shrink(inner, scan, sizes)

    def forget(self, inner: Ledger) -> None:
        """Forget a region that is gone."""
        scan = self._scans[inner]
        self._shrink(inner, scan, dict.fromkeys(scan.stable, 0))
        self._leave(inner)

    # Merging and parting

    def _remaining(self, inner: Ledger, sizes: Sizes) -> Sizes:
        """What of some sizes has been there all the time since."""
        return {
            key: min(size, inner.present(key), inner.lost.get(key, size))
            for key, size in sizes.items()
        }

    def _part_in_room(self, inner: Ledger, sizes: Sizes) -> None:
        self.ledger._require(self.cost(inner, sizes))
        self._shrink(inner, self._scans[inner], sizes)

    def _fewer_saved(self, key: Hashable, before: int, after: int) -> int:
        fewer = -self._shared[key].resize(before, after)
        self._shared[key].resize(after, before)
        return fewer

    def _shrink(self, inner: Ledger, scan: Scan, sizes: Mapping[Hashable, int]) -> None:
        for key, size in sizes.items():
            if size < scan.stable.get(key, 0):
                self._resize(inner, scan, key, size)

    def _merge(self, inner: Ledger, scan: Scan, unchanged: Sizes) -> None:
        for key, size in unchanged.items():
            before = scan.stable.get(key, 0)
            room = inner.touched - inner.out - inner.merged
            after = min(size, scan.noted.get(key, 0), before + room)
            if after > before:
                self._resize(inner, scan, key, after)

    def _resize(self, inner: Ledger, scan: Scan, key: Hashable, after: int) -> None:
        """Change what is stable of a content in a region, and the books with it."""
        before = scan.stable.get(key, 0)
        scan.stable[key] = after
        if not after:
            del scan.stable[key]
        shared = self._shared.setdefault(key, Shared())
        saved = shared.resize(before, after)
        if not shared.total:
            del self._shared[key]
        inner.merged += after - before
        self.saved += saved
        self.ledger._shift(-saved)
        self.ledger.books.add(MERGED, -saved)

    def _leave(self, inner: Ledger) -> None:
        del self._scans[inner]
        inner.merger = None
        inner.lost = {}


def _unwritten(sizes: Sizes, dirtied: Dirtied) -> Sizes:
    """What is left of some sizes when the written bytes are taken off."""
    if isinstance(dirtied, Mapping):
        return {key: max(0, size - dirtied.get(key, 0)) for key, size in sizes.items()}
    return {key: int(size * (1 - dirtied)) for key, size in sizes.items()}
