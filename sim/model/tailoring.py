"""A boundary as one workload on one host finds it, where that differs from what is stated."""

from __future__ import annotations

from math import fsum

from sim.spec.host import Host
from sim.spec.platform import Boundary
from sim.spec.workload import Workload


def tailored(boundary: Boundary, workload: Workload, host: Host) -> Boundary:
    """The boundary without what nobody asks for there, with its files as they are opened there."""
    return _reading(_on_store(_as_needed(boundary, workload), host), workload)


def _as_needed(boundary: Boundary, workload: Workload) -> Boundary:
    """A boundary without the steps for the network, where it is made for one who never uses it."""
    if workload.serve is not None or boundary.scope != "instance":
        return boundary
    create, boot = (
        {name: phase for name, phase in phases.items() if phase.needs is None}
        for phases in (boundary.create, boundary.boot)
    )
    return boundary.model_copy(update={"create": create, "boot": boot})


def _on_store(boundary: Boundary, host: Host) -> Boundary:
    """A boundary whose disk, where it lies on a store that hosts share, is opened directly."""
    if host.disk.shared == "off" or boundary.kernel == "shared" or boundary.files.kind != "disk":
        return boundary
    files = boundary.files.model_copy(update={"cache": "direct"})
    return boundary.model_copy(update={"files": files})


def _reading(boundary: Boundary, workload: Workload) -> Boundary:
    """A boundary whose lazy image is read as far as its workload reads, where that is farther."""
    lazy = boundary.files.lazy
    whole = fsum(layer.unpacked.value for layer in workload.image.layers.values())
    if lazy is None or workload.start.read.value <= lazy.read.value * whole:
        return boundary
    share = min(1.0, workload.start.read.value / whole)
    read = lazy.read.model_copy(update={"value": share})
    files = boundary.files.model_copy(update={"lazy": lazy.model_copy(update={"read": read})})
    return boundary.model_copy(update={"files": files})
