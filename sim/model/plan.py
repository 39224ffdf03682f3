"""The plan of a group on a platform: what all of its instances have in common, worked out once.

Specs go in; out come a machine for each depth, what crossings multiply, which layers go where,
and the list of activities that is an instance's life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, chain
from math import inf
from typing import get_args

from sim.model.activity import Activity, Arrive, Begin, Join, Occupy, Refuse
from sim.model.application import Steady, application, binder, contents, steady_demand
from sim.model.bundle import Bundle
from sim.model.bundling import host_bundle
from sim.model.cgroup import USUAL_WEIGHT
from sim.model.components import CROSSINGS, NET
from sim.model.ending import Ending, plan_ending
from sim.model.inside import (
    Inside,
    count_fetches,
    plan_inside,
    slowdown,
)
from sim.model.making import Crossing, Surroundings, fetching
from sim.model.ordering import Ordered, ordered
from sim.model.ports import Bind
from sim.model.tailoring import tailored
from sim.model.traffic import Traffic, plan_traffic, value_at
from sim.model.versions import base_layers, is_taker, with_version
from sim.spec.group import Group
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.load import Course
from sim.spec.platform import Platform
from sim.spec.ports import Published
from sim.spec.restart import retries
from sim.spec.scenario import Scenario
from sim.spec.systems import foreign
from sim.spec.workload import WorkClass


@dataclass(frozen=True)
class Restart:
    """When an instance that has ended begins again: the policy, and its back-off in seconds.

    Where `retries` says so, no more often than that.
    """

    policy: str
    retries: int | None
    first: float
    most: float
    reset: float


@dataclass(frozen=True)
class Residence:
    """How the private memory of a ready instance lives: by its work, by growth, by its course.

    `active` is the share that work touches, `rewrites` what it writes anew in bytes a second;
    `growth` bytes a second are taken up to `most` in all, or the course of `times` and `values`
    is followed. `processes` share the memory, and `adjust` moves them among the kernel's victims.
    """

    active: float
    rewrites: float
    growth: float
    most: float
    times: Sequence[float]
    values: Sequence[float]
    processes: int
    adjust: int


@dataclass(frozen=True)
class Plan:
    """What all instances of one group have in common on one platform.

    `installed` is what the host's own files must hold where no boundary brings files; `claim` is
    the memory that an instance is placed by; `ports` are those that it publishes. `ending` is what
    follows when its main process is asked to end.
    `private` and `mapped` are what one ready instance needs as a bare process, and `files` is the
    content that it maps. A life that finds its outermost n boundaries standing begins at
    `starts[n]` of the activities, and has `fetches[n]` bundles to wait for at most. `weight` is
    that of its threads where no boundary is its own. Of a closed loop so many are `in_flight`.
    """

    group: str
    workload: str
    count: int
    in_flight: int | None
    insides: tuple[Inside, ...]
    installed: Bundle | None
    activities: tuple[Activity, ...]
    starts: tuple[int, ...]
    fetches: tuple[int, ...]
    steady: Steady
    course: tuple[Sequence[float], Sequence[float]]
    traffic: Traffic | None
    residence: Residence
    restart: Restart
    ending: Ending
    private: int
    mapped: int
    files: str
    claim: int
    ports: tuple[Published, ...]
    weight: float
    slowdown: float

    @property
    def kernel_depth(self) -> int:
        """The depth of the kernel that an instance runs on once it is up; the host's is 0."""
        depths = [depth for depth, inside in enumerate(self.insides, 1) if inside.own_kernel]
        return max(depths, default=0)

    @property
    def steps(self) -> Sequence[float]:
        """The times at which what an instance asks for changes."""
        return self.traffic.times if self.traffic is not None else self.course[0]

    def steady_at(self, now: float) -> Steady:
        """What a ready instance asks for at a time, requests apart."""
        times, values = self.course
        if not times:
            return self.steady
        cpu, native = self.steady.cpu, value_at(times, values, now)
        crossed = cpu[CROSSINGS] + (native - cpu[NET]) * (self.slowdown - 1.0)
        return replace(self.steady, cpu={**cpu, NET: native, CROSSINGS: crossed})


def plan_group(name: str, scenario: Scenario, platform: Platform, version: int = 0) -> Plan:
    """Work out the plan of a group on the platform that it has in a scenario.

    Where another group builds its image, it is that of one `version`.
    """
    if is_taker(name, scenario, platform):
        scenario = with_version(scenario, name, version)
    group = scenario.groups[name]
    bases = base_layers(scenario, name)
    insides = tuple(_insides(group, scenario, platform.of(name), bases))
    workload, host = group.workload, scenario.host
    installed = _installed(scenario, workload.image, insides)
    builds = ordered(name, scenario, platform, insides, partial(_is_present, scenario))
    parts = [list(part) for part in _life(group, host, insides, installed, builds)]
    refusal = foreign(platform.of(name), host.system, workload.image)
    parts[0][:0] = [Refuse(refusal)] if refusal else builds.by_hand
    activities = tuple(chain.from_iterable(parts))
    memory = workload.memory
    return Plan(
        group=name,
        workload=workload.name,
        count=group.count,
        in_flight=group.arrive.in_flight,
        insides=insides,
        installed=installed,
        activities=activities,
        starts=(0, *accumulate(len(part) for part in parts[:-1])),
        fetches=tuple(_fetches(parts[keep:], insides[keep:]) for keep in range(len(insides) + 1)),
        steady=steady_demand(group, host, insides),
        course=_times_and_values(group.cpu, 1.0 / host.speed.value),
        traffic=plan_traffic(group, host, insides),
        residence=_residence(group),
        restart=Restart(*retries(group.restart), **group.back_off.model_dump()),
        ending=plan_ending(workload.main, insides),
        private=int(memory.private.value) + int(memory.kernel.value),
        mapped=int(memory.mapped.value),
        files=contents(workload.image)[0],
        claim=_claim(group, insides),
        ports=group.ports,
        weight=1.0 if _has_own(insides) else group.limits.cpu_weight / USUAL_WEIGHT,
        slowdown=slowdown(workload.work, insides),
    )


