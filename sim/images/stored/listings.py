"""What Docker says of an image, in JSON: its manifest, its inspection, its history."""

import hashlib
import re
from collections.abc import Sequence

from sim.errors import shown
from sim.images.stored.documents import Json, child, decoded, items, lines_of, size, text, texts
from sim.images.stored.layers import Content, Found, key_of
from sim.images.stored.manifests import WANTED, listed_content, platform_of, stem, system_of
from sim.images.stored.refusal import NoImage

_MANIFESTS = ("SchemaV2Manifest", "OCIManifest")
_UNITS = {"": 1, "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_AMOUNT = re.compile(r"(\d{1,15}(?:\.\d{1,9})?) ?([kKMGT]?B)?", re.ASCII)
_SAVE = "name what `docker save`, `docker manifest inspect` or `docker history` writes"


def content_of_listing(content: bytes, file: str) -> Content:
    """The image that a text of JSON tells of. Raises NoImage where it tells of none."""
    found = _objects(content)
    first = found[0] if found else None
    if child(first, "CreatedBy") is not None:
        return _from_history(found, stem(file))
    if child(first, "RootFS") is not None:
        return _from_inspection(found, stem(file))
    if any(child(first, key) is not None for key in _MANIFESTS):
        return _from_verbose(found, stem(file))
    if items(first, "layers"):
        return listed_content(first, "linux", stem(file))
    if items(first, "manifests"):
        raise NoImage(
            f"it lists {len(items(first, 'manifests'))} manifests, without their layers",
            "write it by `docker manifest inspect -v IMAGE`",
        )
    raise NoImage("it is JSON that tells of no image", _SAVE)


def _objects(content: bytes) -> list[Json]:
    """The objects of a text: those of a list, one alone, or one in each line."""
    try:
        found = decoded(content, "it")
    except NoImage:
        return list(lines_of(content, "it"))
    return found if isinstance(found, list) else [found]


def _from_verbose(found: Sequence[Json], title: str) -> Content:
    """The image for this kind of machine among those that `-v` tells of."""
    platforms = [platform_of(child(each, "Descriptor")) for each in found]
    number = platforms.index(WANTED) if WANTED in platforms else 0
    manifests = [child(found[number], key) for key in _MANIFESTS]
    system = platforms[number][0] or "linux"
    name = text(found[number], "Ref").partition("@")[0]
    return listed_content(manifests[0] or manifests[1], system, name or title)


def _from_inspection(found: Sequence[Json], title: str) -> Content:
    """The image of an inspection, which tells the sum of its layers and not what each has."""
    if len(found) != 1:
        raise NoImage(f"it tells of {len(found)} images", "inspect one of them alone")
    (image,) = found
    keys = list(dict.fromkeys(map(key_of, texts(child(image, "RootFS"), "Layers"))))
    total = size(image, "Size", "the image")
    shares = [total * (number + 1) // len(keys) - total * number // len(keys)
              for number in range(len(keys))]  # fmt: skip
    layers = [
        Found(key, None, share, is_guess=len(keys) > 1)
        for key, share in zip(keys, shares, strict=True)
    ]
    title = next(iter(texts(image, "RepoTags")), "") or title
    return Content(title, text(image, "Os") or system_of(image), layers)


def _from_history(found: Sequence[Json], title: str) -> Content:
    """The image of a history, from its end: what made each layer, and how large that is.

    It tells no digests; a layer is known by all that was done up to it.
    """
    layers: list[Found] = []
    before = hashlib.sha256()
    for entry in reversed(found):
        amount = _amount(entry)
        before.update(f"{text(entry, 'CreatedBy')}\n{amount}\n".encode(errors="replace"))
        if amount:
            layers.append(Found(key_of(f"history:{before.hexdigest()}"), None, amount))
    return Content(title, "linux", layers)


def _amount(entry: Json) -> int:
    """The size of a layer, as people read it or as a number."""
    for key in ("Size", "size"):
        found = child(entry, key)
        if isinstance(found, str) and (match := _AMOUNT.fullmatch(found)):
            return round(float(match[1]) * _UNITS[match[2] or ""])
        if found is not None and not isinstance(found, str):
            return size(entry, key, "a layer")
    raise NoImage(f"the size of a layer is {shown(child(entry, 'Size'))}", "write it like 12.3MB")
