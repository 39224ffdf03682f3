"""Keep a kernel's ledger of memory: whose it is, what is shared, what can be dropped or swapped.

One ledger is one kernel. The host's is the outermost; a guest's is backed by a region of its
outer ledger (see `stock`). Files are held once per kernel, so what containers share on one
ledger, guests hold once each. Clean page cache of the host is not gross, since the host takes
it back at will; a guest's is, since the host cannot. What is swapped out is not in `used`, and
stands as a credit against the components that it belongs to.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Self

from sim.resources.account import Account
from sim.resources.page_cache import PAGE_CACHE, PageCache
from sim.resources.pressure import Ask, Exhausted, keep_limits, make_room, shrink
from sim.resources.stock import STRANDED
from sim.resources.swapping import SWAP, SWAPPED, SwappingStock
from sim.resources.victims import Victim, rank

if TYPE_CHECKING:
    from sim.resources.merging import Merger

__all__ = ["GUEST_CACHE", "PAGE_CACHE", "SWAP", "SWAPPED", "Account", "Exhausted", "Ledger"]

GUEST_CACHE = "boundary.guest-cache"


class Ledger(SwappingStock):
    """The memory of one kernel: accounts, mapped files, clean page cache and `swap`.

    What does not fit makes others give way, as `pressure` tells, before it raises `Exhausted`.
    A guest that drops cache or swaps out keeps the region behind it, and uses it again, unless
    a `balloon` takes it back for the outer kernel.

    For the outer kernel, `last_used` is the stamp of the last work inside, `active` the share
    of what is used inside that this work touches, `owner` what is killed for the region (None
    if nothing may be), `adjust` its oom_score_adj, and `promised` what may be used of the region
    without asking again, none where each use asks.
    """

    __slots__ = (
        "_alike", "_reserved", "accounts", "active", "adjust", "balloon", "holders", "last_used",
        "lost", "merger", "owner", "pages", "promised", "region",
    )  # fmt: skip
    processes = 1

    def __init__(
        self,
        capacity: int,
        *,
        outer: Self | None = None,
        reserve: bool = False,
        name: str = "host",
        swap: int = 0,
        balloon: bool = False,
        owner: object = None,
    ) -> None:
        super().__init__(capacity, outer=outer, reserve=reserve, name=name, swap=swap)
        self.balloon = balloon
        self.owner, self.adjust = owner, 0
        self.promised = capacity
        self.last_used, self.active = 0.0, 1.0
        self.accounts: dict[Account, None] = {}
        self.holders: dict[Account | Ledger, None] = {}  # nested accounts too, first created first
        self.merger: Merger | None = None
        # contents that the merger has seen and that fell since -> the least that was left
        self.lost: dict[Hashable, int] = {}
        self._reserved = reserve
        self._alike: dict[Hashable, int] = {}
        self.pages = PageCache(self)
        self.region = Ask(self)  # what can be had of it while it asks for nothing
        if outer is not None:
            outer.holders[self] = None

    # What there is

    @property
    def page_cache(self) -> int:
        """Clean bytes of the outermost kernel that nobody maps: not gross."""
        return self.root.cached

    @property
    def footprint(self) -> int:
        """Bytes that the OOM killer of the outer kernel counts, swapped out or not."""
        return self.touched

    def resident(self, key: Hashable) -> int:
        """Return how many bytes of a content this kernel holds, mapped or clean."""
        return self.mapped(key) + self.pages.size(key)

    def mapped(self, key: Hashable) -> int:
        """Return how many bytes of a content are mapped."""
        copy = self._contents.get(key)
        return copy.size if copy else 0

    def present(self, key: Hashable) -> int:
        """Return the bytes in memory that are equal wherever this content is held."""
        return self.resident(key) + self._alike.get(key, 0)

    @property
    def missing(self) -> int:
        """Bytes of its region that work inside touches and that the outer kernel swapped out."""
        return max(0, int(self.active * self.used) - (self.touched - self.out))

    @property
    def committed(self) -> int:
        """Bytes promised, used or not: those of accounts, and those of inner kernels."""
        accounts = sum(account.swappable + account.swapped for account in self.tenants())
        return accounts + sum(inner.promised or inner.committed for inner in self.inner())

    def contents(self) -> dict[Hashable, int]:
        """Return all that is `present`, by content."""
        return {key: self.present(key) for key in [*self._contents, *self.pages, *self._alike]}

    def tenants(self) -> Iterator[Account]:
        """Yield its accounts, nested ones too, first created first."""
        return (each for each in self.holders if isinstance(each, Account))

    def inner(self) -> Iterator[Ledger]:
        """Yield the kernels whose regions it holds, first created first."""
        return (each for each in self.holders if isinstance(each, Ledger))

    def victims(self) -> list[Victim]:
        """List whom its OOM killer would take, best first: accounts and inner kernels."""
        return rank(self.holders, self.capacity + self.swap)

    # What happens

    def cache(
        self,
        key: Hashable,
        size: int,
        component: str = GUEST_CACHE,
        account: Account | None = None,
    ) -> None:
        """Keep what was read of a content in the page cache, as far as it fits.

        Older cache makes way, nothing else does in this kernel. In a guest it counts under
        `component`, the first that was given for this content; on the host it is page cache.
        It is charged to the account that reads it first, as long as any of it stays in memory.

        Raises: Exhausted, if an outer ledger cannot back a guest's growth.
        """
        if account is not None:
            account.check_open()
        pages, resident = self.pages, self.resident(key)
        reader = pages.reader(key) if resident else account
        growth = min(size - resident, self.capacity - self.used - pages.size(key))
        growth = max(0, min(growth, pages.room(key, reader)))
        self._require(growth, keep=key, account=reader)
        pages.name(key, component)
        pages.use(key)
        if growth:
            pages.charge(key, reader)
            pages.resize(key, growth)

    def drop_cache(self) -> None:
        """Drop all clean page cache."""
        self.pages.drop(self.cached)

    def give_back(self, size: int, *, drop_cache: bool = False) -> int:
        """Give stranded bytes, then clean cache if it is to be dropped, to the outer kernel.

        Memory that was reserved stays, unless there is a balloon; the outermost has none to give.
        Returns the bytes that the outer kernel gets: what it had swapped out was not in memory.
        """
        if self.outer is None or (self._reserved and not self.balloon):
            return 0
        given = min(max(0, size), self.stranded)
        if drop_cache:
            given += self.pages.drop(size - given)
        return self._return(given)

    def shrink(self, account: Account, size: int) -> int:
        """Drop cache of an account, then swap it out; return the bytes still too many."""
        return shrink(account, size)

    def close(self) -> None:
        """End this kernel and all inside it, and give its region back to the outer one."""
        super().close()
        if self.outer is not None and self in self.outer.holders:
            del self.outer.holders[self]
        if self.merger is not None:
            self.merger.forget(self)

    # Room

    def _require(self, size: int, *, keep: Hashable = None, account: Account | None = None) -> None:
        """Make room for bytes of an account, here and all the way out; spare `keep` of the cache.

        Raises: Exhausted, with nothing changed.
        """
        self._check(size)
        if size and not (self._fits(size) and (account is None or account.allows(size))):
            make_room(self, size, keep, account)

    def _fits(self, size: int) -> bool:
        """Whether bytes fit all the way out as things are, so that nothing has to give way."""
        ledger: Ledger | None = self
        while ledger is not None and size > 0:
            held = ledger.used + ledger.cached + size
            if held > ledger.capacity or ledger.lost:
                return False
            size = held - ledger.touched
            ledger = ledger.outer
        return True

    def _return(self, size: int) -> int:
        """Give bytes that hold nothing to the outer kernel; return how many it gets.

        First those in memory, then those swapped out, then those that are merged.
        """
        if self.outer is None or not size:
            return 0
        before = self.outer.used
        swapped = max(0, min(self.out, size - (self._backing - self.merged)))
        merged = max(0, size - (self.touched - self.merged))
        self.touched -= size
        self.out -= swapped
        self.books.add(STRANDED, -size)
        self.outer._free_swap(swapped)
        self.outer._shift(swapped - size)
        if merged and self.merger is not None:
            self.merger.cut(self, merged)
        return before - self.outer.used

    # What accounts do

    def _take(self, component: str, size: int, account: Account | None = None) -> None:
        self._require(size, account=account)
        self._shift(size)
        self.books.add(component, size)

    def _resize_alike(self, content: Hashable, change: int) -> None:
        self._alike[content] = self._alike.get(content, 0) + change
        if not self._alike[content]:
            del self._alike[content]
        if change < 0:
            self._note_loss(content)

    def _map(self, key: Hashable, component: str, growth: int) -> None:
        """Map a content; its clean bytes are mapped where they lie."""
        reused = min(growth, self.pages.size(key))
        self._require(growth - reused, keep=key)
        if reused:
            self.pages.resize(key, -reused)
        self._hold(key, component, growth)

    def _unmap(self, key: Hashable) -> None:
        """Take one mapping off a content; when the last goes, it stays as clean cache.

        What a limit of the account does not allow to which that is charged is dropped.
        """
        freed = self._release(key)
        if not freed:
            return
        reader = self.pages.reader(key)
        kept = min(freed, self.pages.room(key, reader))
        if kept:
            if reader is not None:
                keep_limits(reader, kept, key)
            self.pages.name(key, GUEST_CACHE)
            self.pages.resize(key, kept)
        if kept < freed:
            self._note_loss(key)

    def _note_loss(self, key: Hashable) -> None:
        """Take note that bytes of a content are gone: for who reads it next, and for merging."""
        if not self.resident(key):
            self.pages.charge(key, None)
        if self.merger is not None:
            present = self.present(key)
            self.lost[key] = min(present, self.lost.get(key, present))

    def _clear(self) -> None:
        for account in tuple(self.accounts):
            account.close()
        self.pages.drop(self.cached)
