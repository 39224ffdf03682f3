"""What hosts share: the ways to a registry, its mirror and other servers, and who may yet use them.

Each side that sends is one rate over the links of all hosts. A host that hears from several of
them has its link split among them, by the number of their transfers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.model.origin import MIRROR, OUTSIDE, REGISTRY, Allowed, Origin
from sim.model.task import LINK, Task
from sim.resources.link import window_cap
from sim.resources.rate import RESOLUTION, Leaf
from sim.spec.host import Link
from sim.spec.registry import Registry

if TYPE_CHECKING:  # the engine is above this module, and so is what is behind all hosts
    from sim.model.delivering import Deliveries
    from sim.model.engine import Engine
    from sim.model.hands import Hands
    from sim.model.task import Task

ASKED = 14
"""Round trips before a pull asks for its first layer: three each to connect, with TLS, to who gives
tokens, to the registry and to the store behind it; for the token; for the image's digest, its
index, its list of layers; and to be sent on to the store."""

ASKED_MIRROR = 6
"""As many where a mirror answers: it gives no tokens, and sends from where it is asked."""

LISTS = 3
"""The requests among them that a registry counts: digest, index, list of layers."""


@dataclass(eq=False, slots=True)
class _Move:
    """Bytes on their way to a host's task, or with a content, for a host into the mirror."""

    origin: Origin
    to: int
    host: int
    size: int
    engine: Engine | None
    task: Task | None
    content: str = ""


