"""An instruction taken apart: its keyword, its flags, and its words in the form that it has."""

import json
import re
from typing import NamedTuple, NoReturn

from sim.errors import shown
from sim.images.dockerfile.lines import SPACES
from sim.images.dockerfile.refusal import Refusal

_SEPARATOR = re.compile(r"[\t\v\f\r ]+")
_SPACES = re.compile(f"[{SPACES}]*")
_HEALTH = re.compile(rf"([^{SPACES}]*)[{SPACES}]*(.*)", re.DOTALL)
_FLAG_PART = re.compile(
    rf"""\\(?P<escaped>.?)|(?P<quote>['"])|(?P<space>[{SPACES}])|(?P<plain>[^\\'"{SPACES}]+)""",
    re.DOTALL,
)


class Parts(NamedTuple):
    """What a line is made of; the rest is what follows the flags, and not yet words."""

    keyword: str
    flags: tuple[str, ...]
    rest: str


class Words(NamedTuple):
    """The words of an instruction, and whether they were written as a JSON array."""

    words: tuple[str, ...] = ()
    is_json: bool = False


def parts_of(line: str) -> Parts:
    """Take a line apart into keyword, flags and the rest."""
    keyword, *rest = _SEPARATOR.split(line.strip(SPACES), maxsplit=1)
    flags, after = _flags(rest[0]) if rest else ((), "")
    return Parts(keyword.upper(), flags, after.strip(SPACES))


def _flags(text: str) -> tuple[tuple[str, ...], str]:
    """The words at the start of a text that begin with --, without quotes, and what follows."""
    flags: list[str] = []
    at = _after_spaces(text, 0)
    while text.startswith("--", at):
        flag, at = _flag(text, at)
        if flag == "--":
            break
        flags.append(flag)
        at = _after_spaces(text, at)
    return tuple(flags), text[at:]


def _after_spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at


def _flag(text: str, start: int) -> tuple[str, int]:
    """The word at a place of a text as it is meant, and where it ends."""
    parts: list[str] = []
    quote = ""
    for part in _FLAG_PART.finditer(text, start):
        if part["space"] and not quote:
            return "".join(parts), part.start()
        if part["quote"] and quote in ("", part[0]):
            quote = "" if quote else part[0]
        else:
            parts.append(part[0] if part["escaped"] is None else part["escaped"])
    return "".join(parts), len(text)


def shell_or_json(rest: str) -> Words:
    """The form of RUN and its kin: a JSON array, or else one text for the shell."""
    return _json(rest) or Words((rest,) if rest else ())


def list_or_json(rest: str) -> Words:
    """The form of COPY and its kin: a JSON array, or else words between spaces."""
    return _json(rest) or words_between_spaces(rest)


def words_between_spaces(rest: str) -> Words:
    """Words between spaces, which nothing can hold together."""
    return Words(tuple(_SEPARATOR.split(rest)) if rest else ())


def whole_text(rest: str) -> Words:
    """One word, which is all there is."""
    return Words((rest,) if rest else ())


def health(rest: str) -> Words:
    """The form of HEALTHCHECK: its kind, and a command in either form."""
    match = _HEALTH.fullmatch(rest)
    kind, after = (match[1], match[2]) if match else ("", "")
    command = shell_or_json(after)
    return Words((kind, *command.words), command.is_json) if kind else Words()


def _json(rest: str) -> Words | None:
    """The strings of a JSON array; None where a text is none, which is then read otherwise."""
    if not rest.startswith("["):
        return None
    try:
        found = json.loads(rest, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(each, str) for each in found):
        raise Refusal("this array holds more than texts", "put each of its items in quotes", "[")
    words = (each.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for each in found)
    return Words(tuple(words), is_json=True)


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def quoted_words(rest: str, escape: str) -> Words:
    """Words between spaces, held together by quotes, which are kept."""
    return Words(tuple(filter(None, map(_without_last_escape, _quoted(escape).finditer(rest)))))


def _without_last_escape(word: re.Match[str]) -> str:
    """A word; an escape with nothing after it is no part of one."""
    return word[0][:-1] if word["bare"] or word["inner"] else word[0]


def _quoted(escape: str) -> re.Pattern[str]:
    """A word: escaped characters, texts in quotes up to their end or the last, and the others."""
    sign = re.escape(escape)
    double = rf'"(?:{sign}.|[^"{sign}])*+(?:"|(?P<inner>{sign})?\Z)'
    single = r"'[^']*+(?:'|\Z)"
    other = rf"[^{SPACES}'\"{sign}]"
    return re.compile(rf"(?:{sign}.|{double}|{single}|{other}|(?P<bare>{sign})\Z)++", re.DOTALL)


def names_and_values(rest: str, escape: str, keyword: str) -> Words:
    """The form of ENV and LABEL: `name=value` as often as wanted, or `name value` once."""
    words = quoted_words(rest, escape).words
    if not words:
        return Words()
    if "=" not in words[0]:
        return Words(_name_and_rest(rest, keyword))
    bare = [word for word in words if "=" not in word]
    if bare:
        problem = f"{shown(bare[0])} has no '='"
        raise Refusal(problem, "write name=value, in quotes where it has spaces", bare[0])
    return Words(tuple(part for word in words for part in word.split("=", 1)))


def _name_and_rest(rest: str, keyword: str) -> tuple[str, ...]:
    parts = _SEPARATOR.split(rest, maxsplit=1)
    if len(parts) == 1:
        raise Refusal(f"{keyword} has a name and no value", "write name=value", rest)
    return tuple(parts)
