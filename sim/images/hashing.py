"""What a builder's cache knows a file by: the digest of its header and its content.

A modification time is not in it, so a file that was merely touched is the same.
"""

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from sim.images.walking import Node

if TYPE_CHECKING:
    from hashlib import _Hash

OWNER = (0, 0)
"""Whose everything in a context becomes on its way to the builder: root's."""

_CHUNK = 1 << 20
_TYPES = {stat.S_IFREG: "0", stat.S_IFLNK: "2", stat.S_IFCHR: "3", stat.S_IFBLK: "4"} | {
    stat.S_IFDIR: "5",
    stat.S_IFIFO: "6",
    stat.S_IFSOCK: "0",
}


def header_digest(node: Node) -> "_Hash":
    """Begin the digest of a file with what its header in an archive would say."""
    names = {
        "name": "",
        "mode": str(stat.S_IMODE(node.mode)),
        "uid": str(OWNER[0]),
        "gid": str(OWNER[1]),
        "size": str(node.size),
        "typeflag": _TYPES[stat.S_IFMT(node.mode)],
        "linkname": node.target if node.kind == "link" else "",
        "uname": "",
        "gname": "",
        "devmajor": str(os.major(node.device)),
        "devminor": str(os.minor(node.device)),
    }
    written = "".join(name + value for name, value in names.items()).encode()
    for name, value in node.attributes:
        if name == "security.capability" or not name.startswith(("security.", "system.")):
            written += name.encode() + value
    return hashlib.sha256(written)


def add_content(digest: "_Hash", place: str) -> None:
    """Go on with a file's bytes, a piece at a time."""
    with open(place, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
