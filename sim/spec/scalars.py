"""The core schema of YAML 1.2: which plain texts are numbers, true, false or null, and no others.

So `no`, `on`, `1:30` and `2024-01-31` are text, as they are to the people who write them.
"""

import math
import re

import yaml

from sim.errors import TareError, shown
from sim.spec.document import Scalar
from sim.spec.source_text import UNPRINTABLE

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_NUMBER = 100

_CORE = "tag:yaml.org,2002:"
_TEXT_TAGS = ("!", _CORE + "str")
_TAGS = {type(None): "null", bool: "bool", int: "int", float: "float", str: "str"}


def scalar_value(event: yaml.ScalarEvent) -> Scalar:
    """Read one scalar of a file, plain or quoted, tagged or not.

    Raises TareError for a number that is not finite or is too long, for control characters, and
    for a tag that is not the value's own.
    """
    text = str(event.value)
    if UNPRINTABLE.search(text):
        raise TareError(f"{shown(text)} holds a control character", "take it out")
    is_text = bool(event.style) or event.tag in _TEXT_TAGS
    value = text if is_text else plain_value(text)
    if event.tag not in (None, "!", _CORE + _TAGS[type(value)]):
        raise _foreign_tag(event.tag)
    return value


def check_collection_tag(event: yaml.CollectionStartEvent) -> None:
    """Raise TareError where a list or a mapping is tagged as anything else."""
    own = "map" if isinstance(event, yaml.MappingStartEvent) else "seq"
    if event.tag not in (None, "!", _CORE + own):
        raise _foreign_tag(event.tag)


def plain_value(text: str) -> Scalar:
    """Read a text without quotes. Raises TareError for numbers that are not finite or too long."""
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise TareError(f"{text} is not a finite number", "write one, or leave the key out")
    if _DECIMAL.fullmatch(text):
        return int(_short(text))
    if _PREFIXED.fullmatch(text):
        return int(_short(text), base=0)
    return _finite(_short(text)) if _FLOAT.fullmatch(text) else text


def _short(text: str) -> str:
    if len(text) > _LONGEST_NUMBER:
        problem = f"a number of {len(text)} characters is too long"
        raise TareError(problem, f"{_LONGEST_NUMBER} are the most; put it in quotes if it is text")
    return text


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise TareError(f"{text} is too large for a number", "write a smaller one")
    return value


def _foreign_tag(tag: str) -> TareError:
    name = shown(tag.replace(_CORE, "!!"))
    return TareError(f"the tag {name} does not fit here", "drop it: nothing in a file is run")
