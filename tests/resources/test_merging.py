"""Stories of equal pages in several guests, with numbers worked out by hand in MiB."""

from __future__ import annotations

import pytest

from sim.resources.memory import SWAPPED, Account, Exhausted, Ledger
from sim.resources.merging import MERGED, Merger

MIB = 2**20


class Guests:
    """A host with guests that boot the same kernel, 100 of which is alike, and map one system."""

    def __init__(self, number: int, host: int = 10_000, swap: int = 0, system: int = 178) -> None:
        self.host = Ledger(host * MIB, swap=swap * MIB)
        self.merger = Merger(self.host)
        self.ledgers = [Ledger(512 * MIB, outer=self.host) for _ in range(number)]
        self.accounts = [Account(ledger) for ledger in self.ledgers]
        for ledger, account in zip(self.ledgers, self.accounts, strict=True):
            account.charge("boundary.kernel", 120 * MIB, content="linux", alike=100 * MIB)
            account.map("system", system * MIB, "boundary.system")
            self.merger.add(ledger)

    def visit(self, times: int = 1) -> int:
        """Visit all guests a number of times; return what is saved in MiB."""
        for ledger in self.ledgers * times:
            self.merger.visit(ledger)
        self.check()
        return self.saved

    @property
    def saved(self) -> int:
        return self.merger.saved // MIB

    def check(self) -> None:
        parts = [self.merger.saved_by(each) for each in self.ledgers if not each.closed]
        assert sum(parts) == pytest.approx(self.merger.saved)
        assert self.host.components.get(MERGED, 0) == -self.merger.saved
        assert sum(self.host.components.values()) == self.host.gross


