"""The requests of one life: what they claim of the host, and in which windows they met what.

The host decides the shares: the requests of an instance claim, together, the CPU and the disk
that they need on average, and each window of a run notes what the instance got and what it could
have got. Within the windows requests are then answered one by one, or in closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.model.application import Steady
from sim.model.components import CROSSINGS, IDLE, NET
from sim.model.task import Task
from sim.model.traffic import Traffic
from sim.resources.queueing import Estimate, closed_estimate, limit, open_estimate
from sim.resources.rate import RESOLUTION
from sim.resources.requests import Server, Window

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

LEAST_CORES = 1e-6
"""What a server is taken to have while its instance stands still: nothing that can be seen."""

ROUNDS = 20
"""In so many steps page caches change between two windows."""

LEAST_DISK = 0.01
"""The least share of the disk that requests are taken to find: streams never shut them out."""


@dataclass(slots=True)
class Span:
    """A window of an instance's life: its server, what that met, and what the closed form says.

    `most` is the throughput that the server cannot exceed, in requests a second.
    """

    window: Window
    estimate: Estimate
    server: Server
    most: float

    def tells(self, server: Server, window: Window) -> bool:
        """Whether the closed form says the same of a server in another window."""
        own = self.window
        is_alike = own.capacity == window.capacity and own.rate == window.rate
        return is_alike and self.server is server and (own.disk == window.disk or not server.disk)


class Service:
    """The requests of one life: the spans so far, and what the present one began with.

    Its server can use `limit` cores at all, by its threads and the machines that it is in; `most`
    with the `quotas` around it, which `limit` leaves out.
    """

    __slots__ = (
        "_asked",
        "_done",
        "_served",
        "_server",
        "limit",
        "missing",
        "most",
        "quotas",
        "rate",
        "since",
        "spans",
        "traffic",
    )

    def __init__(self, traffic: Traffic, engine: Engine, task: Task, now: float) -> None:
        self.traffic = traffic
        self.spans: list[Span] = []
        threads = float(traffic.server.threads)
        self.most = min([threads, *(inside.cores for inside in task.insides)])
        open_ended = [inside.cores for inside in task.insides if not inside.has_quota]
        self.limit = min([threads, *open_ended])
        inner = zip(task.machines[1:], task.insides, strict=False)
        self.quotas = [machine.cpu for machine, inside in inner if inside.has_quota]
        self.rate = traffic.rate_at(now)
        self.missing = 1.0 if traffic.data else 0.0  # of what is asked for first, nothing is cached
        self._server = 0.0, traffic.server  # at which share that misses the page cache
        self._asked: tuple[tuple[float, float, float], Steady] | None = None
        self.since = now
        self._served = engine.disk.served(now)
        self._done = 0.0

    def close(self, engine: Engine, task: Task, now: float) -> None:
        """End the present window, if it has lasted, and begin the next."""
        demand = task.demand
        assert demand is not None
        served = engine.disk.served(now)
        done = 0.0 if demand.cpu is None else engine.cpu.done(demand.cpu, now)
        lasted = now - self.since
        if lasted > 0.0:
            work = self.traffic.server.work / self.traffic.work
            share = LEAST_CORES
            if not (demand.still or task.is_paused):
                share = max((done - self._done) / lasted, fair_share(engine, task))
            capacity = min(self.limit, share * work)
            others = max(0.0, served - self._served - _read(engine, task, now))
            disk = max(1.0 - others / lasted, fair_part_of_disk(engine, task))
            self._note(self.since, now, max(LEAST_CORES, capacity), disk)
        self.since, self._served, self._done = now, served, done

    def _note(self, start: float, end: float, capacity: float, disk: float) -> None:
        server, window = self.server(), Window(start, end, capacity, self.rate, disk)
        last = self.spans[-1] if self.spans else None
        if last is not None and last.tells(server, window):
            found, most = last.estimate, last.most
        else:
            found, most = estimate(server, self, capacity, disk), limit(server, capacity, disk)
        self.spans.append(Span(window, found, server, most))

    def reads(self) -> float:
        """Bytes a second that its requests read, from cache or disk, at most."""
        server = self.traffic.server
        asked = estimate(server, self, float(server.threads), 1.0).throughput
        return asked * self.traffic.read

    def read_some(self, task: Task, size: float) -> bool:
        """Read so many bytes; return whether some were in no page cache on the way."""
        traffic, key = self.traffic, f"{task.name}:data"
        lacks = max(0.0, 1.0 - task.machines[-1].resident(key) / traffic.data)
        self.missing += lacks / ROUNDS
        task.machines[-1].remember(key, traffic.data, int(lacks * size), task.reader)
        return lacks > 0.0

    def server(self) -> Server:
        """The server as it is now: with the share of requests that miss the page cache."""
        traffic, missing = self.traffic, self.missing
        if missing != self._server[0]:
            self._server = missing, _missing_some(traffic, missing) if missing else traffic.server
        return self._server[1]

    def asks(self, steady: Steady, now: float) -> Steady:
        """What its requests claim from now on, on average, in place of `steady`."""
        self.rate = self.traffic.rate_at(now + RESOLUTION)
        state = self.rate, self.missing, steady.cpu.get(IDLE, 0.0)
        if self._asked is None or self._asked[0] != state:
            self._asked = state, _asked(self, state[2])
        return self._asked[1]


def _missing_some(traffic: Traffic, missing: float) -> Server:
    """The server of which such a share of requests misses the page cache."""
    return replace(
        traffic.server,
        disk=missing * traffic.miss,
        miss=missing,
        delay=traffic.server.delay + missing * traffic.slower,
    )


def _asked(service: Service, idle: float) -> Steady:
    """What the requests of a service claim at its rate, beside what it uses at rest."""
    traffic, missing = service.traffic, service.missing
    each = estimate(service.server(), service, service.most, 1.0).throughput
    cpu = {
        NET: each * traffic.net,
        CROSSINGS: each * (traffic.cost(missing) - traffic.net),
        IDLE: idle,
    }
    return Steady(cpu, missing * each * traffic.read, each * traffic.write)


def _read(engine: Engine, task: Task, now: float) -> float:
    """Device-seconds that an instance has read for since this was last counted."""
    assert task.demand is not None
    streams = (stream for stream in task.demand.streams if not stream.is_write)
    return sum(engine.disk.done(stream.leaf, now) - stream.counted for stream in streams)


def estimate(server: Server, service: Service, capacity: float, disk: float) -> Estimate:
    """What the closed forms say of a server at a capacity under a service's present load."""
    clients = service.traffic.clients
    if clients:
        return closed_estimate(server, capacity, clients, disk)
    return open_estimate(server, capacity, service.rate, disk)


