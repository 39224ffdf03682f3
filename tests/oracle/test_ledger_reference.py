"""Random lives of a host's memory and disk agree, step by step, with counting every page."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import ClassVar, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.ledger_reference import Kernel, Machine, RefusedError

from sim.resources.memory import Account, Exhausted, Ledger
from sim.resources.space import DiskFull, Space
from sim.resources.stock import Full, Stock

T = TypeVar("T")
StockT = TypeVar("StockT", bound=Stock)

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "100"))  # raise it for a longer search
FILES = ("libc", "app", "model")
PRIVATE = ("net.private", "boundary.vmm")
MAPPED = ("net.files", "net.runtime", "boundary.text")
CACHED = ("boundary.guest-cache", "boundary.boot_cache")
CAPACITY = 80

Step = tuple[str, int, int, int]


def pick(choices: list[T] | tuple[T, ...], number: int) -> T:
    return choices[number % len(choices)]


def short_life(kinds: dict[str, int]) -> st.SearchStrategy[list[Step]]:
    """Steps that hypothesis can shrink to the few that show a fault."""
    number = st.integers(0, 99)
    step = st.tuples(st.sampled_from(list(kinds)), number, number, st.integers(0, 15))
    return st.lists(step, max_size=40)


def long_life(kinds: dict[str, int], numbers: random.Random) -> list[Step]:
    """Many steps, so that everything is full most of the time."""
    chosen = numbers.choices(list(kinds), weights=list(kinds.values()), k=250)
    draw = numbers.randrange
    return [(kind, draw(100), draw(100), draw(16)) for kind in chosen]


class Twins:
    """A host's real books beside their plain form; `kinds` weighs the steps of a life."""

    refusal: type[Full]
    kinds: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        self.plain = Machine({"host": Kernel(CAPACITY, None)})
        self.names = 0

    def new_name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def both(self, real: Callable[[], object], plain: Callable[[], object]) -> bool:
        """Do one thing on both sides; both take it, or both refuse and are as before."""
        before = self.state()
        try:
            plain()
        except RefusedError:
            with pytest.raises(self.refusal) as refused:
                real()
            assert refused.value.needed > refused.value.available >= 0
            assert self.state() == before
            return False
        real()
        return True

    def state(self) -> object:
        raise NotImplementedError

    def perform(self, step: Step) -> None:
        kind, *numbers = step
        getattr(self, kind)(*numbers)


def check_stocks(stocks: dict[str, StockT], plain: Machine, root: Stock) -> None:
    """Compare every total of both sides and check the invariants."""
    components = {c: size for c, size in root.components.items() if size}
    assert components == plain.components()
    assert sum(components.values()) == root.gross == plain.used("host")
    assert root.gross + root.cached <= root.capacity
    for name, stock in stocks.items():
        assert stock.used == plain.used(name)
        assert stock.used + stock.cached == plain.occupied(name)
        assert stock.stranded == plain.stranded(name)
        assert stock.touched == plain.kernels[name].touched
        assert stock.used + stock.cached <= stock.touched <= stock.capacity


