"""Builds as planned: where their steps are performed, and what each of them is a list of.

Where some boundary's files are layers, steps are performed on the machine around the innermost of
them, whose store keeps the outcome of each as a layer; each command is started as that boundary
starts its own. Elsewhere they are performed inside, and nothing tells which are done: all are
performed again, unless a person does them, who knows what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sim.images.stored.layers import RATIO
from sim.model.activity import Activity, Compute, Draw, Read, Variation, Wait
from sim.model.build_activity import ByHand, Download, Make, Pause
from sim.model.bundle import Bundle
from sim.model.bundling import image_bundle
from sim.model.components import CROSSINGS
from sim.model.inside import Inside, slowdown
from sim.model.making import fetching
from sim.spec.build import Build, Step, Work
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.workload import WorkClass

BY_HAND = ("folder", "copy", "run")
"""The kinds of steps that are there without a builder as well."""

_AS_STATED = Variation(0.0, Draw.CREATION)
_CONNECTIONS = 5  # dockerd's --max-concurrent-uploads; source: docker-docs, oi325


@dataclass(frozen=True)
class Order:
    """Which builds are made, `every` so often, and how: whether a person sees to them, whether the
    same is done in many instances, and whether what comes out goes on to other hosts."""

    runs: Sequence[Build]
    every: float
    by_hand: bool
    is_repeated: bool
    is_delivered: bool


@dataclass(frozen=True)
class PlannedStep:
    """A step of a build, and the activities that it is where it is not cached.

    `bundle` is the base image that it provides.
    """

    step: Step
    needs: tuple[int, ...]
    activities: tuple[Activity, ...]
    bundle: Bundle | None


@dataclass(frozen=True)
class PlannedBuild:
    """One build: its number, the change before it, and its steps on the machine at a depth.

    `keeps` tells whether outcomes are kept as layers.
    """

    number: int
    change: str
    at: int
    keeps: bool
    steps: tuple[PlannedStep, ...]
    order: Order


@dataclass(frozen=True)
class Workshop:
    """Where steps are performed: the depth, and the boundary that starts commands, if any.

    `disk` are the bytes of a disk of its own, which goes on with all that is made on it.
    """

    at: int
    boundary: Inside | None
    disk: int
    host: Host
    slowdown: float
    is_present: Callable[[Image], bool]


def workshop(
    work: WorkClass,
    host: Host,
    insides: tuple[Inside, ...],
    is_present: Callable[[Image], bool],
) -> Workshop:
    """Find where an instance within these boundaries performs its steps."""
    layered = [at for at, each in enumerate(insides) if each.boundary.files.kind == "layers"]
    at = layered[-1] if layered else len(insides)
    boundary = insides[at] if layered else None
    disk = sum(layer.unpacked for each in insides for layer in each.disk)
    return Workshop(at, boundary, disk, host, slowdown(work, insides), is_present)


def building(order: Order, shop: Workshop, start: int, stop: int | None) -> Iterator[Activity]:
    """List the builds of an order from one number to another, each at its time."""
    sent: set[str] = set()
    for number, build in enumerate(order.runs[:stop]):
        planned = _planned(number, build, order, shop, sent)
        sent |= build.layers.keys()
        if number < start:
            continue
        if number and order.every:
            yield Pause(number * order.every)
        yield from _commanded(planned)
        yield Make(planned)


def _commanded(build: PlannedBuild) -> Iterator[Activity]:
    """What a person does for a builder: write down each step once, and start every build."""
    if not build.order.by_hand or build.order.is_repeated:
        return
    written = [planned for planned in build.steps if planned.step.kind in BY_HAND]
    yield ByHand()
    if build.keeps and not build.number:
        yield from (ByHand() for _ in written)


def _planned(
    number: int, build: Build, order: Order, shop: Workshop, sent: set[str]
) -> PlannedBuild:
    """The steps that are there, which need each other by their places among them."""
    steps = dict(_there(build, order, shop))
    places = {n: place for place, n in enumerate(steps)}
    planned = [
        PlannedStep(
            step=step,
            needs=tuple(places[need] for need in step.needs if need in places),
            activities=tuple(_performing(step, shop)),
            bundle=_base(step, shop),
        )
        for step in steps.values()
    ]
    if order.is_delivered:
        planned.append(_sending(build, shop, sent, len(planned)))
    keeps = shop.boundary is not None
    return PlannedBuild(number, build.change or "", shop.at, keeps, tuple(planned), order)


def _there(build: Build, order: Order, shop: Workshop) -> Iterator[tuple[int, Step]]:
    """The steps that there are with a builder, or without, and their numbers."""
    for number, step in enumerate(build.steps):
        is_done = order.by_hand and step.cached
        if shop.boundary is not None or (step.kind in BY_HAND and not is_done):
            yield number, step


def _sending(build: Build, shop: Workshop, sent: set[str], before: int) -> PlannedStep:
    """Send what came out to where other hosts take it from: new layers, or a whole disk."""
    if shop.boundary is None:
        size = shop.disk + sum(build.layers.values())
    else:
        size = sum(size for key, size in build.layers.items() if key not in sent)
    step = Step(line=0, name="pushing", kind="export")
    activity = Download(round(size / RATIO), _CONNECTIONS)
    return PlannedStep(step, tuple(range(before)), (activity,), None)


def _base(step: Step, shop: Workshop) -> Bundle | None:
    """The layers of a base image, where images have layers."""
    if step.image is None or shop.boundary is None:
        return None
    is_present = not step.is_new and shop.is_present(step.image)
    return image_bundle(step.image, shop.boundary.bundle, is_present=is_present)


def _performing(step: Step, shop: Workshop) -> Iterator[Activity]:
    """What a step needs first: a base image, or a command started in a boundary; then its work."""
    bundle = _base(step, shop)
    if bundle is not None and not bundle.is_present:
        yield from fetching(shop.at, bundle)
    if shop.boundary is not None and step.kind == "run":
        yield from shop.boundary.command
    yield from _working(step, step.work, shop)


def _working(step: Step, work: Work, shop: Workshop) -> Iterator[Activity]:
    """What a step asks for, in the order of its work; what it writes is written at its end."""
    waiting = work.wait + work.round_trips * shop.host.link.round_trip.value
    if waiting:
        yield Wait(shop.at, waiting, _AS_STATED)
    if work.download:
        yield Download(work.download, work.connections)
    if work.read:
        yield Read(shop.at, f"{step.key or step.name}:read", work.read)
    if work.compute:
        native = work.compute / shop.host.speed.value
        slow = native * shop.slowdown
        yield Compute(shop.at, slow, work.threads, native, CROSSINGS, _AS_STATED)
