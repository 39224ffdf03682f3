"""Which paths of a context a `.dockerignore` leaves out, as moby/patternmatcher decides it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sim.errors import Fault, ScenarioError, shown
from sim.images import expressions, paths
from sim.images.paths import PatternError

NAME = ".dockerignore"
_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What Go trims from both ends of a line."""

_LONGEST_LINE = 65_536
"""What the builder's reader of lines takes, in bytes."""

Matched: TypeAlias = tuple[bool, ...]
"""For each pattern, whether it was found to match a folder; below it, it then does so too."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, cleaned, of a line of a file; an exception takes back what others left out."""

    text: str
    is_exception: bool
    line: int
    matches: Callable[[str], bool]

    @property
    def _literal(self) -> str | None:
        """The path that it names if it has no wildcard, but for a star at its end."""
        text = self.text.removesuffix("/**").removesuffix("/*")
        return None if set(text) & set("*[]?^\\") else text

    def reaches(self, folder: str) -> bool:
        """Whether something in a folder may match, as far as its text tells."""
        literal = self._literal
        return literal is None or f"{literal}/".startswith(f"{folder}/")


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns in their order, of which the last that matches a path decides."""

    patterns: tuple[Pattern, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def check(self, path: str, above: Matched = ()) -> tuple[bool, Matched]:
        """Whether they match a path, and which of them do, given those that match its folder.

        A pattern is only tried where it could turn the answer, so what it would have matched above
        may go unseen; the builder does the same.
        """
        is_matched = False
        matched = []
        for number, pattern in enumerate(self.patterns):
            does = bool(above) and above[number]
            if not does and pattern.is_exception == is_matched:
                does = pattern.matches(path)
            if does:
                is_matched = not pattern.is_exception
            matched.append(does)
        return is_matched, tuple(matched)

    def covers(self, path: str) -> bool:
        """Whether they match a path, asked from the top downward."""
        answer = False
        above: Matched = ()
        for depth in range(path.count("/") + 1):
            answer, above = self.check("/".join(path.split("/")[: depth + 1]), above)
        return answer

    def excepts_within(self, folder: str) -> bool:
        """Whether an exception may take back something in a folder that is left out."""
        return any(each.is_exception and each.reaches(folder) for each in self.patterns)

    def decisive(self, path: str) -> Pattern | None:
        """The pattern for which a path is left out, if it is."""
        if not self.covers(path):
            return None
        above = [path, *_folders_above(path)]
        return next(
            each
            for each in reversed(self.patterns)
            if not each.is_exception and any(each.matches(place) for place in above)
        )


def _folders_above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1)]


def pattern_of(text: str, line: int = 0) -> Pattern:
    """Read one pattern, as it stands in a line or behind `--exclude=`.

    Raises:
        PatternError: the builder would refuse it.
    """
    cleaned = paths.clean(text.strip(_SPACE))
    is_exception = cleaned.startswith("!")
    if cleaned == "!":
        raise PatternError("a '!' with nothing behind it")
    cleaned = cleaned.removeprefix("!")
    paths.check(cleaned)
    return Pattern(cleaned, is_exception, line, _matcher(cleaned))


def _matcher(text: str) -> Callable[[str], bool]:
    """What the builder compares: a whole path, its start, its end, or an expression."""
    if not set(text) & set("*?[]\\"):
        return text.__eq__
    plain = text.strip("*")
    if not set(plain) & set("*?[]\\"):
        if text == plain + "**":
            return lambda path: path.startswith(plain)
        if text == "**" + plain:
            return lambda path: path.endswith(plain) or "/" + path == plain
    return _searcher(text)


def _searcher(text: str) -> Callable[[str], bool]:
    found = expressions.translate(expressions.as_go_writes_it(text)).search
    return lambda path: found(path) is not None


def patterns_of(texts: Iterable[str]) -> Patterns:
    """Read patterns as the options of COPY give them; an empty one is none.

    Raises:
        PatternError: the builder would refuse one of them.
    """
    return Patterns(tuple(pattern_of(text) for text in texts if text.strip(_SPACE)))


def parse(text: str, file: str) -> Patterns:
    """Read a `.dockerignore`.

    Raises:
        ScenarioError: lines that the builder would refuse, all of them.
    """
    patterns: list[Pattern] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        try:
            patterns += [pattern_of(each, number) for each in _of_line(line)]
        except PatternError as error:
            problem = f"{shown(line.strip(_SPACE))} is no pattern: it has {error}"
            faults.append(Fault(problem, "see filepath.Match of Go", file=file, line=number))
    if faults:
        raise ScenarioError(faults)
    return Patterns(tuple(patterns))


def _of_line(line: str) -> Sequence[str]:
    """The pattern of a line, if it has one, without a slash before it."""
    if len(line.encode(errors="replace")) >= _LONGEST_LINE:
        raise PatternError(f"{_LONGEST_LINE} bytes or more, which is too long for a line")
    text = line.strip(_SPACE)
    if line.startswith("#") or not text:
        return ()
    sign = "!" if text.startswith("!") else ""
    text = text.removeprefix("!").strip(_SPACE)
    return (sign + _relative(paths.clean(text)) if text else sign,)


def _relative(text: str) -> str:
    return text[1:] if len(text) > 1 and text.startswith("/") else text


def read_ignore(folder: Path, dockerfile: Path) -> tuple[Patterns, str]:
    """Read the patterns of a context, and tell the file that they are in.

    A file named like the Dockerfile with `.dockerignore` behind it comes before that of the folder.

    Raises:
        ScenarioError: the file cannot be read, or lines in it.
    """
    for file in (Path(f"{dockerfile}{NAME}"), folder / NAME):
        try:
            if file.is_file():
                return parse(file.read_bytes().decode(errors="replace"), str(file)), str(file)
        except OSError as error:
            why = f"it cannot be read: {error.strerror}"
            raise ScenarioError([Fault(why, "make it readable", file=str(file))]) from error
    return Patterns(), ""
