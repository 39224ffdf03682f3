"""Make room where memory is short: what gives way, in which order, and only if it is enough.

At a limit of an account: clean cache charged within it, the longest unused first, then its
bytes to swap. In a kernel: its clean cache; what balloons take back from the kernels inside it,
first what is stranded there, then their clean cache; then swap. Of several holders the least
recently used gives way first, and the idle parts of all of them before any part in use.

Whoever takes memory inside a kernel may need more of the region behind it, for which the kernel
outside is asked, and so on outwards. First each place is asked whether it has enough, and nothing
changes. Then room is made from the outermost inwards, so that each place finds what it promised.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from sim.resources.account import Account
from sim.resources.stock import Full

if TYPE_CHECKING:
    from sim.resources.memory import Ledger


class Exhausted(Full):
    """Memory did not fit in a ledger or under an account's limit, and nothing was changed."""


class Holder(Protocol):
    """Whose bytes a kernel can swap out: an account, or the region of a kernel inside it."""

    @property
    def last_used(self) -> float:
        """Stamp of its last work."""

    def cold(self) -> int:
        """Bytes that can be swapped out and that its work does not touch."""

    def evictable(self) -> int:
        """Bytes that can be swapped out."""

    def evict(self, size: int) -> None:
        """Swap out bytes of it."""


class Ask:
    """Bytes asked of one kernel, none perhaps, and what that means for the region behind it.

    `promised` of its clean and of its swappable bytes give way at limits of accounts, the clean
    bytes of the content `keep` do not; `over` must give way in the kernel as a whole, and
    `growth` is what its region lacks. Bytes just asked for do not give way, nor do pages that
    they are about to use: the rest of the region can be had by the kernel outside.
    """

    __slots__ = (
        "growth", "inner", "keep", "ledger", "lost", "over", "parted", "pinned", "promised",
        "size",
    )  # fmt: skip

    def __init__(
        self,
        ledger: Ledger,
        size: int = 0,
        *,
        keep: Hashable = None,
        promised: tuple[int, int] = (0, 0),
        inner: Ask | None = None,
    ) -> None:
        self.ledger = ledger
        self.size = size
        self.keep = keep
        self.pinned = ledger.pages.size(keep)
        self.promised = promised
        self.inner = inner
        self.over = max(0, self._held() + size - ledger.capacity)
        self.growth = max(0, self._held() + size - self.over - ledger.touched)
        self.lost: Mapping[Hashable, int] = {}
        self.parted = 0
        if size and ledger.lost and ledger.merger is not None:
            self.lost = ledger.lost
            self.parted = ledger.merger.cost(ledger, self.lost)

    def _held(self) -> int:
        return self.ledger.used + self.ledger.cached - sum(self.promised)

    @property
    def last_used(self) -> float:
        """Stamp of the last work in this kernel."""
        return self.ledger.last_used

    def stranded(self) -> int:
        """Bytes of the region that hold nothing and will not be used."""
        ledger = self.ledger
        return min(self.evictable(), max(0, ledger.touched - self._held() - self.size + self.over))

    def droppable(self) -> int:
        """Bytes of the region that a balloon takes back: stranded ones and clean cache."""
        clean = self.ledger.cached - self.pinned - self.promised[0] - self.over
        return min(self.evictable(), self.stranded() + max(0, clean))

    def cold(self) -> int:
        """Bytes of the region that can be swapped out and that no work inside touches."""
        ledger = self.ledger
        hot = int(ledger.active * ledger.used)
        return min(self.evictable(), max(0, ledger.touched - hot - ledger.out))

    def evictable(self) -> int:
        """Bytes of the region that can be swapped out; what is merged cannot."""
        ledger = self.ledger
        kept = self.size - self.growth + self.pinned
        return max(0, ledger.touched - kept - ledger.out - ledger.merged)

    def evict(self, size: int) -> None:
        """Swap out bytes of the region."""
        self.ledger._evict(size)

    def available(self) -> int:
        """Bytes that the kernel can give, with all that would give way; fewer if they do."""
        ledger = self.ledger
        room = ledger.capacity - ledger.used - self.pinned
        if self.size <= room:
            return room
        ballooned = swappable = 0
        for region in self._regions():
            taken = region.droppable() if region.ledger.balloon else 0
            ballooned += taken
            swappable += region.evictable() - taken
            if self.size <= room + ballooned + min(swappable, ledger.swap - ledger.swapped):
                break
        else:
            swappable += sum(map(_swappable, ledger.accounts))
        return room + ballooned + min(swappable, ledger.swap - ledger.swapped)

    def part(self) -> None:
        """Part merged pages that were freed inside and are now used again."""
        if self.lost and self.ledger.merger is not None:
            self.ledger.merger.part(self.ledger, self.lost)

    def give_way(self) -> None:
        """Free what the kernel is over, in the order that is told above."""
        ledger = self.ledger
        over = ledger.used + ledger.cached + self.size - ledger.touched - self.growth
        if over <= 0:
            return
        over -= ledger.pages.drop(over, keep=self.keep)
        over -= self._inflate(over)
        if over:
            swap_out(ledger, map(self._holder, ledger.holders), over)

    def _inflate(self, size: int) -> int:
        """Take stranded bytes, then clean ones, back from kernels inside; return how many."""
        left = size
        regions = [region for region in self._regions() if left and region.ledger.balloon]
        regions.sort(key=lambda region: region.last_used)
        for region in regions:
            left -= region.ledger._return(min(left, region.stranded()))
        for region in regions:
            dropped = region.ledger.pages.drop(min(left, region.droppable()), keep=region.keep)
            left -= region.ledger._return(dropped)
        return size - left

    def _regions(self) -> Iterator[Ask]:
        return map(self._region, self.ledger.inner())

    def _region(self, inner: Ledger) -> Ask:
        """What can be had of the region of a kernel inside, which may be the one that asks."""
        asking = self.inner
        return asking if asking is not None and asking.ledger is inner else inner.region

    def _holder(self, holder: Account | Ledger) -> Holder:
        return holder if isinstance(holder, Account) else self._region(holder)


