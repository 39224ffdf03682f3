"""Where the files of a copy come to lie in an image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from sim.images.contents import Item, Laid, Selection, Tree, last_part
from sim.images.dockerfile import Copy, Heredoc
from sim.images.keys import key_of


def remote(source: str, checksum: str) -> Selection:
    """What a server gives; it is taken to give the same every time."""
    name = last_part(source.partition("?")[0].partition("#")[0])
    return Selection(name, {}, (key_of("remote", source, checksum),))


def document(heredoc: Heredoc) -> Selection:
    """The file that a heredoc stands for."""
    content = heredoc.content.encode()
    item = Item(sha256(content).hexdigest(), len(content), lambda: content)
    return Selection(heredoc.name, {"": item})


def laid(
    command: Copy, digest: str, selections: Sequence[Selection], destination: str, tree: Tree
) -> Laid:
    """Put what was selected at a destination, which is a folder if its name ends with a stroke, if
    there is such a folder, or if there are several sources."""
    place = destination.rstrip("/")
    is_folder = place != destination or len(selections) > 1 or tree.has_folder(place)
    items: dict[str, Item] = {}
    for selection in selections:
        items.update(_placed(selection, place, is_folder))
    return Laid(
        digest,
        _owned(items, command),
        place or "/",
        tuple(digest for selection in selections for digest in selection.unknown),
        sum(selection.written for selection in selections),
        f"{command.keyword} {destination}",
    )


def _placed(selection: Selection, place: str, is_folder: bool) -> Iterator[tuple[str, Item]]:
    for path, item in selection.items.items():
        within = path or (selection.name if is_folder else "")
        yield (f"{place}/{within}" if within else place), item


def _owned(items: Mapping[str, Item], command: Copy) -> Mapping[str, Item]:
    """Items of another owner or mode are other content."""
    if not (command.chown or command.chmod):
        return items
    return {path: _owned_item(item, command) for path, item in items.items()}


def _owned_item(item: Item, command: Copy) -> Item:
    return replace(item, digest=key_of(item.digest, command.chown, command.chmod))
