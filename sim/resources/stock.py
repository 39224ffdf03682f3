"""Count the bytes that machines inside machines hold, each once: what memory and disk share.

A stock is one kernel's memory or one disk. The outermost is the host's; each other is backed
by one region of the stock outside it, which grows to the most that was ever held inside.

    used      private bytes, contents, and the regions that back the stocks inside it
    cached    clean bytes that may be dropped at any moment (a disk has none)
    touched   the region behind it: the high-water mark of used + cached, or its whole
              capacity where that was reserved; computed
    stranded  touched - used - cached: freed inside, not given back; computed

Every byte has a component. Inner stocks attribute and the outermost sums, so at every instant
the components add up to the outermost's `used`. Bytes are whole numbers and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, NamedTuple, Self

from sim.units import SIZE, format_quantity

NET = "net."
DUPLICATE = "duplicate."
STRANDED = "stranded"


class Located(NamedTuple):
    """A content on a device: a copy of its own for a page cache, and the same content in books."""

    device: str
    content: str | Located


class Full(Exception):
    """Bytes did not fit, and nothing was changed.

    `where` is what was full, `needed` the bytes asked of it, `available` those it had left,
    whatever it could drop included.
    """

    def __init__(self, where: object, needed: int, available: int) -> None:
        super().__init__(where, needed, available)
        self.where = where
        self.needed = needed
        self.available = available

    def __str__(self) -> str:
        available, needed = (format_quantity(n, SIZE) for n in (self.available, self.needed))
        return f"{self.where} has {available} left of the {needed} needed"


class Books:
    """What a whole host holds by component, and which components changed.

    Copies of one content under `net.x` count there once for the host, at the size of the
    largest copy: a smaller one is the beginning of the same file, so it holds no byte of its
    own. All else is `duplicate.x`. Under any other component every copy counts in full.
    """

    __slots__ = ("_copies", "changed", "components")

    def __init__(self) -> None:
        self.components: dict[str, int] = {}
        self.changed: set[str] = set()
        # (component, content key) -> how many copies there are of each size
        self._copies: dict[tuple[str, Hashable], dict[int, int]] = {}

    def add(self, component: str, size: int) -> None:
        """Add bytes to a component; a negative size takes them off."""
        if size:
            self.components[component] = self.components.get(component, 0) + size
            self.changed.add(component)

    def resize_copy(self, key: Hashable, component: str, before: int, after: int) -> None:
        """Book that one stock's copy of a content now has `after` bytes; none has zero."""
        if not component.startswith(NET):
            self.add(component, after - before)
            return
        while isinstance(key, Located):
            key = key.content
        growth = self._resize_largest(key, component, before, after)
        self.add(component, growth)
        self.add(DUPLICATE + component.removeprefix(NET), after - before - growth)

    def _resize_largest(self, key: Hashable, component: str, before: int, after: int) -> int:
        """Replace the size of one copy and return how much the largest copy grew."""
        copies = self._copies.setdefault((component, key), {})
        largest = max(copies, default=0)
        copies[after] = copies.get(after, 0) + 1
        copies[before] = copies.get(before, 0) - 1
        copies.pop(0, None)
        if before and not copies[before]:
            del copies[before]
        if not copies:
            del self._copies[component, key]
        return max(copies, default=0) - largest


class Copy:
    """One stock's copy of a content: its component, its bytes, and how many hold it."""

    __slots__ = ("component", "holders", "size")

    def __init__(self, component: str) -> None:
        self.component = component
        self.size = 0
        self.holders = 0


