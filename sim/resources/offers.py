"""What a claim would get if it could use more: worked out beside the tree, which stays as it is.

The same water-filling as in `fairness`, along the one path from the claim to the root. Claims whose
paths are alike are offered the same, so that it is worked out once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TypeAlias

from sim.resources.claims import Leaf, Node
from sim.resources.cohort import Allotment, Cohort
from sim.resources.fairness import by_level, water_level

Path: TypeAlias = tuple[object, ...]
"""All that an offer depends on, from the claim to the root, while the tree stays as it is."""


def path_of(leaf: Leaf, lifted: Container[Node]) -> Path:
    """Return what tells where a claim is from where others are that would be offered more or less.

    Nodes of one cohort are alike within as far as their own solver goes, or, where they have none,
    their only cohort.
    """
    path: list[object] = []
    below: Leaf | Node = leaf
    while (node := below.parent) is not None:
        own = below.cohort
        assert own is not None  # a claim that runs is in a cohort, and so is what holds it
        is_plain = node.solver is None and node.parent is not None
        inside = own.count if is_plain else node.solver or node
        path += (inside, own.weight, own.cap, node.cap, node in lifted)
        below = node
    return tuple(path)


def offered(
    leaf: Leaf, least: float, lifted: Container[Node], useful: Callable[[float], float]
) -> float:
    """Return the rate of a leaf if it, and the lifted nodes around it, had at least such a cap.

    The tree has been solved. `useful` gives what there is to share at a total demand.
    """
    steps: list[tuple[Allotment, float, float]] = []  # who shares, weight and cap on the path
    below: Leaf | Node = leaf
    demand = cap = 0.0
    while (node := below.parent) is not None:
        own = below.cohort
        assert own is not None
        if below is leaf:
            cap = max(own.cap, least)
        steps.append((_as_if(node, own, cap), own.weight, cap))
        demand = steps[-1][0].demand()
        cap = min(demand, max(node.cap, least) if node in lifted else node.cap)
        below = node
    grant = min(demand, useful(demand))
    for part, weight, cap in reversed(steps):
        ranked = sorted(part.cohorts.values(), key=by_level)
        grant = min(cap, weight * water_level(ranked, grant))
    return grant


def _as_if(node: Node, own: Cohort, cap: float) -> Allotment:
    """Who would share a node if one of a cohort had another cap."""
    part = Allotment(node.capacity)
    for cohort in node.cohorts.values():
        if others := cohort.count - (cohort is own):
            part.cohort_of(cohort.weight, cohort.cap).count = others
    part.cohort_of(own.weight, cap).count += 1
    return part
