"""What the requests of a group ask for on a platform, worked out once for all of its instances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from sim.model.cgroup import USUAL_PERIOD
from sim.model.inside import Inside, slowdown
from sim.model.making import Crossing
from sim.resources.disk import operation_cost
from sim.resources.requests import Server
from sim.spec.crossing import NetworkCrossing
from sim.spec.group import Group
from sim.spec.host import Host
from sim.spec.load import Load
from sim.spec.workload import Serving

LEAST_PART = 0.1
"""The part of a request's native work that is there however much of it is spared."""

PAGE = 4096
"""Bytes of a small read, which takes the latency of a disk; a larger one takes longer."""


@dataclass(frozen=True)
class Traffic:
    """The load of each instance of a group, and the server that it finds on a platform.

    `think` is the part of the server's delay in which no request is under way. `net` is a request's
    native work in core-seconds here; `miss` is the time of a request whose data is not cached at
    the disk, or at the I/O thread on the way if that is slower, `miss_compute` the CPU that this
    costs, and `slower` what it waits for besides. Where it `reaches` nobody, all of it is refused.
    """

    server: Server
    reaches: bool
    net: float
    rate: float
    clients: int
    think: float
    times: Sequence[float]
    values: Sequence[float]
    read: float
    write: float
    data: int
    miss: float
    miss_compute: float
    slower: float

    @property
    def work(self) -> float:
        """Core-seconds that a request costs the host, in the server's thread and beside it."""
        return self.server.work + self.server.aside

    def cost(self, missing: float) -> float:
        """Core-seconds that a request costs the host if the data of such a share is not cached."""
        return self.work + missing * self.miss_compute

    def rate_at(self, now: float) -> float:
        """Requests a second that are sent at a time, where the load is open."""
        return value_at(self.times, self.values, now) if self.times else self.rate


def value_at(times: Sequence[float], values: Sequence[float], now: float) -> float:
    """The value of a course at a time: each holds until the next, the first from 0 s on."""
    return values[max(0, bisect_right(times, now) - 1)]


def is_reached(group: Group, insides: Sequence[Inside]) -> bool:
    """Whether requests find the instances of a group at all.

    From the network nobody comes through a boundary that gives its inside a network of its own, and
    publishes ports of it, where a group says that it publishes none.
    """
    is_closed = any(inside.boundary.port is not None for inside in insides)
    comes_from_outside = group.load is not None and group.load.clients_on == "network"
    return not (is_closed and comes_from_outside and group.publish == [])


def plan_traffic(group: Group, host: Host, insides: Sequence[Inside]) -> Traffic | None:
    """Work out what a group's requests ask for within these boundaries."""
    load, workload, serve = group.load, group.workload, group.workload.serve
    if load is None or serve is None:
        return None
    times, values = _course(load)
    crossing = insides[-1].crossing if insides else Crossing()
    miss = _device_time(serve.read.value, host, crossing)
    return Traffic(
        reaches=is_reached(group, insides),
        server=_server(load, serve, host, insides, slowdown(workload.work, insides)),
        net=_native(serve, host) / host.speed.value,
        rate=load.rate or 0.0,
        clients=load.clients or 0,
        think=load.think,
        times=times,
        values=values,
        read=serve.read.value,
        write=serve.write.value,
        data=int(serve.data.value),
        miss=miss,
        miss_compute=crossing.compute / host.speed.value,
        slower=max(0.0, _alone(serve.read.value, host, crossing) - miss),
    )


def _course(load: Load) -> tuple[Sequence[float], Sequence[float]]:
    course = load.trace
    return ((), ()) if course is None else (course.times_s or (), course.values or ())


def _device_time(size: float, host: Host, crossing: Crossing) -> float:
    """Seconds that a read keeps the disk busy, or the I/O thread on the way if that is slower."""
    cost = operation_cost(size, host.disk.operations.value, host.disk.bandwidth.value)
    return max(cost, crossing.serial, size / crossing.bandwidth)


