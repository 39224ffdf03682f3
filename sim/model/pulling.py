"""How images come to a store: layers in parallel over the link, unpacked one after the other.

What is unpacked is in the page cache and goes to the disk meanwhile, for which nobody waits. A
lazy bundle is there once its list is; what a start reads of it comes before the layers do.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.model.activity import Activity, Await, Compute, Draw, Fetch, Open, Variation, Write
from sim.model.bundle import Bundle, Layer, Lazily
from sim.model.components import SET_UP
from sim.model.machine import Machine
from sim.model.pull_activity import (
    AskFor,
    Check,
    Keep,
    PullNext,
    Relay,
    Request,
    Transfer,
    Want,
)
from sim.model.store import LayerState, Pull
from sim.model.task import LINK, WAITING, Task, Unavailable

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

AS_STATED = Variation(0.0, Draw.CREATION)


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
    """Ask for the list of layers, unless all of them are there or on their way."""
    store = machines[-1].store
    pull = store.pulls[bundle.name] = Pull()
    numbers = range(len(bundle.layers))
    missing = [number for number in numbers if store.layer(bundle, number) is None]
    ours = [store.expect(bundle, number) for number in missing]
    pulling = _Pulling(engine, machines, bundle, pull, missing, ours)
    if missing:
        pulling.ask(now)
    else:
        pulling.bring(bundle, now)
    return pull


@dataclass(frozen=True)
class _Pulling:
    """One pull under way: the layers that are missing, and those who are sent out for them."""

    engine: Engine
    machines: list[Machine]
    bundle: Bundle
    pull: Pull
    missing: Sequence[int]
    ours: Sequence[LayerState]

    @property
    def at(self) -> int:
        """The depth of the machine that pulls."""
        return len(self.machines) - 1

    def send(
        self,
        activities: Iterable[Activity],
        now: float,
        ends: Callable[[Task, float], None] | None = None,
    ) -> Task:
        """Send out one who performs these activities, though all who wait for it may be gone."""
        activities = tuple(activities)
        task = Task(self.bundle.name, None, activities, self.machines, now, ends=ends)
        if any(isinstance(activity, AskFor | Request) for activity in activities):
            self.engine.expect(task, 1)
        self.engine.start(task, now)
        return task

    def ask(self, now: float) -> None:
        """Ask for the list of layers."""
        self.send((AskFor(self.at, self.bundle),), now, self._go_on)

    def _go_on(self, task: Task, now: float) -> None:
        """Bring the layers, or for a start what it reads; or tell that there will be none."""
        if self.pull.failure:
            self.engine.open(self.pull.pulled, now)
            self._end(self.pull.failure, now)
        elif self.bundle.lazy is None:
            self.bring(self.bundle, now)
        else:
            self.engine.open(self.pull.pulled, now)
            self.send(self._reading(self.bundle.lazy), now, self._have_read)

    def bring(self, bundle: Bundle, now: float) -> None:
        """Send out those who pull the missing layers, and one who unpacks them in order."""
        at, layers = self.at, bundle.layers
        self.pull.queue.extend(self.missing)
        for _ in self.missing[: bundle.parallel]:
            each = PullNext(at, bundle), Request(bundle), Transfer(bundle), Relay(bundle, True)
            self.send(each, now)
        self.send((*(Await(layer.arrived) for layer in self.ours), Open(self.pull.pulled)), now)
        for number, layer in zip(self.missing, self.ours, strict=True):
            write = Write(at, layers[number].unpacked, component=None)
            self.send((Await(layer.kept), Check(layer), write), now)
        unpacking = self._unpacking(bundle, self.missing)
        self.send(unpacking, now, lambda task, now: self._end(task.reason, now))

    def _end(self, failure: str, now: float) -> None:
        """Let all who wait for the bundle, or for a layer that it was to bring, know how it went.

        What a start read before the rest of it failed to come was there.
        """
        for layer in self.ours:
            if not layer.kept.is_open:
                layer.failure = failure
                self.engine.open(layer.kept, now)
        if not self.pull.unpacked.is_open:
            self.pull.failure = failure
            self.engine.open(self.pull.unpacked, now)

    def _unpacking(self, bundle: Bundle, missing: Container[int]) -> Iterator[Activity]:
        """Unpack the layers that this pull brings, in order, and wait for those of others."""
        store = self.machines[-1].store
        for number in range(len(bundle.layers)):
            layer = store.expect(bundle, number)
            if number not in missing:
                yield Await(layer.kept)
                yield Check(layer)
                continue
            yield Await(layer.arrived)
            yield Keep(self.at, self.bundle, number)
            yield from self._unpacked(bundle.layers[number].unpacked)
            yield Open(layer.kept)

    def _unpacked(self, size: int) -> Iterator[Activity]:
        if self.bundle.unpack:
            yield Compute(self.at, size / self.bundle.unpack, 1, 0.0, SET_UP, AS_STATED)

    def _reading(self, lazy: Lazily) -> Iterator[Activity]:
        """Ask for what a start reads, span by span, each when the one before is unpacked."""
        layers = [self.bundle.layers[number] for number in self.missing]
        whole = sum(layer.unpacked for layer in layers)
        wire = sum(layer.compressed for layer in layers)
        for number in self.missing:
            yield Keep(self.at, self.bundle, number, lazy.read)
        read = int(lazy.read * whole)
        for begin in range(0, read, lazy.span):
            size = min(lazy.span, read - begin)
            yield Want(f"{self.bundle.name}:{begin}", int(size * wire / whole))
            yield from (Request(self.bundle), Transfer(self.bundle), Relay(self.bundle, False))
            yield from self._unpacked(size)

    def _have_read(self, task: Task, now: float) -> None:
        """Let those start who waited for what they read first; the rest comes now, or never."""
        lazy = self.bundle.lazy
        assert lazy is not None
        failure = task.reason
        if not failure:
            self.engine.open(self.pull.unpacked, now)
        if failure or not lazy.has_rest:
            self._end(failure, now)
            return
        layers = tuple(_part(layer, 1.0 - lazy.read) for layer in self.bundle.layers)
        self.bring(replace(self.bundle, layers=layers), now)


def _part(layer: Layer, share: float) -> Layer:
    """A part of a layer, by its bytes."""
    compressed, unpacked = int(share * layer.compressed), int(share * layer.unpacked)
    return replace(layer, compressed=compressed, unpacked=unpacked)


def ask_for(engine: Engine, task: Task, activity: AskFor, now: float) -> bool:
    """Wait for the list of layers; a refusal takes as long."""
    bundle, network = activity.bundle, engine.network
    source = network.source(through_mirror=bundle.mirrored)
    at, refusal = network.ask(source, bundle.name, now)
    task.machines[activity.at].store.pulls[bundle.name].failure = refusal
    engine.sleep(task, at)
    task.spending(WAITING, now)
    return True


def pull_next(engine: Engine, task: Task, activity: PullNext, now: float) -> bool:
    """Note the layer that has come, if any, and turn to the next."""
    bundle, store = activity.bundle, task.machines[activity.at].store
    if task.pulling is not None:
        engine.open(store.expect(bundle, task.pulling).arrived, now)
    queue = store.pulls[bundle.name].queue
    if queue:
        task.pulling = queue.popleft()
        layer = bundle.layers[task.pulling]
        task.wants = layer.content, layer.compressed
    else:
        task.cursor = len(task.activities)
    return False


def want(engine: Engine, task: Task, activity: Want, now: float) -> bool:
    """Turn to a part of a bundle."""
    task.wants = activity.content, activity.size
    return False


def request(engine: Engine, task: Task, activity: Request, now: float) -> bool:
    """Ask for what was turned to."""
    network = engine.network
    source = network.source(through_mirror=activity.bundle.mirrored)
    engine.sleep(task, network.answered(source, task.wants[0], now))
    task.spending(WAITING, now)
    return True


def transfer(engine: Engine, task: Task, activity: Transfer, now: float) -> bool:
    """Move the bytes of what was asked for."""
    network = engine.network
    source = network.source(through_mirror=activity.bundle.mirrored)
    content, size = task.wants
    network.transfer(engine, task, size, now, source=source, content=content)
    return True


def relay(engine: Engine, task: Task, activity: Relay, now: float) -> bool:
    """Wait until the mirror has all of it too; it has passed it on as it came."""
    if activity.again:
        task.cursor = 0
    if activity.bundle.mirrored and engine.network.wait_for_copy(engine, task, task.wants[0]):
        task.spending(LINK, now)
        return True
    return False


def keep(engine: Engine, task: Task, activity: Keep, now: float) -> bool:
    """Take the space of a layer."""
    store = task.machines[activity.at].store
    store.keep(activity.bundle, activity.number, activity.part)
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
