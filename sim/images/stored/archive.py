"""An image in an archive, as `docker save`, `podman save` and `docker buildx` write it.

The archive is read once, from its begin to its end. What leads where is known at its end alone, so
that each file in it is looked at as it comes by; documents are kept, up to a limit.
"""

import posixpath
from typing import IO

from sim.images.stored.blobs import Blob, examined
from sim.images.stored.documents import Json, decoded, text, texts
from sim.images.stored.layers import Content, key_of, readable
from sim.images.stored.manifests import content_of_index, layer_keys, layer_of, stem, system_of
from sim.images.stored.refusal import NoImage
from sim.images.stored.stream import Stream, pieces_of, unpacked
from sim.images.stored.tape import Member, members

_MOST_KEPT = 32 * 2**20
_MOST_MEMBERS = 5_000
_LONGEST_CHAIN = 8


def content_of_archive(stream: IO[bytes], file: str) -> Content:
    """What image an archive holds. Raises NoImage where it holds none, or several."""
    archive = _Archive(unpacked(Stream(pieces_of(stream))))
    if (listed := archive.blobs.get("manifest.json")) is not None:
        return _saved(archive, decoded(listed.document or b"", "manifest.json"), file)
    if (index := archive.blobs.get("index.json")) is not None:
        document = decoded(index.document or b"", "index.json")
        return content_of_index(document, archive.by_digest, stem(file))
    raise NoImage(
        "it is an archive without manifest.json or index.json",
        "write it by `docker save IMAGE`; what `docker export` writes is no image",
    )


class _Archive:
    """What is in an archive, by name."""

    def __init__(self, stream: Stream) -> None:
        self.blobs: dict[str, Blob] = {}
        self._links: dict[str, str] = {}
        self._kept = 0
        for number, member in enumerate(members(stream)):
            if number > _MOST_MEMBERS:
                raise NoImage(f"it holds over {_MOST_MEMBERS} files", "save one image into it")
            self._take(member, stream)

    def _take(self, member: Member, stream: Stream) -> None:
        if member.link:
            self._links[member.name] = member.link
        elif member.is_file:
            blob = examined(stream, member.size)
            self._kept += len(blob.document or b"")
            if self._kept > _MOST_KEPT:
                problem = f"its documents come to over {_MOST_KEPT // 2**20} MiB"
                raise NoImage(problem, "no image needs as much")
            self.blobs[member.name] = blob

    def named(self, name: str) -> Blob:
        """The file of a name, or the one that a link of that name leads to."""
        at = name
        for _ in range(_LONGEST_CHAIN):
            if at in self.blobs:
                return self.blobs[at]
            link = self._links.get(at)
            if link is None:
                break
            at = posixpath.normpath(posixpath.join("/", posixpath.dirname(at), link)).lstrip("/")
        raise NoImage(f"{name[:80]!r} is not in it", "save it again, to the end")

    def by_digest(self, digest: str) -> Blob:
        """The file of a digest."""
        key_of(digest)
        return self.named(f"blobs/{digest.replace(':', '/')}")


def _saved(archive: _Archive, listed: Json, file: str) -> Content:
    """The image that `manifest.json` tells of."""
    image = _single(listed if isinstance(listed, list) else [])
    names = texts(image, "Layers")
    document = archive.named(text(image, "Config")).document
    config = decoded(document or b"", "the configuration")
    keys = layer_keys(config, len(names))
    if not keys:
        raise NoImage("its configuration names no layers", "save it again")
    layers = [layer_of(archive.named(name), key) for name, key in zip(names, keys, strict=True)]
    title = next(iter(texts(image, "RepoTags")), "") or stem(file)
    return Content(title, system_of(config), layers)


def _single(images: list[Json]) -> Json:
    """The only one of some images. Raises NoImage where there are several, or none."""
    if len(images) == 1:
        return images[0]
    tags = [readable(tag) for image in images for tag in texts(image, "RepoTags")]
    told = f": {', '.join(tags[:5])}" if tags else ""
    raise NoImage(f"it holds {len(images)} images{told}", "save one of them alone")
