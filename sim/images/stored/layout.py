"""An image in a folder that is an OCI layout: an index, and files by their digest."""

import os
import stat

from sim.images.stored.blobs import Blob, examined
from sim.images.stored.documents import LARGEST, decoded
from sim.images.stored.layers import Content, key_of
from sim.images.stored.manifests import content_of_index, stem
from sim.images.stored.refusal import NoImage
from sim.images.stored.stream import Stream, pieces_of

_INDEX = "index.json"


def content_of_layout(folder: str) -> Content:
    """What image a layout holds. Raises NoImage where it holds none, or several."""
    index = os.path.join(folder, _INDEX)
    if not os.path.lexists(index):
        problem = f"it is a folder without {_INDEX}, and so no OCI layout"
        raise NoImage(problem, "name a layout, or an archive by `docker save`")
    _check(index, _INDEX)
    with open(index, "rb") as file:
        document = decoded(file.read(LARGEST + 1), _INDEX)
    return content_of_index(document, lambda digest: _blob(folder, digest), stem(folder))


def _blob(folder: str, digest: str) -> Blob:
    """The file of a digest, which cannot lead out of the folder."""
    key_of(digest)
    name = os.path.join("blobs", *digest.split(":"))
    path = os.path.join(folder, name)
    size = _check(path, name)
    with open(path, "rb") as file:
        return examined(Stream(pieces_of(file)), size)


def _check(path: str, name: str) -> int:
    """The size of a file. Raises NoImage for what is none: a link, a folder, a device."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        raise NoImage(f"{name} is not in it", "copy the layout again, to the end") from None
    if not stat.S_ISREG(status.st_mode):
        raise NoImage(f"{name} in it is no file", "put the file itself there")
    return status.st_size
