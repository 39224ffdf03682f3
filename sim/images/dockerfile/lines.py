"""From the text of a Dockerfile to whole lines: directives, comments, continuations, heredocs."""

import re
from collections.abc import Sequence

from sim.errors import Fault, shown
from sim.images.dockerfile.tree import Heredoc

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What BuildKit takes for white space; Python's own list has four control characters more."""

LONGEST = 65_535
"""How many bytes a line may have, as BuildKit has it."""

_DIRECTIVE = re.compile(
    rf"#[{SPACES}]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*"
)
_KNOWN = ("syntax", "escape", "check")
_BYTE_ORDER_MARK = "\ufeff"


class Lines:
    """The lines of a text, taken one by one; `number` is that of the last one taken."""

    def __init__(self, text: str) -> None:
        parts = text.removeprefix(_BYTE_ORDER_MARK).split("\n")
        self.all = [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
        self.number = 0
        self.escape = "\\"

    def take(self) -> str | None:
        """The next line with its end, or None after the last."""
        if self.number == len(self.all):
            return None
        self.number += 1
        return self.all[self.number - 1]

    def statement(self) -> tuple[int, str] | None:
        """The next whole line with the number of its first, or None after the last.

        Comments and blank lines inside it are no part of it, and do not end it.
        """
        while (line := self.take()) is not None:
            text, goes_on = self._continued(line.lstrip(SPACES))
            if text or goes_on:
                start = self.number
                return start, text + (self._rest() if goes_on else "")
        return None

    def _rest(self) -> str:
        """What follows a line that goes on."""
        parts: list[str] = []
        goes_on = True
        while goes_on and (line := self.take()) is not None:
            if not _is_comment(line) and line.strip(SPACES):
                text, goes_on = self._continued(line)
                parts.append(text)
        return "".join(parts)

    def _continued(self, line: str) -> tuple[str, bool]:
        """A line without its end, and whether the next one belongs to it."""
        if _is_comment(line):
            return "", False
        line = line.rstrip("\r\n")
        bare = line.rstrip(" \t")
        goes_on = bare.endswith(self.escape) and not bare.endswith(self.escape * 2)
        return (bare[:-1], True) if goes_on else (line, False)

    def document(self, heredoc: Heredoc) -> str | None:
        """Take the content of a heredoc and the line that ends it; None where none does."""
        content: list[str] = []
        while (line := self.take()) is not None:
            end = line.rstrip("\r\n")
            if (end.lstrip("\t") if heredoc.strips_tabs else end) == heredoc.name:
                return "".join(content)
            content.append(line)
        return None


def _is_comment(line: str) -> bool:
    return line.lstrip(SPACES).startswith("#")


def read_directives(lines: Sequence[str], file: str) -> tuple[dict[str, str], list[Fault]]:
    """The directives at the top of a file, up to the first line that is none, and their faults."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for number, line in enumerate(lines, 1):
        match = _DIRECTIVE.fullmatch(line.lstrip(SPACES).rstrip("\r\n"))
        name = match[1].lower() if match else ""
        if match is None or name not in _KNOWN:
            break
        wrong = _wrong_directive(name, match[2], found)
        if wrong:
            column = len(line) - len(line.lstrip()) + 1
            faults.append(Fault(*wrong, file=file, line=number, column=column))
        else:
            found[name] = match[2]
    return found, faults


def _wrong_directive(name: str, value: str, found: dict[str, str]) -> tuple[str, str] | None:
    if name in found:
        return f"the directive {shown(name)} stands here twice", "keep one of them"
    if name == "escape" and value not in ("`", "\\"):
        return f"{shown(value)} cannot be the escape character", "write ` or \\"
    return None


def too_long(lines: Sequence[str], file: str) -> list[Fault]:
    """A fault for each line that is longer than the builder reads."""
    problem = f"this line has over {LONGEST} bytes, and the builder reads no more"
    remedy = "break it, or put what is in it into a file"
    return [
        Fault(problem, remedy, file=file, line=number, column=1)
        for number, line in enumerate(lines, 1)
        if len(line.removesuffix("\n").encode(errors="replace")) > LONGEST
    ]
