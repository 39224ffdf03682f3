"""Keys of the build cache: one digest for all that a step is made of."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

Part: TypeAlias = "str | int | bool | Sequence[Part] | Mapping[str, str] | None"
"""What can go into a key."""


def key_of(*parts: Part) -> str:
    """Digest of parts, which differs wherever one of them does.

    Mappings count by their content alone, as BuildKit has environments in the order of names.
    """
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=list)
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
