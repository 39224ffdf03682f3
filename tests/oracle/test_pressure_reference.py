"""Random lives of a host under pressure agree, step by step, with giving way page by page."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.pressure_reference import OUT, Kernel, Machine, RefusedError, Tenant

from sim.resources.memory import Account, Exhausted, Ledger
from sim.resources.merging import Merger

T = TypeVar("T")

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "100"))  # raise it for a longer search
FILES = ("libc", "app")
ALIKE = ("zero", "kernel")
PRIVATE = ("net.private", "boundary.kernel")
MAPPED = ("net.files", "boundary.text")
SHARES = (0.0, 0.25, 0.5, 1.0)
CAPACITY, SWAP = 60, (12, 0, 40, 100)
KINDS = {
    "charge": 12, "map": 8, "cache": 8, "discharge": 6, "unmap": 4, "account": 3, "guest": 3,
    "close_account": 1, "close_guest": 1, "use": 4, "swap_in": 4, "swap_in_region": 4,
    "give_back": 4, "high": 2, "scan": 2, "unscan": 1, "visit": 14, "dirty": 4,
}  # fmt: skip

Step = tuple[str, int, int, int]


def pick(choices: list[T] | tuple[T, ...], number: int) -> T:
    return choices[number % len(choices)]


class Twins:
    """A host's real ledgers and accounts by name, beside its pages in plain lists."""

    def __init__(self, swap: int) -> None:
        self.root = Ledger(CAPACITY, swap=swap)
        self.plain = Machine({"host": Kernel("host", CAPACITY, None, swap, False, False, 1.0)})
        self.ledgers = {"host": self.root}
        self.accounts: dict[str, Account] = {}
        self.mergers = {"host": Merger(self.root)}
        self.names = 0
        self.account(0, 0, 24)
        for number in (1, 2, 3):
            self.guest(0, number, 5)

    def both(self, real: Callable[[], object], plain: Callable[[], object]) -> bool:
        """Do one thing on both sides; both take it, or both refuse and are as before."""
        before = self.state()
        try:
            told = plain()
        except RefusedError:
            with pytest.raises(Exhausted) as refused:
                real()
            assert refused.value.needed > refused.value.available
            assert self.state() == before
            return False
        assert real() == told
        return True

    def state(self) -> object:
        """All that can be seen of the real side, the order in which cache is dropped included."""
        ledgers = [
            (n, x.used, x.cached, x.touched, x.out, x.merged, x.swapped, x.written_out, x.read_in)
            for n, x in self.ledgers.items()
        ]
        pages = [[(key, x.pages.reader(key)) for key in x.pages] for x in self.ledgers.values()]
        accounts = [
            (a.used, a.cached, a.swapped, a.swap_used, a.swappable, dict(a.private), a.pss())
            for a in self.accounts.values()
        ]
        saved = [merger.saved for merger in self.mergers.values()]
        return dict(self.root.components), ledgers, pages, accounts, saved

    # Steps: each takes three numbers, of which the last is small

    def guest(self, a: int, b: int, n: int) -> None:
        outer, name = pick(["host", *self.ledgers], a), self.new_name()
        capacity, reserve = 10 + 2 * n, b % 5 == 0
        balloon, swap, active = b % 3 == 0, pick((0, 0, 5), b // 4), pick((1.0, 0.5, 0.0), b // 3)

        def open_guest() -> None:
            self.ledgers[name] = Ledger(
                capacity, outer=self.ledgers[outer], reserve=reserve, swap=swap, balloon=balloon
            )
            self.ledgers[name].active = active

        kernel = Kernel(name, capacity, outer, swap, reserve, balloon, active)
        if self.both(open_guest, lambda: self.plain.open_kernel(kernel)):
            self.mergers[name] = Merger(self.ledgers[name])
            self.new_account(name, None, a, 15)
            if a % 2 == 0:
                self.mergers[outer].add(self.ledgers[name])
                self.plain.add(name)

    def account(self, a: int, b: int, n: int) -> None:
        if b % 2 and self.accounts:
            parent = pick(list(self.accounts), a)
            self.new_account(self.plain.tenants[parent].kernel, parent, b, n)
        else:
            self.new_account(pick(list(self.ledgers), a), None, b, n)

    def new_account(self, kernel: str, parent: str | None, b: int, n: int) -> None:
        name, active = self.new_name(), pick((1.0, 0.5, 0.3), b // 2)
        limit, high = (8 + n if b % 3 == 0 else None), (n if b % 5 else None)
        swap_limit = n // 2 if b % 4 == 0 else None
        self.accounts[name] = Account(
            self.ledgers[kernel] if parent is None else self.accounts[parent],
            limit=limit, high=high, swap_limit=swap_limit, active=active,
        )  # fmt: skip
        self.plain.open_account(Tenant(name, kernel, parent, limit, swap_limit, high, active))

    def new_name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def charge(self, a: int, b: int, n: int) -> None:
        name, component, content = pick(list(self.accounts), a), pick(PRIVATE, b), pick(ALIKE, b)
        real, pinned, alike = self.accounts[name], b % 5 == 0, n * (b % 4) // 3
        self.both(
            lambda: real.charge(component, n, pinned=pinned, content=content, alike=alike),
            lambda: self.plain.charge(name, component, n, pinned, content, alike),
        )

    def discharge(self, a: int, b: int, n: int) -> None:
        name, component = pick(list(self.accounts), a), pick(PRIVATE, b)
        size = min(n, self.accounts[name].private.get(component, 0))
        self.accounts[name].discharge(component, size)
        self.plain.discharge(name, component, size)

    def swap_in(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.accounts), a)
        self.both(
            lambda: self.accounts[name].swap_in(n),
            lambda: self.plain.swap_in(name, n),
        )

    def swap_in_region(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.ledgers), a)
        self.both(
            lambda: self.ledgers[name].swap_in_region(n),
            lambda: self.plain.swap_in_region(name, n),
        )

    def high(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.accounts), a)
        self.both(self.accounts[name].reclaim_high, lambda: self.plain.reclaim_high(name))

    def use(self, a: int, b: int, n: int) -> None:
        name = pick(self.plain.holders, a)
        account, tenant = self.accounts.get(name), self.plain.tenants.get(name)
        if account is not None and tenant is not None:
            account.last_used = tenant.last_used = b % 7
        else:
            self.ledgers[name].last_used = self.plain.kernels[name].last_used = b % 7

    def map(self, a: int, b: int, n: int) -> None:
        name, file, component = pick(list(self.accounts), a), pick(FILES, b), pick(MAPPED, b // 3)
        real = self.accounts[name]
        self.both(
            lambda: real.map(file, n, component),
            lambda: self.plain.map(name, file, n, component),
        )

    def unmap(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.accounts), a)
        if self.accounts[name].mapped:
            file = str(pick(list(self.accounts[name].mapped), b))
            self.accounts[name].unmap(file)
            self.plain.unmap(name, file)

    def cache(self, a: int, b: int, n: int) -> None:
        name, file, component = pick(list(self.ledgers), a), pick(FILES, b), "boundary.guest-cache"
        readers = [t.name for t in self.plain.tenants.values() if t.kernel == name]
        reader = pick([None, *readers], b)
        account = None if reader is None else self.accounts[reader]
        self.both(
            lambda: self.ledgers[name].cache(file, n, component, account),
            lambda: self.plain.cache(name, file, n, component, reader),
        )

    def give_back(self, a: int, b: int, n: int) -> None:
        name, drop = pick(list(self.ledgers), a), b % 2 == 0
        self.both(
            lambda: self.ledgers[name].give_back(n, drop_cache=drop),
            lambda: self.plain.give_back(name, n, drop),
        )

    def scan(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.ledgers), a)
        outer = self.plain.kernels[name].outer
        if outer is not None and not self.plain.kernels[name].scanned:
            self.mergers[outer].add(self.ledgers[name])
            self.plain.add(name)

    def pick_scanned(self, a: int) -> tuple[str, Merger, Ledger] | None:
        scanned = [name for name, kernel in self.plain.kernels.items() if kernel.scanned]
        if not scanned:
            return None
        name = pick(scanned, a)
        return name, self.mergers[str(self.plain.kernels[name].outer)], self.ledgers[name]

    def unscan(self, a: int, b: int, n: int) -> None:
        if found := self.pick_scanned(a):
            name, merger, ledger = found
            self.both(lambda: merger.remove(ledger), lambda: self.plain.remove(name))

    def visit(self, a: int, b: int, n: int) -> None:
        """Visit several regions, one after the other."""
        share = pick(SHARES, b // 8) if b % 8 == 0 else 0.0
        for found in filter(None, map(self.pick_scanned, range(a, a + n % 5))):
            name, merger, ledger = found
            self.visit_one(name, merger, ledger, share)

    def visit_one(self, name: str, merger: Merger, ledger: Ledger, share: float) -> None:
        self.both(lambda: merger.visit(ledger, share), lambda: self.plain.visit(name, share))

    def dirty(self, a: int, b: int, n: int) -> None:
        content = pick((*FILES, *ALIKE), b)
        if found := self.pick_scanned(a):
            name, merger, ledger = found
            self.both(
                lambda: merger.dirty(ledger, {content: n}),
                lambda: self.plain.dirty(name, content, n),
            )

    def close_account(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.accounts), a)
        self.accounts[name].close()
        self.plain.close_account(name)
        self.forget_closed()

    def close_guest(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.ledgers), a)
        if name != "host":
            self.ledgers[name].close()
            self.plain.close_kernel(name)
        self.forget_closed()

    def forget_closed(self) -> None:
        self.ledgers = {n: ledger for n, ledger in self.ledgers.items() if not ledger.closed}
        self.mergers = {n: merger for n, merger in self.mergers.items() if n in self.ledgers}
        self.accounts = {n: account for n, account in self.accounts.items() if not account.closed}
        if not self.accounts:
            self.new_account("host", None, 0, 0)

    # What must agree, and what must hold

    def check(self) -> None:
        components = {c: size for c, size in self.root.components.items() if size}
        assert components == {c: n for c, n in self.plain.components().items() if n}
        assert sum(components.values()) == self.root.gross == self.plain.used("host")
        assert all(size > 0 for c, size in components.items() if not c.startswith("credit."))
        assert self.root.swap_used == self.plain.swap_used()
        for name, ledger in self.ledgers.items():
            self.check_ledger(name, ledger)
        for name, account in self.accounts.items():
            self.check_account(name, account)

    def check_ledger(self, name: str, ledger: Ledger) -> None:
        kernel = self.plain.kernels[name]
        assert (ledger.used, ledger.cached) == (self.plain.used(name), kernel.clean())
        assert ledger.swapped == self.plain.swapped(name)
        assert ledger.swapped == ledger.written_out - ledger.read_in - self.freed(ledger)
        assert 0 <= ledger.swapped <= ledger.swap
        assert 0 <= ledger.used + ledger.cached <= ledger.touched <= ledger.capacity
        assert list(ledger.pages) == kernel.clean_order
        for file in FILES:
            assert ledger.resident(file) == sum(page.file == file for page in kernel.files)
        if ledger.outer is not None:
            assert ledger.touched == len(kernel.frames)
            assert ledger.out == kernel.frames.count(OUT)
            assert ledger.stranded == self.plain.stranded(name)
            assert ledger.out + ledger.merged <= ledger.touched
            assert ledger.merged == sum(kernel.frames.count(key) for key in kernel.merged())
        merger = self.mergers[name]
        assert merger.saved == self.plain.saved(name)
        shares = [merger.saved_by(inner) for inner in ledger.inner() if inner.merger]
        assert sum(shares) == pytest.approx(merger.saved)

    def freed(self, ledger: Ledger) -> int:
        """Swapped bytes that were given back unread: no more than were written and not read."""
        freed = ledger.written_out - ledger.read_in - ledger.swapped
        assert freed >= 0
        return freed

    def check_account(self, name: str, account: Account) -> None:
        tenant = self.plain.tenants[name]
        assert account.used == self.plain.used_by(name)
        assert account.cached == self.plain.cached_of(name)
        assert account.swapped == tenant.out
        assert account.resident == len(tenant.pages) - tenant.out
        assert account.swappable == tenant.loose - tenant.out >= 0
        assert account.swap_used == sum(each.out for each in self.plain.within(name))

    def empty(self) -> None:
        """Close all accounts and guests: only clean cache of the host may stay."""
        for account in self.accounts.values():
            account.close()
        for ledger in self.ledgers.values():
            if ledger is not self.root:
                ledger.close()
        assert self.root.gross == self.root.swap_used == self.mergers["host"].saved == 0
        assert not any(self.root.components.values())


