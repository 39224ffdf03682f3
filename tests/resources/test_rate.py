"""A shared rate, told as small stories whose numbers are worked out beside them."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan, ulp

import pytest

from sim.resources.rate import Leaf, Node, Rate


def finishes(rate: Rate) -> list[tuple[object, float]]:
    """Run to the end and return who finished when."""
    seen: list[tuple[object, float]] = []
    while (now := rate.next()) < inf:
        seen += [(leaf.owner, now) for leaf in rate.complete(now)]
    return seen


def test_two_equal_claims_share_and_the_second_speeds_up_when_the_first_is_done() -> None:
    # Half a core each until 2 s, when a's 1 is done; b has 1 left and runs alone until 3 s.
    rate = Rate(1.0)
    rate.join(rate.root, 1.0, 0.0, owner="a")
    rate.join(rate.root, 2.0, 0.0, owner="b")
    assert finishes(rate) == [("a", 2.0), ("b", 3.0)]


def test_a_thread_never_runs_faster_than_its_core() -> None:
    rate = Rate(16.0)
    rate.join(rate.root, 3.0, 0.0, owner="a")
    assert finishes(rate) == [("a", 3.0)]


def test_weights_divide_what_is_scarce() -> None:
    # 3 : 1 of one core. At 4 s the heavy one has done 3; the light one has done 1 of its 2.
    rate = Rate(1.0)
    rate.join(rate.root, 3.0, 0.0, weight=3.0, owner="heavy")
    rate.join(rate.root, 2.0, 0.0, weight=1.0, owner="light")
    assert finishes(rate) == [("heavy", 4.0), ("light", 5.0)]


def test_a_claim_that_joins_late_shares_from_then_on() -> None:
    # a alone does 1 of 2 by 1 s; both at half until a is done at 3 s; b then has 2 left.
    rate = Rate(1.0)
    rate.join(rate.root, 2.0, 0.0, owner="a")
    rate.join(rate.root, 3.0, 1.0, owner="b")
    assert finishes(rate) == [("a", 3.0), ("b", 5.0)]


def test_a_containers_quota_holds_for_all_its_threads_together() -> None:
    rate = Rate(8.0)
    container = rate.share(rate.root, cap=1.5)
    threads = [rate.join(container, 3.0, 0.0, owner=owner) for owner in "abc"]
    assert rate.rate(container) == 1.5
    assert [rate.rate(thread) for thread in threads] == [0.5, 0.5, 0.5]
    assert finishes(rate) == [("a", 6.0), ("b", 6.0), ("c", 6.0)]


def test_a_thread_that_blocks_leaves_its_share_to_its_container() -> None:
    # Quota 1 for two threads: half each. b cancelled at 2 s has done 1; a then has the whole
    # quota and finishes its other 2 at 4 s.
    rate = Rate(4.0)
    container = rate.share(rate.root, cap=1.0)
    rate.join(container, 3.0, 0.0, owner="a")
    blocked = rate.join(container, 9.0, 0.0, owner="b")
    assert rate.leave(blocked, 2.0) == 1.0
    assert finishes(rate) == [("a", 4.0)]


def test_an_idle_container_takes_nothing() -> None:
    rate = Rate(1.0)
    idle = rate.share(rate.root, weight=100.0)
    rate.join(rate.root, 1.0, 0.0, owner="a")
    assert rate.rate(idle) == 0.0
    assert finishes(rate) == [("a", 1.0)]


def test_a_steady_demand_takes_its_cap_and_never_finishes() -> None:
    # Of one core the steady quarter stays, so 3 core-seconds take 4 s.
    rate = Rate(1.0)
    steady = rate.join(rate.root, inf, 0.0, cap=0.25)
    rate.join(rate.root, 3.0, 0.0, owner="a")
    assert finishes(rate) == [("a", 4.0)]
    assert rate.done(steady, 10.0) == 2.5
    assert rate.served(10.0) == 5.5
    assert rate.leave(steady, 12.0) == 3.0


def test_machines_alike_with_steady_demands_finish_in_the_order_of_their_work() -> None:
    # Three machines share 1.5 cores, a half each, of which 0.1 is steady: bursts run at 0.4.
    # 0.4 is done at 1 s. Then one machine is left with 0.1, and the others have 0.7 each, 0.6
    # for bursts: 0.4 left of 0.8 takes 2/3 s. Then 1.3 are left for a thread, which takes 1.
    rate = Rate(1.5)
    machines = [rate.share(rate.root, cap=2.0) for _ in range(3)]
    for machine, work in zip(machines, (0.8, 0.4, 1.8), strict=True):
        rate.join(machine, inf, 0.0, cap=0.1)
        rate.join(machine, work, 0.0, owner=work)
    seen = finishes(rate)
    assert [owner for owner, _ in seen] == [0.4, 0.8, 1.8]
    assert [time for _, time in seen] == pytest.approx([1.0, 5 / 3, 8 / 3])


def test_recap_keeps_the_work_that_is_done() -> None:
    # 1 of 4 done by 1 s at cap 1; half speed from then: 6 s more.
    rate = Rate(2.0)
    leaf = rate.join(rate.root, 4.0, 0.0, owner="a")
    rate.recap(leaf, 1.0, cap=0.5)
    assert rate.done(leaf, 2.0) == 1.5
    assert finishes(rate) == [("a", 7.0)]


def test_recap_of_a_weight_shifts_the_balance() -> None:
    rate = Rate(1.0)
    first = rate.share(rate.root)
    second = rate.share(rate.root)
    leaves = [rate.join(node, inf, 0.0) for node in (first, second)]
    rate.recap(first, 1.0, weight=3.0)
    assert [rate.rate(leaf) for leaf in leaves] == [0.75, 0.25]
    rate.recap(leaves[0], 2.0, weight=7.0)  # alone in its node, whose share is what counts
    assert rate.rate(leaves[0]) == 0.75


def test_capacity_can_change_while_claims_run() -> None:
    rate = Rate(1.0)
    rate.join(rate.root, 3.0, 0.0, cap=4.0, owner="a")
    rate.recap(rate.root, 1.0, cap=4.0)
    assert finishes(rate) == [("a", 1.5)]


def test_a_frozen_container_waits_until_it_is_thawed() -> None:
    rate = Rate(1.0)
    container = rate.share(rate.root)
    rate.join(container, 1.0, 0.0, owner="a")
    rate.recap(container, 0.5, cap=0.0)
    assert rate.next() == inf
    rate.recap(container, 9.0, cap=inf)
    assert finishes(rate) == [("a", 9.5)]


def test_efficiency_is_what_neighbours_cost_each_other() -> None:
    # Past two cores of demand the second threads of the cores add a quarter of a core each:
    # four threads have 2 * 1.25 = 2.5 cores of useful rate on a capacity of 4.
    def threads_of_two_cores(demand: float) -> float:
        return min(demand, 2.0 + 0.25 * max(0.0, demand - 2.0)) / 4.0

    rate = Rate(4.0, efficiency=threads_of_two_cores)
    leaves = [rate.join(rate.root, inf, 0.0) for _ in range(2)]
    assert rate.rate(rate.root) == 2.0
    leaves += [rate.join(rate.root, inf, 0.0) for _ in range(2)]
    assert rate.rate(rate.root) == 2.5
    assert [rate.rate(leaf) for leaf in leaves] == [0.625] * 4


def test_ties_come_in_the_order_of_joining() -> None:
    # Each does 1 by 3 s, in three different places of the tree.
    rate = Rate(1.0)
    group = rate.share(rate.root)
    rate.join(rate.root, 1.0, 0.0, owner="first")
    rate.join(group, 1.0, 0.0, owner="second")
    rate.join(rate.root, 1.0, 0.0, owner="third")
    assert [owner for owner, _ in finishes(rate)] == ["first", "second", "third"]


def test_what_finishes_within_the_resolution_finishes_together() -> None:
    rate = Rate(2.0)
    rate.join(rate.root, 1.0, 0.0, owner="a")
    rate.join(rate.root, 1.0 + 1e-10, 0.0, owner="b")
    rate.join(rate.root, 1.0 + 1e-6, 0.0, owner="c")
    assert [leaf.owner for leaf in rate.complete(rate.next())] == ["a", "b"]


def test_a_tiny_remainder_late_in_a_long_run_does_not_hang_it() -> None:
    # At 10^8 s one ulp is 15 ns: a microsecond of a millionth is far below it.
    rate = Rate(1.0)
    start = 1e8
    assert ulp(start) > 1e-9
    rate.join(rate.root, 1e-12, start, owner="a")
    rate.join(rate.root, 1e-9, start, owner="b")
    assert [leaf.owner for leaf in rate.complete(rate.next())] == ["a", "b"]
    assert rate.next() == inf


def test_no_work_is_done_at_once_even_without_any_capacity() -> None:
    rate = Rate(0.0)
    rate.join(rate.root, 0.0, 5.0, owner="a")
    rate.join(rate.root, 1.0, 5.0, owner="b")
    assert rate.next() == 5.0
    assert [leaf.owner for leaf in rate.complete(5.0)] == ["a"]
    assert rate.next() == inf


def test_a_clock_that_runs_for_a_year_keeps_its_precision() -> None:
    # A steady demand keeps the clock from resetting; a burst of 1 ms then takes 1 ms.
    rate = Rate(2.0)
    steady = rate.join(rate.root, inf, 0.0)
    year = 365 * 86_400.0
    for month in range(1, 13):
        start = month * year / 12
        rate.join(rate.root, 1e-3, start)
        rate.complete(rate.next())
    assert rate.next() == inf
    assert rate.done(steady, 2 * year) == pytest.approx(2 * year, rel=1e-15)
    assert rate.served(2 * year) == pytest.approx(2 * year + 12e-3, rel=1e-15)


def test_cancelled_claims_do_not_pile_up() -> None:
    rate = Rate(1.0)
    kept = rate.join(rate.root, 1.0, 0.0)
    for _ in range(10_000):
        rate.leave(rate.join(rate.root, 1.0, 0.0), 0.0)
    assert kept.cohort is not None
    assert len(kept.cohort.heap) < 100


def test_a_finished_claim_remembers_its_work() -> None:
    rate = Rate(1.0)
    leaf = rate.join(rate.root, 0.3, 0.0)
    rate.complete(0.3)
    assert rate.done(leaf, 0.3) == 0.3
    assert rate.rate(leaf) == 0.0


def test_an_empty_node_can_be_removed_and_is_then_gone() -> None:
    rate = Rate(1.0)
    outer = rate.share(rate.root)
    inner = rate.share(outer)
    with pytest.raises(ValueError, match="empty node"):
        rate.remove(outer)
    rate.remove(inner)
    rate.remove(outer)
    with pytest.raises(ValueError, match="not part of this rate"):
        rate.join(outer, 1.0, 0.0)


def test_a_node_is_removed_in_the_instant_in_which_it_emptied() -> None:
    rate = Rate(1.0)
    node = rate.share(rate.root)
    leaf = rate.join(node, 1.0, 0.0)
    other = rate.join(rate.root, inf, 0.0)
    with pytest.raises(ValueError, match="empty node"):
        rate.remove(node)
    rate.leave(leaf, 0.5)
    rate.remove(node)
    assert rate.rate(other) == 1.0


@pytest.mark.parametrize("now", [-1.0, 0.5, nan])
def test_time_does_not_go_back(now: float) -> None:
    rate = Rate(1.0)
    rate.join(rate.root, 9.0, 1.0)
    with pytest.raises(ValueError, match="time"):
        rate.join(rate.root, 1.0, now)
    assert rate.served(2.0) == 1.0


def test_time_does_not_pass_a_completion_unseen() -> None:
    rate = Rate(1.0)
    rate.join(rate.root, 1.0, 0.0)
    with pytest.raises(ValueError, match="time"):
        rate.served(2.0)
    assert rate.complete(1.0 + 1e-10)


@pytest.mark.parametrize(
    "claim",
    [
        lambda rate: rate.join(rate.root, -1.0, 0.0),
        lambda rate: rate.join(rate.root, nan, 0.0),
        lambda rate: rate.join(rate.root, 1.0, 0.0, weight=0.0),
        lambda rate: rate.join(rate.root, 1.0, 0.0, weight=inf),
        lambda rate: rate.join(rate.root, 1.0, 0.0, cap=-1.0),
        lambda rate: rate.share(rate.root, cap=nan),
        lambda rate: rate.recap(rate.root, 0.0, cap=inf),
        lambda rate: Rate(inf),
        lambda rate: Rate(-1.0),
        lambda rate: rate.join(Rate(1.0).root, 1.0, 0.0),
        lambda rate: rate.remove(rate.root),
    ],
)
def test_claims_that_make_no_sense_are_refused(claim: Callable[[Rate], Leaf | Node | None]) -> None:
    rate = Rate(1.0)
    with pytest.raises(ValueError):
        claim(rate)
    rate.join(rate.root, 1.0, 0.0, owner="a")
    assert finishes(rate) == [("a", 1.0)]


def test_a_claim_leaves_once() -> None:
    rate = Rate(1.0)
    leaf = rate.join(rate.root, 1.0, 0.0)
    rate.leave(leaf, 0.5)
    with pytest.raises(ValueError, match="finished or left"):
        rate.leave(leaf, 0.5)
    with pytest.raises(ValueError, match="finished or left"):
        rate.recap(leaf, 0.5, cap=2.0)


def test_an_efficiency_below_nothing_is_refused() -> None:
    rate = Rate(1.0, efficiency=lambda demand: -demand)
    rate.join(rate.root, 1.0, 0.0)
    with pytest.raises(ValueError, match="efficiency"):
        rate.next()


def test_many_changes_at_one_instant_are_solved_once() -> None:
    demands: list[float] = []

    def watch(demand: float) -> float:
        demands.append(demand)
        return 1.0

    rate = Rate(4.0, efficiency=watch)
    leaves = [rate.join(rate.root, 1.0, 0.0) for _ in range(1000)]
    for leaf in leaves[:400]:
        rate.leave(leaf, 0.0)
    for leaf in leaves[400:500]:
        rate.recap(leaf, 0.0, cap=0.5)
    rate.next()
    assert demands == [550.0]  # 500 of cap 1 and 100 of cap 1/2
