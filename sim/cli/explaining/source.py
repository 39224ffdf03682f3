"""The page of a source: where it is to be found, and every number of the catalog that cites it."""

from collections.abc import Iterator

from sim.catalog.loader import KINDS, Kind, entry, names, sources
from sim.cli.explaining.layout import Line, Part
from sim.cli.explaining.numbers import Number, grades, heading, numbers_written

_LABEL = 10


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a source."""
    source = sources()[name]
    yield from heading("source", name, "", source.title + ".")
    for label, said in (
        ("by", f"{source.authors_or_publisher}, {source.year}"),
        ("where", source.where),
        ("rows", ", ".join(source.observations) or "none of its own in the evidence"),
    ):
        yield Line(f"{label:<{_LABEL}}{said}", indent=2, hang=_LABEL)
    yield Line()
    yield from _leaning(name)


def _leaning(source: str) -> Iterator[Line]:
    """The numbers that cite a source, entry by entry."""
    citing = {f"{kind[:-1]} {each}": _citing(kind, each, source)
              for kind in KINDS for each in names(kind)}  # fmt: skip
    every = [number for own in citing.values() for number in own]
    yield Line(f"What leans on it: {grades(every)}", "heading")
    for title, own in citing.items():
        yield from [Line(title, "heading", 2), *_rows(own)] if own else []


def _citing(kind: Kind, name: str, source: str) -> list[Number]:
    return [each for each in numbers_written(entry(kind, name)) if each.source == source]


def _rows(numbers: list[Number]) -> Iterator[Line]:
    width = max(len(number.value) for number in numbers) + 2
    for number in numbers:
        place = ".".join(number.place)
        yield Line(f"{number.value:<{width}}{place}, {number.evidence}", indent=4, hang=width)
