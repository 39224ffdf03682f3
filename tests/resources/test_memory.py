"""Stories of memory on one host, with numbers worked out by hand in MiB."""

from __future__ import annotations

import gc
import sys
from types import FrameType

import pytest

from sim.resources.memory import Account, Exhausted, Ledger

MIB = 2**20
GIB = 2**30


def in_mib(ledger: Ledger) -> dict[str, int]:
    """Return what the host holds by component, in MiB, without the empty ones."""
    return {c: size // MIB for c, size in ledger.components.items() if size}


def guest(host: Ledger, mib: int = 512, reserve: bool = False) -> tuple[Ledger, Account]:
    ledger = Ledger(mib * MIB, outer=host, reserve=reserve, name="guest")
    return ledger, Account(ledger)


# What is shared


def test_twenty_containers_of_one_image_hold_its_files_once() -> None:
    host = Ledger(16 * GIB)
    for container in [Account(host) for _ in range(20)]:
        container.charge("net.private", 30 * MIB)
        container.map("node", 40 * MIB, "net.files")
    assert in_mib(host) == {"net.private": 20 * 30, "net.files": 40}
    assert host.gross == 640 * MIB


def test_twenty_guests_hold_the_same_files_once_each() -> None:
    host = Ledger(16 * GIB)
    for _ in range(20):
        _, inside = guest(host)
        inside.charge("net.private", 30 * MIB)
        inside.map("node", 40 * MIB, "net.files")
    assert in_mib(host) == {"net.private": 600, "net.files": 40, "duplicate.files": 19 * 40}
    assert host.gross == 20 * 70 * MIB


def test_the_copy_that_remains_becomes_the_first() -> None:
    host = Ledger(GIB)
    first, one = guest(host)
    _, two = guest(host)
    one.map("node", 40 * MIB, "net.files")
    two.map("node", 40 * MIB, "net.files")
    first.close()
    assert in_mib(host) == {"net.files": 40}


def test_of_copies_that_differ_in_size_the_largest_is_net() -> None:
    host = Ledger(GIB)
    for mib in (10, 40, 25):
        guest(host)[1].map("node", mib * MIB, "net.files")
    assert in_mib(host) == {"net.files": 40, "duplicate.files": 10 + 25}


def test_copies_of_what_is_not_net_all_count_under_their_own_name() -> None:
    host = Ledger(GIB)
    for _ in range(3):
        guest(host)[1].map("kernel text", 12 * MIB, "boundary.kernel")
    assert in_mib(host) == {"boundary.kernel": 36}


def test_proportional_set_size_falls_as_private_and_shared_over_n() -> None:
    """The measured shim: 2.4 MiB of its own and 9.2 MiB shared by all."""
    host = Ledger(GIB)
    shims = []
    for n in (1, 2, 3, 4):
        shims.append(Account(host))
        shims[-1].charge("boundary.shim", int(2.4 * MIB))
        shims[-1].map("shim text", int(9.2 * MIB), "boundary.text")
        for shim in shims:
            assert shim.pss() / MIB == pytest.approx(2.4 + 9.2 / n, abs=1e-5)
    assert sum(shim.pss() for shim in shims) == pytest.approx(host.gross)


def test_proportional_set_size_counts_each_process_that_maps() -> None:
    host = Ledger(GIB)
    pool, single = Account(host), Account(host)
    for _ in range(3):
        pool.map("ruby", 8 * MIB, "net.files")
    single.map("ruby", 8 * MIB, "net.files")
    assert (pool.pss(), single.pss()) == (6 * MIB, 2 * MIB)


# Page cache and reclaim


def test_the_last_to_unmap_leaves_clean_page_cache_for_the_next() -> None:
    host = Ledger(GIB)
    container = Account(host)
    container.map("node", 40 * MIB, "net.files")
    container.close()
    assert (host.gross, host.page_cache) == (0, 40 * MIB)
    assert host.resident("node") == 40 * MIB
    Account(host).map("node", 40 * MIB, "net.files")
    assert (host.gross, host.page_cache) == (40 * MIB, 0)


def test_what_is_read_but_only_partly_mapped_is_partly_gross() -> None:
    host = Ledger(GIB)
    host.cache("image", 100 * MIB)
    Account(host).map("image", 30 * MIB, "net.files")
    assert (host.gross, host.page_cache) == (30 * MIB, 70 * MIB)
    assert host.resident("image") == 100 * MIB


def test_cache_of_a_guest_is_gross_of_the_host() -> None:
    host = Ledger(GIB)
    ledger, inside = guest(host)
    ledger.cache("image", 100 * MIB, "boundary.guest-cache")
    inside.map("image", 30 * MIB, "net.files")
    assert in_mib(host) == {"boundary.guest-cache": 70, "net.files": 30}
    assert host.page_cache == 0


def test_a_charge_drops_the_oldest_cache_and_no_more_than_it_needs() -> None:
    host = Ledger(100 * MIB)
    for file in ("old", "newer", "old"):  # reading it again makes it the youngest
        host.cache(file, 40 * MIB)
    Account(host).charge("net.private", 50 * MIB)
    assert host.resident("newer") == 10 * MIB
    assert host.resident("old") == 40 * MIB


def test_a_file_larger_than_memory_is_cached_as_far_as_it_fits() -> None:
    host = Ledger(100 * MIB)
    Account(host).charge("net.private", 70 * MIB)
    host.cache("other", 20 * MIB)
    host.cache("huge", 500 * MIB)
    assert (host.resident("huge"), host.resident("other")) == (30 * MIB, 0)


def test_a_charge_never_pushes_out_what_is_mapped() -> None:
    host = Ledger(50 * MIB)
    container = Account(host)
    container.map("node", 40 * MIB, "net.files")
    with pytest.raises(Exhausted):
        container.charge("net.private", 11 * MIB)
    assert host.resident("node") == 40 * MIB


# Guests


def test_what_a_guest_touched_stays_with_it() -> None:
    host = Ledger(GIB)
    ledger, inside = guest(host)
    inside.charge("net.private", 300 * MIB)
    inside.discharge("net.private", 200 * MIB)
    assert in_mib(host) == {"net.private": 100, "stranded": 200}
    inside.charge("net.private", 150 * MIB)
    assert in_mib(host) == {"net.private": 250, "stranded": 50}
    assert ledger.touched == host.gross == 300 * MIB


def test_a_guest_that_reserves_costs_its_whole_memory_at_once() -> None:
    host = Ledger(GIB)
    _, inside = guest(host, mib=512, reserve=True)
    inside.charge("net.private", 100 * MIB)
    assert in_mib(host) == {"net.private": 100, "stranded": 412}
    with pytest.raises(Exhausted):
        guest(host, mib=513, reserve=True)
    assert host.gross == 512 * MIB


def test_a_full_guest_drops_its_cache_inside_and_uses_the_region_again() -> None:
    host = Ledger(GIB)
    ledger, inside = guest(host, mib=100)
    ledger.cache("image", 80 * MIB)
    inside.charge("net.private", 60 * MIB)
    assert in_mib(host) == {"net.private": 60, "boundary.guest-cache": 40}
    assert ledger.touched == 100 * MIB


def test_a_guest_in_a_guest_counts_each_page_once() -> None:
    host = Ledger(GIB)
    outer, desktop = guest(host, mib=600)
    inner, container = guest(outer, mib=300)
    desktop.charge("boundary.kernel", 50 * MIB)
    container.charge("net.private", 100 * MIB)
    container.discharge("net.private", 30 * MIB)
    assert (inner.touched, outer.touched, host.gross) == (100 * MIB, 150 * MIB, 150 * MIB)
    assert in_mib(host) == {"boundary.kernel": 50, "net.private": 70, "stranded": 30}
    inner.close()
    assert in_mib(host) == {"boundary.kernel": 50, "stranded": 100}
    outer.close()
    assert host.gross == 0


# When it does not fit


def test_a_limit_stops_an_account_and_changes_nothing() -> None:
    host = Ledger(GIB)
    container = Account(host, limit=100 * MIB, name="web/3")
    container.charge("net.private", 90 * MIB)
    with pytest.raises(Exhausted) as refused:
        container.charge("net.private", 20 * MIB)
    assert refused.value.where is container
    assert (refused.value.needed, refused.value.available) == (20 * MIB, 10 * MIB)
    assert str(refused.value) == "web/3 has 10 MiB left of the 20 MiB needed"
    assert host.gross == container.used == 90 * MIB


def test_a_pod_limits_what_its_containers_use_together() -> None:
    host = Ledger(GIB)
    pod = Account(host, limit=100 * MIB)
    Account(pod).charge("net.private", 60 * MIB)
    second = Account(pod, limit=80 * MIB)
    with pytest.raises(Exhausted) as refused:
        second.charge("net.private", 50 * MIB)
    assert refused.value.where is pod
    second.charge("net.private", 40 * MIB)
    assert pod.used == 100 * MIB
    pod.close()
    assert (pod.used, host.gross) == (0, 0)


def test_pages_of_files_are_under_no_limit_since_they_would_make_way() -> None:
    host = Ledger(GIB)
    first, second = Account(host, limit=50 * MIB), Account(host, limit=50 * MIB)
    for account in (first, second):
        account.map("node", 60 * MIB, "net.files")
        account.charge("net.private", 50 * MIB)
    assert (first.used, second.used, host.gross) == (50 * MIB, 50 * MIB, 160 * MIB)
    with pytest.raises(Exhausted):
        first.charge("net.private", 1)


def test_a_guest_is_killed_by_its_own_memory_or_by_that_of_the_host() -> None:
    host = Ledger(100 * MIB)
    ledger, inside = guest(host, mib=80)
    with pytest.raises(Exhausted) as refused:
        inside.charge("net.private", 81 * MIB)
    assert refused.value.where is ledger
    Account(host).charge("boundary.daemon", 70 * MIB)
    with pytest.raises(Exhausted) as refused:
        inside.charge("net.private", 31 * MIB)
    assert refused.value.where is host
    assert (refused.value.needed, refused.value.available) == (31 * MIB, 30 * MIB)
    assert (ledger.used, ledger.touched, host.gross) == (0, 0, 70 * MIB)


def test_a_guest_that_reads_files_can_exhaust_the_host() -> None:
    host = Ledger(100 * MIB)
    Account(host).charge("boundary.daemon", 70 * MIB)
    ledger, _ = guest(host, mib=80)
    with pytest.raises(Exhausted) as refused:
        ledger.cache("image", 40 * MIB)
    assert refused.value.where is host
    assert ledger.cached == 0


def test_memory_that_fits_nowhere_drops_no_cache_in_trying() -> None:
    host = Ledger(100 * MIB)
    host.cache("image", 60 * MIB)
    with pytest.raises(Exhausted) as refused:
        Account(host).charge("net.private", 101 * MIB)
    assert refused.value.available == 100 * MIB
    assert host.page_cache == 60 * MIB


# The end of things, and misuse


def test_closing_twice_is_closing_once_and_what_is_closed_takes_nothing() -> None:
    host = Ledger(GIB)
    ledger, inside = guest(host)
    inside.charge("net.private", MIB)
    for _ in range(2):
        ledger.close()
        inside.close()
    assert host.gross == 0
    with pytest.raises(ValueError, match="closed"):
        inside.charge("net.private", MIB)
    with pytest.raises(ValueError, match="closed"):
        ledger.cache("image", MIB)


def test_a_closed_account_takes_nothing_though_its_ledger_lives() -> None:
    host = Ledger(GIB)
    container = Account(host)
    container.close()
    with pytest.raises(ValueError, match="account is closed"):
        container.charge("net.private", MIB)
    with pytest.raises(ValueError, match="account is closed"):
        container.map("node", MIB, "net.files")


def test_what_is_closed_is_forgotten() -> None:
    """A million short lives must not fill the simulator's own memory."""
    host = Ledger(GIB)
    Account(host).close()
    guest(host)[0].close()
    assert not host.accounts
    assert not host._inner


@pytest.mark.parametrize("size", [-1, 2 * MIB])
def test_nobody_gives_back_what_was_never_charged(size: int) -> None:
    container = Account(Ledger(GIB))
    container.charge("net.private", MIB)
    with pytest.raises(ValueError, match="to give back"):
        container.discharge("net.private", size)
    with pytest.raises(ValueError, match="does not map"):
        container.unmap("node")


def test_sizes_are_not_negative() -> None:
    container = Account(Ledger(GIB))
    with pytest.raises(ValueError, match="cannot take"):
        container.charge("net.private", -1)
    with pytest.raises(ValueError, match="cannot hold"):
        container.map("node", -1, "net.files")


def test_a_recorder_sees_which_components_changed() -> None:
    host = Ledger(GIB)
    container = Account(host)
    container.charge("net.private", MIB)
    container.map("node", MIB, "net.files")
    assert host.changed == {"net.private", "net.files"}
    host.changed.clear()
    container.unmap("node")
    assert host.changed == {"net.files", "page_cache"}
    assert host.components["net.files"] == 0


def calls_of_a_charge(accounts: int) -> int:
    """Count function calls, which unlike seconds are the same in every run."""
    host = Ledger(GIB)
    tenants = [Account(guest(host)[0]) for _ in range(accounts)]
    for tenant in tenants:
        tenant.charge("net.private", 1)
        tenant.map("node", 1, "net.files")
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    gc.collect()  # so that its callbacks are not called and counted meanwhile
    sys.setprofile(count)
    tenants[0].charge("net.private", 1)
    tenants[0].unmap("node")
    tenants[0].map("node", 1, "net.files")
    sys.setprofile(None)
    return calls


def test_an_operation_costs_the_same_among_many_as_among_few() -> None:
    assert calls_of_a_charge(2) == calls_of_a_charge(500)
