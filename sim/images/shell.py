"""The simple commands of a shell's line, in the order in which they run.

Nothing is expanded or run. What comes after `||` is taken as never needed, a loop as run once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<blank>(?:[ \t\r]|\\\n)+)
      | (?P<comment>(?<![^\s;&|()])\#[^\n]*)
      | (?P<here>\d*<<-?[ \t]*(?P<quote>["']?)(?P<mark>[A-Za-z_]\w*)(?P=quote))
      | (?P<redirect>\d*(?:&>>?|>>|>\||>&|<&|<<<|<>|[<>])-?)
      | (?P<operator>&&|\|\||;;|\|&|[;&|\n()])
      | (?P<word>(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\([^()]{0,500}\)|`[^`]*`|\$\{[^}]{0,200}\}
                  |[^\s;&|()<>'"\\`])+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=(.*)", re.DOTALL)
_SPOKEN = {"then", "else", "elif", "do", "if", "while", "until", "!", "{", "}", "time"}
_SKIPPED = {"for", "case", "select", "function", "fi", "done", "esac", "in"}
_BEFORE = {
    "sudo", "env", "exec", "command", "nice", "nohup", "builtin", "ionice", "stdbuf", "gosu",
    "su-exec", "xvfb-run", "tini", "dumb-init", "doas", "npx", "bunx",
}  # fmt: skip
_SHELLS = {"sh", "bash", "ash", "dash", "zsh", "su"}
_DEEPEST = 4
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Call:
    """A simple command: a program by the last part of its path, and what it is called with."""

    program: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments that are no flags."""
        return tuple(each for each in self.arguments if not each.startswith("-"))


def calls_of(text: str, depth: int = 0) -> list[Call]:
    """The simple commands of a line or of a script, those of `sh -c` and heredocs among them."""
    found: list[Call] = []
    for words in _commands(text[:_LONGEST]):
        found += _calls(words, depth)
    return found


def _commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command; the text of a heredoc that is a script comes as `sh -c`."""
    reading = _Reading(text)
    while found := _TOKEN.match(text, reading.place):
        reading.place = found.end()
        yield from reading.take(found.lastgroup or "", found)
    yield from reading.ended()


class _Reading:
    """Where a reader of a line stands: the words so far, and the heredocs that are to come."""

    def __init__(self, text: str) -> None:
        self.place = 0
        self._text = text
        self._words: list[str] = []
        self._marks: list[tuple[str, bool]] = []
        self._is_needed = True
        self._is_target = False

    def take(self, kind: str, found: re.Match[str]) -> Iterator[list[str]]:
        """Take a token, and give the commands that it ends."""
        if kind == "here":
            is_script = not self._words or self._words[0] in _SHELLS
            self._marks.append((found["mark"], is_script))
        elif kind == "redirect":
            self._is_target = not found[0].endswith("-")
        elif kind in ("word", "other"):
            self._words += [] if self._is_target else [_bare(found[0])]
            self._is_target = False
        elif kind == "operator":
            yield from self._operated(found[0])

    def _operated(self, operator: str) -> Iterator[list[str]]:
        yield from self.ended()
        self._is_needed = operator != "||" and (self._is_needed or operator != "(")
        while operator == "\n" and self._marks:
            mark, is_script = self._marks.pop(0)
            script, self.place = _heredoc(self._text, self.place, mark)
            if is_script:
                yield ["sh", "-c", script]

    def ended(self) -> Iterator[list[str]]:
        """The command that ends here, if there is one that is run."""
        if self._words and self._is_needed:
            yield self._words
        self._words, self._is_target = [], False


def _heredoc(text: str, start: int, mark: str) -> tuple[str, int]:
    end = re.compile(rf"^\t*{re.escape(mark)}[ \t]*$", re.MULTILINE).search(text, start)
    if end is None:
        return text[start:], len(text)
    return text[start : end.start()], end.end()


def _bare(word: str) -> str:
    """A word without its quotes."""
    if not any(sign in word for sign in "\"'\\"):
        return word
    parts = re.findall(r"""\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"|([^\\'"]+)""", word, re.DOTALL)
    return "".join(_unquoted(*part) for part in parts)


def _unquoted(escaped: str, single: str, double: str, plain: str) -> str:
    kept = "" if escaped == "\n" else escaped
    return kept + single + re.sub(r'\\(["\\$`\n])', _escaped, double) + plain


def _escaped(found: re.Match[str]) -> str:
    return "" if found[1] == "\n" else found[1]


def _calls(words: Sequence[str], depth: int) -> list[Call]:
    """The command that words come to, without what only stands before it."""
    environment: dict[str, str] = {}
    is_before = False
    for place, word in enumerate(words):
        assigned = _ASSIGNMENT.fullmatch(word)
        if assigned:
            environment[assigned[1]] = assigned[2]
        elif word in _SKIPPED:
            return []
        elif word in _BEFORE:
            is_before = True
        elif not (word in _SPOKEN or (is_before and word.startswith("-"))):
            return _called(words[place:], environment, depth)
    return []


def _called(words: Sequence[str], environment: Mapping[str, str], depth: int) -> list[Call]:
    program = words[0].rsplit("/", 1)[-1]
    if program in _SHELLS and depth < _DEEPEST:
        script = _script(words)
        if script is not None:
            return calls_of(script, depth + 1)
    if re.fullmatch(r"python[\d.]*", program) and words[1:2] == ["-m"]:
        return _calls(words[2:], depth)
    return [Call(program, tuple(words[1:]), environment)]


def _script(words: Sequence[str]) -> str | None:
    """What stands after `-c`, `-lc`, `-euxc` and the like."""
    for place, word in enumerate(words[1:-1], start=1):
        if re.fullmatch(r"-[a-zA-Z]*c", word):
            return words[place + 1]
    return None
