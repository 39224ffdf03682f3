"""The host itself: as a machine, and how much of its disk one flow of operations can use."""

from __future__ import annotations

from sim.model.components import OPERATION, PAGE
from sim.model.machine import Kernel, Machine
from sim.model.making import Crossing
from sim.model.store import Store
from sim.resources.disk import flow_cap, operation_cost
from sim.resources.memory import Account, Ledger
from sim.resources.rate import Node
from sim.resources.space import Space
from sim.spec.host import Disk, Host


def block_flow(disk: Disk, crossing: Crossing) -> tuple[float, float]:
    """Device-seconds of an operation, and the most of the device that one flow can use.

    Operations follow one another; each takes the disk's latency and that of every boundary.
    """
    cost = operation_cost(OPERATION, disk.operations.value, disk.bandwidth.value)
    latency = max(disk.latency.value, cost) + crossing.latency
    serial = max(crossing.serial, OPERATION / crossing.bandwidth)
    return cost, flow_cap(cost, latency=latency, serial=serial)


def sync_flow(disk: Disk, crossing: Crossing) -> tuple[float, float]:
    """The same for pages, each of which has to have reached the disk before the next is written."""
    cost = operation_cost(PAGE, disk.operations.value, disk.bandwidth.value)
    latency = max(disk.latency.value, disk.flush.value, cost) + crossing.latency
    return cost, flow_cap(cost, latency=latency, serial=crossing.serial)


def host_machine(host: Host, cpu: Node, *, is_warm: bool) -> Machine:
    """The host as a machine: the memory that nothing uses yet, and an empty disk."""
    free = int(host.memory.value - host.memory_in_use.value)
    ledger = Ledger(free, name="host memory", swap=int(host.swap.value))
    space = Space(int(host.disk.capacity.value), name="host disk")
    kernel = Kernel(ledger, is_warm=is_warm)
    return Machine(cpu, kernel, Account(ledger, name="host"), Store(space), None, Crossing())
