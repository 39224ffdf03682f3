"""The members of a tar archive one after the other, as they stand in a stream; nothing is written.

Only headers are looked at: names are never opened, so that it does not matter where they lead.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.images.stored.refusal import NoImage
from sim.images.stored.stream import Stream

MOST = 5_000_000
"""How many members an archive may have."""

_BLOCK = 512
_LONGEST = 2**20
_LARGEST = 2**50
_CHECKSUM = slice(148, 156)
_SIZE = slice(124, 136)
_BASE_256 = 0x80
_SPARSE_CONTINUED, _CONTINUED = 482, 504
_FILES = b"0\x007S"
_WITHOUT_CONTENT = b"123456"
_FOR_THE_NEXT = b"xLKX"
_DECIMAL = re.compile("[0-9]{1,18}")
_RECORD = re.compile(rb"([0-9]{1,7}) ")
_DAMAGED = "save it again"


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its name made plain, its size, and for a link what it leads to."""

    name: str
    size: int
    is_file: bool
    link: str


def members(stream: Stream) -> Iterator[Member]:
    """Yield each member with the stream at its content, which may be read or left.

    Raises NoImage for what is no archive, or ends in the middle.
    """
    told: dict[str, str] = {}
    for count in range(MOST + 1):
        header = _header(stream)
        if not header:
            return
        if count == MOST:
            raise NoImage(f"it has over {MOST} files", "no image has as many")
        kind = header[156:157]
        size = _size_of(header, told)
        if kind in _FOR_THE_NEXT:
            told |= _told(kind, stream, size)
            continue
        yield from _member(header, size, told, stream)
        told = {}


def _member(header: bytes, size: int, told: dict[str, str], stream: Stream) -> Iterator[Member]:
    kind = header[156:157]
    size = 0 if kind in _WITHOUT_CONTENT else size
    if kind == b"S":
        _pass_sparse(header, stream)
    start = stream.taken
    if kind != b"g":
        link = told.get("linkpath", _text(header[157:257])) if kind in b"12" else ""
        yield Member(_plain(told.get("path", _name(header))), size, kind in _FILES, link)
    stream.skip(start + size + -size % _BLOCK - stream.taken)
    if stream.taken < start + size:
        raise _ended()


def _header(stream: Stream) -> bytes:
    """The next header, or nothing at the end of the archive."""
    block = stream.read(_BLOCK)
    if not block or not block.strip(b"\x00"):
        return b""
    if len(block) < _BLOCK:
        raise _ended()
    written = _number(block[_CHECKSUM])
    blanked = block[:148] + b" " * 8 + block[156:]
    if written != sum(blanked):
        raise NoImage("it is no tar archive, or a damaged one", _DAMAGED)
    return block


def _ended() -> NoImage:
    return NoImage("it ends in the middle of a file", "save it again, to the end")


def _number(field: bytes) -> int:
    """A number as headers have it: in digits to the base of 8, or in bytes where it is large."""
    if field[0] & _BASE_256:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.split(b"\x00")[0].strip()
    try:
        return int(digits or b"0", 8)
    except ValueError:
        raise NoImage("it is no tar archive, or a damaged one", _DAMAGED) from None


def _size_of(header: bytes, told: dict[str, str]) -> int:
    own = told.get("size", "")
    size = int(own) if _DECIMAL.fullmatch(own) else _number(header[_SIZE])
    if size > _LARGEST:
        raise NoImage("a file in it has no possible size", _DAMAGED)
    return size


def _told(kind: bytes, stream: Stream, size: int) -> dict[str, str]:
    """What a header says of the next one: a long name, a long link, or several things by name."""
    if size > _LONGEST:
        raise NoImage("a name in it is over a megabyte long", _DAMAGED)
    content = stream.read(size)
    stream.skip(-size % _BLOCK)
    if len(content) < size:
        raise _ended()
    if kind in b"LK":
        return {"path" if kind == b"L" else "linkpath": _text(content)}
    return dict(_records(content))


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """The records of a pax header: each its own length, a name, a value."""
    at = 0
    while (begin := _RECORD.match(content, at)) and at + int(begin[1]) > begin.end():
        end = at + int(begin[1])
        name, _, value = content[begin.end() : end - 1].partition(b"=")
        yield _text(name), _text(value)
        at = end


def _pass_sparse(header: bytes, stream: Stream) -> None:
    """Pass over the blocks that say where the holes of a sparse file are."""
    block, flag = header, _SPARSE_CONTINUED
    while block[flag : flag + 1] not in (b"", b"\x00"):
        block, flag = stream.read(_BLOCK), _CONTINUED
        if len(block) < _BLOCK:
            raise _ended()


def _name(header: bytes) -> str:
    has_prefix = header[257:262] == b"ustar" and header[263:265] == b"00"
    prefix = _text(header[345:500]) if has_prefix else ""
    return posixpath.join(prefix, _text(header[:100]))


def _text(field: bytes) -> str:
    return field.split(b"\x00")[0].decode(errors="replace")


def _plain(name: str) -> str:
    """A name below the top of the archive, whatever it says."""
    return posixpath.normpath("/" + name).lstrip("/")
