"""The page of a source: where it is to be found, and every number of the catalog that cites it."""

from collections.abc import Iterator

from sim.catalog.loader import KINDS, Kind, entry, names, sources
from sim.cli.explaining.layout import Line, Part, facts
from sim.cli.explaining.numbers import Number, grades, heading, numbers_written


def page(name: str) -> Iterator[Part]:
    """Lay out the page of a source."""
    source = sources()[name]
    yield from heading("source", name, "", source.title + ".")
    yield from facts(
        (
            ("by", f"{source.authors_or_publisher}, {source.year}"),
            ("where", source.where),
            ("rows", ", ".join(source.observations) or "none of its own in the evidence"),
        )
    )
    yield Line()
    yield from _leaning(name)


def _leaning(source: str) -> Iterator[Line]:
    """The numbers that cite a source, entry by entry."""
    leaning = citing(source)
    every = [number for own in leaning.values() for number in own]
    yield Line(f"What leans on it: {grades(every)}", "heading")
    for (kind, name), own in leaning.items():
        yield from [Line(f"{kind[:-1]} {name}", "heading", 2), *_rows(own)]


def citing(source: str) -> dict[tuple[Kind, str], list[Number]]:
    """The numbers that cite a source, by the entry of the catalog in which they are written."""
    found = {(kind, name): [each for each in numbers_written(entry(kind, name))
                            if each.source == source]
             for kind in KINDS for name in names(kind)}  # fmt: skip
    return {place: own for place, own in found.items() if own}


def _rows(numbers: list[Number]) -> Iterator[Line]:
    width = max(len(number.value) for number in numbers) + 2
    for number in numbers:
        place = ".".join(number.place)
        yield Line(f"{number.value:<{width}}{place}, {number.evidence}", indent=4, hang=width)