def _installed(scenario: Scenario, image: Image, insides: tuple[Inside, ...]) -> Bundle | None:
    """What the host's own files must hold, where no boundary brings the workload's."""
    if any(inside.boundary.files.kind != "outside" for inside in insides):
        return None
    return host_bundle(image, is_present=_is_present(scenario, image))


def _life(
    group: Group,
    host: Host,
    insides: tuple[Inside, ...],
    installed: Bundle | None,
    builds: Ordered,
) -> Iterator[Iterator[Activity]]:
    """The parts of a life: up to the inside of each boundary, and then the application's own."""
    binds = binder(insides) if group.ports else None
    for depth, inside in enumerate(insides, start=1):
        own_ports = [Bind(is_main=False)] if depth == binds else []
        yield chain(_entering(depth, inside), own_ports)
    own = application(group, host, insides, builds.work, builds.later)
    yield chain(_installing(installed), builds.first, own)


def _installing(installed: Bundle | None) -> Iterator[Activity]:
    if installed is None:
        return
    if any(layer.path for layer in installed.layers):
        yield Occupy(0, installed)
    if not installed.is_present:
        yield from fetching(0, installed)


def _entering(depth: int, inside: Inside) -> Iterator[Activity]:
    """Make a boundary of its own, or wait for one that is shared."""
    if not inside.is_shared:
        yield from inside.making
        return
    yield Begin("waiting")
    yield Join(depth)
    yield Arrive(depth)


def _fetches(parts: list[list[Activity]], insides: tuple[Inside, ...]) -> int:
    """What a life waits for, and may cause where it is the first to ask for a machine."""
    shared = (inside.fetches for inside in insides if inside.is_shared and not inside.is_ahead)
    return sum(map(count_fetches, parts)) + sum(shared)


def _has_own(insides: tuple[Inside, ...]) -> bool:
    return any(not inside.is_shared for inside in insides)


def _times_and_values(
    course: Course | None, factor: float
) -> tuple[Sequence[float], Sequence[float]]:
    if course is None:
        return (), ()
    return tuple(course.times_s or ()), tuple(factor * value for value in course.values or ())


def _residence(group: Group) -> Residence:
    memory, growth = group.workload.memory, group.workload.memory.growth
    times, values = _times_and_values(group.memory, 1.0)
    most = inf if growth is None or growth.most is None else growth.most.value
    return Residence(
        active=memory.active.value,
        rewrites=memory.rewrites.value,
        growth=0.0 if growth is None else growth.rate.value,
        most=most,
        times=times,
        values=values,
        processes=memory.processes,
        adjust=group.oom_adjust,
    )


def _insides(
    group: Group, scenario: Scenario, platform: Platform, bases: frozenset[str]
) -> Iterator[Inside]:
    """The inside of each boundary; `bases` are layers that a store has from before."""
    host = scenario.host
    around = _host_surroundings(host)
    kinds = [boundary.files.kind for boundary in platform.boundaries.values()]
    bringer = max((depth for depth, kind in enumerate(kinds) if kind != "outside"), default=-1)
    for depth, (name, given) in enumerate(platform.boundaries.items()):
        boundary = tailored(given, group.workload, host)
        image = group.workload.image if depth == bringer else None
        images = [image, boundary.files.guest]
        present = all(one is None or _is_present(scenario, one) for one in images)
        key = f"{platform.name}.{name}"
        ports = len(group.ports)
        inside = plan_inside(key, boundary, around, group.limits, image, present, ports).upon(bases)
        yield inside
        around = Surroundings(
            depth + 1, inside.cores, inside.memory, around.speed, inside.slowdown, inside.crossing
        )


def _host_surroundings(host: Host) -> Surroundings:
    native = dict.fromkeys(get_args(WorkClass), 1.0)
    memory = int(host.memory.value)
    return Surroundings(0, host.cores.value, memory, host.speed.value, native, Crossing())


def _is_present(scenario: Scenario, image: Image) -> bool:
    if isinstance(scenario.images, str):
        return scenario.images == "present"
    return image.name in scenario.images


def _claim(group: Group, insides: tuple[Inside, ...]) -> int:
    """The memory that placement counts: what an own guest is promised, the limit, or the need."""
    guests = [inside.promised for inside in insides if inside.own_kernel and not inside.is_shared]
    if guests and guests[0]:
        return guests[0]
    if group.limits.memory is not None:
        return int(group.limits.memory)
    memory = group.workload.memory
    return int(memory.private.value + memory.mapped.value + memory.kernel.value)