class Network:
    """Transfers from a registry, its mirror and servers outside over the links of all hosts.

    `pending` counts the tasks on any host that have something to ask of them or wait for: while it
    is zero, nothing that a host does can reach another one. `hands` are those of a person who
    sees to all hosts, `deliveries` the way of what is built to who runs it.
    """

    def __init__(self, registry: Registry | None, link: Link, hosts: int) -> None:
        stated = registry or Registry()
        self._window = link.window.value
        self._links = [link.bandwidth.value] * hosts
        round_trip = link.round_trip.value
        near = round_trip if stated.round_trip is None else stated.round_trip
        mirror = stated.mirror
        uplink = [] if mirror is None else [mirror.bandwidth or sum(self._links)]
        self._origins = {
            REGISTRY: Origin(stated, [*self._links, *uplink], near),
            OUTSIDE: Origin(Registry(), self._links, round_trip),
        }
        if mirror is not None:
            self._origins[MIRROR] = Origin(mirror, self._links, mirror.round_trip)
        self._holds_all = mirror is not None and mirror.holds == "all"
        self._allowed = Allowed(stated.allows)
        self._lists: dict[str, float] = {}
        self._copies: dict[str, dict[Task, Engine] | None] = {}
        self._hearing: list[dict[str, int]] = [{} for _ in range(hosts + len(uplink))]
        self._moving: dict[Leaf, _Move] = {}
        self.pending = 0
        self.hands: Hands | None = None
        self.deliveries: Deliveries | None = None
        self.pulled = [0] * hosts
        self.from_registry = [0] * hosts

    @property
    def origins(self) -> dict[str, Origin]:
        """All sides that have been asked for something, by name."""
        return {name: each for name, each in self._origins.items() if each.asked or each.sent}

    def source(self, *, through_mirror: bool) -> str:
        """Where a pull goes: to the mirror where there is one and it is to be used."""
        return MIRROR if through_mirror and MIRROR in self._origins else REGISTRY

    def ask(self, source: str, image: str, now: float) -> tuple[float, str]:
        """Ask for the list of an image's layers: when it is there, or why it never will be."""
        origin, refusal = self._origins[source], ""
        trips = ASKED if source == REGISTRY else ASKED_MIRROR
        at = origin.turn(now, LISTS) + trips * origin.round_trip
        if source == REGISTRY:
            refusal = self._allowed.refusal(now)
        elif not self._holds_all:
            if image not in self._lists:
                refusal = self._allowed.refusal(now)
                behind = self._origins[REGISTRY]
                self._lists[image] = behind.turn(now, LISTS) + ASKED * behind.round_trip
            at += max(0.0, self._lists[image] - now)
        return at, refusal

    def answered(self, source: str, content: str, now: float) -> float:
        """When the first byte of a content comes that is asked for now."""
        origin = self._origins[source]
        at = origin.turn(now) + origin.round_trip
        if source == MIRROR and not self._holds_all and content not in self._copies:
            behind = self._origins[REGISTRY]
            at += behind.turn(now) - now + behind.round_trip
        return at

    def transfer(
        self,
        engine: Engine,
        task: Task,
        size: int,
        now: float,
        *,
        source: str,
        connections: int = 1,
        content: str = "",
    ) -> None:
        """Start to move bytes to a task on a host, over connections of its own.

        Who asks has counted itself in `pending`. Of a mirror that lacks the `content`, the
        registry is asked for it meanwhile.
        """
        if source == MIRROR and not self._holds_all and content not in self._copies:
            self._copies[content] = {}
            mirror = _Move(
                self._origins[REGISTRY], len(self._links), engine.number, size, None, None, content
            )
            self._begin(REGISTRY, mirror, 1, now)
            self.pending += 1
        move = _Move(self._origins[source], engine.number, engine.number, size, engine, task)
        leaf = self._begin(source, move, connections, now)
        task.call_off = partial(self._call_off, source, leaf)
        task.spending(LINK, now)

    def _begin(self, source: str, move: _Move, connections: int, now: float) -> Leaf:
        origin = move.origin
        cap = connections * min(origin.connection, window_cap(self._window, origin.round_trip))
        leaf = origin.rate.join(origin.links[move.to], float(move.size), now, cap=cap)
        self._moving[leaf] = move
        self._hear(source, move.to, 1, now)
        return leaf

    def _hear(self, source: str, to: int, more: int, now: float) -> None:
        """Note one transfer more or less over a link, and split it anew among those who send."""
        hearing = self._hearing[to]
        hearing[source] = hearing.get(source, 0) + more
        if not hearing[source]:
            del hearing[source]
        total = sum(hearing.values())
        for name, count in hearing.items():
            self._origins[name].limit(to, count / total, now)

    def wait_for_copy(self, engine: Engine, task: Task, content: str) -> bool:
        """Let a task wait until the mirror has a content that it lacked; False where it has it."""
        waiting = self._copies.get(content)
        if waiting is None:
            return False
        waiting[task] = engine
        task.call_off = partial(_withdraw, waiting, task)
        return True

    def _call_off(self, source: str, leaf: Leaf, now: float) -> None:
        """End a transfer; what has come of it has been pulled."""
        move = self._moving.pop(leaf)
        self._count(move, int(move.origin.rate.leave(leaf, now)))
        self._hear(source, move.to, -1, now)

    def _count(self, move: _Move, size: int) -> None:
        move.origin.sent += size
        if move.engine is not None:
            self.pulled[move.host] += size
        if move.origin is self._origins[REGISTRY]:
            self.from_registry[move.host] += size

    def next(self) -> float:
        """The time of the next completion, infinite if there is none."""
        return min(origin.rate.next() for origin in self._origins.values())

    def step(self, now: float) -> list[Engine]:
        """Complete what is due and let the tasks go on; return the hosts that this reached."""
        engines = []
        for source, origin in self._origins.items():
            due = origin.rate.complete(now) if origin.rate.next() <= now + RESOLUTION else []
            moves = [self._moving.pop(leaf) for leaf in due]
            for move in moves:
                self._count(move, move.size)
                self._hear(source, move.to, -1, now)
                if move.task is not None:
                    move.task.call_off = None  # one of them may end another
            for move in moves:
                engines += self._arrived(move, now)
        return engines

    def _arrived(self, move: _Move, now: float) -> list[Engine]:
        """Let the task go on, or all those who waited for what the mirror has now."""
        if move.engine is not None and move.task is not None:
            move.engine.resume(move.task, now)
            return [move.engine]
        waiting = self._copies[move.content] or {}
        self._copies[move.content] = None
        self.pending -= 1
        for task, engine in waiting.items():
            engine.resume(task, now)
        return list(waiting.values())

    def settle(self, now: float) -> None:
        """Count what has come of transfers that are not done at the end of the run."""
        for leaf, move in self._moving.items():
            self._count(move, int(move.origin.rate.done(leaf, now)))


def _withdraw(waiting: dict[Task, Engine], task: Task, now: float) -> None:
    """Let a task wait no longer."""
    del waiting[task]
