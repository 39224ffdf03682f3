"""What a builder's cache knows a file by: the digest of its header and its content.

A modification time is not in it, so a file that was merely touched is the same.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.images.walking import Node

if TYPE_CHECKING:
    from hashlib import _Hash

OWNER = (0, 0)
"""Whose everything in a context becomes on its way to the builder: root's."""

_CHUNK = 1 << 16
_TYPES = {stat.S_IFREG: "0", stat.S_IFLNK: "2", stat.S_IFCHR: "3", stat.S_IFBLK: "4"} | {
    stat.S_IFDIR: "5",
    stat.S_IFIFO: "6",
    stat.S_IFSOCK: "0",
}


def header_digest(node: Node) -> "_Hash":
    """Begin the digest of a file with what its header in an archive would say."""
    link = node.target if node.kind == "link" else ""
    major, minor = os.major(node.device), os.minor(node.device)
    written = (
        f"namemode{stat.S_IMODE(node.mode)}uid{OWNER[0]}gid{OWNER[1]}size{node.size}"
        f"typeflag{_TYPES[stat.S_IFMT(node.mode)]}linkname{link}unamegname"
        f"devmajor{major}devminor{minor}"
    ).encode()
    for name, value in node.attributes:
        if name == "security.capability" or not name.startswith(("security.", "system.")):
            written += name.encode() + value
    return hashlib.sha256(written)


def pieces(place: str) -> Iterator[bytes]:
    """Read a file a piece at a time."""
    with open(place, "rb") as file:
        chunk = bytes(_CHUNK)
        while len(chunk) == _CHUNK:
            chunk = file.read(_CHUNK)
            yield chunk
