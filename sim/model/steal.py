"""Steal: what a guest could have run, and did not since the host ran others."""

from __future__ import annotations

from sim.model.machine import Machine


def wanted_of(machine: Machine, cap: float) -> float:
    """Cores that a claim of so many would get in a machine if the host had cores for all.

    It gets its part of what the machine, and each around it, is capped at: waiting for that is
    the guest's own doing, and no steal.
    """
    if not cap:
        return 0.0
    node, wanted = machine.cpu, cap
    while node.parent is not None:
        wanted = min(wanted, node.cap * cap / max(cap, node.demand()))
        node = node.parent
    return wanted
