"""Lines and boxes of a page, broken to the width of the terminal they are shown on."""

import shutil
import sys
from collections.abc import Iterable, Iterator
from textwrap import shorten, wrap
from typing import Literal, NamedTuple, TypeAlias

Style: TypeAlias = Literal["plain", "title", "heading", "number", "note"]

_NARROWEST, _WIDEST = 60, 100
"""Below the first nothing is readable any more; beyond the second a line is too long to read."""

_FRAME = 4
_COLOURS = {"title": "bold cyan", "heading": "bold", "note": "dim"}
_GRADES = r"(?P<green>measured|vendor)(?=, )|(?P<yellow>assumed)(?=, )"
_WITHOUT_UNICODE = str.maketrans("┌┐└┘├┤─│█▏→×", "++++++-|#|>x")


class Line(NamedTuple):
    """A text as long as it is; what does not fit goes on `hang` columns further in."""

    text: str = ""
    style: Style = "plain"
    indent: int = 0
    hang: int = 0


class Box(NamedTuple):
    """A frame around compartments, each with a title in its upper edge."""

    compartments: tuple[tuple[str, "tuple[Part, ...]"], ...]


Part: TypeAlias = Line | Box
"""What a page is made of, from top to bottom."""


def facts(said: Iterable[tuple[str, str]], indent: int = 2) -> Iterator[Line]:
    """A line for each label and what is said of it, all of it beside the longest label."""
    told = list(said)
    width = max(len(label) for label, _ in told) + 2
    for label, text in told:
        yield Line(f"{label:<{width}}{text}", indent=indent, hang=width)


def page_width() -> int:
    """Columns of the terminal, within what reads well; 80 where there is none."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))


def render(parts: Iterable[Part], width: int) -> Iterator[Line]:
    """Break parts into lines that are no longer than the width."""
    for part in parts:
        yield from _boxed(part, width) if isinstance(part, Box) else _broken(part, width)


def show(parts: Iterable[Part]) -> None:
    """Print parts on standard output: in colour on a terminal, plain into a pipe."""
    lines = list(render(parts, page_width()))
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    if not encoding.lower().startswith("utf"):
        lines = [line._replace(text=line.text.translate(_WITHOUT_UNICODE)) for line in lines]
    if sys.stdout.isatty():
        _show_in_colour(lines)
    else:
        print("\n".join(line.text for line in lines))


def _show_in_colour(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        text = Text(line.text, style=_COLOURS.get(line.style, ""))
        if line.style == "number":
            text.highlight_regex(_GRADES)
        console.print(text)


def _broken(line: Line, width: int) -> Iterator[Line]:
    first = " " * line.indent
    lines = wrap(
        line.text,
        width,
        initial_indent=first,
        subsequent_indent=first + " " * line.hang,
        break_on_hyphens=False,
    )
    yield from (line._replace(text=text) for text in lines or [""])


def _boxed(box: Box, width: int) -> Iterator[Line]:
    room = width - _FRAME
    left, right = "┌", "┐"
    for title, content in box.compartments:
        said = f"{left}─ {shorten(title, room - 2, placeholder='…')} "
        yield Line(f"{said:─<{width - 1}}{right}")
        for line in render(content, room):
            yield line._replace(text=f"│ {line.text:<{room}} │")
        left, right = "├", "┤"
    yield Line(f"└{'─' * (width - 2)}┘")
