"""The patterns in `${x#pattern}` and `${x/pattern/other}`, in time that grows with their value.

A pattern is pieces between stars. The first place where a piece is found leaves most room for the
next, so that nothing is ever tried twice, whatever the pattern.
"""

import re

from sim.errors import shown
from sim.images.dockerfile.refusal import Refusal

LONGEST = 100
"""How many characters a pattern may have."""

_TOKEN = re.compile(r"\\(?P<dropped>[}/])|\\(?P<taken>.?)|(?P<wild>[*?])|(?P<other>.)", re.DOTALL)


def trimmed_front(value: str, pattern: str, takes_most: bool) -> str:
    """A value without the shortest or the longest front that a pattern fits."""
    found = _compiled(_pieces(pattern), takes_most).match(value)
    return value[found.end() :] if found else value


def trimmed_back(value: str, pattern: str, takes_most: bool) -> str:
    """A value without the shortest or the longest back that a pattern fits."""
    pieces = [piece[::-1] for piece in reversed(_pieces(pattern))]
    found = _compiled(pieces, takes_most).match(value[::-1])
    return value[: len(value) - found.end()] if found else value


def replaced(value: str, pattern: str, other: str, everywhere: bool) -> str:
    """A value with the first part that a pattern fits, or each, replaced by another text."""
    first, *rest = _pieces(pattern)
    begin, follow = _compiled([first], False), _compiled([[], *rest], True)
    parts: list[str] = []
    at = last_end = 0
    while (found := begin.search(value, at)) and (
        whole := follow.match(value, found.end()) if rest else found
    ):
        is_new = whole.end() > last_end or found.start() == 0
        parts += [value[last_end : found.start()], other if is_new else ""]
        last_end = whole.end()
        at = last_end + (whole.end() == found.start())
        if not everywhere or at > len(value):
            break
    return "".join([*parts, value[last_end:]])


def _pieces(pattern: str) -> list[list[str]]:
    """What stands between the stars of a pattern, each character as a regular expression."""
    if len(pattern) > LONGEST:
        raise Refusal(f"a pattern has over {LONGEST} characters", "shorten it", pattern)
    pieces: list[list[str]] = [[]]
    for token in _TOKEN.finditer(pattern):
        if token["wild"] == "*":
            pieces.append([])
        else:
            pieces[-1].append("." if token["wild"] else re.escape(_literal(token, pattern)))
    return pieces


def _literal(token: re.Match[str], pattern: str) -> str:
    taken = token["taken"]
    if taken is not None and taken not in ("*", "?", "\\"):
        raise Refusal(
            f"the pattern {shown(pattern)} has a '\\' before {shown(taken or 'its end')}",
            "escape only '*', '?' and '\\'",
            pattern,
        )
    return taken or token["dropped"] or token["other"]


def _compiled(pieces: list[list[str]], takes_most: bool) -> re.Pattern[str]:
    """The pieces with anything between them; the first fitting end, or the last one."""
    first, *rest = ["".join(piece) for piece in pieces]
    middle = [f"(?>.*?{piece})" for piece in rest]
    if rest and takes_most:
        middle[-1] = f".*{rest[-1]}"
    return re.compile(first + "".join(middle), re.DOTALL)
