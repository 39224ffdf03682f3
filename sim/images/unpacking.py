"""What ADD unpacks of an archive in the context: read as it comes, and nothing laid on the disk.

An archive may be hostile. It is read through a gauge, so that neither what it claims nor what it
unpacks to can fill the memory.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from sim.errors import TareError
from sim.images import paths
from sim.images.walking import Kind

_MOST_BYTES = 16 * 1024**3
_MOST_MEMBERS = 2_000_000
_HEADERS = 4 * 1024**2
"""What may lie between the contents of two members, in bytes."""

_CHUNK = 1 << 20
_MAGIC = 6
_BROKEN = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError)


class ArchiveError(TareError):
    """An archive that cannot be unpacked, with the reason."""

    exit_status = 2


class Member(NamedTuple):
    """One thing in an archive, with its place from where it is unpacked."""

    place: str
    kind: Kind
    mode: int
    owner: tuple[int, int]
    size: int
    digest: str


class _Gauge(io.BufferedIOBase):
    """A stream of which no more may be read at a time than is allowed."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.allowed = _HEADERS

    def read(self, size: int | None = -1, /) -> bytes:
        found = self._stream.read(_CHUNK if size is None else size)
        self.allowed -= len(found)
        if self.allowed < 0:
            raise ArchiveError("has a header that is far too long")
        return found


def unpacked(place: str) -> list[Member] | None:
    """List what a file unpacks to, or None if it is no archive that ADD would unpack.

    Raises:
        ArchiveError: it breaks off, leads outside, or is too large to be meant.
        OSError: it cannot be read.
    """
    with open(place, "rb") as file:
        gauge = _Gauge(_decompressed(file))
        archive = _opened(gauge)
        if archive is None:
            return None
        try:
            return list(_members(archive, gauge)) or None
        except _BROKEN as error:
            raise ArchiveError(f"breaks off: {error}") from error


def _decompressed(file: io.BufferedReader) -> io.BufferedIOBase:
    magic = file.read(_MAGIC)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if magic == b"\xfd7zXZ\0":
        return lzma.LZMAFile(file)
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        raise ArchiveError("is compressed with zstd, which is not read here")
    return file


def _opened(gauge: _Gauge) -> tarfile.TarFile | None:
    with suppress(*_BROKEN):
        return tarfile.open(fileobj=gauge, mode="r|")
    return None


def _members(archive: tarfile.TarFile, gauge: _Gauge) -> Iterator[Member]:
    total = count = 0
    while (found := archive.next()) is not None:
        vars(archive)["members"].clear()  # it would keep them all
        total, count = total + found.size, count + 1
        if total > _MOST_BYTES or count > _MOST_MEMBERS:
            raise ArchiveError(f"unpacks to over {_MOST_BYTES >> 30} GiB or {_MOST_MEMBERS} files")
        if found.issparse():
            raise ArchiveError("has a sparse file, which is not read here")
        gauge.allowed = found.size + _HEADERS
        yield _member(archive, found)


def _member(archive: tarfile.TarFile, found: tarfile.TarInfo) -> Member:
    if posixpath.normpath(found.name).startswith("../"):
        raise ArchiveError(f"has {found.name!r} in it, which leads outside")
    mode = found.mode & 0o7777
    header = (mode, found.uid, found.gid, found.size, found.type, found.linkname)
    digest = hashlib.sha256(repr(header).encode())
    content = archive.extractfile(found) if found.isreg() else None
    while content and (chunk := content.read(_CHUNK)):
        digest.update(chunk)
    size = found.size if found.isreg() else 0
    owner = (found.uid, found.gid)
    return Member(paths.inside(found.name), _kind(found), mode, owner, size, digest.hexdigest())


def _kind(found: tarfile.TarInfo) -> Kind:
    if found.isdir():
        return "folder"
    if found.issym():
        return "link"
    return "special" if found.isdev() else "file"
