"""How a table is set into a width: cells wrap between words, never within a number."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len

from sim.report.findings import Table
from sim.report.wording import encodable, unbroken

GAP = 2
_NAME_WIDTH = 26
_LEAST_WORDS = 10

Grid = list[list[str]]
"""The headings and then the rows of a table, each cell with its lines."""


def grids(table: Table, width: int, encoding: str) -> Iterator[tuple[Grid, int]]:
    """Give a table in as many parts as the width asks for, each with its number of word columns.

    Every part begins with the columns of words, which name its rows; a name that stands above is
    not said again.
    """
    columns = _columns(table, encoding)
    words, numbers = columns[: table.words], columns[table.words :]
    narrow = [_wrapped(column, _widest(column[1:], column[0])) for column in numbers]
    heads = _words(words, width - _taken(narrow))
    room = width - _taken(heads) + GAP
    for part in _parts(_eased(narrow, numbers, room), room):
        yield [list(row) for row in zip(*heads, *part, strict=True)], len(heads)


def _columns(table: Table, encoding: str) -> list[list[str]]:
    """The headings and cells of each column, as the terminal can show them."""
    rows = [table.columns, *(tuple(cell.text for cell in row) for row in table.rows)]
    columns = [[encodable(text, encoding) for text in each] for each in zip(*rows, strict=True)]
    columns[0][1:] = _once(columns[0][1:])
    return columns


def _taken(columns: Iterable[list[str]]) -> int:
    """What columns take of the width, with the gap after each."""
    return sum(_width(column) + GAP for column in columns)


def _once(names: Sequence[str]) -> list[str]:
    return [name if place == 0 or name != names[place - 1] else ""
            for place, name in enumerate(names)]  # fmt: skip


def _words(columns: Sequence[list[str]], width: int) -> list[list[str]]:
    """The columns of words, of which the long ones share what the others leave."""
    natural = [max(map(cell_len, column)) for column in columns]
    natural[0] = min(natural[0], _NAME_WIDTH)
    room = width - (len(columns) - 1) * GAP
    while sum(natural) > room and max(natural[1:], default=0) > _LEAST_WORDS:
        natural[natural.index(max(natural[1:]), 1)] -= 1
    return [_wrapped(column, most) for column, most in zip(columns, natural, strict=True)]


def _eased(
    narrow: Sequence[list[str]], whole: Sequence[list[str]], room: int
) -> Iterator[list[str]]:
    """The columns of numbers with their headings on one line, as far as the room goes."""
    left = room - _taken(narrow)
    for tight, column in zip(narrow, whole, strict=True):
        more = _width(column) - _width(tight)
        has_room = more <= left
        left -= more if has_room else 0
        yield column if has_room else tight


def _parts(columns: Iterable[list[str]], room: int) -> Iterator[list[list[str]]]:
    """The columns of numbers, as many at a time as there is room for."""
    part: list[list[str]] = []
    for column in columns:
        if part and _taken((*part, column)) > room:
            yield part
            part = []
        part.append(column)
    yield part


def _widest(cells: Sequence[str], heading: str) -> int:
    """Room for every number whole, and for each word of the heading."""
    return max(map(cell_len, (*cells, *heading.split())))


def _wrapped(column: Sequence[str], width: int) -> list[str]:
    """Each cell in lines of a width; a number stays on one with its unit."""
    return ["\n".join(wrapped(text, width, hyphens=True)) for text in column]


def wrapped(text: str, width: int, *, hyphens: bool = False) -> list[str]:
    """Break a text into lines of a width, but not between a number and its unit."""
    lines = wrap(unbroken(text), width, break_on_hyphens=hyphens)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _width(column: Sequence[str]) -> int:
    return max(cell_len(line) for cell in column for line in (cell.split("\n")))
