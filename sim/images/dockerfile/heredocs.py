"""Where the words of an instruction announce documents that stand below it: `<<EOF`."""

import re

from sim.images.dockerfile.expansion import Reading, expanded, split_words
from sim.images.dockerfile.refusal import Refusal
from sim.images.dockerfile.tree import Heredoc

_FORM = re.compile(r"[0-9]*<<(-?)([^<]*)")
_LINE = Reading(keeps_quotes=True, keeps_escapes=True, keeps_unset=True)
_NAME = Reading(keeps_unset=True)
_QUOTED_NAME = Reading(keeps_unset=True, keeps_quotes=True)


def announced(line: str) -> list[Heredoc]:
    """The heredocs that a line announces, without their content, in order."""
    words = _words(line, _LINE)
    return [found for word in words if (found := heredoc_of(word)) is not None]


def heredoc_of(word: str) -> Heredoc | None:
    """The heredoc that a word announces, if it does; none whose quotes are open.

    A name in quotes, or partly, keeps variables in the document from being expanded.
    """
    match = _FORM.fullmatch(word)
    names = _words(match[2], _NAME) if match else []
    if match is None or len(names) != 1:
        return None
    quoted = expanded(match[2], {}, _QUOTED_NAME)
    expands = _quotes(quoted) == _quotes(names[0])
    return Heredoc(names[0], "", expands=expands, strips_tabs=match[1] == "-")


def _words(text: str, reading: Reading) -> list[str]:
    """The words of a text, and none where it is not well formed."""
    try:
        return split_words(text, {}, reading)
    except Refusal:
        return []


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
