"""Where the files of a copy come to lie in an image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from sim.images.contents import Item, Layer, Selection, Tree
from sim.images.dockerfile import Copy, Heredoc
from sim.images.keys import key_of


def remote(source: str, checksum: str) -> Selection:
    """What a server gives; it is taken to give the same every time."""
    return Selection({}, unknown=(key_of("remote", source, checksum),))


def document(heredoc: Heredoc) -> Selection:
    """The file that a heredoc stands for."""
    content = heredoc.content.encode("utf-8", "surrogateescape")
    item = Item(sha256(content).hexdigest(), len(content), read=lambda: content)
    return Selection({heredoc.name: item}, alone=True)


def laid(
    command: Copy, digest: str, selections: Sequence[Selection], destination: str, tree: Tree
) -> Layer:
    """Put what was selected at a destination, which is a folder if its name ends with a stroke, if
    there is such a folder, or if there are several sources."""
    place = destination.rstrip("/")
    is_folder = place != destination or len(selections) > 1 or tree.has_folder(place)
    items: dict[str, Item] = {}
    unknown: list[str] = []
    for selection in selections:
        items.update(_placed(selection, place, is_folder))
        unknown += selection.unknown
    return Layer(
        digest,
        place or "/",
        _owned(items, command),
        unknown=tuple(unknown),
        left={place or "/": sum(selection.written for selection in selections)},
    )


def _placed(selection: Selection, place: str, is_folder: bool) -> Iterator[tuple[str, Item]]:
    for within, item in selection.items.items():
        is_renamed = selection.alone and not is_folder
        yield (place if is_renamed or not within else f"{place}/{within}"), item


def _owned(items: Mapping[str, Item], command: Copy) -> Mapping[str, Item]:
    """Items of another owner or mode are other content."""
    if not (command.chown or command.chmod):
        return items
    return {path: _owned_item(item, command) for path, item in items.items()}


def _owned_item(item: Item, command: Copy) -> Item:
    return replace(item, digest=key_of(item.digest, command.chown, command.chmod))
