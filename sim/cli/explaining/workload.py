"""The page of a workload: its image, its start, what it holds and does, what a request takes."""

from collections.abc import Iterator
from typing import cast

from sim.catalog.models import model_of
from sim.cli.explaining.image import stacked, total
from sim.cli.explaining.layout import Line, Part, facts
from sim.cli.explaining.numbers import amount, basis, heading, numbers_of, rows, setting
from sim.spec.main_process import MainProcess
from sim.spec.workload import Serving, Workload

_SECTIONS = {
    "variation": "From instance to instance",
    "start": "Its start, once what is around it stands",
    "memory": "What it holds when it is ready",
    "steady": "What it asks for while it is ready",
    "run": "What it does before it ends by itself",
    "main": "How its main process ends",
    "serve": "What a request takes",
}
_ORDERS = {
    "in-turn": "each to its end",
    "shared": "their CPU shared",
    "by-core": "each on a core that it shares",
}


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a workload."""
    workload = cast("Workload", model_of("workloads", name))
    numbers = numbers_of("workloads", name)
    yield from heading("workload", name, workload.title, workload.notes)
    yield from facts(_told(workload))
    yield Line()
    yield Line(f"Its image, {workload.image.name}: {total(workload.image)}", "heading", 0, 2)
    yield stacked(workload.image, {})
    for field, title in _SECTIONS.items():
        lines = list(rows(numbers, (field,), "workloads"))
        yield from [Line(), Line(title, "heading"), *lines] if lines else []
    yield from basis(numbers)
    yield from setting("groups.GROUP.workload", name, numbers)


def _told(workload: Workload) -> Iterator[tuple[str, str]]:
    start, memory = workload.start, workload.memory
    alone = start.wait.value + start.compute.value / start.threads
    held = memory.private.value + memory.kernel.value
    yield "class of its work", f"{workload.work}, which decides what crossings cost it"
    yield "starts alone in", (f"{amount(alone, 's')} on a free core of speed 1, its files cached"
                              f"{_threads(start.threads)}")  # fmt: skip
    yield "holds by itself", (f"{amount(held, 'B')}, and {amount(memory.mapped.value, 'B')} of "
                              f"files{_processes(memory.processes)}")  # fmt: skip
    if workload.serve is not None:
        yield from _serving(workload.serve)
    if workload.run is not None:
        yield "then ends after", amount(workload.run.compute.value, "core-s")
    yield "asked to end", _asked_to_end(workload.main)


def _asked_to_end(main: MainProcess) -> str:
    if main.handler is None:
        return "handles no signal: ends at once, or as process 1 once its grace is over"
    took = amount(main.handler.takes.value, "s")
    return f"ends after {took} with status {main.handler.status}"


def _serving(serve: Serving) -> Iterator[tuple[str, str]]:
    work = serve.compute.value + serve.packets.value * serve.per_packet.value
    most = f"{1 / work:,.0f} requests a second on each core of speed 1"
    yield "serves at most", f"{most}, crossings not counted"
    order = _ORDERS[serve.order]
    yield "answers at a time", f"{serve.threads}, {order}; more wait, up to {serve.queue:,}"


def _threads(count: int) -> str:
    return f", on {count} threads" if count > 1 else ""


def _processes(count: int) -> str:
    return f"; in {count} processes" if count > 1 else ""
