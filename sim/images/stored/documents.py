"""JSON in images: read with limits, and its parts only where they have the form they should."""

import json
from collections.abc import Iterator
from typing import TypeAlias

from sim.errors import shown
from sim.images.stored.refusal import NoImage

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

LARGEST = 4 * 2**20
"""How many bytes of JSON are read; registries take no more in a manifest."""

_LARGEST_SIZE = 2**50
_MOST = 1_000


def looks_like_json(begin: bytes) -> bool:
    """Whether content that begins so may be an object or an array."""
    return begin.lstrip()[:1] in (b"{", b"[")


def decoded(content: bytes, what: str) -> Json:
    """Read JSON. Raises NoImage where it is none, or is too large."""
    if len(content) > LARGEST:
        raise NoImage(f"{what} is over {LARGEST // 2**20} MiB", "no image needs as much")
    try:
        found: Json = json.loads(content)
    except (ValueError, RecursionError):
        raise NoImage(f"{what} is not JSON", "save it again") from None
    return found


def child(value: Json, key: str) -> Json:
    """What an object has by a name, and None where it has nothing or is none."""
    return value.get(key) if isinstance(value, dict) else None


def text(value: Json, key: str) -> str:
    """A text of an object; an empty one where it has none by that name."""
    found = child(value, key)
    return found if isinstance(found, str) else ""


def items(value: Json, key: str) -> list[Json]:
    """A list of an object; an empty one where it has none by that name. Raises NoImage if long."""
    found = child(value, key)
    listed = found if isinstance(found, list) else []
    if len(listed) > _MOST:
        raise NoImage(f"{key!r} has over {_MOST} parts", "no image has as many")
    return listed


def texts(value: Json, key: str) -> list[str]:
    """The texts in a list of an object."""
    return [each for each in items(value, key) if isinstance(each, str)]


def size(value: Json, key: str, what: str) -> int:
    """A size in bytes of an object. Raises NoImage where it has none, or an impossible one."""
    found = child(value, key)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _LARGEST_SIZE:
        problem = f"the size of {what} is {shown(found)}"
        raise NoImage(problem, "it should be a whole number of bytes")
    return found


def lines_of(content: bytes, what: str) -> Iterator[Json]:
    """The objects of a text that has one in each line."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            yield decoded(line, f"line {number} of {what}")
