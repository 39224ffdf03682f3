"""A root file system in memory, as a kernel takes it: an archive in the form `newc` of cpio."""

import os
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"070701"
_LAST = "TRAILER!!!"
_ALIGNED = 4

_INIT = """#!/bin/sh
# The first process of a guest: it finds its devices, and is the main process on the console.
mount -t devtmpfs dev /dev
exec /main /dev/console "$@"
"""
"""The kernel hands it what stands behind `--` on its command line: the jobs."""


def pack_initramfs(root: Path, file: Path) -> Path:
    """Pack a root file system, with a first process for a guest of its own, into a file."""
    init = root / "init"
    init.write_text(_INIT, encoding="utf-8")
    init.chmod(0o755)
    paths = sorted(root.rglob("*"))
    with file.open("wb") as archive:
        for number, path in enumerate(paths, start=1):
            name = str(path.relative_to(root))
            archive.writelines(_entry(name, number, path.lstat().st_mode, _content(path)))
        archive.writelines(_entry(_LAST, 0, 0, b""))
    return file


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(path.readlink())
    return path.read_bytes() if path.is_file() else b""


def _entry(name: str, number: int, mode: int, content: bytes) -> Iterator[bytes]:
    """A header of fields in hexadecimal, the name and the content, each padded to four bytes.

    All belongs to root inside, whoever packs it.
    """
    encoded = os.fsencode(name) + b"\0"
    owner = group = changed = device = check = 0
    of_file = (number, mode, owner, group, 1, changed, len(content))
    fields = (*of_file, device, device, device, device, len(encoded), check)
    header = _MAGIC + b"".join(b"%08X" % field for field in fields)
    for part in (header + encoded, content):
        yield part
        yield b"\0" * (-len(part) % _ALIGNED)
