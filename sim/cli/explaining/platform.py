"""The page of a platform: its stack, what each wall costs, what it can do, and the sums."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from sim.catalog.models import model_of
from sim.cli.explaining.layout import Line, Part, facts
from sim.cli.explaining.meanings import Place
from sim.cli.explaining.numbers import (
    Number,
    basis,
    heading,
    numbers_of,
    of_boundary,
    rows,
    setting,
)
from sim.cli.explaining.stack import Standing, abilities, drawing, files, standing
from sim.cli.explaining.sums import memory_alone, start_alone
from sim.spec.platform import Boundary, Phase, Platform

_GROUPS = {"cpu": "CPU, by class of work", "block": "disk operations", "network": "packets"}
_CACHES = {
    "host": "in the page cache inside, and in that of {around} once more",
    "direct": "in the page cache inside alone",
    "mapped": "in the page cache of {around} alone, and mapped from there",
}


class _Numbers(NamedTuple):
    """The numbers below one place of a boundary, and what is said above them."""

    prefix: str
    title: str


class _Section(NamedTuple):
    """What one question about a platform is answered with; `nothing` where no number answers."""

    title: str
    nothing: str
    numbers: tuple[_Numbers, ...]
    facts: Callable[[Standing], Iterator[str]] = lambda each: iter(())


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a platform."""
    platform = cast("Platform", model_of("platforms", name))
    yield from heading("platform", name, platform.title, platform.notes)
    yield from _body(platform, platform.boundaries, numbers_of("platforms", name))
    yield from setting("platforms", name, numbers_of("platforms", name))


def boundary_page(name: str) -> Iterator[Part]:
    """Lay out the page of one boundary of a platform, `PLATFORM.BOUNDARY`, in its stack."""
    around, _, inner = name.partition(".")
    platform = cast("Platform", model_of("platforms", around))
    numbers = [each for each in numbers_of("platforms", around) if each.place[1] == inner]
    yield from heading("boundary", name, platform.boundaries[inner].title, platform.notes)
    yield from _body(platform, [inner], numbers)
    yield from setting("platforms", around, numbers)


def _body(platform: Platform, told: Collection[str], numbers: Sequence[Number]) -> Iterator[Part]:
    """The whole stack drawn, and all there is to say of those boundaries that are told."""
    stack = standing(platform)
    yield drawing(stack)
    for section in _SECTIONS:
        yield Line()
        yield Line(section.title, "heading")
        own = [line for each in stack if each.name in told
               for line in _answer(section, each, numbers)]  # fmt: skip
        yield from own or [Line(section.nothing, indent=2)]
    yield from (Line(), Line("What the platform can and cannot do", "heading"))
    yield from facts(abilities(platform))
    for lines in (start_alone(stack, told), memory_alone(stack, told)):
        found = list(lines)
        yield from [Line(), *found] if found else []
    yield from basis(numbers)


def _answer(section: _Section, each: Standing, numbers: Sequence[Number]) -> Iterator[Line]:
    """What one boundary has to say to a section."""
    own = list(of_boundary(numbers, each.name))
    for fact in section.facts(each):
        yield Line(f"{each.name}: {fact}", indent=2, hang=2)
    for part in section.numbers:
        prefix = tuple(part.prefix.split("."))
        titles = _titles(each.boundary, prefix)
        found = list(rows(own, prefix, "platforms", titles=titles, words=each.words))
        if found:
            said = part.title.format(name=each.name, around=each.around) + titles.get("", "")
            yield Line(said, "heading", 2, 2)
            yield from found


def _titles(boundary: Boundary, prefix: Place) -> Mapping[str, str]:
    """Groups of numbers whose names alone say too little; `""` stands for all of them."""
    starts = boundary.create | boundary.boot
    match prefix:
        case ("create",) | ("boot",) | ("remove",) | ("shutdown",):
            ends = {"remove": boundary.remove, "shutdown": boundary.shutdown}
            phases = ends.get(prefix[0], starts)
            return {name: f"{name}{_way(phases[name])}" for name in phases}
        case ("footprint",) | ("interior",):
            return {name: f"{name}, taken in the phase of that name" for name in starts}
        case ("crossings",):
            return _GROUPS
        case ("port", "create") if boundary.port is not None:
            return {"": _way(boundary.port.create)}
    return {}


