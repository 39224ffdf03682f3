"""Keep a kernel's ledger of resident memory: whose it is, what is shared, what can be dropped.

One ledger is one kernel. The host's is the outermost; a guest's is backed by a region of its
outer ledger (see `stock`). Files are held once per kernel, so what containers share on one
ledger, guests hold once each. Clean page cache of the host is not gross, since the host takes
it back at will; a guest's is, since the host cannot.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Self

from sim.resources.stock import Full, Stock

GUEST_CACHE = "boundary.guest-cache"
PAGE_CACHE = "page_cache"


class Exhausted(Full):
    """Memory did not fit in a ledger or under an account's limit, and nothing was changed."""


class Ledger(Stock):
    """The resident memory of one kernel: accounts, mapped files and clean page cache.

    A charge that does not fit drops clean cache of this kernel, the longest unused first and
    no more than needed, before it raises `Exhausted`. A guest that drops cache keeps the
    region behind it, and uses it again.
    """

    __slots__ = ("_cache_component", "_clean", "accounts")
    full = Exhausted

    def __init__(
        self,
        capacity: int,
        *,
        outer: Self | None = None,
        reserve: bool = False,
        name: str = "host",
    ) -> None:
        super().__init__(capacity, outer=outer, reserve=reserve, name=name)
        self.accounts: dict[Account, None] = {}
        self._clean: OrderedDict[Hashable, int] = OrderedDict()  # longest unused first
        self._cache_component: dict[Hashable, str] = {}

    @property
    def page_cache(self) -> int:
        """Clean bytes of the outermost kernel that nobody maps: not gross."""
        return self.root.cached

    def resident(self, key: Hashable) -> int:
        """Return how many bytes of a content this kernel holds, mapped or clean."""
        copy = self._contents.get(key)
        return (copy.size if copy else 0) + self._clean.get(key, 0)

    def cache(self, key: Hashable, size: int, component: str = GUEST_CACHE) -> None:
        """Keep what was read of a content in the page cache, as far as it fits.

        Older cache makes way, nothing else does. In a guest it counts under `component`, the
        first that was given for this content; on the host it is page cache.

        Raises: Exhausted, if an outer ledger cannot back a guest's growth.
        """
        clean = self._clean.get(key, 0)
        growth = min(size - self.resident(key), self.capacity - self.used - clean)
        self._require(max(0, growth))
        self._cache_component.setdefault(key, component)
        if clean:
            self._clean.move_to_end(key)
        if growth > 0:
            self._resize_clean(key, growth)

    def _map(self, key: Hashable, component: str, growth: int) -> None:
        """Map a content; its clean bytes are mapped where they lie."""
        reused = min(growth, self._clean.get(key, 0))
        self._require(growth - reused, pinned=reused)
        if reused:
            self._resize_clean(key, -reused)
        self._hold(key, component, growth)

    def _unmap(self, key: Hashable) -> None:
        """Take one mapping off a content; when the last goes, it stays as clean cache."""
        freed = self._release(key)
        if freed:
            self._cache_component.setdefault(key, GUEST_CACHE)
            self._resize_clean(key, freed)

    def _resize_clean(self, key: Hashable, change: int) -> None:
        """Change a content's clean bytes; those that grow are the youngest."""
        self._shift(0, change)
        size = self._clean.pop(key, 0) if change > 0 else self._clean[key]
        if size + change:
            self._clean[key] = size + change
        else:
            del self._clean[key]
        if self.outer is None:
            self.books.changed.add(PAGE_CACHE)
        else:
            self.books.add(self._cache_component[key], change)

    def _reclaim(self, size: int) -> None:
        while size > 0:
            key, clean = next(iter(self._clean.items()))
            dropped = min(size, clean)
            self._resize_clean(key, -dropped)
            size -= dropped

    def _clear(self) -> None:
        for account in tuple(self.accounts):
            account.close()
        self._reclaim(self.cached)