def test_the_first_visit_notes_and_the_second_merges_all_copies_but_one() -> None:
    guests = Guests(10)
    assert (guests.visit(), guests.host.gross // MIB) == (0, 2980)
    assert (guests.visit(), guests.host.gross // MIB) == (9 * 278, 2980 - 9 * 278)
    assert guests.merger.saved_by(guests.ledgers[0]) / MIB == pytest.approx(9 * 278 / 10)


def test_a_content_is_merged_as_soon_as_two_guests_were_seen_twice() -> None:
    guests = Guests(3)
    seen = []
    for ledger in guests.ledgers * 2:
        guests.merger.visit(ledger)
        seen.append(guests.saved)
    assert seen == [0, 0, 0, 0, 278, 556]


def test_of_copies_of_different_sizes_the_largest_stays() -> None:
    guests = Guests(2)
    third = Ledger(512 * MIB, outer=guests.host)
    third.cache("system", 50 * MIB)
    guests.merger.add(third)
    guests.ledgers.append(third)
    assert guests.visit(2) == 278 + 50


def test_what_grew_is_stable_two_visits_later() -> None:
    guests = Guests(2)
    guests.visit(2)
    for account in guests.accounts:
        account.charge("boundary.kernel", 10 * MIB, content="linux", alike=10 * MIB)
    assert (guests.visit(), guests.visit()) == (278, 288)


def test_what_is_written_differs_until_two_visits_found_it_unchanged() -> None:
    guests = Guests(2)
    guests.visit(2)
    guests.merger.dirty(guests.ledgers[0], {"linux": 40 * MIB})
    assert (guests.saved, guests.host.gross // MIB) == (238, 2 * 298 - 238)
    assert (guests.visit(), guests.visit()) == (238, 278)


def test_a_visit_may_be_told_what_share_was_written() -> None:
    guests = Guests(2)
    guests.visit(2)
    guests.merger.visit(guests.ledgers[0], dirtied=0.5)
    assert guests.saved == 139
    guests.merger.visit(guests.ledgers[0], dirtied={"system": 78 * MIB})
    assert guests.saved == 100 + 100


def test_a_region_that_ends_or_is_no_longer_scanned_shares_nothing() -> None:
    guests = Guests(3)
    guests.visit(2)
    guests.ledgers[0].close()
    guests.check()
    assert (guests.saved, guests.host.gross // MIB) == (278, 298 + 20)
    guests.merger.remove(guests.ledgers[1])
    assert (guests.saved, guests.host.gross // MIB) == (0, 2 * 298)
    with pytest.raises(ValueError, match="cannot be scanned"):
        guests.merger.add(guests.ledgers[2])


def test_freed_pages_stay_merged_until_the_guest_takes_memory_again() -> None:
    """Freeing writes nothing, so it needs no memory; the pages differ when they are used."""
    guests = Guests(2)
    guests.visit(2)
    ledger, account = guests.ledgers[0], guests.accounts[0]
    account.discharge("boundary.kernel", 60 * MIB)
    assert guests.saved == 278
    account.charge("net.private", MIB)
    guests.check()
    assert guests.saved == 178 + 50
    assert (ledger.touched // MIB, guests.host.gross // MIB) == (298, 2 * 298 - 228)


def test_freed_pages_that_leave_the_region_are_forgotten() -> None:
    """298 touched, 278 of them merged; 120 freed: 20 that are not merged go first, then 100."""
    guests = Guests(2)
    guests.visit(2)
    guests.accounts[0].discharge("boundary.kernel", 120 * MIB)
    gross = guests.host.gross
    assert guests.ledgers[0].give_back(120 * MIB) == 20 * MIB
    guests.check()
    assert (guests.saved, (gross - guests.host.gross) // MIB) == (178, 20)


@pytest.mark.parametrize("is_used_again", [True, False])
def test_bytes_that_fall_and_rise_within_one_charge_are_not_stable(is_used_again: bool) -> None:
    """A full guest swaps 20 alike ones out and takes 20 alike ones: 80 are left of what was."""
    host = Ledger(1000 * MIB)
    merger = Merger(host)
    guests = [Ledger(100 * MIB, outer=host, swap=50 * MIB) for _ in range(2)]
    accounts = [Account(guest) for guest in guests]
    for account, guest in zip(accounts, guests, strict=True):
        account.charge("net.private", 100 * MIB, content="zero", alike=100 * MIB)
        merger.add(guest)
    for guest in guests * 2:
        merger.visit(guest)
    assert merger.saved == 100 * MIB
    accounts[0].charge("net.private", 20 * MIB, content="zero", alike=20 * MIB)
    if is_used_again:
        accounts[0].discharge("net.private", 1)
        accounts[0].charge("net.private", 1)
        assert merger.saved == 80 * MIB
    merger.visit(guests[0])
    assert merger.saved == 80 * MIB


def test_pinned_bytes_stay_alike_when_others_are_swapped_out() -> None:
    host = Ledger(1000 * MIB)
    guest = Ledger(100 * MIB, outer=host, swap=90 * MIB)
    account = Account(guest)
    account.charge("boundary.kernel", 40 * MIB, pinned=True, content="linux", alike=30 * MIB)
    account.charge("net.private", 60 * MIB, content="zero", alike=20 * MIB)
    account.charge("net.private", 50 * MIB)
    assert (guest.present("linux") // MIB, guest.present("zero") // MIB) == (30, 10)
    account.charge("net.private", 40 * MIB)
    assert (account.swapped // MIB, guest.present("linux") // MIB) == (90, 30)


def test_merged_pages_are_not_swapped_out_nor_swapped_ones_merged() -> None:
    """Of 298 each, 278 are merged, so 20 of each can go out; a newcomer needs 40 of them."""
    guests = Guests(2, host=600, swap=100)
    guests.visit(2)
    newcomer = Account(guests.host)
    newcomer.charge("net.private", (600 - 318) * MIB, pinned=True)
    newcomer.charge("net.private", 40 * MIB, pinned=True)
    assert [ledger.out // MIB for ledger in guests.ledgers] == [20, 20]
    with pytest.raises(Exhausted):
        newcomer.charge("net.private", MIB, pinned=True)
    assert guests.host.components[SWAPPED] == -40 * MIB
    assert guests.visit(2) == 278


def test_parting_takes_the_way_of_all_memory_or_changes_nothing() -> None:
    """A full host: 30 of cache make way for 30 written; for 31 more, nothing does."""
    guests = Guests(2, host=600)
    guests.visit(2)
    Account(guests.host).charge("net.private", (600 - 318 - 30) * MIB)
    guests.host.cache("disk", 30 * MIB)
    with pytest.raises(Exhausted) as refused:
        guests.merger.dirty(guests.ledgers[0], {"linux": 31 * MIB})
    assert (refused.value.where, guests.host.page_cache) == (guests.host, 30 * MIB)
    assert guests.saved == 278
    guests.merger.dirty(guests.ledgers[0], {"linux": 30 * MIB})
    assert (guests.saved, guests.host.page_cache) == (248, 0)
    with pytest.raises(Exhausted):
        guests.merger.remove(guests.ledgers[0])
    guests.check()


def test_cache_that_a_balloon_takes_for_a_visit_parts_when_it_is_used() -> None:
    """10 written pages need 10, for which 10 of the clean 50 go that two guests have alike."""
    guests = Guests(2, host=700)
    for ledger in guests.ledgers:
        ledger.cache("image", 50 * MIB)
    guests.visit(2)
    ledger, other = guests.ledgers[0], Account(guests.host)
    ledger.balloon = True
    other.charge("net.private", guests.host.capacity - guests.host.used)
    guests.merger.visit(ledger, {"linux": 10 * MIB})
    assert (ledger.cached // MIB, guests.saved) == (40, 318)
    other.close()
    guests.accounts[0].charge("net.private", MIB)
    guests.check()
    assert guests.saved == 308


def test_freed_merged_pages_are_paid_for_when_they_are_used() -> None:
    """The host is full, so that a guest that freed 60 cannot take even 1 where it lies."""
    guests = Guests(2, host=318 + 298)
    guests.visit(2)
    Account(guests.host).charge("net.private", 298 * MIB)
    account = guests.accounts[0]
    account.discharge("boundary.kernel", 60 * MIB)
    with pytest.raises(Exhausted) as refused:
        account.charge("net.private", MIB)
    assert (refused.value.where, refused.value.needed) == (guests.host, 50 * MIB)
    guests.ledgers[1].close()
    account.charge("net.private", MIB)
    guests.check()
