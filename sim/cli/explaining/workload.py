"""The page of a workload: its image, its start, what it holds and does, what a request takes."""

from collections.abc import Iterator
from typing import cast

from sim.catalog.resolve import model_of
from sim.cli.explaining.image import stacked, total
from sim.cli.explaining.layout import Line, Part
from sim.cli.explaining.numbers import amount, basis, heading, numbers_of, rows, setting
from sim.spec.workload import Serving, Workload

_SECTIONS = {
    "variation": "From instance to instance",
    "start": "Its start, once what is around it stands",
    "memory": "What it holds when it is ready",
    "steady": "What it asks for while it is ready",
    "run": "What it does before it ends by itself",
    "serve": "What a request takes",
}
_ORDERS = {"in-turn": "each to its end", "shared": "their CPU shared"}
_LABEL = 20


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a workload."""
    workload = cast("Workload", model_of("workloads", name))
    numbers = numbers_of("workloads", name)
    yield from heading("workload", name, workload.title, workload.notes)
    yield from _sums(workload)
    yield Line()
    yield Line(f"Its image, {workload.image.name}: {total(workload.image)}", "heading", 0, 2)
    yield stacked(workload.image, {})
    for field, title in _SECTIONS.items():
        lines = list(rows(numbers, (field,), "workloads"))
        yield from [Line(), Line(title, "heading"), *lines] if lines else []
    yield from basis(numbers)
    yield from setting("groups.GROUP.workload", name, numbers)


def _sums(workload: Workload) -> Iterator[Line]:
    start, memory = workload.start, workload.memory
    alone = start.compute.value / start.threads
    held = memory.private.value + memory.kernel.value
    yield _fact("class of its work", f"{workload.work}, which decides what crossings cost it")
    yield _fact("starts alone in", f"{amount(alone, 's')} of a free core of speed 1, its files "
                f"cached{_threads(start.threads)}")  # fmt: skip
    yield _fact("holds by itself", f"{amount(held, 'B')}, and {amount(memory.mapped.value, 'B')} "
                f"of files{_processes(memory.processes)}")  # fmt: skip
    if workload.serve is not None:
        yield from _serving(workload.serve)
    if workload.run is not None:
        yield _fact("then ends after", amount(workload.run.compute.value, "core-s"))


def _serving(serve: Serving) -> Iterator[Line]:
    yield _fact("serves at most", f"{1 / serve.compute.value:,.0f} requests a second on each core "
                "of speed 1, packets not counted")  # fmt: skip
    yield _fact("answers at a time", f"{serve.threads}, {_ORDERS[serve.order]}; more wait, up to "
                f"{serve.queue:,}")  # fmt: skip


def _threads(count: int) -> str:
    return f", on {count} threads" if count > 1 else ""


def _processes(count: int) -> str:
    return f"; in {count} processes" if count > 1 else ""


def _fact(label: str, said: str) -> Line:
    return Line(f"{label:<{_LABEL}}{said}", indent=2, hang=_LABEL)
