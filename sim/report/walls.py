"""What each platform can and cannot do: whose kernel, with whom, and what stands in between."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.report.comparison import Comparison
from sim.report.findings import Cell, Table
from sim.report.wording import listed
from sim.spec.isolation import isolation, kernel_shared_by, wall
from sim.spec.platform import Boundary, Platform
from sim.spec.systems import SYSTEMS

NOTE = (
    "Instances on one kernel, counted on the fullest host, go down together when it panics, and "
    "who breaks into it reaches them all. The wall is what stands between an instance and its "
    "host: namespace, its own view of a kernel that it shares; system-call, a kernel in a process, "
    "which answers its system calls; hardware, a virtual machine, on a host of any system."
)
_COLUMNS = ("platform", "kernel", "wall", "files", "host system", "on one kernel")


class _Walls(NamedTuple):
    kernel: str
    wall: str
    files: str
    host: str


def walls(comparison: Comparison) -> Table:
    """Give what each platform keeps apart; no rows where all are alike in it."""
    scenario = comparison.scenario
    said = [row for platform in scenario.platforms for row in _rows(platform, comparison)]
    alike = len({tuple(cell.text for cell in row[1:]) for row in said}) == 1
    return Table(_COLUMNS, () if alike else tuple(said), words=5)


def _rows(platform: Platform, comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """A row for the platform; of a mix one for those of its groups that are alike."""
    scenario = comparison.scenario
    found: dict[_Walls, list[str]] = {}
    for group in scenario.groups:
        found.setdefault(_of(platform.of(group)), []).append(group)
    for told, groups in found.items():
        name = platform.name if len(found) == 1 else f"{platform.name} ({listed(groups)})"
        count = _together(comparison, groups)
        shared = max(kernel_shared_by(platform.of(group), count) for group in groups)
        yield Cell(name), *map(Cell, told), Cell(f"{shared:,}", shared)


def _together(comparison: Comparison, groups: list[str]) -> int:
    """How many instances of these groups are on the host that has most of them."""
    frame = comparison.instances
    first = frame[(frame["replication"] == 0) & frame["group"].isin(groups)]
    counts = first.groupby(["platform", "host"]).size()
    asked = sum(comparison.scenario.groups[group].count for group in groups)
    return int(counts.max()) if len(counts) else asked


def _of(stack: Platform) -> _Walls:
    boundaries = list(stack.boundaries.values())
    kernels = [boundary for boundary in boundaries if boundary.kernel == "own"]
    return _Walls(_kernel(kernels), isolation(stack), _files(boundaries), _host(boundaries))


def _host(boundaries: list[Boundary]) -> str:
    """Whose kernel the host must have; a virtual machine brings one, processes are built for it."""
    if not boundaries or wall(boundaries[0]) == "hardware":
        return "any"
    return SYSTEMS[boundaries[0].system]


def _kernel(kernels: list[Boundary]) -> str:
    if not kernels:
        return "host's"
    return "own" if kernels[-1].scope == "instance" else "machine's"


def _files(boundaries: list[Boundary]) -> str:
    """Whose file system it sees, and whether that is a disk or layers that others see as well."""
    brought = [boundary for boundary in boundaries if boundary.files.kind != "outside"]
    if not brought:
        return "host's"
    if brought[-1].scope != "instance":
        return "machine's"
    return "own disk" if brought[-1].files.kind == "disk" else "own layers"
