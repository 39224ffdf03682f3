"""Keep what one kernel has read of files and may drop: its clean pages, by content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.resources.account import Account
    from sim.resources.memory import Ledger

PAGE_CACHE = "page_cache"


class PageCache:
    """The clean bytes of each content in a kernel, longest unused first, and who pays for them.

    They are charged to the account that read the content first, as long as any of it stays in
    memory, mapped or clean; to nobody, if no account did. In a guest they count under a
    component, the first that was given for the content; on the host they are page cache.
    """

    __slots__ = ("_components", "_ledger", "_readers", "_sizes")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sizes: OrderedDict[Hashable, int] = OrderedDict()
        self._components: dict[Hashable, str] = {}
        self._readers: dict[Hashable, Account] = {}

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._sizes)

    def size(self, key: Hashable) -> int:
        """Return how many bytes of a content are clean."""
        return self._sizes.get(key, 0)

    def reader(self, key: Hashable) -> Account | None:
        """Return to whom a content is charged."""
        return self._readers.get(key)

    def is_read_within(self, key: Hashable, account: Account) -> bool:
        """Whether a content is charged to an account or to one nested in it."""
        reader = self._readers.get(key)
        return reader is not None and reader.is_within(account)

    def room(self, key: Hashable, reader: Account | None) -> int:
        """Return how many more bytes of a content a reader may keep, if other cache goes."""
        around = () if reader is None else reader.enclosing()
        clean = self.size(key)
        left = (
            each.limit - each.used + each.cached - clean
            for each in around
            if each.limit is not None
        )
        return max(0, min(left, default=self._ledger.capacity))

    def name(self, key: Hashable, component: str) -> None:
        """Give a content its component, unless it has one."""
        self._components.setdefault(key, component)

    def use(self, key: Hashable) -> None:
        """Make a content the youngest."""
        if key in self._sizes:
            self._sizes.move_to_end(key)

    def demote(self, key: Hashable) -> None:
        """Make a content the longest unused, which is dropped first."""
        if key in self._sizes:
            self._sizes.move_to_end(key, last=False)

    def resize(self, key: Hashable, change: int) -> None:
        """Change a content's clean bytes, for which there is room; those that grow are youngest."""
        ledger = self._ledger
        ledger._shift(0, change)
        size = self._sizes.pop(key, 0) if change > 0 else self._sizes[key]
        if size + change:
            self._sizes[key] = size + change
        else:
            del self._sizes[key]
        if key in self._readers:
            self._readers[key]._pay(change, change)
        if ledger.outer is None:
            ledger.books.changed.add(PAGE_CACHE)
        else:
            ledger.books.add(self._components[key], change)

    def drop(self, size: int, *, keep: Hashable = None, within: Account | None = None) -> int:
        """Drop bytes up to a size, longest unused first; return how many were dropped.

        `keep` is spared; `within` an account, only what is charged there is dropped.
        """
        left = max(0, size)
        dropped: dict[Hashable, int] = {}
        for key, clean in self._sizes.items():
            if not left:
                break
            if key != keep and (within is None or self.is_read_within(key, within)):
                dropped[key] = min(left, clean)
                left -= dropped[key]
        for key, fewer in dropped.items():
            self.resize(key, -fewer)
            self._ledger._note_loss(key)
        return sum(dropped.values())

    def charge(self, key: Hashable, reader: Account | None) -> None:
        """Charge a content to an account from now on, or to nobody; its bytes do not move."""
        before = self._readers.pop(key, None)
        if before is not None:
            del before._files[key]
        if reader is not None:
            self._readers[key] = reader
            reader._files[key] = None
