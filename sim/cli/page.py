"""A page of explanation for 80 columns: what a thing is, its stack, its numbers, their sources."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import TypeAlias, cast

from sim.spec.document import Tree, is_cited
from sim.units import DIMENSIONS, format_quantity, parse_quantity

Found: TypeAlias = dict[str, Tree]
"""What a name stands for, as a tree that tells its `kind`."""

_WIDTH = 80
_WIDEST_PATH = 48
_MOST_DIGITS = 6
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
    yield from _broken(f"{found['kind']} {found['name']}{title}")
    yield from _broken(str(found.get("notes", "")))
    if found["kind"] == "platform":
        yield from ("", *_stack(cast("Mapping[str, Found]", found.get("boundaries", {}))))
    yield from _table([row for row in _rows(found, "") if row[0] not in _IN_HEAD and row[1]])
    yield from _sources(found)


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Each path with its value beside it, and below what a number rests on."""
    width = min(_WIDEST_PATH, max((len(path) for path, _, _ in rows), default=0))
    yield from [""] if rows else []
    for path, value, basis in rows:
        yield from _broken(f"{path:<{width}}  {value}", width + 2)
        yield from _broken(f"    {basis}", 4) if basis else []


def _stack(boundaries: Mapping[str, Found]) -> Iterator[str]:
    """Draw the walls between a host and a workload, each inside the one before."""
    yield "host"
    for depth, (name, boundary) in enumerate(boundaries.items(), start=1):
        margin = "  " * depth
        yield from _broken(f"{margin}+ {name}: {boundary.get('title', '')}", 2 * depth + 4)
        yield from _broken(f"{margin}  {_wall(boundary)}", 2 * depth + 4)
    yield f"{'  ' * (len(boundaries) + 1)}+ workload"


def _wall(boundary: Found) -> str:
    scope = boundary.get("scope", "instance")
    files = cast("Found", boundary["files"])
    return (
        f"{_SCOPES.get(str(scope), f'one for {scope} instances')}, "
        f"{_KERNELS[str(boundary['kernel'])]}, {_FILES[str(files['kind'])]}"
    )


def _rows(tree: Found, path: str) -> Iterator[tuple[str, str, str]]:
    """Every leaf: the path that `--set` has for it, its value, and what a number rests on."""
    for key, value in tree.items():
        here = f"{path}.{key}" if path else key
        if not isinstance(value, dict):
            yield here, ", ".join(map(str, value)) if isinstance(value, list) else str(value), ""
        elif is_cited(value):
            basis = f"{value['evidence']}, {value['source']}: {value.get('note', '')}"
            yield here, _readable(value["value"]), basis.removesuffix(": ")
        elif "layers" in value:
            yield here, f"{value['name']}, an image", ""
        else:
            yield from _rows(value, here)


def _readable(value: Tree) -> str:
    """A quantity as the file has it, unless that is all digits."""
    text = str(value)
    amount, _, unit = text.partition(" ")
    if len(amount) <= _MOST_DIGITS:
        return text
    dimension = next(each for each in DIMENSIONS if each.factor(unit) is not None)
    return format_quantity(parse_quantity(text, dimension), dimension)


def _broken(text: str, indent: int = 0) -> list[str]:
    """Break a text into lines for the page, all after the first indented."""
    return wrap(text, _WIDTH, subsequent_indent=" " * indent)


def _sources(found: Found) -> Iterator[str]:
    """The titles of the sources that the numbers of a page name."""
    from sim.catalog.loader import sources

    keys = sorted(key for key in set(_source_keys(found)) if key in sources())
    if keys:
        yield ""
    for key in keys:
        source = sources()[key]
        about = f"{source.title}. {source.authors_or_publisher}, {source.year}. {source.where}"
        yield from _broken(f"[{key}] {about}", 4)


def _source_keys(tree: Tree) -> Iterator[str]:
    if not isinstance(tree, dict):
        return
    if is_cited(tree):
        yield str(tree["source"])
    for value in tree.values():
        if not (isinstance(value, dict) and "layers" in value):
            yield from _source_keys(value)
