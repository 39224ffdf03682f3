"""What an instance holds on this machine: memory around and inside it, disk, daemons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sim.probes.readings import Measured
from sim.spec.document import Tree
from sim.studies.calibration.amounts import bytes_, cited, millicores
from sim.studies.calibration.modelled import Entries

_WORKLOAD_OF_KERNEL = 0.1 * 2**20
"""What the catalog's process takes of the kernel itself, so that its walls are the rest."""


def held_by(measured: Measured, entries: Entries, name: str, about: str) -> dict[str, Tree]:
    """What instances hold, on the boundary of this name: memory, disk, daemons."""
    base = cast("Mapping[str, Mapping[str, Mapping[str, Tree]]]", entries.platform)
    wall = base["boundaries"][name]
    held: dict[str, Tree] = {"footprint": _footprint(measured, wall, about)}
    if measured.disk and "writable" in cast("Mapping[str, Tree]", wall["files"]):
        on_disk = f"on disk for each of {max(measured.counts)}; {about}"
        held["files"] = {"writable": cited(bytes_(measured.disk), on_disk)}
    return held | _daemon(measured, wall, about)


def of_pss(measured: Measured, about: str) -> str:
    """Where memory that is split into parts is from."""
    *most, last = [str(count) for count in measured.memory]
    counts = f"{', '.join(most)} and {last}" if most else last
    return f"PSS with {counts} up, fitted as private + shared/N; {about}"


def _footprint(measured: Measured, wall: Mapping[str, Tree], about: str) -> dict[str, Tree]:
    """Memory around instances: of processes, in the entry of those; and pages of the kernel."""
    kinds = _kinds(wall, "footprint")
    around = measured.held("outside")
    of_processes = [name for name, held in kinds.items() if "shared" in held][:1]
    if not of_processes and around.private + around.shared:
        of_processes = ["around"]
    fitted: dict[str, Tree] = {"shared": cited(bytes_(around.shared), of_pss(measured, about))}
    if not wall.get("interior"):  # of a guest, most of what is each one's own lies inside
        fitted["private"] = cited(bytes_(around.private), of_pss(measured, about))
    pages = _of_kernel(measured, wall)
    kernel: Tree = {"private": cited(bytes_(pages), _of_accounts(measured, about))}
    of_kernel = [name for name, held in kinds.items() if held.get("pinned") == "on"]
    return {**dict.fromkeys(of_processes, cast("Tree", fitted)), **dict.fromkeys(of_kernel, kernel)}


def _kinds(wall: Mapping[str, Tree], where: str) -> Mapping[str, Mapping[str, Tree]]:
    return cast("Mapping[str, Mapping[str, Tree]]", wall.get(where, {}))


def _of_kernel(measured: Measured, wall: Mapping[str, Tree]) -> float:
    """Pages of the kernel for the walls alone, by its most exact account that there is.

    A cgroup in which a kernel of its own runs is charged with the memory of that as well.
    """
    charged = 0.0 if wall["kernel"] == "own" else measured.each_more("charged")
    own = measured.held("inside").private + _WORKLOAD_OF_KERNEL
    return max(
        (charged - own) if charged else (measured.each_more("kernel") - _WORKLOAD_OF_KERNEL), 0.0
    )


def _of_accounts(measured: Measured, about: str) -> str:
    kib = {
        account: measured.each_more(account) / 1024
        for account in ("charged", "kernel", "unavailable")
    }
    return (
        f"for each more instance the cgroup is charged {kib['charged']:.0f} KiB, the kernel's pages"
        f" grow by {kib['kernel']:.0f} and MemAvailable falls by {kib['unavailable']:.0f}; less its"
        f" process; {about}"
    )


def _daemon(measured: Measured, wall: Mapping[str, Tree], about: str) -> dict[str, Tree]:
    """Daemons that the catalog knows of by name, and what they use at rest."""
    daemon = cast("Mapping[str, Tree]", wall.get("daemon", {}))
    known = cast("Mapping[str, Tree]", daemon.get("memory", {}))
    memory: dict[str, Tree] = {
        name: {
            "private": cited(
                bytes_(measured.daemon[name]),
                f"PSS beside {max(measured.counts)} instances; {about}",
            )
        }
        for name in known
        if name in measured.daemon
    }
    if not memory:
        return {}
    cpu = cited(millicores(measured.daemon_cores), f"at rest, over 2 s; {about}")
    return {"daemon": {"memory": memory, "cpu": cpu}}
