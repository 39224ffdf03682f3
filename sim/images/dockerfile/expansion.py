"""Variables in a text, as BuildKit expands them: `$x`, `${x:-other}`, `${x#front}`, and quotes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.errors import shown
from sim.images.dockerfile.lines import SPACES
from sim.images.dockerfile.patterns import replaced, trimmed_back, trimmed_front
from sim.images.dockerfile.refusal import Refusal

LARGEST = 131_072
"""How many characters variables may add: Linux starts no program with a longer text."""

_DEEPEST = 50
_SPACE = re.compile(f"[{SPACES}]")
_PLAIN = {sign: re.compile(rf"[^$'\"}}/{re.escape(sign)}]+") for sign in "`\\"}
_PLAIN_IN_QUOTES = {sign: re.compile(rf"[^$\"{re.escape(sign)}]+") for sign in "`\\"}
"""What stands for itself, for each character that escapes."""

_SPECIAL = "@*#?-$!0"
_MISSING = "write the '}' that ends it"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read: by which character it escapes, and what of it stays as it is."""

    escape: str = "\\"
    keeps_quotes: bool = False
    keeps_escapes: bool = False
    keeps_unset: bool = False
    ignores_quotes: bool = False


class _Piece(NamedTuple):
    """A part of what a text comes to; one that is whole holds words together at its spaces."""

    text: str
    is_whole: bool


def expanded(text: str, values: Mapping[str, str], reading: Reading) -> str:
    """A text with its variables expanded. Raises Refusal where it is not well formed."""
    pieces = _Cursor(text, values, reading).read("", reading.keeps_escapes)
    return "".join(piece.text for piece in pieces)


def split_words(text: str, values: Mapping[str, str], reading: Reading) -> list[str]:
    """The words of a text once its variables are expanded; quotes hold words together."""
    words: list[list[str]] = [[]]
    for piece in _Cursor(text, values, reading).read("", reading.keeps_escapes):
        first, *others = [piece.text] if piece.is_whole else _SPACE.split(piece.text)
        words[-1].append(first)
        words += [[other] for other in others]
    return [word for word in map("".join, words) if word]


