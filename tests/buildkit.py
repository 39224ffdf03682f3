"""What BuildKit's own parser reads in a Dockerfile, beside what ours does.

The package `dockerfile` wraps the parser of BuildKit 0.12.5. It knows heredocs, but shows none of
ONBUILD; it takes flags apart byte by byte; it ignores what follows a JSON array, which later
versions read as the shell form; and it has no directive `check`. It knows neither which words an
instruction needs nor which flags.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import dockerfile

from sim.images.dockerfile import Instruction, parse


class Read(NamedTuple):
    """An instruction as a parser reads it."""

    keyword: str
    flags: tuple[str, ...]
    words: tuple[str, ...]
    is_json: bool
    line: int
    last_line: int
    original: str
    heredocs: tuple[tuple[str, str], ...]


def theirs(text: str) -> list[Read] | None:
    """What BuildKit reads, or None where it refuses."""
    try:
        return [_theirs(command) for command in dockerfile.parse_string(text)]
    except dockerfile.GoParseError:
        return None


def _theirs(command: dockerfile.Command) -> Read:
    inner = (command.sub_cmd.upper(),) if command.sub_cmd else ()
    return Read(
        (command.cmd or "").upper(),
        command.flags,
        inner + command.value,
        command.json,
        command.start_line,
        command.end_line,
        (command.original or "").partition("\n")[0] if command.heredocs else command.original,
        tuple((heredoc.name, heredoc.content) for heredoc in command.heredocs),
    )


def ours(text: str) -> list[Read]:
    """What we read. Raises ScenarioError."""
    return [_ours(instruction) for instruction in parse(text, "Dockerfile").instructions]


def _ours(instruction: Instruction) -> Read:
    shown = () if instruction.keyword == "ONBUILD" else instruction.heredocs
    return Read(
        instruction.keyword,
        instruction.flags,
        instruction.words,
        instruction.is_json,
        instruction.line,
        instruction.last_line,
        instruction.original,
        tuple((heredoc.name, heredoc.content) for heredoc in shown),
    )


_AFTER_AN_ARRAY = re.compile(r"\[.*\].*[^ \t\r]")
_CONTINUED = re.compile(r"[\\`][ \t\r]*\n\s*")
_OTHER_DIRECTIVES = re.compile(r"#\s*check\s*=|#[^\x00-\x7f]", re.IGNORECASE)


def is_read_otherwise(text: str) -> bool:
    """Whether a text has what that version reads in another way than today's, or than we do."""
    lines = [*text.split("\n"), *_CONTINUED.sub("", text).split("\n")]
    has_such_a_line = any(
        ("--" in line and not line.isascii()) or _AFTER_AN_ARRAY.search(line) for line in lines
    )
    return has_such_a_line or bool(_OTHER_DIRECTIVES.search(text))
