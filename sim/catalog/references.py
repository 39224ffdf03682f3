"""Docker references: the image of the catalog that one stands for, itself or as its nearest kin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import cast

from sim.catalog.loader import entry, names
from sim.catalog.models import model_of
from sim.errors import UsageError, did_you_mean, shown
from sim.spec.image import Image

_HUB = ("docker.io", "index.docker.io", "registry-1.docker.io", "mirror.gcr.io")
_GRAMMAR = re.compile(
    r"(?:(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?|[A-Za-z0-9-]+:\d+|localhost)/)?"
    r"(?P<path>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>[a-z0-9]+:[0-9a-f]{32,}))?",
    re.ASCII,
)
_DISTROLESS = re.compile(r"(gcr\.io/distroless/[a-z]+)(\d*)(?:-(debian\d+))?", re.ASCII)
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)", re.ASCII)
_NUMBERED = re.compile(r"([a-z]+)\d+(?:\.\d+)*", re.ASCII)
_SYSTEMS = frozenset({
    "trixie", "bookworm", "bullseye", "buster", "stretch", "sid", "debian12", "debian13",
    "resolute", "noble", "jammy", "focal", "bionic", "glibc", "lts", "nonroot", "debug",
})  # fmt: skip
_PLAIN = frozenset({"latest", "stable", "current", "mainline", "jdk"})
_FARTHEST = 10**6


@dataclass(frozen=True)
class Tag:
    """What a tag says: the version of the software, its flavour, the system it stands on."""

    version: tuple[int, ...]
    flavour: frozenset[str]
    systems: frozenset[str]


@dataclass(frozen=True)
class Reference:
    """A reference in its parts; the repository of an official image has no host."""

    repository: str
    tag: str
    digest: str


@dataclass(frozen=True)
class Referenced:
    """The image that stands for a reference, and a word to it where it is but the nearest kin."""

    image: Image
    is_exact: bool
    word: str


@cache
def image_for(reference: str) -> Referenced:
    """Find the image of the catalog for a Docker reference, or for its name in the catalog.

    Raises UsageError for what is no reference, and for a repository of which there is no image.
    """
    if reference in names("images") and not _known().get(reference):
        return Referenced(_image(reference), is_exact=True, word="")
    wanted = parse_reference(reference)
    repository, tag = _in_catalog(wanted)
    kin = _known().get(repository)
    if not kin:
        raise _unknown(reference, repository)
    words = read_tag(tag)
    name = min(kin, key=lambda each: (_distance(words, kin[each]), each != repository, each))
    is_exact = not wanted.digest and _is_same(words, kin[name])
    return Referenced(_image(name), is_exact, "" if is_exact else _told(wanted, name))


def parse_reference(reference: str) -> Reference:
    """Take a reference apart as Docker does. Raises UsageError."""
    found = _GRAMMAR.fullmatch(reference)
    if found is None:
        raise _faulty(reference)
    repository = _repository(found["host"] or _HUB[0], str(found["path"]))
    return Reference(repository, found["tag"] or "latest", found["digest"] or "")


def _repository(host: str, path: str) -> str:
    """The full name of a repository; an official one is known by its last word, wherever it is."""
    if host == "public.ecr.aws" and path.startswith("docker/library/"):
        return path.removeprefix("docker/library/")
    return path.removeprefix("library/") if host in _HUB else f"{host}/{path}"


def _faulty(reference: str) -> UsageError:
    lower = reference.lower()
    is_case = lower != reference and _GRAMMAR.fullmatch(lower) is not None
    return UsageError(
        f"{shown(reference)} is no reference of an image",
        f"write {lower}: names of repositories have no capitals"
        if is_case
        else "write repository:tag, as in node:24-slim",
    )


def read_tag(tag: str) -> Tag:
    """What the words of a tag say: of `3.12-slim-bookworm`, Python 3.12, slim, on bookworm."""
    words = [_without_number(word) for word in tag.split("-")]
    versions = [version for version in map(_version, words) if version]
    flavour = {word for word in words if not _version(word)} - _PLAIN
    return Tag(
        versions[0] if versions else (),
        frozenset(flavour - _SYSTEMS),
        frozenset(flavour & _SYSTEMS),
    )


def _version(word: str) -> tuple[int, ...]:
    found = _VERSION.match(word)
    return tuple(map(int, found[1].split("."))) if found else ()


def _without_number(word: str) -> str:
    """A flavour without the version of it: alpine, for alpine3.24."""
    found = None if word in _SYSTEMS else _NUMBERED.fullmatch(word)
    return found[1] if found else word


@cache
def _known() -> dict[str, dict[str, Tag]]:
    """The images of the catalog that have a reference, by repository, with what their tags say."""
    known: dict[str, dict[str, Tag]] = {}
    for name, reference in _references():
        repository, tag = _in_catalog(parse_reference(reference))
        known.setdefault(repository, {})[name] = read_tag(tag)
    return known


def _references() -> Iterator[tuple[str, str]]:
    for name in names("images"):
        if reference := entry("images", name).get("reference"):
            yield name, str(reference)


def _in_catalog(reference: Reference) -> tuple[str, str]:
    """The repository and the tag by which an image is looked for.

    Some put version and system into the name of the repository: `distroless/nodejs22-debian12`.
    """
    found = _DISTROLESS.fullmatch(reference.repository)
    if found is None:
        return reference.repository, reference.tag
    return found[1], "-".join(part for part in (found[2], reference.tag, found[3]) if part)


def _image(name: str) -> Image:
    return cast("Image", model_of("images", name))


def _distance(wanted: Tag, found: Tag) -> tuple[int, int, tuple[int, ...]]:
    """How far a tag is from the one that is wanted: in flavour, in system, in version.

    Where no version is wanted, the newest is.
    """
    version = wanted.version or (_FARTHEST,)
    apart = zip_longest(version, found.version[: len(version)], fillvalue=0)
    return (
        len(wanted.flavour ^ found.flavour),
        0 if wanted.version else len(wanted.systems - found.systems),
        tuple(abs(one - other) for one, other in apart),
    )


def _is_same(wanted: Tag, found: Tag) -> bool:
    is_version = found.version[: len(wanted.version)] == wanted.version
    return is_version and wanted.flavour == found.flavour and wanted.systems <= found.systems


def _told(wanted: Reference, name: str) -> str:
    asked = f"{wanted.repository}@{wanted.digest}" if wanted.digest else ""
    asked = asked or f"{wanted.repository}:{wanted.tag}"
    kin = entry("images", name)["reference"]
    return f"{asked} is not in the catalog; its nearest kin there is {name}, as {kin}"


def _unknown(reference: str, repository: str) -> UsageError:
    problem = f"{shown(reference)}: the catalog has no image of {repository}"
    last = repository.rpartition("/")[2]
    nearest = did_you_mean(last, sorted(_known()), "tare list images")
    return UsageError(problem, f"{nearest}; or describe its layers in a file of your own")