class MemoryTwins(Twins):
    """A host's memory beside its pages in plain dicts."""

    refusal = Exhausted
    kinds: ClassVar[dict[str, int]] = {
        "charge": 8, "map": 8, "cache": 8, "discharge": 4, "unmap": 4, "account": 4,
        "guest": 2, "close_account": 1, "close_guest": 1,
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.root = Ledger(CAPACITY)
        self.ledgers = {"host": self.root}
        self.accounts: dict[str, Account] = {}
        self.account(0, 0, 24)

    def state(self) -> object:
        ledgers = [(n, x.used, x.cached, x.touched) for n, x in self.ledgers.items()]
        return dict(self.root.components), set(self.root.changed), ledgers, self.account_state()

    def account_state(self) -> list[tuple[int, dict[str, int], float]]:
        return [(a.used, dict(a.private), a.pss()) for a in self.accounts.values()]

    def guest(self, a: int, b: int, n: int) -> None:
        outer, name = pick(list(self.ledgers), a), self.new_name()

        def open_guest() -> None:
            self.ledgers[name] = Ledger(2 * n, outer=self.ledgers[outer], reserve=b % 3 == 0)

        self.both(open_guest, lambda: self.plain.open_kernel(name, outer, 2 * n, b % 3 == 0))
        if name in self.ledgers:
            self.new_account(self.ledgers[name], None, None)

    def account(self, a: int, b: int, n: int) -> None:
        limit = 2 * n if b % 3 else None
        if b % 2 and self.accounts:
            parent = pick(list(self.accounts), a)
            self.new_account(self.accounts[parent], parent, limit)
        else:
            self.new_account(pick(list(self.ledgers.values()), a), None, limit)

    def new_account(self, within: Ledger | Account, parent: str | None, limit: int | None) -> None:
        name = self.new_name()
        account = self.accounts[name] = Account(within, limit=limit)
        kernel = next(k for k, ledger in self.ledgers.items() if ledger is account.ledger)
        self.plain.open_account(name, kernel, parent, limit)

    def charge(self, a: int, b: int, n: int) -> None:
        name, component = pick(list(self.accounts), a), pick(PRIVATE, b)
        real = self.accounts[name]
        self.both(lambda: real.charge(component, n), lambda: self.plain.charge(name, component, n))

    def discharge(self, a: int, b: int, n: int) -> None:
        name, component = pick(list(self.accounts), a), pick(PRIVATE, b)
        real = self.accounts[name]
        size = min(n, real.private.get(component, 0))
        real.discharge(component, size)
        self.plain.discharge(name, component, size)

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
        name, file, component = pick(list(self.ledgers), a), pick(FILES, b), pick(CACHED, b // 3)
        real = self.ledgers[name]
        self.both(
            lambda: real.cache(file, n, component),
            lambda: self.plain.cache(name, file, n, component),
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
        self.accounts = {n: account for n, account in self.accounts.items() if not account.closed}
        if not self.accounts:
            self.new_account(self.root, None, None)

    def check(self) -> None:
        check_stocks(self.ledgers, self.plain, self.root)
        assert self.root.page_cache == len(self.plain.kernels["host"].clean())
        for name, ledger in self.ledgers.items():
            for file in FILES:
                assert ledger.resident(file) == self.plain.resident(name, file)
        for name, account in self.accounts.items():
            assert account.used == self.plain.tenant_used(name)
            assert account.pss() == pytest.approx(float(self.plain.pss(name)), rel=1e-12)

    def empty(self) -> None:
        """Close all accounts and guests: only clean cache of the host may stay."""
        for account in self.accounts.values():
            account.close()
        for ledger in self.ledgers.values():
            if ledger is not self.root:
                ledger.close()
        assert self.root.gross == 0
        assert not any(self.root.components.values())


class SpaceTwins(Twins):
    """A host's disk beside its blocks in plain dicts: a holder is a mapping by one account."""

    refusal = DiskFull
    kinds: ClassVar[dict[str, int]] = {
        "write": 8, "hold": 8, "free": 4, "release": 4, "guest": 2, "delete": 1, "close_guest": 1,
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.root = Space(CAPACITY)
        self.spaces = {"host": self.root}
        self.open_owners("host")

    def state(self) -> object:
        spaces = [(n, x.used, x.touched) for n, x in self.spaces.items()]
        return dict(self.root.components), set(self.root.changed), spaces

    def open_owners(self, disk: str) -> None:
        for owner in ("store", "one", "two"):
            self.plain.open_account(f"{disk} {owner}", disk, None, None)

    def guest(self, a: int, b: int, n: int) -> None:
        outer, name = pick(list(self.spaces), a), self.new_name()

        def open_guest() -> None:
            self.spaces[name] = Space(2 * n, outer=self.spaces[outer], reserve=b % 3 == 0)

        if self.both(open_guest, lambda: self.plain.open_kernel(name, outer, 2 * n, b % 3 == 0)):
            self.open_owners(name)

    def pick_writer(self, a: int, b: int) -> tuple[str, str, str]:
        return pick(list(self.spaces), a), pick(("one", "two"), b), pick(PRIVATE, b // 2)

    def hold(self, a: int, b: int, n: int) -> None:
        disk, file, component = pick(list(self.spaces), a), pick(FILES, b), pick(MAPPED, b // 3)
        self.both(
            lambda: self.spaces[disk].hold(file, n, component),
            lambda: self.plain.map(f"{disk} store", file, n, component),
        )

    def release(self, a: int, b: int, n: int) -> None:
        disk, file = pick(list(self.spaces), a), pick(FILES, b)
        if file in self.plain.mapped_by(f"{disk} store"):
            self.spaces[disk].release(file)
            self.plain.unmap(f"{disk} store", file)
            self.plain.forget(disk, file)

    def write(self, a: int, b: int, n: int) -> None:
        disk, owner, component = self.pick_writer(a, b)
        self.both(
            lambda: self.spaces[disk].write(owner, component, n),
            lambda: self.plain.charge(f"{disk} {owner}", component, n),
        )

    def free(self, a: int, b: int, n: int) -> None:
        disk, owner, component = self.pick_writer(a, b)
        held = self.plain.kernels[disk].anonymous.count((f"{disk} {owner}", component))
        self.spaces[disk].free(owner, component, min(n, held))
        self.plain.discharge(f"{disk} {owner}", component, min(n, held))

    def delete(self, a: int, b: int, n: int) -> None:
        disk, owner = pick(list(self.spaces), a), pick(("one", "two"), b)
        self.spaces[disk].delete(owner)
        self.plain.close_account(f"{disk} {owner}")

    def close_guest(self, a: int, b: int, n: int) -> None:
        name = pick(list(self.spaces), a)
        if name != "host":
            self.spaces[name].close()
            self.plain.close_kernel(name)
        self.spaces = {n: space for n, space in self.spaces.items() if not space.closed}

    def check(self) -> None:
        check_stocks(self.spaces, self.plain, self.root)

    def empty(self) -> None:
        self.root.close()
        assert self.root.gross == 0
        assert not any(self.root.components.values())


def live(twins: MemoryTwins | SpaceTwins, life: list[Step]) -> None:
    """Perform a life on both sides; compare all there is to see after each step."""
    for step in life:
        before = {**twins.root.components, "page_cache": twins.root.cached}
        twins.root.changed.clear()
        twins.perform(step)
        twins.check()
        after = {**twins.root.components, "page_cache": twins.root.cached}
        assert {c for c in after if after[c] != before.get(c, 0)} <= twins.root.changed
    twins.empty()


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(short_life(MemoryTwins.kinds))
def test_short_lives_of_memory_agree_with_counting_pages(life: list[Step]) -> None:
    live(MemoryTwins(), life)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(short_life(SpaceTwins.kinds))
def test_short_lives_of_a_disk_agree_with_counting_blocks(life: list[Step]) -> None:
    live(SpaceTwins(), life)


@pytest.mark.parametrize("twins", [MemoryTwins, SpaceTwins])
def test_long_lives_agree_with_counting(twins: type[MemoryTwins] | type[SpaceTwins]) -> None:
    for seed in range(EXAMPLES // 20):
        live(twins(), long_life(twins.kinds, random.Random(seed)))
