"""What each platform can and cannot do: whose kernel, with whom, and what stands in between."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.report.comparison import Comparison
from sim.report.findings import Cell, Table
from sim.report.wording import listed
from sim.spec.isolation import (
    Owner,
    file_kind,
    files_owner,
    isolation,
    kernel_owner,
    kernel_shared_by,
    wall,
)
from sim.spec.platform import Platform
from sim.spec.systems import SYSTEMS

NOTE = (
    "Instances on one kernel, counted on the fullest host, go down together when it panics, and "
    "who breaks into it reaches them all. The wall is what stands between an instance and its "
    "host: namespace, its own view of a kernel that it shares; system-call, a kernel in a process, "
    "which answers its system calls; hardware, a virtual machine, on a host of any system."
)
_COLUMNS = ("platform", "kernel", "wall", "files", "host system", "on one kernel")
_WHOSE: dict[Owner, str] = {"host": "host's", "machine": "machine's", "instance": "own"}


class _Walls(NamedTuple):
    kernel: str
    wall: str
    files: str
    host: str
    shared: int


def walls(comparison: Comparison) -> Table:
    """Give what each platform keeps apart; no rows where all are alike in it."""
    scenario = comparison.scenario
    said = [row for platform in scenario.platforms for row in _rows(platform, comparison)]
    alike = len({tuple(cell.text for cell in row[1:]) for row in said}) == 1
    return Table(_COLUMNS, () if alike else tuple(said), words=5)


def on_one_kernel(comparison: Comparison, platform: Platform) -> dict[str, int]:
    """Count, by group, who share the kernel of an instance, on the host that has most of them.

    Each stack of a mix has machines of its own; those without a kernel of their own share the
    host's, whatever their stacks.
    """
    stacks = {group: platform.of(group) for group in comparison.scenario.groups}
    kernels = {
        group: "" if kernel_owner(stack) == "host" else stack.name
        for group, stack in stacks.items()
    }
    found = {}
    for group, stack in stacks.items():
        together = [other for other, kernel in kernels.items() if kernel == kernels[group]]
        count = _on_fullest_host(comparison, platform.name, together)
        found[group] = int(kernel_shared_by(stack, count))
    return found


def _on_fullest_host(comparison: Comparison, platform: str, groups: list[str]) -> int:
    """How many of these groups were placed there; as many as were asked for where none was."""
    frame = comparison.instances
    first = frame[(frame["platform"] == platform) & (frame["replication"] == 0)]
    placed = first[first["group"].isin(groups) & (first["host"] >= 0)]
    asked = sum(comparison.scenario.groups[group].count for group in groups)
    return int(placed["host"].value_counts().max()) if len(placed) else asked


def _rows(platform: Platform, comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """A row for the platform; of a mix one for those of its groups that are alike."""
    found: dict[_Walls, list[str]] = {}
    for group, shared in on_one_kernel(comparison, platform).items():
        found.setdefault(_of(platform.of(group), shared), []).append(group)
    for told, groups in found.items():
        name = platform.name if len(found) == 1 else f"{platform.name} ({listed(groups)})"
        *words, shared = told
        yield Cell(name), *map(Cell, words), Cell(f"{shared:,}", shared)


def _of(stack: Platform, shared: int) -> _Walls:
    whose = _WHOSE[kernel_owner(stack)]
    return _Walls(whose, isolation(stack), _files(stack), _host(stack), shared)


def _files(stack: Platform) -> str:
    """Whose file system it sees, and whether its own is a disk or layers that others see too."""
    owner = files_owner(stack)
    return f"own {file_kind(stack)}" if owner == "instance" else _WHOSE[owner]


def _host(stack: Platform) -> str:
    """Whose kernel the host must have; a virtual machine brings one, processes are built for it."""
    outermost = next(iter(stack.boundaries.values()), None)
    if outermost is None or wall(outermost) == "hardware":
        return "any"
    return SYSTEMS[outermost.system]
