"""A page of explanation for 80 columns: what a thing is, its stack, its numbers, their sources."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TypeAlias, cast

from sim.spec.document import Tree

Found: TypeAlias = dict[str, Tree]
"""What a name stands for, as a tree that tells its `kind`."""

_WIDTH = 80
_CITED = {"value", "source", "evidence"}
_IN_HEAD = {"kind", "name", "title", "notes"}
_SCOPES = {"instance": "one for each instance", "host": "one a host"}
_KERNELS = {"own": "a kernel of its own", "shared": "the kernel around it"}
_FILES = {
    "outside": "the files around it",
    "layers": "layers of images",
    "disk": "a disk of its own",
}


def page(found: Found) -> Iterator[str]:
    """Lay out a page, line by line."""
    title = f": {found['title']}" if found.get("title") else ""
    yield from wrap(f"{found['kind']} {found['name']}{title}", _WIDTH)
    if found.get("notes"):
        yield from wrap(str(found["notes"]), _WIDTH)
    if found["kind"] == "platform":
        yield from ("", *_stack(cast("Mapping[str, Found]", found.get("boundaries", {}))))
    numbers = list(_numbers({key: found[key] for key in found if key not in _IN_HEAD}, ""))
    yield from ("", *numbers) if numbers else ()
    yield from _sources(found)


def _stack(boundaries: Mapping[str, Found]) -> Iterator[str]:
    """Draw the walls between a host and a workload, each inside the one before."""
    yield "host"
    for depth, (name, boundary) in enumerate(boundaries.items(), start=1):
        scope = boundary.get("scope", "instance")
        files = cast("Found", boundary["files"])
        words = ", ".join(
            (
                _SCOPES.get(str(scope), f"one for {scope} instances"),
                _KERNELS[str(boundary["kernel"])],
                _FILES[str(files["kind"])],
            )
        )
        yield from _hung(f"{'  ' * depth}+ {name}: {words}", 2 * depth + 4)
    yield f"{'  ' * (len(boundaries) + 1)}+ workload"


def _numbers(tree: Found, path: str) -> Iterator[str]:
    """Every leaf by the path that `--set` has for it, each number with what it rests on."""
    for key, value in tree.items():
        here = f"{path}.{key}" if path else key
        if not isinstance(value, dict):
            yield from _hung(_beside(here, value), 4)
        elif value.keys() >= _CITED:
            yield from _hung(_beside(here, value["value"]), 4)
            said = f"{value['evidence']}, {value['source']}: {value.get('note', '')}"
            yield from _hung(f"    {said.removesuffix(': ')}", 4)
        elif "layers" in value:
            yield from _hung(_beside(here, f"{value['name']}, an image"), 4)
        else:
            yield from _numbers(value, here)


def _beside(path: str, value: Tree) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{path:<44}  {text}"


def _hung(text: str, indent: int) -> list[str]:
    """Break a text for the page, keeping the spaces that it begins with."""
    start = text[: len(text) - len(text.lstrip())]
    return wrap(
        text, _WIDTH, initial_indent="", subsequent_indent=" " * indent, drop_whitespace=True
    ) or [start]


def _sources(found: Found) -> Iterator[str]:
    """The titles of the sources that the numbers of a page name."""
    from sim.catalog.loader import sources

    keys = sorted(key for key in set(_source_keys(found)) if key in sources())
    if keys:
        yield ""
    for key in keys:
        source = sources()[key]
        about = f"{source.title}. {source.authors_or_publisher}, {source.year}. {source.where}"
        yield from _hung(f"[{key}] {about}", 4)


def _source_keys(tree: Tree) -> Iterator[str]:
    if not isinstance(tree, dict):
        return
    if tree.keys() >= _CITED:
        yield str(tree["source"])
    for key, value in tree.items():
        if not (isinstance(value, dict) and "layers" in value):
            yield from _source_keys(value)
