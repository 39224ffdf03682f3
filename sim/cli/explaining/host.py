"""The page of a host: what a buyer would ask of it."""

from collections.abc import Iterator
from typing import cast

from sim.catalog.models import model_of
from sim.cli.explaining.layout import Line, Part, facts
from sim.cli.explaining.numbers import amount, basis, heading, numbers_of, rows, setting
from sim.spec.host import Host
from sim.spec.systems import SYSTEMS

_SECTIONS = {
    "Processor": ("cores", "speed", "smt", "switching"),
    "Memory": ("memory", "memory_in_use", "swap"),
    "Page merging, for guests that let it": ("merging",),
    "Disk": ("disk",),
    "Network": ("link",),
    "Who sends it requests": ("clients",),
    "When its kernel panics": ("reboot",),
}
_REFUSALS = {
    "heuristic": "what is obviously too much is refused at once, the rest is promised",
    "never": "nothing is promised that is not there",
    "always": "everything is promised",
}


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a host."""
    host = cast("Host", model_of("hosts", name))
    numbers = numbers_of("hosts", name)
    yield from heading("host", name, host.title, host.notes)
    yield from facts(_told(host))
    for title, fields in _SECTIONS.items():
        own = [number for number in numbers if number.place[0] in fields]
        prefix = () if any(len(number.place) == 1 for number in own) else fields
        lines = list(rows(own, prefix, "hosts"))
        yield from [Line(), Line(title, "heading"), *lines] if lines else []
    yield from basis(numbers)
    yield from setting("host", name, numbers)


def _told(host: Host) -> Iterator[tuple[str, str]]:
    busy = host.cores.value * host.smt.value * host.speed.value
    memory = [amount(size, "B") for size in (
        host.memory.value - host.memory_in_use.value, host.memory.value)]  # fmt: skip
    pull = min(host.link.bandwidth.value, host.link.window.value / host.link.round_trip.value)
    yield "CPU it delivers", f"that of {busy:.3g} cores of speed 1 when all are busy"
    yield "memory for what runs on it", " of ".join(memory)
    yield "1 GB off its disk", f"{amount(1e9 / host.disk.bandwidth.value, 's')}, alone"
    yield "1 GB pulled", f"{amount(1e9 / pull, 's')}, alone and in one flow"
    yield "its kernel", SYSTEMS[host.system]
    yield "requests for memory", _REFUSALS[host.overcommit]
