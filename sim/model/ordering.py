"""Who builds what, and when: a builder for others, or each instance for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.model.activity import Activity
from sim.model.build_activity import ByHand
from sim.model.building import Order, building, workshop
from sim.model.inside import Inside
from sim.model.versions import is_idle, is_inside, takers
from sim.spec.group import Group
from sim.spec.image import Image
from sim.spec.platform import Platform
from sim.spec.scenario import Scenario


@dataclass(frozen=True)
class Ordered:
    """What is built in a life: what a person does before it, what comes before the application,
    what is the work of a builder, and what is done later beside what it serves."""

    by_hand: tuple[Activity, ...] = ()
    first: tuple[Activity, ...] = ()
    work: tuple[Activity, ...] = ()
    later: tuple[Activity, ...] = ()


def ordered(
    name: str,
    scenario: Scenario,
    platform: Platform,
    insides: tuple[Inside, ...],
    is_present: Callable[[Image], bool],
) -> Ordered:
    """Find what the instances of a group build within their boundaries."""
    group = scenario.groups[name]
    if group.built_by is not None:
        builder = scenario.groups[group.built_by]
        by_hand = (ByHand(),) if scenario.person is not None else ()
        if not is_inside(platform.of(name)):
            return Ordered(by_hand)
        order = _order(builder, scenario, is_repeated=True)
        shop = workshop(builder.workload.work, scenario.host, insides, is_present)
        first, later = building(order, shop, 0, 1), building(order, shop, 1, None)
        return Ordered(by_hand, first=tuple(first), later=tuple(later))
    if group.build is None or is_idle(scenario, platform, name):
        return Ordered()
    order = _order(group, scenario, is_delivered=bool(takers(scenario, platform, name)))
    shop = workshop(group.workload.work, scenario.host, insides, is_present)
    return Ordered(work=tuple(building(order, shop, 0, None)))


def _order(
    builder: Group, scenario: Scenario, *, is_repeated: bool = False, is_delivered: bool = False
) -> Order:
    builds = builder.build
    assert builds is not None  # who is built by a group that builds nothing is refused
    by_hand = scenario.person is not None
    return Order(builds.runs or (), builds.every, by_hand, is_repeated, is_delivered)
