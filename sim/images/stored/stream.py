"""Bytes of a file as they come, packed or not, without more of them in memory than a piece."""

import zlib
from collections.abc import Iterator
from typing import IO

from sim.images.stored.refusal import NoImage

PIECE = 2**20
"""How many bytes are held at a time."""

LARGEST = 64 * 2**30
"""How many bytes a file may unpack to."""

RATIO, FROM = 500, 2**30
"""How many times its size a file may unpack to, once that is over a gigabyte."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_WITH_GZIP_HEADER = 31


class Stream:
    """What can be read once, from its begin to its end; `taken` counts what was read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._at = 0
        self.taken = 0

    def read(self, size: int) -> bytes:
        """The next bytes, fewer at the end alone."""
        parts: list[bytes] = []
        missing = size
        while missing and (part := self._part(missing)):
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def peek(self) -> bytes:
        """Some of the next bytes, which are read again; none at the end."""
        while self._at == len(self._held):
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held, self._at = piece, 0
        return self._held[self._at : self._at + PIECE]

    def skip(self, size: int) -> int:
        """Pass over bytes, and tell how many there were."""
        passed = 0
        while passed < size and (part := self._part(size - passed)):
            passed += len(part)
        return passed

    def part(self, size: int) -> bytes:
        """Some of the next bytes, up to so many; none at the end."""
        return self._part(size)

    def _part(self, size: int) -> bytes:
        part = self.peek()[:size]
        self._at += len(part)
        self.taken += len(part)
        return part


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file, piece by piece."""
    while piece := file.read(PIECE):
        yield piece


def unpacked(packed: Stream) -> Stream:
    """What a stream holds once it is unpacked, which is itself if it is not packed.

    Raises NoImage, then or while it is read, for what cannot be unpacked or never ends.
    """
    begin = packed.peek()
    if begin.startswith(_ZSTD):
        raise NoImage("it is packed by zstd", "unpack it first, or pack it by gzip")
    return Stream(_gunzipped(packed)) if begin.startswith(_GZIP) else packed


def is_packed_by_zstd(begin: bytes) -> bool:
    """Whether content that begins so is packed by zstd, which we cannot unpack."""
    return begin.startswith(_ZSTD)


def _gunzipped(packed: Stream) -> Iterator[bytes]:
    """Unpack gzip, of which several parts may follow each other, bounded in memory and length."""
    total = 0
    while packed.peek():
        for piece in _one_gunzipped(packed):
            total += len(piece)
            _check_growth(total, packed.taken)
            yield piece
        if not packed.peek().startswith(_GZIP):
            return


def _one_gunzipped(packed: Stream) -> Iterator[bytes]:
    machine = zlib.decompressobj(_WITH_GZIP_HEADER)
    try:
        while not machine.eof and (begin := packed.peek()):
            piece = machine.decompress(begin, PIECE)
            left = len(machine.unconsumed_tail) + len(machine.unused_data)
            packed.skip(len(begin) - left)
            yield piece
    except zlib.error:
        raise NoImage("what is packed by gzip in it is damaged", "save it again") from None
    if not machine.eof:
        raise NoImage("it ends in the middle of what is packed", "save it again, to the end")


def _check_growth(total: int, packed: int) -> None:
    if total > LARGEST or total > max(FROM, RATIO * packed):
        problem = f"{packed} bytes in it unpack to over {total}"
        raise NoImage(problem, "no image is like that: take it from whom you trust")