def _alone(size: float, host: Host, crossing: Crossing) -> float:
    """Seconds that a read takes with nobody else about, all boundaries passed."""
    disk, more = host.disk, max(0.0, size - PAGE)
    slow = 0.0 if disk.single is None else more / disk.single.value
    return disk.latency.value + slow + crossing.latency + more / crossing.bandwidth


def _native(serve: Serving, host: Host) -> float:
    """Core-seconds of the reference core that a request takes without any boundary."""
    return serve.compute.value + serve.packets.value * _native_packet(serve, host)


def _native_packet(serve: Serving, host: Host) -> float:
    return serve.per_packet.value + host.link.per_packet.value


def _server(
    load: Load, serve: Serving, host: Host, insides: Sequence[Inside], slower: float
) -> Server:
    """The server that requests find, as long as all of its data is cached."""
    crossed = _crossed(load, serve, host, insides)
    native = _native(serve, host)
    spared = crossed.spared * serve.packets.value * _native_packet(serve, host)
    work = (native - spared) * slower + crossed.compute
    quotas = [inside.cores for inside in insides if inside.has_quota]
    return Server(
        order=serve.order,
        threads=serve.threads,
        work=max(LEAST_PART * native, work) / host.speed.value,
        variation=serve.variation.value,
        delay=load.think + _outside(load, serve, host) + crossed.delay,
        wake=crossed.wake,
        aside=crossed.aside / host.speed.value,
        disk=0.0,
        queue=serve.queue,
        quota=min(quotas, default=None),
        period=insides[-1].cgroup.period if insides else USUAL_PERIOD,
        cores=ceil(min([host.cores.value, *(inside.cores for inside in insides)])),
    )


def _outside(load: Load, serve: Serving, host: Host) -> float:
    """Seconds of a request that pass outside of the host: its exchanges, and its bytes."""
    each = load.round_trip
    if each is None:
        each = host.clients.round_trip.value + serve.client.value
    is_local = load.clients_on == "host"  # whose replies never see the link
    sent = 0.0 if is_local else serve.reply.value / host.link.bandwidth.value
    return _exchanges(serve) * each + sent


def _exchanges(serve: Serving) -> float:
    """How often a request goes there and back; where many go together, a part of once."""
    return serve.packets.value / 2.0


@dataclass
class _Crossed:
    """What a request pays over all boundaries.

    CPU in line and aside in core-seconds of the reference core, the share of its packets' native
    work that is done elsewhere, and seconds that pass beside others' service and instead of it.
    """

    compute: float = 0.0
    spared: float = 0.0
    aside: float = 0.0
    delay: float = 0.0
    wake: float = 0.0


def _crossed(load: Load, serve: Serving, host: Host, insides: Sequence[Inside]) -> _Crossed:
    crossed, exchanges = _Crossed(), _exchanges(serve)
    for crossing, cores in _network(load, insides):
        crossed.compute += serve.packets.value * crossing.compute.value
        crossed.spared = max(crossed.spared, crossing.spared.value)
        crossed.aside += serve.packets.value * crossing.aside.value
        crossed.delay += exchanges * crossing.overlap.value * crossing.latency.value
        still = (1.0 - crossing.overlap.value) * crossing.latency.value
        if serve.order == "by-core":
            woken = (1.0 - 1.0 / max(1.0, cores)) * crossing.wake.value
            crossed.compute += exchanges * woken
            crossed.delay += exchanges * max(0.0, still - woken / host.speed.value)
        else:
            crossed.wake += exchanges * still
    for inside in insides:
        call = inside.boundary.crossings.call
        each = call.compute.value - call.spared.value
        crossed.compute += exchanges * serve.calls.value * each
    return crossed


def _network(load: Load, insides: Sequence[Inside]) -> list[tuple[NetworkCrossing, float]]:
    """The crossings of packets, each with the cores inside."""
    crossings = [(inside.boundary.crossings.network, inside.cores) for inside in insides]
    if load.clients_on == "host":
        ports = [(inside.boundary.port, inside.cores) for inside in insides if inside.ports]
        crossings += [(port.local, cores) for port, cores in ports if port is not None]
    return crossings
