"""Indexes, manifests and configurations, as registries and the OCI layout have them."""

from collections.abc import Sequence
from pathlib import PurePath

from sim.images.stored.blobs import Blob, Finder
from sim.images.stored.documents import Json, child, decoded, items, size, text, texts
from sim.images.stored.layers import Content, Found, key_of, readable
from sim.images.stored.refusal import NoImage

_DEEPEST = 4
WANTED = ("linux", "amd64")
"""The system and the architecture that are meant where there is a choice."""

_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_ATTESTATION = "vnd.docker.reference.type"


def content_of_index(index: Json, find: Finder, title: str, depth: int = 0) -> Content:
    """The image that an index leads to, for this kind of machine if there are several."""
    if depth > _DEEPEST:
        raise NoImage(f"its indexes lead over {_DEEPEST} deep into each other", "save it again")
    chosen = _chosen(items(index, "manifests"))
    document = _document(find(text(chosen, "digest")), "a manifest")
    title = _title(chosen) or title
    if child(document, "manifests") is not None:
        return content_of_index(document, find, title, depth + 1)
    return _content(document, find, title)


def _title(descriptor: Json) -> str:
    annotations = child(descriptor, "annotations")
    return next((found for name in _NAMES if (found := text(annotations, name))), "")


def _chosen(descriptors: Sequence[Json]) -> Json:
    """The descriptor of the image that is meant. Raises NoImage where nobody can tell."""
    images = [each for each in descriptors if not _is_attestation(each)]
    platforms = [*map(platform_of, images)]
    if not platforms:
        raise NoImage("its index names no image", "save one into it")
    wanted = _for_platform(images, WANTED) or _for_platform(images, platforms[0])
    count = len({text(each, "digest") for each in wanted})
    if count > 1:
        titles = ", ".join(sorted(map(readable, filter(None, map(_title, wanted))))[:5])
        told = titles and f": {titles}"
        raise NoImage(f"it holds {count} images{told}", "save one of them alone")
    return wanted[0]


def _for_platform(images: Sequence[Json], platform: tuple[str, str]) -> list[Json]:
    return [each for each in images if platform_of(each) == platform]


def _is_attestation(descriptor: Json) -> bool:
    is_marked = bool(text(child(descriptor, "annotations"), _ATTESTATION))
    return is_marked or text(child(descriptor, "platform"), "os") == "unknown"


def platform_of(descriptor: Json) -> tuple[str, str]:
    """The system and the architecture of what a descriptor leads to."""
    platform = child(descriptor, "platform")
    return text(platform, "os"), text(platform, "architecture")


def _document(blob: Blob, what: str) -> Json:
    if blob.document is None:
        raise NoImage(f"{what} in it is not JSON", "save it again")
    return decoded(blob.document, what)


def _content(manifest: Json, find: Finder, title: str) -> Content:
    config = _document(find(text(child(manifest, "config"), "digest")), "the configuration")
    descriptors = items(manifest, "layers")
    digests = [text(each, "digest") for each in descriptors]
    keys = layer_keys(config, len(digests)) or [key_of(digest) for digest in digests]
    layers = [layer_of(find(digest), key) for digest, key in zip(digests, keys, strict=True)]
    return Content(title, system_of(config), layers)


def layer_keys(config: Json, count: int) -> list[str]:
    """The keys of layers by their unpacked content; none where the configuration has none."""
    ids = texts(child(config, "rootfs"), "diff_ids")
    if ids and len(ids) != count:
        raise NoImage(
            f"it has {count} layers, and {len(ids)} in its configuration", "save it again"
        )
    return [key_of(each) for each in ids]


def system_of(config: Json) -> str:
    """The operating system that a configuration is for."""
    return text(config, "os") or "linux"


def layer_of(blob: Blob, key: str) -> Found:
    """A layer as it lies in a file. Raises NoImage for what is none."""
    if blob.failure is not None:
        raise NoImage(f"layer {key}: {blob.failure.problem}", blob.failure.remedy)
    if blob.document is not None:
        raise NoImage(f"layer {key} is JSON", "save it again")
    stored = blob.size if blob.is_packed else None
    return Found(key, stored, blob.unpacked, is_system=blob.is_system)


def listed_content(manifest: Json, system: str, title: str) -> Content:
    """The image of a manifest alone, without its files: the sizes are those on the wire."""
    descriptors = items(manifest, "layers")
    layers = [
        Found(key_of(text(each, "digest")), size(each, "size", "a layer"), None)
        for each in descriptors
    ]
    return Content(title, system, layers)


def stem(file: str) -> str:
    """What a file is called, without its ending."""
    return PurePath(file).name.split(".")[0] or "image"
