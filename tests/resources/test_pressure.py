"""Stories of memory that runs short, with numbers worked out by hand in MiB."""

from __future__ import annotations

import pytest

from sim.resources.memory import PAGE_CACHE, SWAP, SWAPPED, Account, Exhausted, Ledger

MIB = 2**20


def in_mib(ledger: Ledger) -> dict[str, int]:
    """Return what the host holds by component, in MiB, without the empty ones."""
    return {c: size // MIB for c, size in ledger.components.items() if size}


def host(mib: int = 100, swap: int = 0) -> Ledger:
    return Ledger(mib * MIB, swap=swap * MIB)


def guest(
    outer: Ledger, mib: int = 80, *, swap: int = 0, balloon: bool = False
) -> tuple[Ledger, Account]:
    ledger = Ledger(mib * MIB, outer=outer, name="guest", swap=swap * MIB, balloon=balloon)
    return ledger, Account(ledger)


def charge(account: Account, mib: int) -> Account:
    account.charge("net.private", mib * MIB)
    return account


def held(account: Account) -> tuple[int, int]:
    """What an account has in memory and what is swapped out, in MiB."""
    return account.resident // MIB, account.swapped // MIB


# The order in which memory gives way


def test_a_host_drops_cache_then_balloons_then_swaps_then_is_exhausted() -> None:
    """30 of cache, a guest of 10 used, 15 stranded and 25 clean, a daemon of 20: 100 in all."""
    root = host(swap=10)
    daemon = charge(Account(root), 20)
    small, inside = guest(root, balloon=True)
    charge(inside, 25)
    small.cache("image", 25 * MIB)
    inside.discharge("net.private", 15 * MIB)
    root.cache("disk", 50 * MIB)
    seen = []
    for mib in (30, 15, 25, 10):
        charge(daemon, mib)
        seen.append(
            (root.page_cache // MIB, small.touched // MIB, small.cached // MIB, held(daemon)[1])
        )
    assert seen == [(0, 50, 25, 0), (0, 35, 25, 0), (0, 10, 0, 0), (0, 10, 0, 10)]
    with pytest.raises(Exhausted) as refused:
        charge(daemon, 1 + 10)
    assert refused.value.where is root
    assert root.gross == 100 * MIB


def test_the_numbers_of_that_host_add_up_in_its_books() -> None:
    root = host(swap=30)
    charge(Account(root), 60)
    charge(Account(root), 60)
    assert in_mib(root) == {"net.private": 120, SWAPPED: -20}
    assert (root.gross // MIB, root.swap_used // MIB, root.swapped // MIB) == (100, 20, 20)
    assert SWAP in root.changed


def test_what_would_not_be_enough_gives_nothing() -> None:
    """10 free, 20 of cache, 15 from a balloon, 5 of swap: 50 at most, since 51 would need more."""
    root = host(swap=5)
    charge(Account(root), 20)
    small, inside = guest(root, balloon=True)
    charge(inside, 35)
    small.cache("image", 15 * MIB)
    root.cache("disk", 20 * MIB)
    before = in_mib(root), root.page_cache
    with pytest.raises(Exhausted) as refused:
        charge(Account(root), 51)
    assert refused.value.available == 50 * MIB
    assert (in_mib(root), root.page_cache) == before
    charge(Account(root), 50)
    assert (root.page_cache, small.cached, root.swapped) == (0, 0, 5 * MIB)


def test_bytes_that_a_balloon_takes_cannot_be_swapped_out_as_well() -> None:
    root = host(swap=200)
    small, _ = guest(root, balloon=True)
    small.cache("image", 60 * MIB)
    with pytest.raises(Exhausted) as refused:
        charge(Account(root), 101)
    assert refused.value.available == 100 * MIB


def test_an_account_at_its_limit_drops_its_cache_then_swaps_then_is_exhausted() -> None:
    root = host(swap=50)
    pod = Account(root, limit=40 * MIB, swap_limit=15 * MIB)
    other = charge(Account(root), 10)
    root.cache("old", 10 * MIB, account=pod)
    root.cache("of nobody", 10 * MIB)
    charge(pod, 30)
    assert (pod.used // MIB, root.page_cache // MIB) == (40, 20)
    charge(pod, 10)
    assert (pod.used // MIB, root.page_cache // MIB) == (40, 10)
    charge(pod, 15)
    assert (held(pod), held(other), pod.used // MIB) == ((40, 15), (10, 0), 40)
    with pytest.raises(Exhausted) as refused:
        charge(pod, 1)
    assert refused.value.where is pod
    assert root.resident("of nobody") == 10 * MIB


def test_a_guest_drops_its_cache_then_swaps_inside_and_its_region_stays() -> None:
    root = host()
    small, inside = guest(root, mib=50, swap=10)
    charge(inside, 30)
    small.cache("image", 20 * MIB)
    charge(inside, 20)
    assert (small.cached, small.swapped) == (0, 0)
    charge(inside, 10)
    assert (held(inside), small.touched // MIB, root.gross // MIB) == ((50, 10), 50, 50)
    inside.discharge("net.private", 30 * MIB)
    assert in_mib(root) == {"net.private": 30, "stranded": 20}
    with pytest.raises(Exhausted) as refused:
        charge(inside, 31)
    assert refused.value.where is small
    assert root.swapped == 0


# Who goes first


def test_idle_bytes_go_before_busy_ones_and_of_each_the_longest_unused() -> None:
    """Half of each of two accounts is idle: 20 of the one, 20 of the other, then busy ones."""
    root = host(swap=100)
    late, early = Account(root, active=0.5), Account(root, active=0.5)
    late.last_used, early.last_used = 2.0, 1.0
    charge(late, 40)
    charge(early, 40)
    seen = []
    for mib in (30, 20, 20):
        Account(root).charge("boundary.kernel", mib * MIB, pinned=True)
        seen.append((late.swapped // MIB, early.swapped // MIB))
    assert seen == [(0, 10), (10, 20), (20, 30)]


def test_of_equals_the_first_created_goes_first_be_it_guest_or_account() -> None:
    root = host(swap=100)
    small, inside = guest(root)
    charge(inside, 50)
    account = charge(Account(root), 50)
    account.charge("boundary.kernel", 30 * MIB, pinned=True)
    assert (small.out // MIB, account.swapped) == (30, 0)


def test_what_a_guest_does_not_use_is_its_cold_part() -> None:
    """Touched 60: 10 stranded, 20 clean, half of 30 in use is idle. 45 go before the account."""
    root = host(swap=100)
    account = charge(Account(root), 40)
    account.last_used = -1.0
    small, inside = guest(root)
    charge(inside, 40)
    small.cache("image", 20 * MIB)
    inside.discharge("net.private", 10 * MIB)
    small.active = 0.5
    fresh = Account(root)
    fresh.charge("boundary.kernel", 45 * MIB, pinned=True)
    assert (small.out // MIB, account.swapped) == (45, 0)
    fresh.charge("boundary.kernel", MIB, pinned=True)
    assert (small.out // MIB, account.swapped // MIB) == (45, 1)
    assert in_mib(root) == {
        "net.private": 70, "boundary.guest-cache": 20, "stranded": 10, "boundary.kernel": 46,
        SWAPPED: -46,
    }  # fmt: skip


def test_a_guest_that_grows_loses_older_pages_and_not_those_it_asks_for() -> None:
    root = host(swap=100)
    small, inside = guest(root, mib=200)
    charge(inside, 100)
    charge(inside, 60)
    assert (small.touched // MIB, small.out // MIB) == (160, 60)
    small.close()
    assert (root.gross, root.swap_used, root.swapped) == (0, 0, 0)
    small, inside = guest(root, mib=200)
    with pytest.raises(Exhausted):
        charge(inside, 101)


def test_stranded_pages_that_are_about_to_be_used_are_not_swapped_out() -> None:
    """All of 130 are asked for now, so that nothing old is left to go: 100 fit, and no more."""
    root = host(swap=100)
    small, inside = guest(root, mib=200)
    charge(inside, 100)
    inside.discharge("net.private", 100 * MIB)
    with pytest.raises(Exhausted) as refused:
        charge(inside, 130)
    assert (refused.value.where, small.out) == (root, 0)


def test_clean_pages_that_a_guest_needs_itself_are_not_ballooned() -> None:
    """Of 40 clean ones it uses 35 again, so that 5 of the 10 that it lacks are found."""
    root = host(mib=40)
    small, inside = guest(root, mib=50, balloon=True)
    small.cache("image", 40 * MIB)
    with pytest.raises(Exhausted) as refused:
        charge(inside, 45)
    assert (refused.value.needed, refused.value.available) == (10 * MIB, 5 * MIB)
    charge(inside, 40)
    assert (small.cached, small.touched) == (0, 40 * MIB)


def test_a_limit_that_frees_memory_inside_asks_for_none_outside() -> None:
    root = host(mib=50)
    small, inside = guest(root)
    inside.limit = 50 * MIB
    charge(inside, 10)
    small.cache("data", 40 * MIB, account=inside)
    charge(inside, 30)
    assert (small.cached, small.touched) == (10 * MIB, 50 * MIB)


def test_an_account_may_lose_its_own_older_bytes_and_never_pinned_ones() -> None:
    root = host(swap=100)
    account = charge(Account(root), 60)
    account.charge("boundary.kernel", 30 * MIB, pinned=True)
    charge(account, 50)
    assert held(account) == (100, 40)
    account.charge("boundary.kernel", 60 * MIB, pinned=True)
    assert held(account) == (100, 100)
    with pytest.raises(Exhausted):
        account.charge("boundary.kernel", 11 * MIB, pinned=True)


# Swapped bytes


def test_what_is_read_back_may_push_out_others() -> None:
    root = host(swap=50)
    first, second = charge(Account(root), 60), charge(Account(root), 60)
    assert held(first) == (40, 20)
    first.last_used = 1.0
    assert first.swap_in(50 * MIB) == 20 * MIB
    assert (held(first), held(second)) == ((60, 0), (40, 20))
    assert (root.written_out // MIB, root.read_in // MIB) == (40, 20)


def test_a_region_is_read_back_too() -> None:
    root = host(swap=50)
    small, inside = guest(root)
    charge(inside, 60)
    other = charge(Account(root), 70)
    assert small.out == 30 * MIB
    other.discharge("net.private", 10 * MIB)
    assert small.swap_in_region(10 * MIB) == 10 * MIB
    assert (small.out // MIB, root.read_in // MIB, root.gross // MIB) == (20, 10, 100)
    assert root.swap_in_region(MIB) == 0


def test_no_swap_is_left_to_read_back_into_a_full_host() -> None:
    root = host(swap=20)
    first, _ = charge(Account(root), 60), charge(Account(root), 60)
    with pytest.raises(Exhausted):
        first.swap_in(MIB)
    assert held(first) == (40, 20)


def test_what_is_given_back_frees_swap_first_and_reads_nothing() -> None:
    root = host(swap=50)
    account = charge(Account(root), 60)
    charge(Account(root), 60)
    account.discharge("net.private", 30 * MIB)
    assert (held(account), root.gross // MIB, root.swap_used) == ((30, 0), 90, 0)
    assert root.read_in == 0


def test_kernel_memory_that_is_given_back_frees_no_swap() -> None:
    root = host(swap=50)
    account = charge(Account(root), 50)
    account.charge("boundary.kernel", 80 * MIB, pinned=True)
    account.discharge("boundary.kernel", 40 * MIB)
    assert (held(account), root.swap_used // MIB) == ((60, 30), 30)


def test_swap_limits_hold_for_an_account_and_all_in_it() -> None:
    root = host(swap=100)
    pod = Account(root, swap_limit=15 * MIB)
    first, second = charge(Account(pod), 50), charge(Account(pod), 50)
    charge(Account(root), 10)
    assert (held(first), held(second), pod.swap_used // MIB) == ((40, 10), (50, 0), 10)
    with pytest.raises(Exhausted):
        Account(root).charge("boundary.kernel", 16 * MIB, pinned=True)


def test_what_work_touches_and_is_out_is_missing() -> None:
    """Half of 60 is touched: with 20 out it is all there, with 40 out 10 of it are missing."""
    root = host(swap=100)
    account = charge(Account(root, active=0.5), 60)
    seen = []
    for mib in (60, 20):
        Account(root).charge("boundary.kernel", mib * MIB, pinned=True)
        seen.append((account.swapped // MIB, account.missing // MIB))
    assert seen == [(20, 0), (40, 10)]


def test_of_a_guest_that_was_swapped_out_what_is_used_inside_is_missing() -> None:
    root = host(swap=100)
    small, inside = guest(root)
    small.active = 0.5
    charge(inside, 60)
    Account(root).charge("boundary.kernel", 80 * MIB, pinned=True)
    assert (small.out // MIB, small.missing // MIB) == (40, 10)


def test_a_process_that_ends_gives_its_part_back_and_no_kernel_memory() -> None:
    pool = Account(host(), processes=4)
    pool.charge("boundary.kernel", 8 * MIB, pinned=True)
    charge(pool, 80)
    seen = []
    for _ in range(2):
        pool.lose_process()
        seen.append((pool.processes, pool.used // MIB))
    assert seen == [(3, 68), (2, 48)]


def test_what_is_committed_is_private_memory_and_that_of_guests_used_or_not() -> None:
    root = host(swap=50)
    guest(root, mib=80)
    nested = charge(charge(Account(Account(root)), 60), 60)
    nested.charge("boundary.kernel", 5 * MIB, pinned=True)
    assert root.committed == (120 + 80) * MIB


def test_all_cache_can_be_dropped() -> None:
    root = host()
    root.cache("data", 20 * MIB)
    root.drop_cache()
    assert root.page_cache == 0


# Cache of accounts, and memory.high


def test_cache_is_charged_to_who_read_it_first_and_no_more_than_its_limit() -> None:
    root = host()
    reader, other = Account(root, limit=30 * MIB), Account(root)
    charge(reader, 10)
    root.cache("data", 50 * MIB, account=reader)
    root.cache("data", 50 * MIB, account=other)
    assert (reader.used // MIB, other.used, root.resident("data") // MIB) == (30, 0, 20)


def test_at_a_limit_older_cache_of_the_account_makes_way_for_newer() -> None:
    root = host()
    reader = Account(root, limit=30 * MIB)
    root.cache("old", 20 * MIB, account=reader)
    root.cache("new", 25 * MIB, account=reader)
    assert (root.resident("old") // MIB, root.resident("new") // MIB) == (5, 25)


def test_mapped_pages_count_nowhere_and_come_back_as_cache_of_who_read_them() -> None:
    root = host()
    reader, other = Account(root, limit=30 * MIB), Account(root)
    root.cache("libc", 20 * MIB, account=reader)
    other.map("libc", 20 * MIB, "net.files")
    assert (reader.used, other.used) == (0, 0)
    charge(reader, 25)
    other.unmap("libc")
    assert (reader.used // MIB, root.resident("libc") // MIB) == (30, 5)


def test_cache_of_a_closed_account_is_its_parents_or_nobodys() -> None:
    root = host()
    pod = Account(root)
    inner = Account(pod)
    root.cache("data", 20 * MIB, account=inner)
    inner.close()
    assert (pod.used // MIB, pod.cached // MIB) == (20, 20)
    pod.close()
    assert (pod.used, root.page_cache // MIB) == (0, 20)
    root.cache("data", 30 * MIB, account=Account(root, limit=0))
    assert root.page_cache // MIB == 30


def test_a_closed_account_reads_nothing() -> None:
    root = host()
    closed = Account(root)
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        root.cache("data", MIB, account=closed)


def test_memory_high_takes_back_what_it_can_and_tells_the_rest() -> None:
    root = host(swap=10)
    account = Account(root, high=30 * MIB)
    root.cache("data", 10 * MIB, account=account)
    charge(account, 50)
    assert account.used // MIB == 60
    assert account.reclaim_high() == 10 * MIB
    assert (held(account), root.page_cache) == ((40, 10), 0)
    account.discharge("net.private", 30 * MIB)
    assert account.reclaim_high() == 0


# Regions


def test_a_guest_gives_back_what_is_stranded_and_cache_only_if_told() -> None:
    root = host()
    small, inside = guest(root)
    charge(inside, 40)
    small.cache("image", 20 * MIB)
    inside.discharge("net.private", 10 * MIB)
    assert small.give_back(100 * MIB) == 10 * MIB
    assert small.give_back(5 * MIB, drop_cache=True) == 5 * MIB
    assert (small.touched // MIB, small.cached // MIB, root.gross // MIB) == (45, 15, 45)
    assert root.give_back(MIB, drop_cache=True) == 0


def test_reserved_memory_is_given_back_by_a_balloon_alone() -> None:
    root = host()
    small = Ledger(80 * MIB, outer=root, reserve=True)
    assert small.give_back(10 * MIB) == 0
    small.balloon = True
    charge(Account(root), 60)
    assert (small.touched // MIB, root.gross // MIB) == (40, 100)


def test_what_the_host_had_swapped_out_comes_back_as_swap() -> None:
    """60 touched, 30 of them out. 40 freed inside: 30 are in memory, and 10 out."""
    root = host(swap=30)
    small, inside = guest(root)
    charge(inside, 60)
    charge(Account(root), 70)
    inside.discharge("net.private", 40 * MIB)
    assert small.give_back(40 * MIB) == 30 * MIB
    assert (small.touched // MIB, small.out // MIB, root.swap_used // MIB) == (20, 20, 20)


def test_a_guest_in_a_guest_is_backed_by_all_that_gives_way_outside() -> None:
    """The middle swaps 20 of the inner region; the host balloons the clean 10 of the middle."""
    root = host(mib=60)
    middle, _ = guest(root, mib=60, swap=20, balloon=True)
    inner, container = guest(middle, mib=70)
    charge(container, 40)
    middle.cache("image", 10 * MIB)
    charge(Account(root), 20)
    assert (middle.cached, middle.touched // MIB) == (0, 40)
    with pytest.raises(Exhausted) as refused:
        charge(container, 10)
    assert refused.value.where is root
    small, inside = guest(middle, mib=10)
    with pytest.raises(Exhausted):
        charge(inside, 10)
    assert (inner.out, small.touched, root.gross // MIB) == (0, 0, 60)


def test_a_recorder_sees_that_cache_and_swap_changed() -> None:
    root = host(swap=10)
    root.cache("data", 10 * MIB)
    charge(Account(root), 100)
    assert {PAGE_CACHE} <= root.changed
    root.changed.clear()
    charge(Account(root), 10)
    assert root.changed == {"net.private", SWAP, SWAPPED}
