"""Keep what one tenant of a kernel's memory has charged and mapped: a memory cgroup.

`used` is what the limits `limit` and `high` count: the bytes in memory of its own charges and
of its clean page cache, and those of all accounts nested in it. Pages that are mapped count
towards no limit: one copy serves all who map it, whoever read it first, so that a limit which
counted it would depend on who came first; and at a limit they would make way, and be read again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from sim.resources.alike import Alike
from sim.resources.victims import Victim, rank

if TYPE_CHECKING:
    from sim.resources.memory import Ledger


class Account:
    """A memory cgroup within a ledger, or within another account of that ledger.

    Bytes a limit each, None for no limit: `limit` is memory.max, `high` memory.high and
    `swap_limit` memory.swap.max. `owner` is what is killed for its memory, None if nothing
    may be, `adjust` its oom_score_adj, `processes` how many it has. `last_used` is the stamp of
    its last work and `active` the share of its swappable bytes that this work touches.

    `private` has its own charges by component, in memory or swapped out, `mapped` its number of
    mappings by content, `swapped` its own bytes that are swapped out, `swappable` those that can
    be, `cached` the clean bytes in `used`, and `swap_used` what `swap_limit` counts: like `used`
    with the nested accounts.
    """

    __slots__ = (
        "_alike", "_files", "_outside", "_pinned", "accounts", "active", "adjust", "cached",
        "closed", "high", "last_used", "ledger", "limit", "mapped", "name", "owner", "parent",
        "private", "processes", "swap_limit", "swap_used", "swappable", "swapped", "used", "within",
    )  # fmt: skip

    def __init__(
        self,
        within: Ledger | Account,
        *,
        limit: int | None = None,
        high: int | None = None,
        swap_limit: int | None = None,
        owner: object = None,
        adjust: int = 0,
        processes: int = 1,
        active: float = 1.0,
        name: str = "account",
    ) -> None:
        self.within = within
        self.parent = within if isinstance(within, Account) else None
        self.ledger: Ledger = within.ledger if isinstance(within, Account) else within
        self.limit, self.high, self.swap_limit = limit, high, swap_limit
        self.owner, self.adjust, self.processes = owner, adjust, processes
        self.active, self.last_used = active, 0.0
        self.name = name
        self.used = self.cached = self.swapped = self.swappable = self.swap_used = 0
        self.private: dict[str, int] = {}
        self.mapped: dict[Hashable, int] = {}
        self.accounts: dict[Account, None] = {}
        self.closed = False
        self._pinned: dict[str, int] = {}
        self._alike = Alike(self.ledger)
        self._files: dict[Hashable, None] = {}  # whose clean cache is charged here
        self._outside: Account | None = None
        within.accounts[self] = None
        self.ledger.holders[self] = None

    def __str__(self) -> str:
        return self.name

    # What is charged and mapped

    def charge(
        self,
        component: str,
        size: int,
        *,
        pinned: bool = False,
        content: Hashable = None,
        alike: int = 0,
    ) -> None:
        """Charge anonymous memory, or kernel memory, which is pinned and never swapped out.

        `alike` bytes of it are equal wherever the same `content` is charged.

        Raises: Exhausted, naming the account or ledger that is full.
        """
        self.check_open()
        if not 0 <= alike <= max(0, size):
            raise ValueError(f"of {size} bytes, {alike} cannot be alike")
        self.ledger._take(component, size, self)
        self._pay(size)
        self.private[component] = self.private.get(component, 0) + size
        if pinned:
            self._pinned[component] = self._pinned.get(component, 0) + size
        else:
            self.swappable += size
        if alike:
            self._alike.add(component, pinned, content, alike)

    def discharge(self, component: str, size: int) -> None:
        """Give charged memory back: of what is swapped out first, then the rest, pinned last.

        What is alike of the component shrinks in proportion.

        Raises: ValueError, if that much is not charged to this account.
        """
        charged = self.private.get(component, 0)
        if not 0 <= size <= charged:
            raise ValueError(f"{self} has no {size} bytes of {component} to give back")
        pinned = self._pinned.get(component, 0)
        kernel = max(0, size - (charged - pinned))
        swapped = min(size - kernel, self.swapped)
        self._alike.thin(component, False, charged - pinned, size - kernel)
        self._alike.thin(component, True, pinned, kernel)
        self.private[component] = charged - size
        if kernel:
            self._pinned[component] = pinned - kernel
        self.swappable -= size - kernel - swapped
        self._pay(swapped - size)
        self._count_swapped(-swapped)
        self.ledger._give(component, size - swapped)
        self.ledger._give_swapped(component, swapped)

    def map(self, key: Hashable, size: int, component: str) -> None:
        """Map file content, which its ledger holds once for all who map it.

        Raises: Exhausted, naming the ledger that is full.
        """
        self.check_open()
        self.ledger._map(key, component, self.ledger._growth(key, size))
        self.mapped[key] = self.mapped.get(key, 0) + 1

    def map_outside(self, within: Account, key: Hashable, size: int, component: str) -> None:
        """Map file content that the kernel of an account around this one holds (DAX).

        Raises: Exhausted, naming the ledger that is full.
        """
        self.check_open()
        if self._outside is None:
            self._outside = Account(within, name=self.name)
        self._outside.map(key, size, component)

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

    def close(self) -> None:
        """Give back all that this account, and those nested in it, charged and mapped.

        Its clean cache is charged to the account around it from now on, or to nobody.
        """
        if self.closed:
            return
        for account in tuple(self.accounts):
            account.close()
        if self._outside is not None:
            self._outside.close()
        for component, size in self.private.items():
            self.discharge(component, size)
        for key, count in tuple(self.mapped.items()):
            for _ in range(count):
                self.unmap(key)
        for key in tuple(self._files):
            self.ledger.pages.charge(key, self.parent)
        self.used = self.cached = 0
        self.closed = True
        del self.within.accounts[self]
        del self.ledger.holders[self]

    # Under pressure

    @property
    def resident(self) -> int:
        """Bytes of its own charges that are in memory."""
        return sum(self.private.values()) - self.swapped

    @property
    def footprint(self) -> int:
        """Bytes that the OOM killer counts: its own, swapped out too, and all it maps."""
        mapped = sum(self.ledger.mapped(key) * count for key, count in self.mapped.items())
        return self.swappable + self.swapped + mapped

    def pss(self) -> float:
        """Return its proportional set size in bytes: private, and its part of what it maps.

        Each content is divided by mappings, so the sizes of all accounts of a ledger add up
        to what they hold. Accounts nested in this one are not included.
        """
        contents = self.ledger._contents
        shared = (
            contents[key].size * count / contents[key].holders for key, count in self.mapped.items()
        )
        return self.resident + sum(shared)

    def swap_in(self, size: int) -> int:
        """Read back up to `size` of its swapped bytes; return how many were read.

        Raises: Exhausted, if there is no room for them.
        """
        self.check_open()
        size = min(size, self.swapped)
        self.ledger._require(size, account=self)
        self.ledger._read_back(size)
        self._pay(size)
        self._count_swapped(-size)
        self.swappable += size
        return size

    @property
    def missing(self) -> int:
        """Bytes that its work touches and that are swapped out."""
        touched = int(self.active * (self.swappable + self.swapped))
        return max(0, touched - self.swappable)

    def lose_process(self) -> None:
        """Give back the part of one of its processes, which has ended."""
        for component, size in tuple(self.private.items()):
            loose = size - self._pinned.get(component, 0)
            self.discharge(component, loose // self.processes)
        self.processes -= 1

    def reclaim_high(self) -> int:
        """Drop cache, then swap out, down towards `high`; return the bytes still above it."""
        return 0 if self.high is None else self.ledger.shrink(self, self.used - self.high)

    def victims(self) -> list[Victim]:
        """List whom the OOM killer would take for this cgroup, itself or nested, best first."""
        swap = self.ledger.swap
        total = self.ledger.capacity + swap
        if self.limit is not None:
            total = self.limit + (swap if self.swap_limit is None else min(swap, self.swap_limit))
        return rank((each for each in self.ledger.tenants() if each.is_within(self)), total)

    def is_within(self, account: Account) -> bool:
        """Whether it is that account or nested in it."""
        return account in self.enclosing()

    def enclosing(self) -> Iterator[Account]:
        """Yield this account and those around it, outwards."""
        account: Account | None = self
        while account is not None:
            yield account
            account = account.parent

    def cold(self) -> int:
        """Bytes that can be swapped out and that its work does not touch."""
        total = self.swappable + self.swapped
        return min(self.evictable(), max(0, total - int(self.active * total) - self.swapped))

    def evictable(self) -> int:
        """Bytes that can be swapped out under the swap limits around it."""
        return max(0, min(self.swappable, self.swap_left()))

    def swap_left(self) -> int:
        """Bytes that may still be swapped out under its swap limit and those around it."""
        left = self.ledger.swap - self.ledger.swapped
        for account in self.enclosing():
            if account.swap_limit is not None:
                left = min(left, account.swap_limit - account.swap_used)
        return max(0, left)

    def evict(self, size: int) -> None:
        """Swap out bytes of its own; what is alike goes last, and is not alike any more."""
        self.swappable -= size
        self._count_swapped(size)
        self._pay(-size)
        self._alike.cut(self.swappable)
        self.ledger._write_out(size)

    # Limits and counts

    def check_open(self) -> None:
        """Raise ValueError, if it is closed."""
        if self.closed:
            raise ValueError(f"{self} is closed")

    def allows(self, size: int) -> bool:
        """Whether bytes fit under the limits around it, so that nothing has to give way."""
        account: Account | None = self
        while account is not None:
            if account.limit is not None and account.used + size > account.limit:
                return False
            account = account.parent
        return True

    def _pay(self, size: int, cached: int = 0) -> None:
        """Count bytes, those of clean cache twice, on this account and on all around it."""
        account: Account | None = self
        while account is not None:
            account.used += size
            account.cached += cached
            account = account.parent

    def _count_swapped(self, size: int) -> None:
        self.swapped += size
        if size:
            for account in self.enclosing():
                account.swap_used += size
