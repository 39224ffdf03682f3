"""Memory of guests: what lies inside is pages of a process, and PSS does not tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import cast

from sim.probes.readings import Measured
from sim.spec.document import Tree
from sim.spec.platform import Platform
from sim.studies.calibration.amounts import bytes_, cited
from sim.studies.calibration.modelled import Entries, held, in_full
from sim.studies.calibration.phases import Address, laid


def with_memory_inside(
    overlay: Mapping[str, Tree], host: Tree, workload: Tree, measured: Measured, conditions: str
) -> dict[str, Tree]:
    """An overlay in which what lies inside of guests is stretched to what was measured.

    What it has and what it has read keep their proportions. Where no guest is, nothing changes.
    """
    full = in_full("platforms", dict(overlay))
    inside = dict(_inside(Platform.model_validate(full)))
    if not inside:
        return dict(overlay)
    count = max(measured.counts)
    read = sum(measured.held(part).each(count) for part in ("outside", "inside"))
    beside = held(Entries(host, full, workload), count) - sum(inside.values())
    factor = max(read - beside, 0.0) / sum(inside.values())
    note = f"so that each of {count} holds its PSS, {read / 2**20:.1f} MiB; {conditions}"
    boundaries = reduce(
        lambda so_far, item: laid(
            so_far, item[0], cited(bytes_(item[1] * factor), note, "calibrated")
        ),
        inside.items(),
        dict(cast("Mapping[str, Tree]", overlay["boundaries"])),
    )
    return {**overlay, "boundaries": boundaries}


def _inside(platform: Platform) -> Iterator[tuple[Address, float]]:
    """The bytes that guests take of their memory, and those that they read into it at boot."""
    for name, wall in platform.boundaries.items():
        if not wall.interior:
            continue
        for holding, memory in wall.interior.items():
            yield (name, "interior", holding, "private"), memory.private.value
        for phase, step in wall.boot.items():
            if step.read.value:
                yield (name, "boot", phase, "read"), step.read.value
