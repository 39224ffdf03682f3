"""The regular expressions that moby/patternmatcher makes of a pattern, in Python's own words.

It writes most of a pattern straight into an expression of Go's, so that `\\d` is a digit there and
`[*]` is no star. Whoever reads a `.dockerignore` as it does must follow it in this.
"""

import re
import sys
from collections.abc import Iterator

from sim.images.paths import NEVER, PatternError

_ESCAPED = frozenset(".+()$")
"""What it writes with a backslash. It means to do so with `|` and braces too, but does not."""

_ENDS = {"^": r"\A", "$": r"\Z"}
_TIMES = re.compile(r"\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}", re.ASCII)
_MOST_TIMES = 1000
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]+)\}|(0[0-7]{0,2}|[1-7][0-7]{1,2})")
"""A character by its number, of base sixteen or eight."""

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_OUTSIDE = {
    "D": r"[^0-9]",
    "W": r"[^0-9A-Za-z_]",
    "S": r"[^\t\n\f\r ]",
    "A": r"\A",
    "z": r"\Z",
    "b": r"(?a:\b)",
    "B": r"(?a:\B)",
}
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NAMED = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}


def as_go_writes_it(pattern: str) -> str:
    """The text of Go's expression for a pattern with wildcards."""
    written = "^"
    at = 0
    while at < len(pattern):
        piece, at = _written(pattern, at)
        written += piece
    return written + "$"


def _written(pattern: str, at: int) -> tuple[str, int]:
    sign, following = pattern[at], pattern[at + 1 : at + 2]
    if sign == "*" and following == "*":
        at += 3 if pattern[at + 2 : at + 3] == "/" else 2
        return (".*" if at >= len(pattern) else "(.*/)?"), at
    if sign == "\\":
        return sign + following, at + 2
    if sign in "*?":
        return "[^/]" + sign.replace("?", ""), at + 1
    return ("\\" + sign if sign in _ESCAPED else sign), at + 1


def translate(go: str) -> re.Pattern[str]:
    """Read an expression of Go's as `as_go_writes_it` makes them.

    Raises:
        PatternError: Go would refuse it, or it names a class of Unicode, which nobody writes.
    """
    try:
        return re.compile("".join(_translated(go)))
    except re.error as error:
        raise PatternError(f"what is made of it is no regular expression: {error}") from None


def _translated(go: str) -> Iterator[str]:
    at = 0
    while at < len(go):
        if go.startswith(r"\Q", at):
            quoted, _, _ = go[at + 2 :].partition(r"\E")
            at += len(quoted) + 4
            yield re.escape(quoted)
        elif go[at] == "\\":
            piece, at = _escape(go, at + 1)
            yield piece
        elif go[at] == "[":
            piece, at = _class(go, at + 1)
            yield piece
        elif times := _TIMES.match(go, at):
            yield _repeated(times)
            at = times.end()
        else:
            yield _ENDS.get(go[at]) or (go[at] if go[at] in ".*/()?|" else re.escape(go[at]))
            at += 1


def _repeated(times: re.Match[str]) -> str:
    if max(int(times[1]), int(times[3] or 0)) > _MOST_TIMES:
        raise PatternError(f"a repetition of over {_MOST_TIMES} times")
    return times[0]


def _escape(go: str, at: int) -> tuple[str, int]:
    sign = go[at : at + 1]
    if sign in _CLASSES:
        return f"[{_CLASSES[sign]}]", at + 1
    if sign in _OUTSIDE:
        return _OUTSIDE[sign], at + 1
    character, at = _character(go, at)
    return re.escape(character), at


def _character(go: str, at: int) -> tuple[str, int]:
    """One character behind a backslash."""
    sign = go[at : at + 1]
    if sign in _CONTROLS:
        return _CONTROLS[sign], at + 1
    if sign.isascii() and sign and not sign.isalnum():
        return sign, at + 1
    found = _CODE.match(go, at)
    code = _code(found) if found else sys.maxunicode + 1
    if not found or code > sys.maxunicode:
        raise PatternError(f"'\\{sign}', which means nothing in an expression of Go's")
    return chr(code), found.end()


def _code(found: re.Match[str]) -> int:
    hexadecimal = found[1] or found[2]
    return int(hexadecimal, 16) if hexadecimal else int(found[3], 8)


def _class(go: str, at: int) -> tuple[str, int]:
    is_negated = go[at : at + 1] == "^"
    at += is_negated
    start, inner = at, ""
    while at == start or go[at : at + 1] != "]":
        if at >= len(go):
            raise PatternError("a '[' without its ']'")
        piece, at = _member(go, at)
        inner += piece
    if is_negated and inner == "":
        return "(?s:.)", at + 1
    return f"[{'^' if is_negated else ''}{inner}]" if inner else NEVER, at + 1


def _member(go: str, at: int) -> tuple[str, int]:
    """A named class, one with a backslash, or a range, within brackets."""
    if go.startswith("[:", at) and (end := go.find(":]", at + 2)) >= 0:
        return _named(go[at + 2 : end]), end + 2
    sign = go[at + 1 : at + 2]
    if go[at] == "\\" and sign.lower() in _CLASSES:
        members = _CLASSES[sign.lower()]
        return (members if sign.islower() else _complement(members)), at + 2
    return _range(go, at)


def _range(go: str, at: int) -> tuple[str, int]:
    low, at = _single(go, at)
    if go[at : at + 1] != "-" or go[at + 1 : at + 2] in ("", "]"):
        return re.escape(low), at
    high, at = _single(go, at + 1)
    if high < low:
        raise PatternError(f"a range from {low!r} down to {high!r}")
    return f"{re.escape(low)}-{re.escape(high)}", at


def _single(go: str, at: int) -> tuple[str, int]:
    return _character(go, at + 1) if go[at : at + 1] == "\\" else (go[at], at + 1)


def _named(name: str) -> str:
    members = _NAMED.get(name.removeprefix("^"))
    if members is None:
        raise PatternError(f"[:{name}:] is no class of characters")
    return _complement(members) if name.startswith("^") else members


def _complement(members: str) -> str:
    """The ranges of all characters that are not among some."""
    among = re.compile(f"[{members}]")
    ascii_left = [chr(code) for code in range(128) if not among.match(chr(code))]
    return "".join(map(re.escape, ascii_left)) + r"\x80-\U0010ffff"
