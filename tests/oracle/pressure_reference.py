"""Memory under pressure in the plainest form: pages in lists, and every total counts them all.

A byte stands for a page. Whatever gives way does so one page at a time, each time the one whose
turn it is, until there is room; an operation that finds nothing left puts back a copy of all as
it was before. A region is a list of frames, each plain, swapped out, or merged with equal pages of
other regions. Which of an account's pages are swapped out is not told, only how many.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OUT = "swapped out"
PLAIN = "plain"


class RefusedError(Exception):
    """A page found no room."""


@dataclass
class FilePage:
    """One page of a file in one kernel."""

    file: str
    index: int
    mapped: bool


@dataclass
class Private:
    """One private page of an account."""

    component: str
    pinned: bool


@dataclass
class Tenant:
    """An account with its own pages; `alike` counts those of a kind that have a content."""

    name: str
    kernel: str
    parent: str | None
    limit: int | None
    swap_limit: int | None
    high: int | None
    active: float
    last_used: int = 0
    pages: list[Private] = field(default_factory=list)
    out: int = 0
    alike: dict[tuple[str, bool, str], int] = field(default_factory=dict)

    @property
    def loose(self) -> int:
        """Its pages that are not pinned, in memory or not."""
        return sum(not page.pinned for page in self.pages)


@dataclass
class Asking:
    """What a kernel is about to take, and what it frees itself, so that nobody takes it back."""

    size: int = 0
    growth: int = 0
    keep: str | None = None
    freed: int = 0
    freed_clean: int = 0


@dataclass
class Kernel:
    """All pages of one kernel but private ones, and the frames of the region behind it."""

    name: str
    capacity: int
    outer: str | None
    swap: int
    reserved: bool
    balloon: bool
    active: float
    last_used: int = 0
    frames: list[str] = field(default_factory=list)
    files: list[FilePage] = field(default_factory=list)
    mappings: list[tuple[str, str]] = field(default_factory=list)  # (account, file), oldest first
    copies: list[str] = field(default_factory=list)  # mapped files, first mapped first
    clean_order: list[str] = field(default_factory=list)  # longest unused first
    component: dict[str, str] = field(default_factory=dict)
    cache_component: dict[str, str] = field(default_factory=dict)
    reader: dict[str, str] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)  # of alike private pages
    scanned: bool = False
    noted: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    stable_order: list[str] = field(default_factory=list)  # contents as they came to be merged
    asking: Asking = field(default_factory=Asking)

    def clean(self, file: str | None = None) -> int:
        """Clean pages of one file, or of all."""
        return sum(not p.mapped and file in (None, p.file) for p in self.files)

    def clean_of(self, file: str | None) -> int:
        return self.clean(file) if file is not None else 0

    def merged(self) -> list[str]:
        return [key for key in self.stable_order if key in self.frames]

    def use(self, file: str) -> None:
        """Make a file the youngest."""
        self.clean_order = [each for each in self.clean_order if each != file] + [file]

    def tidy(self) -> None:
        """Number a file's pages from its beginning, mapped ones first; forget what is not clean."""
        for file in {page.file for page in self.files}:
            pages = [page for page in self.files if page.file == file]
            for index, page in enumerate(sorted(pages, key=lambda page: not page.mapped)):
                page.index = index
        self.clean_order = [file for file in self.clean_order if self.clean(file)]
        self.stable_order = [key for key in self.stable_order if key in self.frames]