class _Cursor:
    """A place in a text, and what of it is being read."""

    def __init__(self, text: str, values: Mapping[str, str], reading: Reading) -> None:
        self.text = text
        self.values = values
        self.reading = reading
        self.keeps_escapes = reading.keeps_escapes
        self.at = 0
        self.depth = 0
        self.grown = 0

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def read(self, stop: str, keeps_escapes: bool) -> list[_Piece]:
        """Read up to a character, which is taken as well, or to the end where there is none."""
        before, self.keeps_escapes = self.keeps_escapes, keeps_escapes
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Refusal(f"variables stand over {_DEEPEST} deep in each other", "nest less")
        pieces: list[_Piece] = []
        while self._peek() and self._peek() != stop:
            pieces.append(self._piece())
        if stop and not self._next():
            raise Refusal(f"the {shown(stop)} of a variable is missing", _MISSING, "${")
        self.depth -= 1
        self.keeps_escapes = before
        return pieces

    def _joined(self, stop: str, keeps_escapes: bool = False) -> str:
        return "".join(piece.text for piece in self.read(stop, keeps_escapes))

    def _piece(self) -> _Piece:
        match self._peek():
            case "$":
                return _Piece(self._variable(), False)
            case "'" if not self.reading.ignores_quotes:
                return _Piece(self._single_quoted(), True)
            case '"' if not self.reading.ignores_quotes:
                return _Piece(self._double_quoted(), True)
            case self.reading.escape:
                self.at += 1
                kept = self.reading.escape if self.keeps_escapes else ""
                return _Piece(kept + self._next(), True)
        return _Piece(self._plain(_PLAIN) or self._next(), False)

    def _plain(self, patterns: Mapping[str, re.Pattern[str]]) -> str:
        """What stands for itself from the cursor on."""
        found = patterns[self.reading.escape].match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise Refusal("the quote ' is never closed", "close it, or escape it", "'")
        inside, self.at = self.text[self.at + 1 : end], end + 1
        return f"'{inside}'" if self.reading.keeps_quotes else inside

    def _double_quoted(self) -> str:
        self.at += 1
        parts: list[str] = []
        while (character := self._peek()) != '"':
            if not character:
                raise Refusal('the quote " is never closed', "close it, or escape it", '"')
            parts.append(self._variable() if character == "$" else self._within_quotes())
        self.at += 1
        quote = '"' if self.reading.keeps_quotes else ""
        return quote + "".join(parts) + quote

    def _within_quotes(self) -> str:
        """The next of a double quote, in which an escape counts before few characters alone."""
        plain = self._plain(_PLAIN_IN_QUOTES)
        if plain:
            return plain
        escape = self._next()
        kept = escape if self.keeps_escapes else ""
        following = self._peek()
        if following and following in ('"', "$", escape):
            return kept + self._next()
        return kept + (escape if following else "")

    def _variable(self) -> str:
        start = self.at
        self.at += 1
        if self._peek() == "{":
            self.at += 1
            text = self._in_braces(start)
        else:
            name = self._name()
            text = self._value(name, f"${name}") if name else "$"
        self.grown += len(text)
        if self.grown > LARGEST:
            problem = f"variables make this over {LARGEST} characters long"
            raise Refusal(problem, "no program can be started with as much: shorten them")
        return text

    def _value(self, name: str, written: str) -> str:
        """The value of a variable; one that is not set is empty, or left as written."""
        value = self.values.get(name)
        return (written if self.reading.keeps_unset else "") if value is None else value

    def _name(self) -> str:
        """A name at the cursor: letters, digits and _, digits alone, or one special character."""
        start = self.at
        first = self._peek()
        if first and first in _SPECIAL and first != "0":
            return self._next()
        is_number = first.isdigit()
        while (one := self._peek()) and (one.isdigit() or (not is_number and _is_letter(one))):
            self.at += 1
        return self.text[start : self.at]

    def _in_braces(self, start: int) -> str:
        first = self._peek()
        if first and first in "{}:":
            raise Refusal("a variable without a name stands here", "write ${NAME}", "${")
        name = self._name()
        sign = self._next()
        match sign:
            case "":
                raise Refusal("the '}' of a variable is missing", _MISSING, "${")
            case "}":
                return self._value(name, f"${{{name}}}")
            case "/":
                return self._with_replacement(name)
            case ":":
                return self._modified(name, self._next(), ":", start)
            case "+" | "-" | "?" | "#" | "%":
                return self._modified(name, sign, "", start)
        raise self._unknown_sign(sign, start)

    def _unknown_sign(self, sign: str, start: int) -> Refusal:
        problem = f"a variable cannot be modified by {shown(sign)}"
        remedy = "known: :- :+ :? - + ? # ## % %% / //"
        return Refusal(problem, remedy, self.text[start : self.at])

    def _modified(self, name: str, sign: str, colon: str, start: int) -> str:
        """A value as a sign and the word after it modify it; with a colon, empty is as not set."""
        word = self._joined("}", keeps_escapes=sign in ("#", "%"))
        value = self.values.get(name)
        if value is None and self.reading.keeps_unset:
            return f"${{{name}{colon}{sign}{word}}}"
        if sign in ("#", "%"):
            takes_most = word.startswith(sign)
            trim = trimmed_front if sign == "#" else trimmed_back
            return trim(value or "", word[takes_most:], takes_most)
        return self._chosen(name, colon, sign, word, start)

    def _chosen(self, name: str, colon: str, sign: str, word: str, start: int) -> str:
        """A value or the word, as the sign says."""
        value = self.values.get(name)
        if sign not in ("-", "+", "?"):
            raise self._unknown_sign(colon + sign, start)
        if value is None or (colon and not value):
            return self._instead(name, sign, word)
        return word if sign == "+" else value

    def _instead(self, name: str, sign: str, word: str) -> str:
        """What stands for a variable that has no value."""
        if sign != "?":
            return word if sign == "-" else ""
        state = "empty" if name in self.values else "not set"
        remedy = "give it a value by an ARG, an ENV or a build argument"
        raise Refusal(f"{name} is {state}{': ' if word else ''}{word}", remedy, f"{{{name}")

    def _with_replacement(self, name: str) -> str:
        everywhere = self._peek() == "/"
        self.at += everywhere
        pattern = self._joined("/", keeps_escapes=True)
        other = self._joined("}", keeps_escapes=True)
        value = self.values.get(name)
        if value is None and self.reading.keeps_unset:
            return f"${{{name}/{pattern}/{other}}}"
        return replaced(value or "", pattern, other, everywhere)


def _is_letter(character: str) -> bool:
    return character.isalpha() or character == "_"
