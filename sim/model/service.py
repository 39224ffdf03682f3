"""The requests of one life: what they claim of the host, and in which windows they met what.

The host decides the shares: the requests of an instance claim, together, the CPU and the disk
that they need on average, and each window of a run notes what the instance got and what it could
have got. Within the windows requests are then answered one by one, or in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from sim.model.application import Steady
from sim.model.components import CROSSINGS, IDLE, NET
from sim.model.task import Task
from sim.model.traffic import Traffic
from sim.resources.queueing import Estimate, closed_estimate, open_estimate
from sim.resources.requests import Server, Window

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

LEAST_DISK = 0.01
"""The least share of the disk that requests are taken to find: streams never shut them out."""


@dataclass(slots=True)
class Span:
    """A window of an instance's life: what its server met, and what the closed form says of it."""

    window: Window
    estimate: Estimate
    server: Server


class Service:
    """The requests of one life: the spans so far, and what the present one began with."""

    __slots__ = ("_busy", "_done", "_served", "rate", "since", "spans", "traffic")

    def __init__(self, traffic: Traffic, now: float) -> None:
        self.traffic = traffic
        self.spans: list[Span] = []
        self.rate = 0.0
        self.since = now
        self._busy = self._done = self._served = 0.0

    def close(self, engine: Engine, task: Task, now: float) -> None:
        """End the present window, if it has lasted, and begin the next."""
        demand = task.demand
        assert demand is not None
        busy, served = engine.meters.busy_until(now), engine.disk.served(now)
        done = 0.0 if demand.cpu is None else engine.cpu.done(demand.cpu, now)
        lasted = now - self.since
        if lasted > 0.0:
            traffic = self.traffic
            granted = (done - self._done) / lasted * traffic.server.work / traffic.work
            spare = engine.host.cores.value - (busy - self._busy) / lasted
            capacity = _capacity(engine, task, traffic, granted, max(0.0, spare))
            disk = max(LEAST_DISK, 1.0 - (served - self._served) / lasted)
            self._note(task, self.since, now, capacity, disk)
        self.since, self._busy, self._served, self._done = now, busy, served, done

    def _note(
        self, task: Task, start: float, end: float, capacity: float, disk: float
    ) -> None:
        server = self.server(task)
        window = Window(start=start, end=end, capacity=capacity, rate=self.rate, disk=disk)
        self.spans.append(Span(window, estimate(server, self, capacity, disk), server))

    def server(self, task: Task) -> Server:
        """The server as it is now: with the share of requests that miss the page cache."""
        traffic, missing = self.traffic, missed(self.traffic, task)
        if not missing:
            return traffic.server
        return replace(
            traffic.server,
            disk=missing * traffic.miss,
            miss=missing,
            delay=traffic.server.delay + missing * traffic.slower,
        )


def estimate(server: Server, service: Service, capacity: float, disk: float) -> Estimate:
    """What the closed forms say of a server at a capacity under a service's present load."""
    clients = service.traffic.clients
    if clients:
        return closed_estimate(server, capacity, clients, disk)
    return open_estimate(server, capacity, service.rate, disk)


def _capacity(
    engine: Engine, task: Task, traffic: Traffic, granted: float, spare: float
) -> float:
    """Cores that the server could have had: what it got, and what nobody around it wanted."""
    limit = float(traffic.server.threads)
    for machine, inside in zip(task.machines[1:], task.insides, strict=False):
        if inside.quota is None and inside.cores < inf:
            spare = min(spare, max(0.0, inside.cores - engine.cpu.rate(machine.cpu)))
            limit = min(limit, inside.cores)
    return min(limit, granted + spare)


def asked(service: Service, engine: Engine, task: Task, steady: Steady, now: float) -> Steady:
    """What the requests of an instance claim from now on, on average, in place of `steady`."""
    traffic = service.traffic
    service.rate = traffic.rate_at(now)
    limit = float(traffic.server.threads)
    for inside in task.insides:
        limit = min(limit, inside.cores)
    missing = missed(traffic, task)
    found = estimate(service.server(task), service, limit, 1.0)
    each = found.throughput
    _keep(traffic, task, each, engine)
    cpu = {
        NET: each * traffic.net,
        CROSSINGS: each * (traffic.work - traffic.net + missing * traffic.miss_compute),
        IDLE: steady.cpu.get(IDLE, 0.0),
    }
    return Steady(cpu, missing * each * traffic.read, each * traffic.write)


def missed(traffic: Traffic, task: Task) -> float:
    """The share of requests whose data no page cache on the way holds."""
    if not (traffic.read and traffic.data):
        return 0.0
    held = task.machines[-1].resident(f"{task.name}:data")
    return max(0.0, 1.0 - held / traffic.data)


def _keep(traffic: Traffic, task: Task, each: float, engine: Engine) -> None:
    """Cache what will have been read by the end of the next window."""
    if traffic.data:
        task.machines[-1].remember(
            f"{task.name}:data", traffic.data, int(each * traffic.read * engine.window_s)
        )
