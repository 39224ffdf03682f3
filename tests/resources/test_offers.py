"""What a claim is offered is what it would get if it asked, and asking changes nothing."""

from __future__ import annotations

from math import inf
from random import Random

import pytest
from oracle.stories import crowding, some_cap, some_limit, some_tree, some_weight

from sim.resources.rate import Leaf, Node, Rate


def test_who_asks_for_more_is_offered_what_the_others_leave() -> None:
    # Of 4 cores two others take 1 each; the third, which takes 0.1, could have 2.
    rate = Rate(4.0)
    leaf, *_ = [rate.join(rate.root, inf, 0.0, cap=cap) for cap in (0.1, 1.0, 1.0)]
    assert rate.offer(leaf, 8.0) == 2.0
    assert rate.offer(leaf, 1.5) == 1.5
    assert rate.rate(leaf) == 0.1


def test_a_quota_holds_unless_it_is_lifted() -> None:
    rate = Rate(4.0)
    machine = rate.share(rate.root, cap=2.0)
    quota = rate.share(machine, cap=0.5)
    leaf = rate.join(quota, inf, 0.0, cap=0.1)
    assert rate.offer(leaf, 3.0) == 0.5
    assert rate.offer(leaf, 3.0, [quota]) == 2.0
    assert rate.offer(leaf, 3.0, [quota, machine]) == 3.0


def test_who_has_left_is_offered_nothing() -> None:
    rate = Rate(1.0)
    leaf = rate.join(rate.root, inf, 0.0)
    rate.leave(leaf, 1.0)
    with pytest.raises(ValueError, match="left already"):
        rate.offer(leaf, 1.0)


def asked(rate: Rate, leaf: Leaf, least: float, lifted: list[Node]) -> float:
    """What a claim gets that really asks."""
    cap, _ = rate.claim(leaf)
    for node in lifted:
        rate.recap(node, 0.0, cap=max(node.cap, least))
    rate.recap(leaf, 0.0, cap=max(cap, least))
    return rate.rate(leaf)


@pytest.mark.parametrize("seed", range(100))
def test_an_offer_is_what_asking_brings(seed: int) -> None:
    random = Random(seed)
    size = random.randrange(1, 12)
    rate = Rate(random.choice([1.0, 4.0, 16.0]), efficiency=random.choice([None, crowding]))
    nodes = [rate.root]
    for parent, weight, cap in some_tree(random, size):
        nodes.append(rate.share(nodes[parent], weight=weight, cap=cap))
    leaves = [
        rate.join(
            *(random.choice(nodes), inf, 0.0), weight=some_weight(random), cap=some_cap(random)
        )
        for _ in range(2 * size)
    ]
    for _ in range(3):
        leaf, least = random.choice(leaves), some_limit(random)
        path = [leaf.parent]
        while path[-1].parent is not None:
            path.append(path[-1].parent)
        lifted = [node for node in path[:-1] if random.random() < 0.5]
        before = [rate.rate(each) for each in leaves]
        found = rate.offer(leaf, least, lifted)
        assert [rate.rate(each) for each in leaves] == before
        assert found == pytest.approx(asked(rate, leaf, least, lifted), rel=1e-9, abs=1e-12)