@dataclass
class Machine:
    """A host with its kernels and accounts by name, first created first; `host` is outermost."""

    kernels: dict[str, Kernel]
    tenants: dict[str, Tenant] = field(default_factory=dict)
    holders: list[str] = field(default_factory=list)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        before = copy.deepcopy(self.__dict__)
        try:
            yield
        except RefusedError:
            self.__dict__.update(before)
            raise

    # What is there

    def within(self, name: str) -> list[Tenant]:
        """An account and those nested in it."""
        return [each for each in self.tenants.values() if name in self.enclosing(each.name)]

    def enclosing(self, name: str | None) -> list[str]:
        names = []
        while name is not None:
            names.append(name)
            name = self.tenants[name].parent
        return names

    def inner(self, name: str) -> list[Kernel]:
        return [kernel for kernel in self.kernels.values() if kernel.outer == name]

    def saved(self, name: str) -> int:
        """Merged frames in the kernels inside, less the largest number of each content."""
        counts = [Counter(kernel.frames) for kernel in self.inner(name)]
        contents = {state for count in counts for state in count} - {PLAIN, OUT}
        return sum(
            sum(count[key] for count in counts) - max(count[key] for count in counts)
            for key in contents
        )

    def used(self, name: str) -> int:
        private = sum(len(t.pages) - t.out for t in self.tenants.values() if t.kernel == name)
        mapped = sum(page.mapped for page in self.kernels[name].files)
        regions = sum(len(k.frames) - k.frames.count(OUT) for k in self.inner(name))
        return private + mapped + regions - self.saved(name)

    def occupied(self, name: str) -> int:
        return self.used(name) + self.kernels[name].clean()

    def stranded(self, name: str) -> int:
        kernel = self.kernels[name]
        return len(kernel.frames) - self.occupied(name) if kernel.outer else 0

    def swapped(self, name: str) -> int:
        accounts = sum(t.out for t in self.tenants.values() if t.kernel == name)
        return accounts + sum(k.frames.count(OUT) for k in self.inner(name))

    def swap_used(self) -> int:
        return sum(map(self.swapped, self.kernels))

    def cached_of(self, account: str) -> int:
        """Clean pages charged to an account or those nested in it."""
        names = {each.name for each in self.within(account)}
        kernel = self.kernels[self.tenants[account].kernel]
        return sum(kernel.clean(file) for file, who in kernel.reader.items() if who in names)

    def used_by(self, account: str) -> int:
        private = sum(len(each.pages) - each.out for each in self.within(account))
        return private + self.cached_of(account)

    def alike_in(self, name: str, content: str) -> int:
        tenants = [tenant for tenant in self.tenants.values() if tenant.kernel == name]
        return sum(n for t in tenants for key, n in t.alike.items() if key[2] == content)

    def present(self, name: str, content: str) -> int:
        pages = [page for page in self.kernels[name].files if page.file == content]
        return len(pages) + self.alike_in(name, content)

    def components(self) -> Counter[str]:
        """Count each page of the host under its component, net files once for the host."""
        total: Counter[str] = Counter()
        seen: set[tuple[str, str, int]] = set()
        for tenant in self.tenants.values():
            total.update(page.component for page in tenant.pages)
        for name, kernel in self.kernels.items():
            total["stranded"] += self.stranded(name)
            total["credit.swapped"] -= self.swapped(name)
            total["credit.merged"] -= self.saved(name)
            for page in kernel.files:
                if page.mapped:
                    component = kernel.component[page.file]
                    at = (component, page.file, page.index)
                    again = component.startswith("net.") and at in seen
                    total[component.replace("net.", "duplicate.") if again else component] += 1
                    seen.add(at)
                elif kernel.outer is not None:
                    total[kernel.cache_component[page.file]] += 1
        return total

    # What is opened and closed

    def open_kernel(self, kernel: Kernel) -> None:
        with self.all_or_nothing():
            if kernel.reserved and kernel.outer is not None:
                self.make_room(kernel.outer, kernel.capacity)
                kernel.frames = [PLAIN] * kernel.capacity
            self.kernels[kernel.name] = kernel
            self.holders.append(kernel.name)
            self.settle(kernel.outer)

    def settle(self, name: str | None) -> None:
        """Let regions grow to what is held inside, outwards."""
        while name is not None:
            kernel = self.kernels[name]
            if kernel.outer is not None:
                kernel.frames += [PLAIN] * (self.occupied(name) - len(kernel.frames))
            name = kernel.outer

    def close_kernel(self, name: str) -> None:
        for kernel in self.inner(name):
            self.close_kernel(kernel.name)
        for tenant in [t.name for t in self.tenants.values() if t.kernel == name]:
            del self.tenants[tenant]
            self.holders.remove(tenant)
        del self.kernels[name]
        self.holders.remove(name)

    def open_account(self, tenant: Tenant) -> None:
        self.tenants[tenant.name] = tenant
        self.holders.append(tenant.name)

    def close_account(self, name: str) -> None:
        for nested in [t.name for t in self.tenants.values() if t.parent == name]:
            self.close_account(nested)
        tenant = self.tenants[name]
        kernel = self.kernels[tenant.kernel]
        for component in {page.component for page in tenant.pages}:
            self.discharge(name, component, len(tenant.pages))
        files = [file for who, file in kernel.mappings if who == name]
        for file in sorted(files, key=files.index):
            self.unmap(name, file)
        for file in [file for file, who in kernel.reader.items() if who == name]:
            self.charge_cache(kernel, file, tenant.parent)
        del self.tenants[name]
        self.holders.remove(name)

    @staticmethod
    def charge_cache(kernel: Kernel, file: str, reader: str | None) -> None:
        kernel.reader.pop(file, None)
        if reader is not None:
            kernel.reader[file] = reader

    # What accounts do

    def charge(
        self, name: str, component: str, size: int, pinned: bool, content: str, alike: int
    ) -> None:
        with self.all_or_nothing():
            tenant = self.tenants[name]
            self.make_room(tenant.kernel, size, account=name)
            tenant.pages += [Private(component, pinned) for _ in range(size)]
            key = (component, pinned, content)
            if alike:
                self.resize_alike(tenant, key, tenant.alike.get(key, 0) + alike)
            self.settle(tenant.kernel)

    def discharge(self, name: str, component: str, size: int) -> None:
        """Give back pages that are not pinned, swapped out ones first, and then pinned ones."""
        tenant = self.tenants[name]
        for pinned in (False, True):
            kind = [p for p in tenant.pages if (p.component, p.pinned) == (component, pinned)]
            going = kind[:size]
            size -= len(going)
            for key, alike in tenant.alike.items():
                if key[:2] == (component, pinned) and going:
                    left = len(kind) - len(going)
                    self.resize_alike(tenant, key, alike * left // len(kind))
            tenant.out -= 0 if pinned else min(tenant.out, len(going))
            tenant.pages = [page for page in tenant.pages if not any(page is g for g in going)]

    def resize_alike(self, tenant: Tenant, key: tuple[str, bool, str], size: int) -> None:
        before = tenant.alike.get(key, 0)
        tenant.alike[key] = size
        kernel, content = self.kernels[tenant.kernel], key[2]
        is_known, is_there = content in kernel.contents, self.alike_in(kernel.name, content) > 0
        if is_there and not is_known:
            kernel.contents.append(content)
        if is_known and not is_there:
            kernel.contents.remove(content)
        if size < before:
            self.note_loss(kernel, content)

    def swap_in(self, name: str, size: int) -> int:
        with self.all_or_nothing():
            tenant = self.tenants[name]
            size = min(size, tenant.out)
            self.make_room(tenant.kernel, size, account=name)
            tenant.out -= size
            self.settle(tenant.kernel)
            return size

    def reclaim_high(self, name: str) -> int:
        high = self.tenants[name].high
        while high is not None and self.used_by(name) > high:
            if not self.give_one_within(name, None):
                return self.used_by(name) - high
        return 0

    # Files

    def map(self, name: str, file: str, size: int, component: str) -> None:
        with self.all_or_nothing():
            kernel = self.kernels[self.tenants[name].kernel]
            wanted = max(0, size - sum(p.mapped for p in kernel.files if p.file == file))
            reused = min(wanted, kernel.clean(file))
            self.make_room(kernel.name, wanted - reused, keep=file)
            for page in [p for p in kernel.files if p.file == file and not p.mapped][:reused]:
                page.mapped = True
            kernel.files += [FilePage(file, 0, True) for _ in range(wanted - reused)]
            if file not in kernel.copies:
                kernel.copies.append(file)
                kernel.component[file] = component
            kernel.mappings.append((name, file))
            kernel.tidy()
            self.settle(kernel.name)

    def unmap(self, name: str, file: str) -> None:
        """Take one mapping off; after the last, pages stay as clean ones where limits allow."""
        kernel = self.kernels[self.tenants[name].kernel]
        kernel.mappings.reverse()
        kernel.mappings.remove((name, file))  # the latest of several
        kernel.mappings.reverse()
        if any(mapped == file for _, mapped in kernel.mappings):
            return
        kernel.copies.remove(file)
        freed = [page for page in kernel.files if page.file == file and page.mapped]
        kernel.files = [page for page in kernel.files if not any(page is f for f in freed)]
        reader = kernel.reader.get(file)
        while freed and self.can_cache(kernel, file, reader):
            if reader is not None:
                self.keep_limits(reader, 1, file)
            kernel.cache_component.setdefault(file, "boundary.guest-cache")
            kernel.files.append(freed.pop())
            kernel.files[-1].mapped = False
            kernel.use(file)
        if freed:
            self.note_loss(kernel, file)
        kernel.tidy()

    def cache(self, name: str, file: str, size: int, component: str, account: str | None) -> None:
        with self.all_or_nothing():
            kernel = self.kernels[name]
            resident = sum(page.file == file for page in kernel.files)
            reader = kernel.reader.get(file) if resident else account
            growth = 0
            while resident + growth < size and self.can_cache(kernel, file, reader, growth):
                growth += 1
            self.make_room(name, growth, keep=file, account=reader)
            kernel.cache_component.setdefault(file, component)
            kernel.files += [FilePage(file, 0, False) for _ in range(growth)]
            if kernel.clean(file):
                kernel.use(file)
            if growth:
                self.charge_cache(kernel, file, reader)
            kernel.tidy()
            self.settle(name)

    def can_cache(self, kernel: Kernel, file: str, reader: str | None, more: int = 0) -> bool:
        """Whether one page after `more` fits if all other clean pages were dropped."""
        clean = kernel.clean(file) + more
        fits = self.used(kernel.name) + clean < kernel.capacity
        for name in self.enclosing(reader):
            limit = self.tenants[name].limit
            firm = self.used_by(name) - self.cached_of(name)
            fits = fits and (limit is None or firm + clean < limit)
        return fits

    def note_loss(self, kernel: Kernel, content: str) -> None:
        present = self.present(kernel.name, content)
        if not any(page.file == content for page in kernel.files):
            kernel.reader.pop(content, None)
        if kernel.scanned:
            kernel.lost[content] = min(present, kernel.lost.get(content, present))

    # Making room

    def make_room(
        self, name: str, size: int, keep: str | None = None, account: str | None = None
    ) -> None:
        """Make room in a kernel, of which it first learns outside what its region lacks."""
        if not size:
            return
        kernel = self.kernels[name]
        kernel.asking = self.rehearse(name, size, keep, account)
        lost, kernel.lost = kernel.lost, {}
        if kernel.outer is not None:
            self.make_room(kernel.outer, kernel.asking.growth + self.cost(name, lost))
        most = len(kernel.frames) + kernel.asking.growth if kernel.outer else kernel.capacity
        kernel.asking = Asking()
        self.part(name, lost)
        for content, left in lost.items():
            if content in kernel.noted:
                kernel.noted[content] = min(kernel.noted[content], left)
        if account is not None:
            self.keep_limits(account, size, keep)
        self.free(name, size, keep, most)

    def rehearse(self, name: str, size: int, keep: str | None, account: str | None) -> Asking:
        """Find what a kernel frees itself, of clean pages too, and what its region then lacks."""
        trial = copy.deepcopy(self)
        before = trial.occupied(name), trial.kernels[name].clean()
        if account is not None:
            trial.keep_limits(account, size, keep)
        freed, clean = before[0] - trial.occupied(name), before[1] - trial.kernels[name].clean()
        over = max(0, trial.occupied(name) + size - trial.kernels[name].capacity)
        lacking = trial.occupied(name) + size - over - len(self.kernels[name].frames)
        return Asking(size, max(0, lacking), keep, freed + over, clean + over)

    def keep_limits(self, account: str, size: int, keep: str | None) -> None:
        for name in self.enclosing(account):
            limit = self.tenants[name].limit
            while limit is not None and self.used_by(name) + size > limit:
                if not self.give_one_within(name, keep):
                    raise RefusedError(name)

    def free(self, name: str, size: int, keep: str | None, most: int) -> None:
        while self.occupied(name) + size > most:
            if not self.give_one(name, keep):
                raise RefusedError(name)

    def give_one(self, name: str, keep: str | None) -> bool:
        """Let one page of a kernel give way: clean, ballooned or swapped out."""
        kernel = self.kernels[name]
        holders = [holder for holder in self.holders if self.kernel_around(holder) == name]
        return (
            self.drop_one(kernel, keep, None)
            or self.balloon_one(name, is_clean=False)
            or self.balloon_one(name, is_clean=True)
            or self.swap_one(name, holders)
        )

    def give_one_within(self, account: str, keep: str | None) -> bool:
        kernel = self.kernels[self.tenants[account].kernel]
        names = {each.name for each in self.within(account)}
        holders = [holder for holder in self.holders if holder in names]
        return self.drop_one(kernel, keep, names) or self.swap_one(kernel.name, holders)

    def kernel_around(self, holder: str) -> str | None:
        tenant = self.tenants.get(holder)
        return self.kernels[holder].outer if tenant is None else tenant.kernel

    def drop_one(self, kernel: Kernel, keep: str | None, readers: set[str] | None) -> bool:
        for file in kernel.clean_order:
            if file != keep and (readers is None or kernel.reader.get(file) in readers):
                clean = [p for p in kernel.files if p.file == file and not p.mapped]
                kernel.files = [page for page in kernel.files if page is not clean[-1]]
                kernel.tidy()
                self.note_loss(kernel, file)
                return True
        return False

    def balloon_one(self, name: str, *, is_clean: bool) -> bool:
        """Take a stranded frame back from a kernel inside, or one that held a clean page."""
        inner = [kernel for kernel in self.inner(name) if kernel.balloon]
        for kernel in sorted(inner, key=lambda kernel: kernel.last_used):
            asking = kernel.asking
            spare = self.stranded(kernel.name) + asking.freed - asking.size
            if is_clean:
                spare = kernel.clean() - kernel.clean_of(asking.keep) - asking.freed_clean
            if min(spare, self.evictable(kernel.name)) > 0:
                if is_clean:
                    self.drop_one(kernel, asking.keep, None)
                kernel.frames.remove(PLAIN)
                return True
        return False

    def swap_one(self, name: str, holders: list[str]) -> bool:
        """Swap out one page of the least recently used: one that is not in use, if any has it."""
        if self.swapped(name) >= self.kernels[name].swap:
            return False
        for amount in (self.cold, self.evictable):
            having = [holder for holder in holders if amount(holder) > 0]
            if having:
                self.evict(min(having, key=self.last_used))
                return True
        return False

    def last_used(self, holder: str) -> int:
        tenant = self.tenants.get(holder)
        return self.kernels[holder].last_used if tenant is None else tenant.last_used

    def cold(self, holder: str) -> int:
        tenant = self.tenants.get(holder)
        if tenant is not None:
            hot = int(tenant.active * tenant.loose)
            return min(self.evictable(holder), tenant.loose - hot - tenant.out)
        kernel = self.kernels[holder]
        hot = int(kernel.active * self.used(holder))
        return min(self.evictable(holder), len(kernel.frames) - hot - kernel.frames.count(OUT))

    def evictable(self, holder: str) -> int:
        tenant = self.tenants.get(holder)
        if tenant is None:
            asking, kernel = self.kernels[holder].asking, self.kernels[holder]
            kept = asking.size - asking.growth + kernel.clean_of(asking.keep)
            return kernel.frames.count(PLAIN) - kept
        left = tenant.loose - tenant.out
        for name in self.enclosing(holder):
            limit = self.tenants[name].swap_limit
            if limit is not None:
                left = min(left, limit - sum(each.out for each in self.within(name)))
        return left

    def evict(self, holder: str) -> None:
        tenant = self.tenants.get(holder)
        if tenant is None:
            frames = self.kernels[holder].frames
            frames[frames.index(PLAIN)] = OUT
            return
        tenant.out += 1
        left = tenant.loose - tenant.out
        for key, alike in tenant.alike.items():
            if not key[1]:
                self.resize_alike(tenant, key, min(left, alike))
                left -= tenant.alike[key]

    # Regions

    def give_back(self, name: str, size: int, drop_cache: bool) -> int:
        """Give frames back, plain ones first, then swapped out, then freed merged ones."""
        kernel = self.kernels[name]
        if kernel.outer is None or (kernel.reserved and not kernel.balloon):
            return 0
        given = min(size, self.stranded(name))
        while drop_cache and given < size and self.drop_one(kernel, None, None):
            given += 1
        before = self.used(kernel.outer)
        for _ in range(given):
            kernel.frames.remove(self.first_to_go(kernel))
        return before - self.used(kernel.outer)

    def first_to_go(self, kernel: Kernel) -> str:
        for state in (PLAIN, OUT):
            if state in kernel.frames:
                return state
        merged = [key for key in kernel.stable_order if key in kernel.frames]
        return next(k for k in merged if kernel.frames.count(k) > self.present(kernel.name, k))

    def swap_in_region(self, name: str, size: int) -> int:
        with self.all_or_nothing():
            kernel = self.kernels[name]
            size = min(size, kernel.frames.count(OUT))
            if kernel.outer is not None:
                self.make_room(kernel.outer, size)
            for _ in range(size):
                kernel.frames[kernel.frames.index(OUT)] = PLAIN
            self.settle(kernel.outer)
            return size

    # Merging

    def part(self, name: str, sizes: dict[str, int]) -> None:
        """Make merged frames plain above the number given for each content."""
        kernel = self.kernels[name]
        for content, size in sizes.items():
            while kernel.frames.count(content) > size:
                kernel.frames[kernel.frames.index(content)] = PLAIN
        self.settle(kernel.outer)

    def cost(self, name: str, sizes: dict[str, int]) -> int:
        """Frames that the outer kernel needs to part those."""
        trial = copy.deepcopy(self)
        outer = str(self.kernels[name].outer)
        for content, size in sizes.items():
            frames = trial.kernels[name].frames
            while frames.count(content) > size:
                frames[frames.index(content)] = PLAIN
        return self.saved(outer) - trial.saved(outer)

    def part_in_room(self, name: str, sizes: dict[str, int]) -> None:
        kernel = self.kernels[name]
        self.make_room(str(kernel.outer), self.cost(name, sizes))
        self.part(name, sizes)

    def add(self, name: str) -> None:
        self.kernels[name].scanned = True

    def remove(self, name: str) -> None:
        with self.all_or_nothing():
            kernel = self.kernels[name]
            self.part_in_room(name, dict.fromkeys(kernel.merged(), 0))
            kernel.scanned, kernel.noted, kernel.lost = False, {}, {}

    def visit(self, name: str, share: float) -> None:
        """Merge what was there at the previous visit, all the time since, and is unchanged."""
        with self.all_or_nothing():
            kernel = self.kernels[name]
            unchanged = {
                key: int(
                    min(size, self.present(name, key), kernel.lost.get(key, size)) * (1 - share)
                )
                for key, size in kernel.noted.items()
            }
            self.part_in_room(name, {key: unchanged.get(key, 0) for key in kernel.merged()})
            contents = [*kernel.copies, *kernel.clean_order, *kernel.contents]
            kernel.noted = {key: self.present(name, key) for key in contents}
            kernel.lost = {
                key: self.present(name, key)
                for key in kernel.merged()
                if kernel.frames.count(key) > self.present(name, key)
            }
            for key, size in unchanged.items():
                self.merge(kernel, key, min(size, kernel.noted.get(key, 0)))

    @staticmethod
    def merge(kernel: Kernel, content: str, size: int) -> None:
        while kernel.frames.count(content) < size and PLAIN in kernel.frames:
            if content not in kernel.frames:
                kernel.stable_order = [k for k in kernel.stable_order if k != content] + [content]
            kernel.frames[kernel.frames.index(PLAIN)] = content

    def dirty(self, name: str, content: str, size: int) -> None:
        with self.all_or_nothing():
            kernel = self.kernels[name]
            merged = kernel.frames.count(content)
            self.part_in_room(name, {content: max(0, merged - size)})
            if content in kernel.noted:
                kernel.noted[content] = max(0, kernel.noted[content] - size)
