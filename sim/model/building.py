"""Builds as planned: where their steps are performed, and what each of them is a list of.

Where some boundary's files are layers, steps are performed on the machine around the innermost of
them, whose store keeps the outcome of each as a layer; each command is started as that boundary
starts its own. Elsewhere they are performed inside, as by hand, and nothing tells which are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.model.activity import Activity, Compute, Draw, Read, Variation, Wait
from sim.model.build_activity import Download, Make, Pause
from sim.model.bundle import Bundle
from sim.model.components import CROSSINGS
from sim.model.inside import Inside, image_bundle, slowdown
from sim.model.making import fetching
from sim.spec.build import Build, Builds, Step
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.workload import WorkClass

BY_HAND = ("folder", "copy", "run")
"""The kinds of steps that are there without a builder as well."""

_AS_STATED = Variation(0.0, Draw.CREATION)


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


@dataclass(frozen=True)
class _Workshop:
    """Where steps are performed: the depth, and the boundary that starts commands, if any."""

    at: int
    boundary: Inside | None
    host: Host
    slowdown: float
    is_present: Callable[[Image], bool]


def building(
    builds: Builds | None,
    work: WorkClass,
    host: Host,
    insides: tuple[Inside, ...],
    is_present: Callable[[Image], bool],
) -> Iterator[Activity]:
    """List the builds of an instance that is ready, each at its time."""
    if builds is None:
        return
    workshop = _workshop(work, host, insides, is_present)
    for number, build in enumerate(builds.runs or ()):
        if number and builds.every:
            yield Pause(number * builds.every)
        yield Make(_planned(number, build, workshop))


def _workshop(
    work: WorkClass,
    host: Host,
    insides: tuple[Inside, ...],
    is_present: Callable[[Image], bool],
) -> _Workshop:
    layered = [at for at, each in enumerate(insides) if each.boundary.files.kind == "layers"]
    at = layered[-1] if layered else len(insides)
    boundary = insides[at] if layered else None
    return _Workshop(at, boundary, host, slowdown(work, insides), is_present)


def _planned(number: int, build: Build, workshop: _Workshop) -> PlannedBuild:
    """The steps that are there, which need each other by their places among them."""
    keeps = workshop.boundary is not None
    steps = dict(_there(build, keeps=keeps))
    places = {n: place for place, n in enumerate(steps)}
    planned = tuple(
        PlannedStep(
            step=step,
            needs=tuple(places[need] for need in step.needs if need in places),
            activities=tuple(_performing(step, workshop)),
            bundle=_base(step, workshop),
        )
        for step in steps.values()
    )
    return PlannedBuild(number, build.change or "", workshop.at, keeps, planned)


def _there(build: Build, *, keeps: bool) -> Iterator[tuple[int, Step]]:
    """The steps that there are with a builder, or without, and their numbers."""
    return ((n, step) for n, step in enumerate(build.steps) if keeps or step.kind in BY_HAND)


def _base(step: Step, workshop: _Workshop) -> Bundle | None:
    """The layers of a base image, where images have layers."""
    if step.image is None or workshop.boundary is None:
        return None
    return image_bundle(step.image, workshop.boundary, is_present=workshop.is_present(step.image))


def _performing(step: Step, workshop: _Workshop) -> Iterator[Activity]:
    """What a step needs first: a base image, or a command started in a boundary; then its work."""
    bundle = _base(step, workshop)
    if bundle is not None and not bundle.is_present:
        yield from fetching(workshop.at, bundle)
    if workshop.boundary is not None and step.kind == "run":
        yield from workshop.boundary.command
    yield from _working(step, workshop)


def _working(step: Step, workshop: _Workshop) -> Iterator[Activity]:
    """What a step asks for, in the order of its work; what it writes is written at its end."""
    at, work, host = workshop.at, step.work, workshop.host
    waiting = work.wait + work.round_trips * host.link.round_trip.value
    if waiting:
        yield Wait(at, waiting, _AS_STATED)
    if work.download:
        yield Download(work.download, work.connections)
    if work.read:
        yield Read(at, f"{step.key or step.name}:read", work.read)
    if work.compute:
        native = work.compute / host.speed.value
        slow = native * workshop.slowdown
        yield Compute(at, slow, work.threads, native, CROSSINGS, _AS_STATED)
