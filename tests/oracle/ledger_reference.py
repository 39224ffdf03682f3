"""The same books in the plainest form: every page is an entry, every total counts them all.

A byte stands for a page. Pages are added one at a time, each making its own room, and an
operation that meets a full place puts back a copy of everything as it was before.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction


class RefusedError(Exception):
    """A page found no room, or a limit was passed."""


@dataclass
class FilePage:
    """One page of a file in one kernel; `payer` is who first mapped it, if it is mapped."""

    payer: str | None = None


@dataclass
class Kernel:
    """All pages of one kernel, and who maps which file."""

    capacity: int
    outer: str | None
    touched: int = 0
    anonymous: list[tuple[str, str]] = field(default_factory=list)  # (account, component)
    pages: dict[tuple[str, int], FilePage] = field(default_factory=dict)  # by (file, index)
    mappings: list[tuple[str, str]] = field(default_factory=list)  # (account, file), oldest first
    component: dict[str, str] = field(default_factory=dict)  # of a mapped file
    cache_component: dict[str, str] = field(default_factory=dict)
    last_use: dict[str, int] = field(default_factory=dict)

    def mapped(self) -> list[tuple[str, int]]:
        return [at for at, page in self.pages.items() if page.payer is not None]

    def mappings_of(self, file: str) -> int:
        return sum(mapped == file for _, mapped in self.mappings)

    def clean(self) -> list[tuple[str, int]]:
        return [at for at, page in self.pages.items() if page.payer is None]


@dataclass
class Tenant:
    """An account: its kernel, the account around it and its limit."""

    kernel: str
    parent: str | None
    limit: int | None


@dataclass
class Machine:
    """A host with its kernels and accounts, by name; the kernel `host` is the outermost."""

    kernels: dict[str, Kernel]
    tenants: dict[str, Tenant] = field(default_factory=dict)
    clock: int = 0

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        before = pickle.dumps(self.__dict__)
        try:
            yield
            self._check_limits()
        except RefusedError:
            self.__dict__.update(pickle.loads(before))
            raise

    def _check_limits(self) -> None:
        for name, tenant in self.tenants.items():
            if tenant.limit is not None and self.tenant_used(name) > tenant.limit:
                raise RefusedError(name)

    # What happens

    def open_kernel(self, name: str, outer: str, capacity: int, reserve: bool) -> None:
        with self.all_or_nothing():
            self.kernels[name] = Kernel(capacity, outer)
            for _ in range(capacity if reserve else 0):
                self._make_room(outer)
                self.kernels[name].touched += 1

    def close_kernel(self, name: str) -> None:
        for inner in [k for k, kernel in self.kernels.items() if kernel.outer == name]:
            self.close_kernel(inner)
        del self.kernels[name]

    def open_account(self, name: str, kernel: str, parent: str | None, limit: int | None) -> None:
        self.tenants[name] = Tenant(kernel, parent, limit)

    def charge(self, account: str, component: str, size: int) -> None:
        kernel = self.tenants[account].kernel
        with self.all_or_nothing():
            for _ in range(size):
                self._make_room(kernel)
                self.kernels[kernel].anonymous.append((account, component))

    def discharge(self, account: str, component: str, size: int) -> None:
        for _ in range(size):
            self.kernels[self.tenants[account].kernel].anonymous.remove((account, component))

    def map(self, account: str, file: str, size: int, component: str) -> None:
        name = self.tenants[account].kernel
        with self.all_or_nothing():
            for index in range(size):
                self._map_page(name, (file, index), account)
            kernel = self.kernels[name]
            if not kernel.mappings_of(file):
                kernel.component[file] = component
            kernel.mappings.append((account, file))

    def _map_page(self, name: str, at: tuple[str, int], account: str) -> None:
        if at not in self.kernels[name].pages:
            self._make_room(name)
        page = self.kernels[name].pages.setdefault(at, FilePage())
        page.payer = page.payer or account

    def unmap(self, account: str, file: str) -> None:
        kernel = self.kernels[self.tenants[account].kernel]
        kernel.mappings.reverse()
        kernel.mappings.remove((account, file))  # the latest of several
        kernel.mappings.reverse()
        if not kernel.mappings_of(file):
            for at in [at for at in kernel.mapped() if at[0] == file]:
                kernel.pages[at].payer = None
                kernel.cache_component.setdefault(file, "boundary.guest-cache")
                self._use(kernel, file)

    def forget(self, name: str, file: str) -> None:
        """Drop what is clean of a file, as a disk does with what nobody holds."""
        pages = self.kernels[name].pages
        for at in [at for at in self.kernels[name].clean() if at[0] == file]:
            del pages[at]

    def cache(self, name: str, file: str, size: int, component: str) -> None:
        with self.all_or_nothing():
            kernel = self.kernels[name]
            kernel.cache_component.setdefault(file, component)
            self._use(kernel, file)
            for index in range(size):
                others = any(at[0] != file for at in kernel.clean())
                full = self.occupied(name) == kernel.capacity and not others
                if (file, index) not in kernel.pages and not full:
                    self._make_room(name)
                    kernel.pages[file, index] = FilePage()

    def close_account(self, account: str) -> None:
        for inner in [t for t, tenant in self.tenants.items() if tenant.parent == account]:
            self.close_account(inner)
        kernel = self.kernels[self.tenants[account].kernel]
        kernel.anonymous = [page for page in kernel.anonymous if page[0] != account]
        files = self.mapped_by(account)
        for file in sorted(files, key=files.index):
            self.unmap(account, file)

    def _use(self, kernel: Kernel, file: str) -> None:
        self.clock += 1
        kernel.last_use[file] = self.clock

    def _make_room(self, name: str) -> None:
        """Make room for one page, which the caller then adds."""
        kernel = self.kernels[name]
        if self.occupied(name) >= kernel.capacity:
            if not kernel.clean():
                raise RefusedError(name)
            del kernel.pages[min(kernel.clean(), key=self._drop_order(kernel))]
        if self.occupied(name) == kernel.touched:
            if kernel.outer is not None:
                self._make_room(kernel.outer)
            kernel.touched += 1

    @staticmethod
    def _drop_order(kernel: Kernel) -> Callable[[tuple[str, int]], tuple[int, int]]:
        return lambda at: (kernel.last_use[at[0]], -at[1])

    # What is there

    def used(self, name: str) -> int:
        kernel = self.kernels[name]
        inner = sum(k.touched for k in self.kernels.values() if k.outer == name)
        return len(kernel.anonymous) + len(kernel.mapped()) + inner

    def occupied(self, name: str) -> int:
        return self.used(name) + len(self.kernels[name].clean())

    def stranded(self, name: str) -> int:
        kernel = self.kernels[name]
        return kernel.touched - self.occupied(name) if kernel.outer else 0

    def resident(self, name: str, file: str) -> int:
        return sum(at[0] == file for at in self.kernels[name].pages)

    def mapped_by(self, account: str) -> list[str]:
        """Files that an account maps, once for each of its mappings, oldest first."""
        mappings = self.kernels[self.tenants[account].kernel].mappings
        return [file for who, file in mappings if who == account]

    def tenant_used(self, account: str) -> int:
        kernel = self.kernels.get(self.tenants[account].kernel)
        if kernel is None:
            return 0
        payers = [owner for owner, _ in kernel.anonymous]
        return sum(account in self._with_enclosing(payer) for payer in payers)

    def _with_enclosing(self, account: str) -> Iterator[str]:
        at: str | None = account
        while at is not None:
            yield at
            at = self.tenants[at].parent

    def pss(self, account: str) -> Fraction:
        kernel = self.kernels[self.tenants[account].kernel]
        mapped = Counter(file for file, _ in kernel.mapped())
        private = sum(owner == account for owner, _ in kernel.anonymous)
        shares = (
            Fraction(mapped[file], kernel.mappings_of(file)) for file in self.mapped_by(account)
        )
        return private + sum(shares, Fraction(0))

    def components(self) -> Counter[str]:
        """Count each page of the host under its component, net files once for the host."""
        total: Counter[str] = Counter()
        seen: set[tuple[str, str, int]] = set()
        for name, kernel in self.kernels.items():
            total.update(component for _, component in kernel.anonymous)
            total["stranded"] += self.stranded(name)
            for file, index in kernel.mapped():
                component = kernel.component[file]
                again = component.startswith("net.") and (component, file, index) in seen
                total[component.replace("net.", "duplicate.") if again else component] += 1
                seen.add((component, file, index))
            if kernel.outer is not None:
                total.update(kernel.cache_component[file] for file, _ in kernel.clean())
        return +total