class Account:
    """A memory cgroup: what one tenant of a ledger has charged and mapped, under a limit.

    It lies within a ledger or within another account of that ledger; no limit is none.
    `used` counts its own charges and those of the accounts nested in it. Pages of files are in
    no account, mapped or not: at a limit they would make way, and be read again.
    `private` has its own charges by component, `mapped` its number of mappings by content.
    """

    __slots__ = (
        "accounts", "closed", "ledger", "limit", "mapped", "name", "parent", "private", "used",
        "within",
    )  # fmt: skip

    def __init__(
        self,
        within: Ledger | Account,
        *,
        limit: int | None = None,
        name: str = "account",
    ) -> None:
        self.within = within
        self.ledger: Ledger = within.ledger if isinstance(within, Account) else within
        self.parent = within if isinstance(within, Account) else None
        self.limit = limit
        self.name = name
        self.used = 0
        self.private: dict[str, int] = {}
        self.mapped: dict[Hashable, int] = {}
        self.accounts: dict[Account, None] = {}
        self.closed = False
        within.accounts[self] = None

    def __str__(self) -> str:
        return self.name

    def charge(self, component: str, size: int) -> None:
        """Charge anonymous or kernel memory.

        Raises: Exhausted, naming the account or ledger that is full.
        """
        self._require(size)
        self.ledger._take(component, size)
        self._pay(size)
        self.private[component] = self.private.get(component, 0) + size

    def discharge(self, component: str, size: int) -> None:
        """Give charged memory back.

        Raises: ValueError, if that much is not charged to this account.
        """
        charged = self.private.get(component, 0)
        if not 0 <= size <= charged:
            raise ValueError(f"{self} has no {size} bytes of {component} to give back")
        self.private[component] = charged - size
        self._pay(-size)
        self.ledger._give(component, size)

    def map(self, key: Hashable, size: int, component: str) -> None:
        """Map file content, which its ledger holds once for all who map it.

        Raises: Exhausted, naming the ledger that is full.
        """
        self._require(0)
        self.ledger._map(key, component, self.ledger._growth(key, size))
        self.mapped[key] = self.mapped.get(key, 0) + 1

    def unmap(self, key: Hashable) -> None:
        """Take back one mapping; content that nobody maps stays as clean page cache.

        Raises: ValueError, if this account does not map it.
        """
        if key not in self.mapped:
            raise ValueError(f"{self} does not map {key}")
        self.mapped[key] -= 1
        if not self.mapped[key]:
            del self.mapped[key]
        self.ledger._unmap(key)

    def pss(self) -> float:
        """Return its proportional set size in bytes: private, and its part of what it maps.

        Each content is divided by mappings, so the sizes of all accounts of a ledger add up
        to what they hold. Accounts nested in this one are not included.
        """
        contents = self.ledger._contents
        shared = (
            contents[key].size * count / contents[key].holders for key, count in self.mapped.items()
        )
        return sum(self.private.values()) + sum(shared)

    def close(self) -> None:
        """Give back all that this account, and those nested in it, charged and mapped."""
        if self.closed:
            return
        for account in tuple(self.accounts):
            account.close()
        for component, size in self.private.items():
            self.discharge(component, size)
        for key, count in tuple(self.mapped.items()):
            for _ in range(count):
                self.unmap(key)
        self.closed = True
        del self.within.accounts[self]

    def _require(self, size: int) -> None:
        """Raise unless `size` more bytes keep every limit from here upwards."""
        if self.closed:
            raise ValueError(f"{self} is closed")
        account: Account | None = self
        while account is not None:
            if account.limit is not None and account.used + size > account.limit:
                raise Exhausted(account, size, account.limit - account.used)
            account = account.parent

    def _pay(self, size: int) -> None:
        """Count bytes on this account and on all that enclose it."""
        account: Account | None = self
        while account is not None:
            account.used += size
            account = account.parent
