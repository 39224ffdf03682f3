"""What the keys of one boundary must be to each other, and how much its crossings may cost."""

from collections.abc import Callable, Iterator

from sim.spec.document import Path
from sim.spec.files import Files
from sim.spec.finding import Finding
from sim.spec.parts import Parts
from sim.spec.platform import Boundary, Ram

_LEAST_FACTOR, _MOST_FACTOR = 0.1, 1000
"""Beyond what any platform does: a unikernel's system calls are 0.6 times a kernel's."""

_WALLS_THAT_DO_NOT_FIT = {
    ("own", "namespace"): (
        "with kernel: own, the wall is no namespace, which shares the kernel around it",
        "write wall: hardware, wall: system-call, or kernel: shared",
    ),
    ("shared", "hardware"): (
        "with kernel: shared, the wall is no hardware, which needs a kernel of its own",
        "write kernel: own, or wall: namespace",
    ),
}


def _walls_possible(parts: Parts) -> Iterator[Finding]:
    for path, boundary in parts.boundaries():
        if words := _WALLS_THAT_DO_NOT_FIT.get((boundary.kernel, str(boundary.wall))):
            yield Finding((*path, "wall"), *words)


def _ram_of_own_kernel(parts: Parts) -> Iterator[Finding]:
    for path, boundary in parts.boundaries():
        if boundary.kernel == "shared":
            yield from _ram_given(boundary, path)
        elif boundary.ram.merging == "on" and boundary.ram.backing == "shared":
            remedy = "write backing: anonymous, or merging: off"
            yield Finding((*path, "ram"), "shared memory cannot be merged", remedy)


def _ram_given(boundary: Boundary, path: Path) -> Iterator[Finding]:
    given = {"ram": boundary.ram != Ram(), "swap": boundary.swap.value > 0}
    for key in (key for key in given if given[key]):
        problem = f"{key} belongs to a kernel, and this boundary shares the one around"
        yield Finding((*path, key), problem, f"write kernel: own, or take {key} out")


def _factors_possible(parts: Parts) -> Iterator[Finding]:
    for path, boundary in parts.boundaries():
        for work, factor in boundary.crossings.cpu.items():
            if not _LEAST_FACTOR <= factor.value <= _MOST_FACTOR:
                place: Path = (*path, "crossings", "cpu", work)
                problem = f"{factor.value:g} times the CPU time of native is beyond any platform"
                remedy = f"write {_LEAST_FACTOR:g} to {_MOST_FACTOR}; 1 is native, 1.05 is 5 % more"
                yield Finding(place, problem, remedy)


def _lazy_layers(parts: Parts) -> Iterator[Finding]:
    for path, boundary in parts.boundaries():
        if boundary.files.lazy is not None and boundary.files.kind != "layers":
            remedy = "write kind: layers, or take lazy out"
            yield Finding((*path, "files", "lazy"), "only layers are pulled lazily", remedy)


def _copies_are_made(parts: Parts) -> Iterator[Finding]:
    for path, boundary in parts.boundaries():
        files = boundary.files
        if files.kind != "disk" or files.provision != "copy":
            yield from _copy_given(files, path)


def _copy_given(files: Files, path: Path) -> Iterator[Finding]:
    given = {"made": files.made == "start", "convert": files.convert is not None}
    for key in (key for key in given if given[key]):
        remedy = f"write kind: disk and provision: copy, or take {key} out"
        yield Finding((*path, "files", key), f"{key} is of a full copy, and here is none", remedy)


BOUNDARY_RULES: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
    *(_walls_possible, _ram_of_own_kernel, _factors_possible),
    *(_lazy_layers, _copies_are_made),
)
"""Rules that look at each boundary alone."""