class Stock:
    """Bytes of one kernel's memory or of one disk, on books shared by the whole host.

    A stock with an `outer` lives in a region of it, at most `capacity` bytes large, taken as
    it is touched, or at once with `reserve`. A content has one copy in a stock, however many
    hold it: its size is the largest that anyone asked for, its component the first one's.

    Whatever adds bytes first asks `_require`, which raises `full` and changes nothing, or makes
    the room; after that nothing can fail.
    """

    __slots__ = (
        "_contents", "_inner", "books", "cached", "capacity", "closed", "name", "outer", "root",
        "touched", "used",
    )  # fmt: skip
    full: ClassVar[type[Full]] = Full

    def __init__(
        self,
        capacity: int,
        *,
        outer: Self | None = None,
        reserve: bool = False,
        name: str = "host",
    ) -> None:
        self.capacity = capacity
        self.outer = outer
        self.name = name
        self.root: Self = self if outer is None else outer.root
        self.books: Books = Books() if outer is None else outer.books
        self.used = self.cached = self.touched = 0
        self.closed = False
        self._contents: dict[Hashable, Copy] = {}
        self._inner: dict[Stock, None] = {}
        if outer is not None:
            self._settle_in(outer, capacity if reserve else 0)

    def __str__(self) -> str:
        return self.name

    @property
    def gross(self) -> int:
        """Bytes that the whole host holds and cannot drop."""
        return self.root.used

    @property
    def components(self) -> dict[str, int]:
        """Bytes that the whole host holds, by component; they add up to `gross`."""
        return self.books.components

    @property
    def changed(self) -> set[str]:
        """Components of the whole host that changed since this set was last cleared."""
        return self.books.changed

    @property
    def stranded(self) -> int:
        """Bytes of the region behind this stock that hold nothing; the outermost has none."""
        return 0 if self.outer is None else self.touched - self.used - self.cached

    def close(self) -> None:
        """End this stock and all inside it, and give its region back to the outer one."""
        if self.closed:
            return
        for inner in tuple(self._inner):
            inner.close()
        self._clear()
        self.closed = True
        if self.outer is not None:
            self.books.add(STRANDED, -self.touched)
            self.outer._shift(-self._backing)
            self.touched = 0
            del self.outer._inner[self]

    @property
    def _backing(self) -> int:
        """Bytes that the outer stock holds for the region of this one."""
        return self.touched

    def _settle_in(self, outer: Self, reserved: int) -> None:
        outer._require(reserved)
        outer._inner[self] = None
        outer._shift(reserved)
        self.touched = reserved
        self.books.add(STRANDED, reserved)

    def _require(self, size: int) -> None:
        """Raise, with nothing changed, unless `size` more bytes fit here and all the way out."""
        self._check(size)
        stock: Stock | None = self
        while stock is not None and size > 0:
            available = stock.capacity - stock.used
            if size > available:
                raise self.full(stock, size, available)
            size += stock.used + stock.cached - stock.touched
            stock = stock.outer

    def _check(self, size: int) -> None:
        if self.closed or size < 0:
            raise ValueError(f"{self} cannot take {size} bytes" + " once closed" * self.closed)

    def _shift(self, used: int, cached: int = 0) -> None:
        """Change both amounts, for which there is room; the region behind follows."""
        self.used += used
        self.cached += cached
        growth = max(0, self.used + self.cached - self.touched)
        self.touched += growth
        if self.outer is not None:
            self.books.add(STRANDED, growth - used - cached)
            if growth:
                self.outer._shift(growth)

    def _take(self, component: str, size: int) -> None:
        """Add private bytes."""
        self._require(size)
        self._shift(size)
        self.books.add(component, size)

    def _give(self, component: str, size: int) -> None:
        """Take private bytes off again."""
        self._shift(-size)
        self.books.add(component, -size)

    def _growth(self, key: Hashable, size: int) -> int:
        """Return the bytes by which a content's copy must grow to have `size`."""
        if size < 0:
            raise ValueError(f"{self} cannot hold {size} bytes of {key}")
        copy = self._contents.get(key)
        return max(0, size - copy.size) if copy else size

    def _hold(self, key: Hashable, component: str, growth: int) -> None:
        """Add a holder of a content, whose copy grows by what `_require` allowed."""
        copy = self._contents.get(key)
        if copy is None:
            copy = self._contents[key] = Copy(component)
        copy.holders += 1
        if growth:
            self._shift(growth)
            self.books.resize_copy(key, copy.component, copy.size, copy.size + growth)
            copy.size += growth

    def _release(self, key: Hashable) -> int:
        """Take one holder off a content; return the bytes freed, none while others hold it."""
        copy = self._contents[key]
        copy.holders -= 1
        if copy.holders:
            return 0
        del self._contents[key]
        self._shift(-copy.size)
        self.books.resize_copy(key, copy.component, copy.size, 0)
        return copy.size

    def _clear(self) -> None:
        """Let go of everything held here, the regions of inner stocks apart."""
