"""From what is known of an image's layers to an image, with what nobody states derived."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import shown
from sim.images.stored.refusal import NoImage
from sim.spec.image import Image

RATIO = 2.43
"""How many times larger files are than packed: debian:latest, 49.3 MB for 119.9 MB. Source:
docker-library."""

_SYSTEMS = {"linux": "linux", "windows": "windows", "darwin": "macos"}
_SHOWN = 12
_LONGEST_NAME = 60
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Found:
    """A layer as it was found: its key by content, and its sizes as far as they are known.

    `is_guess` says that the sizes are no more than a share of a sum, and `is_system` whether it
    holds a system's userland, where anybody has looked.
    """

    key: str
    compressed: int | None
    unpacked: int | None
    is_guess: bool = False
    is_system: bool | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What was found of an image: its title, its system, and its layers, the lowest first."""

    title: str
    system: str
    layers: Sequence[Found]


def key_of(digest: str) -> str:
    """The key of a layer by its digest, which is the same wherever it lies."""
    method, _, value = digest.partition(":")
    if not re.fullmatch(r"[a-z0-9+._-]{1,32}", method) or not re.fullmatch(
        r"[0-9a-f]{32,128}", value
    ):
        raise NoImage(f"{digest[:80]!r} is no digest", "it should be like sha256:0123…")
    return f"{method}-{value[:_SHOWN]}"


def image_of(content: Content, file: str) -> Image:
    """An image by what was found of it in a file."""
    title = readable(content.title)
    layers = {layer.key: layer for layer in content.layers}
    if not layers:
        raise NoImage("it has no layers", "name an image that holds files")
    if content.system not in _SYSTEMS:
        problem = f"it is made for {shown(content.system)}"
        raise NoImage(problem, f"known: {', '.join(_SYSTEMS)}")
    lowest = next(iter(layers)) if len(layers) > 1 else ""
    return Image.model_validate(
        {
            "name": _name(title),
            "title": title,
            "system": _SYSTEMS[content.system],
            "layers": {
                key: _layer(layer, file, is_lowest=key == lowest) for key, layer in layers.items()
            },
            "notes": f"Read from {file}.",
        }
    )


def readable(text: str) -> str:
    """A text from somewhere as a terminal may show it: on one line, short, without controls."""
    kept = "".join(each if each.isprintable() else "?" for each in text[:_LONGEST_TITLE])
    return kept or "image"


def _name(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.casefold())
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "image"


def _layer(layer: Found, file: str, is_lowest: bool) -> dict[str, object]:
    compressed, unpacked = layer.compressed, layer.unpacked
    is_system = is_lowest if layer.is_system is None else layer.is_system
    return {
        "kind": "os" if is_system else "application",
        "compressed": _amount(compressed, (unpacked or 0) / RATIO, layer.is_guess, file),
        "unpacked": _amount(unpacked, (compressed or 0) * RATIO, layer.is_guess, file),
    }


def _amount(stated: int | None, derived: float, is_guess: bool, file: str) -> dict[str, object]:
    if stated is None:
        return _cited(round(derived), "derived", f"at {RATIO} to 1, as debian:latest")
    if is_guess:
        return _cited(stated, "assumed", f"an equal share of what {file} states")
    return _cited(stated, "measured", f"in {file}")


def _cited(size: int, evidence: str, note: str) -> dict[str, object]:
    return {"value": f"{size} B", "source": "scenario", "evidence": evidence, "note": note}