def live(life: list[Step], swap: int) -> None:
    """Perform a life on both sides; compare all there is to see after each step."""
    twins = Twins(swap)
    for kind, *numbers in life:
        root = twins.root
        before = {**root.components, "page_cache": root.cached, "swap": root.swap_used}
        root.changed.clear()
        getattr(twins, kind)(*numbers)
        twins.check()
        after = {**root.components, "page_cache": root.cached, "swap": root.swap_used}
        assert {c for c in after if after[c] != before.get(c, 0)} <= root.changed
    twins.empty()


def short_life() -> st.SearchStrategy[list[Step]]:
    """Steps that hypothesis can shrink to the few that show a fault."""
    number = st.integers(0, 99)
    step = st.tuples(st.sampled_from(list(KINDS)), number, number, st.integers(0, 15))
    return st.lists(step, max_size=40)


def long_life(seed: int) -> list[Step]:
    """Many steps, so that everything is full most of the time."""
    numbers = random.Random(seed)
    chosen = numbers.choices(list(KINDS), weights=list(KINDS.values()), k=150)
    draw = numbers.randrange
    return [(kind, draw(100), draw(100), draw(16)) for kind in chosen]


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(short_life(), st.sampled_from(SWAP))
def test_short_lives_under_pressure_agree_with_giving_way_by_pages(
    life: list[Step], swap: int
) -> None:
    live(life, swap)


@pytest.mark.parametrize("seed", range(EXAMPLES // 4))
def test_long_lives_under_pressure_agree_with_giving_way_by_pages(seed: int) -> None:
    live(long_life(seed), pick(SWAP, seed))
