"""Count what a kernel swaps out, and what the kernel outside it swaps out of its region."""

from __future__ import annotations

from typing import Self

from sim.resources.stock import Stock

SWAP = "swap"
SWAPPED = "credit.swapped"


class SwappingStock(Stock):
    """Memory of which bytes can be out on a disk, where they are not in `used`.

    `swap` is how many this kernel can swap out, `swapped` how many it has, be they of accounts
    or of the regions of inner kernels; `written_out` and `read_in` add up over time. `out` is
    what the outer kernel has swapped out of the region behind this one, and `merged` what it
    holds there together with equal bytes of other regions. In the books, components keep what is
    swapped out, and it stands against them all as one credit.
    """

    __slots__ = ("merged", "out", "read_in", "swap", "swapped", "written_out")

    def __init__(
        self, capacity: int, *, outer: Self | None, reserve: bool, name: str, swap: int
    ) -> None:
        super().__init__(capacity, outer=outer, reserve=reserve, name=name)
        self.swap = swap
        self.swapped = self.written_out = self.read_in = self.out = self.merged = 0

    @property
    def swap_used(self) -> int:
        """Bytes that all kernels of the whole host have swapped out."""
        return -self.components.get(SWAPPED, 0)

    def swap_in_region(self, size: int) -> int:
        """Let the outer kernel read back up to `size` of `out`; return how many bytes it read.

        Raises: Exhausted, if there is no room for them.
        """
        size = min(size, self.out)
        if self.outer is not None:
            self.outer._require(size)
            self.outer._read_back(size)
            self.out -= size
        return size

    def close(self) -> None:
        """End this kernel and all inside it, and give its region back to the outer one."""
        super().close()
        if self.outer is not None:
            self.outer._free_swap(self.out)
            self.out = 0

    @property
    def _backing(self) -> int:
        return self.touched - self.out

    def _evict(self, size: int) -> None:
        """Let the outer kernel swap out bytes of this one's region."""
        if self.outer is not None:
            self.out += size
            self.outer._write_out(size)

    def _write_out(self, size: int) -> None:
        self._shift(-size)
        self.written_out += size
        self._free_swap(-size)

    def _read_back(self, size: int) -> None:
        self._shift(size)
        self.read_in += size
        self._free_swap(size)

    def _give_swapped(self, component: str, size: int) -> None:
        """Take private bytes off that are swapped out."""
        self.books.add(component, -size)
        self._free_swap(size)

    def _free_swap(self, size: int) -> None:
        """Count bytes off the swap, wherever they have gone."""
        if size:
            self.swapped -= size
            self.books.add(SWAPPED, size)
            self.books.changed.add(SWAP)
