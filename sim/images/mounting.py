"""What RUN mounts: files by their content, caches and secrets by what is said of them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.images.contents import Item, Layer, Selection, absolute
from sim.images.dockerfile import Mount
from sim.images.graph import Origin
from sim.images.keys import Part, key_of
from sim.images.taking import Sources


@dataclass(frozen=True, slots=True)
class Mounted:
    """All mounts of a command by their `targets`: what counts of them, the files that it sees in
    them, and the steps that bring those."""

    digest: str
    targets: tuple[str, ...]
    layer: Layer
    needs: tuple[int, ...]


def mounted(mounts: Sequence[Mount], folder: str, sources: Sources) -> Mounted:
    """Mount what a command of a folder asks for."""
    items: dict[str, Item] = {}
    parts: list[Part] = []
    needs: tuple[int, ...] = ()
    for mount in mounts:
        target = absolute(folder, mount.target)
        parts.append(_said(mount, target))
        if mount.kind == "bind":
            source = sources(_origin(mount))
            selection = source.select(mount.source or "/", (), False)
            parts.append(selection.digest)
            items.update(_seen(selection, target))
            needs += source.needs
    targets = tuple(absolute(folder, mount.target) for mount in mounts)
    return Mounted(key_of(parts), targets, Layer("", folder, items), needs)


def _origin(mount: Mount) -> Origin | None:
    return Origin(mount.source_stage, mount.source_number) if mount.source_stage else None


def _seen(selection: Selection, target: str) -> Iterator[tuple[str, Item]]:
    for place, item in selection.items.items():
        yield (target if selection.alone or not place else f"{target}/{place}"), item


def _said(mount: Mount, target: str) -> Part:
    """What a key has of a mount. Where a bind is from within its source does not count, nor which
    cache it is, once that has a name of its own or is not shared."""
    identity = mount.identity if mount.kind in ("secret", "ssh") else _plain_cache(mount, target)
    return [mount.kind, target, identity, mount.is_read_only]


def _plain_cache(mount: Mount, target: str) -> str:
    is_plain = mount.kind == "cache" and mount.identity in ("", target)
    return target if is_plain and mount.sharing == "shared" else ""