def fair_share(engine: Engine, task: Task) -> float:
    """Cores that an instance would get now if it asked for all that it can use, quotas apart."""
    demand = task.demand
    if demand is None or demand.cpu is None or demand.service is None:
        return 0.0
    return engine.cpu.offer(demand.cpu, demand.service.limit, demand.service.quotas)


def fair_part_of_disk(engine: Engine, task: Task) -> float:
    """The part of the disk that reads would get now if there were as many as it can take."""
    assert task.demand is not None
    reads = [stream.leaf for stream in task.demand.streams if not stream.is_write]
    return max(LEAST_DISK, engine.disk.offer(reads[0], 1.0)) if reads else LEAST_DISK


def warm(tasks: Sequence[Task], lasts: float) -> None:
    """Let the data of services enter the page caches as it will be read in the next window.

    In rounds, in which each reads what it lacks and others' oldest makes way; what a service
    lacks on average over the rounds is what its requests miss.
    """
    reading = [(task, service) for task in tasks if (service := _reading(task)) is not None]
    sizes = [service.reads() * lasts / ROUNDS for _, service in reading]
    for _, service in reading:
        service.missing = 0.0
    for _ in range(ROUNDS):
        pairs = zip(reading, sizes, strict=True)
        if not any([service.read_some(task, size) for (task, service), size in pairs]):
            return  # nobody lacks anything: all further rounds are as this one


def _reading(task: Task) -> Service | None:
    """The service of a task whose requests read a data set."""
    service = None if task.demand is None else task.demand.service
    return service if service is not None and service.traffic.data else None
