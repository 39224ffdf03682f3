"""What a text that is not YAML does wrong, in plain words instead of the parser's own."""

from typing import NamedTuple

import yaml

from sim.errors import Fault
from sim.spec.document import Place
from sim.spec.indentation import uneven


class _Mistake(NamedTuple):
    """A mistake that people make, known by a part of what the parser says of it.

    `at_start` places it where the construct begins, not where the parser gave up on it; and the
    problem may name that `{start}`.
    """

    sign: str
    problem: str
    remedy: str
    at_start: bool = False


DEEPEST = 64
"""How deep collections may nest in a file."""

_MISTAKES = (
    _Mistake("maximum nesting depth", f"this nests over {DEEPEST} deep", "nest less"),
    _Mistake(
        "mapping values are not allowed",
        "a key and its value cannot stand here",
        "put text that holds ': ' in quotes",
    ),
    _Mistake(
        "sequence entries are not allowed",
        "a list item cannot stand here",
        "begin the list on the next line",
    ),
    _Mistake(
        "unexpected end of stream",
        "this quote is never closed",
        "close it with the same quote",
        at_start=True,
    ),
    _Mistake(
        "',' or ']'",
        "the list opened with '[' at {start} goes wrong here",
        "separate its items with ',' and close it with ']'",
    ),
    _Mistake(
        "',' or '}'",
        "the mapping opened with a brace at {start} goes wrong here",
        "separate its entries with ',' and close it with '}'",
    ),
    _Mistake(
        "could not find expected ':'",
        "a key without a value stands here",
        "write ': ' and its value after it",
        at_start=True,
    ),
    _Mistake(
        "expected key",
        "this does not fit what stands above it",
        "indent it as the keys of the same mapping, and close quotes at the end of a text",
    ),
    _Mistake(
        "expected <block end>",
        "this does not fit what stands above it",
        "indent it as the keys of the same mapping, and close quotes at the end of a text",
    ),
    _Mistake(
        "'-' indicator",
        "a key stands among the items of a list",
        "begin it with '- ', or indent it as the key of the list",
    ),
    _Mistake(
        "tag handle",
        "an unknown tag stands here",
        "drop it: nothing in a file is run; put text that begins with '!' in quotes",
    ),
    _Mistake("escape code", "this escape stands for no character", "write the character itself"),
    _Mistake(
        "escape",
        "this is not an escape that YAML knows",
        r"write '\\' for a backslash, or use single quotes",
    ),
    _Mistake(
        "alphabetic or numeric",
        "'*' and '&' begin the name of an alias or an anchor",
        "put text that begins with them in quotes",
        at_start=True,
    ),
    _Mistake(
        "node content",
        "a value is missing here",
        "write one, or take out the ',' or the bracket",
    ),
    _Mistake(
        "<document start>",
        "something follows the end of the document",
        "write one scenario in a file, and no line that begins with '...' or '%'",
    ),
)
_UNPLACED = ("mapping values", "<block end>", "expected key", "'-' indicator", "<document start>")
_EVEN = "indent what belongs together alike, and put text that holds ': ' in quotes"
_UNKNOWN = "check the quotes and the indentation"


def syntax_fault(error: yaml.YAMLError, text: str, file: str) -> Fault:
    """Turn an error of the YAML parser into a fault with its place and a remedy."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault(f"this is not YAML: {error}", _UNKNOWN, file=file)
    return _uneven(error, error.problem_mark, text, file) or _mistaken(
        error, error.problem_mark, text, file
    )


def _mistaken(error: yaml.MarkedYAMLError, mark: yaml.Mark, text: str, file: str) -> Fault:
    end = _place(mark, file)
    start = _place(error.context_mark, file) if error.context_mark else end
    mistake = _mistake(error, _character(mark, text))
    problem = mistake.problem.replace("{start}", f"{start.line}:{start.column}")
    place = start if mistake.at_start else end
    return Fault(problem, mistake.remedy, **place._asdict())


def _uneven(error: yaml.MarkedYAMLError, mark: yaml.Mark, text: str, file: str) -> Fault | None:
    """The fault of a line that is indented as none above it, where that is what is wrong."""
    if not any(sign in str(error.problem) for sign in _UNPLACED):
        return None
    found = uneven(text.splitlines(), mark.line, mark.column)
    if found is None:
        return None
    problem = f"this line is indented by {found.own}, and line {found.line} above it by {found.its}"
    return Fault(problem, _EVEN, file=file, line=mark.line + 1, column=found.own + 1)


def _place(mark: yaml.Mark, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _mistake(error: yaml.MarkedYAMLError, character: str) -> _Mistake:
    said = str(error.problem)
    if character == "\t" or "tab character" in said:
        return _Mistake("", "a tab stands where indentation is wanted", "indent with spaces")
    if "cannot start any token" in said:
        return _Mistake(
            "", f"text cannot begin with {character!r}", "put the text in quotes, or take it out"
        )
    unknown = _Mistake("", f"this is not YAML: {said}", _UNKNOWN)
    return next((mistake for mistake in _MISTAKES if mistake.sign in said), unknown)


def _character(mark: yaml.Mark, text: str) -> str:
    lines = text.splitlines()
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
