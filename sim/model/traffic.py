"""What the requests of a group ask for on a platform, worked out once for all of its instances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.inside import USUAL_PERIOD, Inside, slowdown
from sim.model.making import Crossing
from sim.resources.disk import operation_cost
from sim.resources.requests import Server
from sim.spec.host import Host
from sim.spec.load import Load
from sim.spec.platform import NetworkCrossing
from sim.spec.workload import Serving, Workload

LEAST_PART = 0.1
"""The part of a request's native work that is there however much its packets are spared."""


@dataclass(frozen=True)
class Traffic:
    """The load of each instance of a group, and the server that it finds on a platform.

    `think` is the part of the server's delay in which no request is under way. `net` is a request's
    native work in core-seconds here; `miss` is the time of a request whose data is not cached at
    the disk, or at the I/O thread on the way if that is slower, `miss_compute` the CPU that this
    costs, and `slower` what it waits for besides.
    """

    server: Server
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


def plan_traffic(
    load: Load | None, workload: Workload, host: Host, insides: Sequence[Inside]
) -> Traffic | None:
    """Work out what a group's requests ask for within these boundaries."""
    serve = workload.serve
    if load is None or serve is None:
        return None
    times, values = _course(load)
    disk, crossing = host.disk, insides[-1].crossing if insides else Crossing()
    return Traffic(
        server=_server(load, serve, host, insides, slowdown(workload.work, insides)),
        net=serve.compute.value / host.speed.value,
        rate=load.rate or 0.0,
        clients=load.clients or 0,
        think=load.think,
        times=times,
        values=values,
        read=serve.read.value,
        write=serve.write.value,
        data=int(serve.data.value),
        miss=max(
            operation_cost(serve.read.value, disk.operations.value, disk.bandwidth.value),
            crossing.serial,
            serve.read.value / crossing.bandwidth,
        ),
        miss_compute=crossing.compute / host.speed.value,
        slower=disk.latency.value + crossing.latency,
    )


def _course(load: Load) -> tuple[Sequence[float], Sequence[float]]:
    course = load.trace
    return ((), ()) if course is None else (course.times_s or (), course.values or ())


def _server(
    load: Load, serve: Serving, host: Host, insides: Sequence[Inside], slower: float
) -> Server:
    """The server that requests find, as long as all of its data is cached."""
    compute, aside, delay, wake = _crossed(load, serve, insides)
    native = serve.compute.value
    is_local = load.clients_on == "host"  # whose replies never see the link
    sent = 0.0 if is_local else serve.reply.value / host.link.bandwidth.value
    quotas = [inside.cores for inside in insides if inside.has_quota]
    return Server(
        order=serve.order,
        threads=serve.threads,
        work=max(LEAST_PART * native, native * slower + compute) / host.speed.value,
        variation=serve.variation.value,
        delay=load.round_trip + load.think + sent + delay,
        wake=wake,
        aside=aside / host.speed.value,
        disk=0.0,
        queue=serve.queue,
        quota=min(quotas, default=None),
        period=insides[-1].period if insides else USUAL_PERIOD,
    )


def _crossed(
    load: Load, serve: Serving, insides: Sequence[Inside]
) -> tuple[float, float, float, float]:
    """What a request pays over all boundaries: CPU in line, CPU aside, delay, and wake-ups."""
    packets = serve.packets.value
    compute = aside = delay = wake = 0.0
    for crossing in _network(load, insides):
        compute += packets * (crossing.compute.value - crossing.spared.value)
        aside += packets * crossing.aside.value
        delay += crossing.overlap.value * crossing.latency.value
        wake += (1.0 - crossing.overlap.value) * crossing.latency.value
    return compute, aside, delay, wake


def _network(load: Load, insides: Sequence[Inside]) -> list[NetworkCrossing]:
    crossings = [inside.boundary.crossings.network for inside in insides]
    if load.clients_on == "host":
        ports = [inside.boundary.port for inside in insides if inside.ports]
        crossings += [port.local for port in ports if port is not None]
    return crossings
