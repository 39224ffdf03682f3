"""The inside of one boundary as planned: its machine, its files, and the steps that make it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.model.activity import Activity, Fetch
from sim.model.build_activity import Download, Make
from sim.model.bundle import Bundle, Layer
from sim.model.bundling import boundary_bundle, boundary_layers
from sim.model.cgroup import Cgroup, held_to, share_or_amount
from sim.model.making import (
    Crossing,
    Memory,
    Surroundings,
    commanding,
    held,
    making,
    removing,
    shutting_down,
)
from sim.spec.image import Image
from sim.spec.platform import Boundary, Scope
from sim.spec.scenario import Limits
from sim.spec.workload import WorkClass


@dataclass(frozen=True)
class Inside:
    """The inside of one boundary, the same for all instances of a group.

    `key` names its boundary among all of a host, `sharing` those whose machines are alike, the
    workload's files in them included. `places` is how many instances share one (infinite: all
    of a host). `memory` is the RAM of a kernel of its own, and `promised` to it unless nobody gave
    it a size; `swap` is its swap. `cores` is the most CPU inside; where the kernel around sees to
    that, its `cgroup` has a quota. `ports` are published. `bundle` is what the store around it must
    hold first, `disk` what a disk of its own holds. `daemon` and `daemon_cpu` are held and used
    once on each machine around it, `idle` by each inside at rest. `making` is performed once for
    each, `command` by a builder for each command that it runs inside one; when it is no longer
    needed `shutdown` inside, where its own init is asked to end, and `removing` from outside.
    """

    key: str
    sharing: str
    boundary: Boundary
    places: float
    cores: float
    memory: int
    promised: int
    swap: int
    cgroup: Cgroup
    ports: int
    slowdown: Mapping[str, float]
    crossing: Crossing
    bundle: Bundle | None
    disk: tuple[Layer, ...]
    daemon: tuple[Memory, ...]
    daemon_cpu: float
    idle: float
    making: tuple[Activity, ...]
    command: tuple[Activity, ...]
    shutdown: tuple[Activity, ...]
    removing: tuple[Activity, ...]

    def upon(self, bases: frozenset[str]) -> Inside:
        """The same where a store around it has these layers from before."""
        bundle = self.bundle
        if bundle is None or bundle.is_template:
            return self
        return replace(self, bundle=replace(bundle, bases=bases))

    @property
    def own_kernel(self) -> bool:
        """Whether a kernel of its own runs inside."""
        return self.boundary.kernel == "own"

    @property
    def lasts(self) -> bool:
        """Whether a kernel of its own runs inside, and goes on when the main process ends."""
        return self.own_kernel and self.boundary.lasts == "on"

    @property
    def has_quota(self) -> bool:
        """Whether the kernel around holds one instance to its cores, period by period."""
        return self.cgroup.quota is not None and not self.is_shared

    @property
    def is_shared(self) -> bool:
        """Whether several instances may live in one."""
        return self.places > 1

    @property
    def fetches(self) -> int:
        """How many bundles have to be fetched to make it."""
        return count_fetches(self.making)

    @property
    def is_ahead(self) -> bool:
        """Whether it is there before the first instance asks for it."""
        return self.is_shared and self.boundary.provision == "ahead"


def plan_inside(
    key: str,
    boundary: Boundary,
    around: Surroundings,
    limits: Limits,
    image: Image | None,
    is_present: bool,
    ports: int,
) -> Inside:
    """Work out the inside of a boundary within its surroundings.

    `image` is the workload's where this boundary brings the workload's files; `is_present` says
    that its files need not be pulled; `limits` and `ports` are those of an instance, and count
    where the boundary is made for one.
    """
    places = _places(boundary.scope)
    if places > 1:
        limits, ports = Limits(), 0
    memory = _memory(boundary, around, limits)
    layers = boundary_layers(boundary, image)
    bundle = boundary_bundle(key, boundary, layers, around, is_present=is_present)
    return Inside(
        key=key,
        sharing=key if image is None else f"{key} with {image.name}",
        boundary=boundary,
        places=places,
        cores=_cores(boundary, around, limits),
        memory=memory,
        promised=memory if boundary.size or limits.memory else 0,
        swap=int(share_or_amount(boundary.swap, memory)),
        cgroup=held_to(boundary, around, limits),
        ports=ports,
        slowdown=_slowdown(boundary, around.slowdown),
        crossing=around.crossing.through(boundary),
        bundle=bundle,
        disk=layers if boundary.files.kind == "disk" else (),
        daemon=_daemon(key, boundary, around),
        daemon_cpu=boundary.daemon.cpu.value / around.speed,
        idle=boundary.idle.value / around.speed,
        making=tuple(making(key, boundary, around, memory, bundle, ports)),
        command=tuple(commanding(key, boundary, around)),
        shutdown=tuple(shutting_down(key, boundary, around)),
        removing=tuple(removing(key, boundary, around)),
    )


def slowdown(work: WorkClass, insides: Sequence[Inside]) -> float:
    """CPU time over native time of a class of work, within these boundaries."""
    return insides[-1].slowdown[work] if insides else 1.0


def count_fetches(activities: Sequence[Activity]) -> int:
    """Count what a list of activities asks of others than the host: bundles, builds, downloads."""
    return sum(map(_is_from_outside, activities))


def _is_from_outside(activity: Activity) -> bool:
    if isinstance(activity, Fetch):
        return not activity.unpacked
    return isinstance(activity, Make | Download)


def _places(scope: Scope) -> float:
    if isinstance(scope, int):
        return scope
    return 1 if scope == "instance" else math.inf


def _memory(boundary: Boundary, around: Surroundings, limits: Limits) -> int:
    if boundary.kernel == "shared":
        return around.memory
    if limits.memory is not None:
        return int(limits.memory)
    if boundary.size is None:
        return around.memory
    return int(share_or_amount(boundary.size.memory, around.memory))


def _cores(boundary: Boundary, around: Surroundings, limits: Limits) -> float:
    if limits.cpu is not None:
        return limits.cpu
    if boundary.size is None:
        return around.cores
    return share_or_amount(boundary.size.cpu, around.cores)


def _slowdown(boundary: Boundary, around: Mapping[str, float]) -> dict[str, float]:
    """CPU time over native time by class of work, over all boundaries from the host inwards."""
    here = boundary.crossings.cpu
    return {
        work: factor * (here[work].value if work in here else 1.0)
        for work, factor in around.items()
    }


def _daemon(key: str, boundary: Boundary, around: Surroundings) -> tuple[Memory, ...]:
    """What the platform's daemon holds on each machine around it."""
    return tuple(
        held(f"boundary.{name}", f"{key}:{name}", holding, around.memory)
        for name, holding in boundary.daemon.memory.items()
    )
