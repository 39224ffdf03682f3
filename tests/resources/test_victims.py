"""Whom the OOM killer takes, with scores worked out by hand."""

from __future__ import annotations

from sim.resources.memory import Account, Ledger

MIB = 2**20


def owners(ledger: Ledger | Account) -> list[object]:
    return [victim.owner for victim in ledger.victims()]


def tenant(within: Ledger | Account, mib: int, name: str, **properties: int) -> Account:
    account = Account(within, owner=name, name=name, **properties)
    account.charge("net.private", mib * MIB)
    return account


def test_a_large_guest_goes_before_many_small_accounts() -> None:
    host = Ledger(10_000 * MIB)
    for number in range(20):
        tenant(host, 60, f"web/{number}")
    guest = Ledger(1000 * MIB, outer=host, owner="vm")
    Account(guest).charge("net.private", 512 * MIB)
    assert owners(host)[:3] == ["vm", "web/19", "web/18"]
    assert host.victims()[0].score == 512 * MIB + MIB
    assert host.victims()[0].holder is guest


def test_what_is_swapped_out_counts_and_what_is_pinned_does_not() -> None:
    host = Ledger(100 * MIB, swap=100 * MIB)
    swapped = tenant(host, 60, "swapped")
    kernel = Account(host, owner="kernel")
    kernel.charge("boundary.kernel", 90 * MIB, pinned=True)
    assert swapped.swapped == 50 * MIB
    assert [(v.owner, v.score) for v in host.victims()] == [
        ("swapped", 60 * MIB + 60 * MIB // 512), ("kernel", 0),
    ]  # fmt: skip


def test_one_of_several_processes_is_taken_so_each_counts_its_part() -> None:
    """120 in four are less than 40 in one; what each maps is in each."""
    host = Ledger(1000 * MIB)
    pool, single = tenant(host, 120, "pool", processes=4), tenant(host, 40, "single")
    assert owners(host) == ["single", "pool"]
    for _ in range(4):
        pool.map("ruby", 20 * MIB, "net.files")
    assert owners(host) == ["pool", "single"]
    assert host.victims()[0].score == 50 * MIB + 50 * MIB // 512
    assert single.footprint == 40 * MIB


def test_an_adjustment_is_in_thousandths_of_memory_and_swap_and_minus_thousand_is_never() -> None:
    host = Ledger(800 * MIB, swap=200 * MIB)
    tenant(host, 300, "large")
    tenant(host, 10, "volunteer", adjust=300)
    tenant(host, 200, "protected", adjust=-1000)
    tenant(host, 250, "shy", adjust=-200)
    Account(host).charge("net.private", 30 * MIB)
    assert owners(host) == ["volunteer", "large", "shy"]
    volunteer = host.victims()[0].score
    assert volunteer == 10 * MIB + 10 * MIB // 512 + 300 * (1000 * MIB // 1000)


def test_of_equals_the_last_created_goes() -> None:
    host = Ledger(800 * MIB)
    for name in ("first", "second"):
        tenant(host, 10, name)
    assert owners(host) == ["second", "first"]


def test_a_cgroup_takes_its_own_and_weighs_by_its_own_limit() -> None:
    host = Ledger(1000 * MIB, swap=100 * MIB)
    tenant(host, 300, "outside")
    pod = Account(host, limit=100 * MIB, swap_limit=20 * MIB)
    tenant(pod, 50, "large")
    tenant(pod, 10, "adjusted", adjust=500)
    assert owners(pod) == ["adjusted", "large"]
    assert pod.victims()[0].score == 10 * MIB + 10 * MIB // 512 + 500 * (120 * MIB // 1000)
