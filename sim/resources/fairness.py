"""Weighted max-min fairness over a tree, in virtual time: refresh bottom-up, solve top-down.

What changed is refreshed first, deepest first, so that each node is in the cohort of those like
it; then grants are shared out from the root, and only where something changed.
"""

from __future__ import annotations

from heapq import heappop
from math import inf
from operator import attrgetter

from sim.resources.claims import Leaf, Node, Pattern
from sim.resources.cohort import Allotment, Cohort, Entry

by_level = attrgetter("level")


def refresh(node: Node, now: float) -> None:
    """Put a changed node into the cohort where it belongs now, or in none if it is idle.

    Its own children must have been refreshed before it.
    """
    if not node.cohorts:
        withdraw(node)
        return
    outer = place(node)
    if len(node.cohorts) == 1:
        (inner,) = node.cohorts.values()
        if not inner.solved:
            use_solver(node, None)
            inner.follow(outer, node.weight / (inner.count * inner.weight), now)
            return
    if any([cohort.solved for cohort in node.cohorts.values()]):
        stand_alone(node, outer)
    else:
        follow_pattern(node, outer, now)


def withdraw(node: Node) -> None:
    """Take a node out of the cohort that it is in, if any."""
    if node.cohort is not None and node.parent is not None:
        use_solver(node, None)
        node.parent.lose(node.cohort)
        node.cohort = None


def place(node: Node) -> Cohort:
    """Return the cohort of its parent that a node belongs to, moving it there."""
    demand = node.demand()
    effective = demand if demand < node.cap else node.cap
    outer = node.cohort
    if outer is None or outer.cap != effective or outer.weight != node.weight:
        withdraw(node)
        assert node.parent is not None  # the root is in no cohort and never refreshed
        node.cohort = outer = node.parent.cohort_of(node.weight, effective)
        outer.count += 1
    return outer


def stand_alone(node: Node, outer: Cohort) -> None:
    """Let a node with solved nodes below it be solved as well."""
    for cohort in node.cohorts.values():
        cohort.unfollow()
    use_solver(node, node)
    outer.solved[node] = node


def follow_pattern(node: Node, outer: Cohort, now: float) -> None:
    """Let a node of several cohorts share the solution of those like it."""
    profile = tuple(sorted([(c.weight, c.cap, c.count) for c in node.cohorts.values()]))
    pattern = outer.solved.get(profile)
    if pattern is None:
        pattern = outer.solved[profile] = Pattern(profile, node.capacity)
    use_solver(node, pattern)
    pattern.touched = True
    for key, cohort in node.cohorts.items():
        cohort.follow(pattern.cohorts[key], 1.0, now)


def use_solver(node: Node, solver: Allotment | None) -> None:
    """Change what solves a node: itself, a pattern, or nothing; drop a pattern without users."""
    old = node.solver
    if old is solver:
        return
    node.solver = solver
    if isinstance(solver, Pattern):
        solver.users += 1
    if old is not None and node.cohort is not None:
        dismiss(old, node.cohort)


def dismiss(solver: Allotment, outer: Cohort) -> None:
    """Drop a solver from a cohort, unless it is a pattern that others still use."""
    if isinstance(solver, Pattern):
        solver.users -= 1
        solver.touched = True
        if not solver.users:
            del outer.solved[solver.profile]
    else:
        del outer.solved[solver]


def solve(part: Allotment, grant: float, now: float) -> None:
    """Share a grant among cohorts, and on down where a grant or a subtree changed."""
    part.grant = grant
    if part.ranked is None:
        part.ranked = sorted(part.cohorts.values(), key=by_level)
    level = water_level(part.ranked, grant)
    soonest = inf
    for cohort in part.ranked:
        cohort.run(level if level < cohort.level else cohort.level, now)
        finish = cohort.finish()
        soonest = finish if finish < soonest else soonest
        if cohort.solved:
            soonest = min(soonest, solve_members(cohort, level, now))
    part.next = soonest
    part.touched = False


def solve_members(cohort: Cohort, level: float, now: float) -> float:
    """Solve what needs it of a cohort's members; return when the first of them finishes."""
    grant = cohort.cap if level >= cohort.level else cohort.weight * level
    soonest = inf
    for part in cohort.solved.values():
        if part.touched or part.grant != grant:
            solve(part, grant, now)
        soonest = min(soonest, part.next)
    return soonest


def water_level(ranked: list[Cohort], grant: float) -> float:
    """Return the rate per weight of those that are not capped; infinite if all are.

    The level L solves sum(k w min(L, e/w)) = grant over cohorts in order of e/w.
    """
    if len(ranked) == 1:
        cohort = ranked[0]
        count = cohort.count
        return inf if count * cohort.cap <= grant else grant / (count * cohort.weight)
    capped = [0.0]
    for cohort in ranked:
        capped.append(capped[-1] + cohort.count * cohort.cap)
    if capped[-1] <= grant:
        return inf
    weight = 0.0
    level = inf
    for cohort, below in zip(reversed(ranked), reversed(capped[:-1]), strict=True):
        weight += cohort.count * cohort.weight
        uncapped = (grant - below) / weight
        if uncapped >= cohort.level:
            return max(level, cohort.level)
        level = uncapped
    return level


def take_due(part: Allotment, limit: float, due: list[Leaf]) -> None:
    """Pop from the heaps of what is solved every leaf that finishes by `limit`."""
    for cohort in part.cohorts.values():
        while cohort.finish() <= limit:
            entry = heappop(cohort.heap)
            reach = cohort.clock + cohort.speed * (limit - cohort.time)
            take(entry, reach, due)
        for inner in cohort.solved.values():
            if inner.next <= limit:
                take_due(inner, limit, due)


def take(entry: Entry, reach: float, due: list[Leaf]) -> None:
    """Take a popped leaf, or the leaves of a popped follower that finish by `reach`.

    The first of a follower is due whatever rounding says, since its entry was.
    """
    follower = entry[2]
    follower.entry = None
    if isinstance(follower, Leaf):
        due.append(follower)
        return
    assert isinstance(follower, Cohort)  # nothing else follows a clock
    bound = follower.clock + (max(reach, entry[0]) - follower.anchor) * follower.pace
    first = follower.first()
    while first is not None:
        heappop(follower.heap)
        take(first, bound, due)
        first = follower.first()
        if first is not None and first[0] > bound:
            return


def clock_of(cohort: Cohort, now: float) -> float:
    """Return a cohort's clock, whether it follows another or not."""
    if cohort.outer is None:
        return cohort.reading(now)
    return cohort.clock + (clock_of(cohort.outer, now) - cohort.anchor) * cohort.pace


def speed_of(cohort: Cohort) -> float:
    """Return a cohort's speed, whether it follows another or not."""
    if cohort.outer is None:
        return cohort.speed
    return speed_of(cohort.outer) * cohort.pace
