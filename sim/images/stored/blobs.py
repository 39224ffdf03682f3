"""One file of an image, looked at as it streams by: a document, or a layer and what is in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sim.images.stored.documents import LARGEST, looks_like_json
from sim.images.stored.refusal import NoImage
from sim.images.stored.stream import Stream, is_packed_by_zstd, unpacked
from sim.images.stored.tape import members

_SIGNS_OF_A_SYSTEM = frozenset({"etc/os-release", "usr/lib/os-release", "bin/sh", "usr/bin/sh"})


@dataclass(frozen=True, slots=True)
class Blob:
    """What a file of an image turned out to be.

    A document has its content. A layer has the size of its files, unless nobody can unpack it, or
    what keeps it from being one; `is_system` says that it holds a system's userland.
    """

    size: int
    document: bytes | None = None
    unpacked: int | None = None
    is_packed: bool = False
    is_system: bool = False
    failure: NoImage | None = None


Finder: TypeAlias = Callable[[str], Blob]
"""Finds a file of an image by its digest. Raises NoImage where it is not there."""


def examined(stream: Stream, size: int) -> Blob:
    """Look at the next bytes of a stream, which are a file of this size."""
    part = Stream(_limited(stream, size))
    begin = part.peek()
    if looks_like_json(begin) and size <= LARGEST:
        return Blob(size, document=part.read(size))
    if is_packed_by_zstd(begin):
        return Blob(size, is_packed=True)
    return _layer(part, size)


def _limited(stream: Stream, size: int) -> Iterator[bytes]:
    """The next bytes of a stream as a stream of their own."""
    while size and (piece := stream.part(size)):
        size -= len(piece)
        yield piece


def _layer(part: Stream, size: int) -> Blob:
    total = 0
    is_system = False
    try:
        inside = unpacked(part)
        for member in members(inside):
            total += member.size if member.is_file else 0
            is_system = is_system or member.name in _SIGNS_OF_A_SYSTEM
    except NoImage as failure:
        return Blob(size, failure=failure)
    return Blob(size, unpacked=total, is_packed=inside is not part, is_system=is_system)
