"""A page that tells of one thing in chapters, whatever the format and whatever it tells of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.report.figures.drawing import Drawing
from sim.report.findings import Table

_NO_TABLE = Table((), ())


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the page: lines, figures, a table, which is `folded` under those words if any.

    Lines are paragraphs, or the items of a list where they are `listed`.
    """

    title: str
    lines: Sequence[str] = ()
    drawings: Sequence[Drawing] = ()
    table: Table = _NO_TABLE
    folded: str = ""
    note: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """All that a page says, the answer first; `colours` are those of platforms, if it has any."""

    title: str
    question: str
    answer: Sequence[str]
    reading: str
    shown: Sequence[Drawing]
    chapters: Sequence[Chapter]
    cited: Sequence[tuple[str, str]]
    command: str
    tables: str
    words: Mapping[str, str]
    colours: Mapping[str, str] = field(default_factory=dict)
