"""What passing a boundary costs: work by its class, operations of a disk, packets of a network."""

from typing import Annotated

from sim.spec.quantity import (
    ABOVE_ZERO,
    IN_ORDER,
    CitedBandwidth,
    CitedDuration,
    CitedFactor,
    CitedFraction,
    CitedWork,
    Model,
    nothing,
    one,
)
from sim.spec.workload import WorkClass


class BlockCrossing(Model):
    """What an I/O operation costs on its way out: time, serial time of an I/O thread, CPU.

    `bandwidth` is the most that the I/O thread moves, which binds where operations are large.
    """

    latency: CitedDuration = nothing()
    serial: CitedDuration = nothing()
    compute: CitedWork = nothing()
    bandwidth: CitedBandwidth | None = None


class NetworkCrossing(Model):
    """What the packets of a request cost on their way through.

    `compute` is CPU for each packet in line with the application, on its thread or in its way,
    and `spared` the share of a packet's native work that is not done there, as where a network
    stack of the boundary's own does it; `aside` is CPU for each packet on a thread of its own.
    `latency` is added to each round trip; the share `overlap` of it passes while the server serves
    others, in the rest it serves nobody. Where each request has a thread of its own, `wake` is what
    it costs to wake that in each exchange, if it sleeps on another core than the one that the
    packet came to: of n cores inside, n - 1 in n.
    """

    compute: CitedWork = nothing()
    spared: CitedFraction = nothing()
    aside: CitedWork = nothing()
    latency: CitedDuration = nothing()
    overlap: CitedFraction = one()
    wake: CitedWork = nothing()


class CallCrossing(Model):
    """What a system call costs inside: `compute` more than natively, or less by what is `spared`.

    It is spared where a call is one of a function, since no wall parts program and kernel.
    """

    compute: CitedWork = nothing()
    spared: CitedWork = nothing()


class Crossings(Model):
    """What passing this boundary costs: CPU time over native, by class of work; I/O; packets.

    `call` is what system calls cost, where a workload says how many of them a request takes.
    """

    cpu: Annotated[dict[WorkClass, Annotated[CitedFactor, ABOVE_ZERO]], IN_ORDER] = {}
    call: CallCrossing = CallCrossing()
    block: BlockCrossing = BlockCrossing()
    network: NetworkCrossing = NetworkCrossing()