def make_room(ledger: Ledger, size: int, keep: Hashable, account: Account | None) -> None:
    """Make room for bytes of an account in a ledger, under the limits around the account too.

    The clean bytes of the content `keep` stay.

    Raises: Exhausted, with nothing changed.
    """
    promised = (0, 0) if account is None else _promise(account, size)
    asks = list(_asks(Ask(ledger, size, keep=keep, promised=promised)))
    for ask in asks:
        ask.ledger.lost = {}
    for ask in reversed(asks):
        ask.part()
        if ask.ledger is ledger and account is not None:
            keep_limits(account, size, keep)
        ask.give_way()


def keep_limits(account: Account, size: int, keep: Hashable = None) -> None:
    """Make room for bytes under the limits around an account, which have as much to give."""
    for each in account.enclosing():
        if each.limit is not None:
            shrink(each, each.used + size - each.limit, keep)


def shrink(account: Account, size: int, keep: Hashable = None) -> int:
    """Drop cache charged within an account, then swap out; return the bytes still too many."""
    if size > 0:
        size -= account.ledger.pages.drop(size, keep=keep, within=account)
    if size > 0:
        within = [each for each in account.ledger.tenants() if each.is_within(account)]
        size -= swap_out(account.ledger, within, size)
    return max(0, size)


def swap_out(ledger: Ledger, holders: Iterable[Holder], size: int) -> int:
    """Swap bytes of some holders out to the swap of their ledger; return how many."""
    left = min(size, ledger.swap - ledger.swapped)
    swapped = left
    by_use = sorted(holders, key=lambda holder: holder.last_used)
    for is_cold in (True, False):
        for holder in by_use:
            if not left:
                break
            taken = min(left, holder.cold() if is_cold else holder.evictable())
            if taken:
                holder.evict(taken)
            left -= taken
    return swapped - left


def _asks(ask: Ask) -> Iterator[Ask]:
    """Yield what is asked of each kernel, outwards."""
    while True:
        available = ask.available()
        if ask.size > available:
            raise Exhausted(ask.ledger, ask.size, available)
        yield ask
        outer, size = ask.ledger.outer, ask.growth + ask.parted
        if outer is None or not size:
            return
        ask = Ask(outer, size, inner=ask)


def _promise(account: Account, size: int) -> tuple[int, int]:
    """Return how many clean and swappable bytes must give way at the limits around an account.

    Raises: Exhausted, naming the account whose limit does not allow the size.
    """
    dropped = swapped = 0
    for each in account.enclosing():
        if each.limit is None or each.used + size <= each.limit:
            continue
        available = each.limit - each.used + each.cached + _swappable(each)
        if size > available:
            raise Exhausted(each, size, available)
        over = max(0, each.used + size - each.limit - dropped - swapped)
        more = min(over, each.cached - dropped)
        dropped, swapped = dropped + more, swapped + over - more
    return dropped, swapped


def _swappable(account: Account) -> int:
    """Bytes that can be swapped out of an account and those nested in it."""
    if not account.swap_left():
        return 0
    return min(account.swap_left(), account.swappable + sum(map(_swappable, account.accounts)))
