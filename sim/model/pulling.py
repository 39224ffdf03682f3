"""How images come to a store: layers in parallel over the link, unpacked one after the other.

What is unpacked is in the page cache and goes to the disk meanwhile, for which nobody waits.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from sim.model.activity import Activity, Await, Compute, Draw, Fetch, Open, Variation, Wait, Write
from sim.model.bundle import Bundle
from sim.model.components import SET_UP
from sim.model.machine import Machine
from sim.model.pull_activity import Check, Keep, PullNext, Transfer
from sim.model.store import LayerState, Pull, Store
from sim.model.task import LINK, WAITING, Task, Unavailable

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

AS_STATED = Variation(0.0, Draw.CREATION)

ASKED = 14
"""Round trips before a pull asks for its first layer: three each to connect, with TLS, to who gives
tokens, to the registry and to the store behind it; for the token; for the image's digest, its
index, its list of layers; and to be sent on to the store."""


def fetch(engine: Engine, task: Task, activity: Fetch, now: float) -> bool:
    """Start the pull of a bundle unless somebody has, and wait for it."""
    machine = task.machines[activity.at]
    pull = machine.store.pulls.get(activity.bundle.name)
    if pull is None:
        pull = _start(engine, _keepers(task.machines, machine), activity.bundle, now)
    gate, resource = (pull.unpacked, WAITING) if activity.unpacked else (pull.pulled, LINK)
    if engine.wait_at(gate, task, resource, now):
        task.cursor -= 1  # looks again once the gate is open
        return True
    if pull.failure:
        raise Unavailable(pull.failure)
    if not activity.unpacked:
        engine.expect(task, -1)
    return False


def _keepers(machines: list[Machine], machine: Machine) -> list[Machine]:
    """The machines down to the one whose store this machine uses: there the pull goes on."""
    owner = next(depth for depth, each in enumerate(machines) if each.store is machine.store)
    return machines[: owner + 1]


def provide(engine: Engine, task: Task, activity: Fetch, now: float) -> bool:
    """Have a bundle in the store as if it had been pulled before."""
    task.machines[activity.at].store.provide(activity.bundle)
    return False


def _start(engine: Engine, machines: list[Machine], bundle: Bundle, now: float) -> Pull:
    """Send out those who pull the missing layers, and one who unpacks them in order."""
    store, at = machines[-1].store, len(machines) - 1
    pull = store.pulls[bundle.name] = Pull()
    numbers = range(len(bundle.layers))
    missing = [number for number in numbers if store.layer(bundle, number) is None]
    pull.queue.extend(missing)
    ours = [store.expect(bundle, number) for number in missing]

    def send(activities: Iterable[Activity]) -> Task:
        task = Task(bundle.name, None, tuple(activities), machines, now)
        engine.start(task, now)
        return task

    round_trip = engine.host.link.round_trip.value
    first, answer = (Wait(at, times * round_trip, AS_STATED) for times in (ASKED, 1))
    for _ in missing[: bundle.parallel]:
        puller = send((first, PullNext(at, bundle), answer, Transfer(bundle)))
        engine.expect(puller, 1)  # it goes on though all who wait for it may be gone
    send((*(Await(layer.arrived) for layer in ours), Open(pull.pulled)))
    for number, layer in zip(missing, ours, strict=True):
        size = bundle.layers[number].unpacked
        send((Await(layer.kept), Check(layer), Write(at, size, component=None)))
    unpacker = send(_unpacking(at, bundle, store, missing))
    unpacker.ends = lambda task, now: _end_pull(engine, pull, ours, task.reason, now)
    return pull


def _end_pull(
    engine: Engine, pull: Pull, layers: list[LayerState], failure: str, now: float
) -> None:
    """Let all who wait for a bundle, or for a layer that it was to bring, know how it went."""
    pull.failure = failure
    for layer in layers:
        if not layer.kept.is_open:
            layer.failure = failure
            engine.open(layer.kept, now)
    engine.open(pull.unpacked, now)


def _unpacking(
    at: int, bundle: Bundle, store: Store, missing: Container[int]
) -> Iterator[Activity]:
    """Unpack the layers that this pull brings, in order, and wait for those that others do."""
    for number in range(len(bundle.layers)):
        layer = store.expect(bundle, number)
        if number in missing:
            yield from _unpacking_layer(at, bundle, number, layer)
        else:
            yield Await(layer.kept)
            yield Check(layer)


def _unpacking_layer(at: int, bundle: Bundle, number: int, layer: LayerState) -> Iterator[Activity]:
    size = bundle.layers[number].unpacked
    yield Await(layer.arrived)
    yield Keep(at, bundle, number)
    if bundle.unpack:
        yield Compute(at, size / bundle.unpack, 1, 0.0, SET_UP, AS_STATED)
    yield Open(layer.kept)


def pull_next(engine: Engine, task: Task, activity: PullNext, now: float) -> bool:
    """Note the layer that has come, if any, and turn to the next."""
    store = task.machines[activity.at].store
    if task.pulling is not None:
        engine.open(store.expect(activity.bundle, task.pulling).arrived, now)
    queue = store.pulls[activity.bundle.name].queue
    if queue:
        task.pulling = queue.popleft()
    else:
        task.cursor = len(task.activities)
    return False


def transfer(engine: Engine, task: Task, activity: Transfer, now: float) -> bool:
    """Ask for the bytes of the layer, and for the next layer after it."""
    assert task.pulling is not None
    task.cursor = 1  # it has asked who has the image
    engine.pull(task, activity.bundle.layers[task.pulling].compressed, now)
    return True


def keep(engine: Engine, task: Task, activity: Keep, now: float) -> bool:
    """Take the space of a layer."""
    task.machines[activity.at].store.keep(activity.bundle, activity.number)
    return False


def await_gate(engine: Engine, task: Task, activity: Await, now: float) -> bool:
    """Wait at a gate."""
    return engine.wait_at(activity.gate, task, WAITING, now)


def check(engine: Engine, task: Task, activity: Check, now: float) -> bool:
    """Go on only where the layer came."""
    if activity.layer.failure:
        raise Unavailable(activity.layer.failure)
    return False


def open_gate(engine: Engine, task: Task, activity: Open, now: float) -> bool:
    """Open a gate."""
    engine.open(activity.gate, now)
    return False