def _way(phase: Phase) -> str:
    """How a phase is performed: `, holding the lock mounts, on 2 threads`."""
    said = (
        f"holding the lock {phase.lock.name}" if phase.lock else "",
        f"on {phase.threads} threads" if phase.threads > 1 else "",
        f"in {phase.rounds} equal rounds" if phase.rounds > 1 else "",
        f"with {phase.syncs} small writes that wait for the disk" if phase.syncs else "",
    )
    return "".join(f", {each}" for each in said if each)


def _memory_facts(each: Standing) -> Iterator[str]:
    boundary = each.boundary
    if boundary.kernel == "shared":
        return
    if boundary.reserve == "full":
        yield f"takes the whole of its memory from {each.around} at once"
    else:
        yield f"takes memory from {each.around} as it is touched inside"
    yield f"gives back {_given_back(boundary)}"
    if boundary.ram.merging == "on":
        yield f"equal pages are merged with those of others on {each.around}"


def _given_back(boundary: Boundary) -> str:
    balloon = "what is free inside when memory around it runs short (a balloon)"
    reporting = "free pages a while after they were freed (reporting)"
    ways = [
        *([balloon] if boundary.ram.balloon == "on" else []),
        *([reporting] if boundary.ram.reporting is not None else []),
    ]
    return " and ".join(ways) or "nothing of it while it lives, not even what is free inside"


def _file_facts(each: Standing) -> Iterator[str]:
    source = each.boundary.files
    yield files(each)
    if source.kind == "outside" or each.boundary.kernel == "shared":
        yield f"what is read is cached once, by the kernel of {each.around}, for all"
    else:
        yield f"what is read is kept {_CACHES[source.cache].format(around=each.around)}"


_SECTIONS = (
    _Section(
        "What starts, in this order",
        "Nothing: a start is that of the workload alone.",
        (
            _Numbers("create", "{name}, made from outside, on {around}"),
            _Numbers("boot", "{name}, booting inside"),
            _Numbers("shutdown", "{name}, shutting down inside where it is asked to end"),
            _Numbers("remove", "{name}, taken down from outside once it has ended"),
            _Numbers("variation", "{name}, from start to start"),
        ),
    ),
    _Section(
        "What it holds of memory",
        "Nothing beyond the workload.",
        (
            _Numbers("size", "{name}, its size"),
            _Numbers("footprint", "{name}, outside, on {around}"),
            _Numbers("interior", "{name}, inside"),
            _Numbers("daemon.memory", "{name}, its daemons, once on {around}"),
            _Numbers("swap", "{name}, swap inside"),
            _Numbers("ram", "{name}, how free memory goes back"),
        ),
        _memory_facts,
    ),
    _Section(
        "Page cache and disk",
        "The host's files and the host's page cache, one for all.",
        (
            _Numbers("files", "{name}, its files"),
            _Numbers("daemon.files", "{name}, files of its daemons"),
        ),
        _file_facts,
    ),
    _Section(
        "What it uses at rest",
        "No CPU that anybody has stated.",
        (
            _Numbers("idle", "{name}, inside"),
            _Numbers("daemon.cpu", "{name}, its daemons, once on {around}"),
        ),
    ),
    _Section(
        "What crossing it costs",
        "Nothing: work is as fast as native.",
        (_Numbers("crossings", "{name}"),),
    ),
    _Section(
        "What publishing a port costs",
        "Nothing that anybody has stated.",
        (
            _Numbers("port.footprint", "{name}, memory on {around}"),
            _Numbers("port.create", "{name}, at the start"),
            _Numbers("port.local", "{name}, for packets that {around} itself sends"),
        ),
    ),
)
