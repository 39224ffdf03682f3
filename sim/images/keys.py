"""Keys of the build cache: one digest for all that a step is made of."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeAlias

Part: TypeAlias = "str | bool | Sequence[Part]"
"""What can go into a key."""


def key_of(*parts: Part) -> str:
    """Digest of parts, which differs wherever one of them does."""
    text = json.dumps(parts, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
