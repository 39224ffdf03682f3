"""The catalog as it lies in the package: names, entries as plain trees, sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, TypeAlias, cast, get_args

from sim.catalog.supposing import laid_over, suppositions
from sim.errors import UsageError, did_you_mean, shown
from sim.spec.document import Tree
from sim.spec.reader import read_yaml_text

Kind: TypeAlias = Literal["hosts", "platforms", "workloads", "images", "costs"]

KINDS: tuple[Kind, ...] = get_args(Kind)

_SUFFIX = ".yaml"


@dataclass(frozen=True)
class Source:
    """Where numbers come from; `observations` are the rows of evidence that they lean on."""

    key: str
    title: str
    authors_or_publisher: str
    year: int
    where: str
    observations: tuple[str, ...] = ()


@cache
def names(kind: Kind) -> list[str]:
    """List the entries of a kind in alphabetical order, by a look at its folder alone."""
    found = (item.name for item in _folder().joinpath(kind).iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))


def entry(kind: Kind, name: str) -> Mapping[str, Tree]:
    """Read an entry as it is written, or as it is `supposed`.

    Raises UsageError for an unknown name.
    """
    if name not in names(kind):
        problem = f"{shown(name)} is no {kind[:-1]} of the catalog"
        raise UsageError(problem, did_you_mean(name, names(kind), f"tare list {kind}"))
    return laid_over(_written(kind, name), suppositions(), (kind, name))


@cache
def _written(kind: Kind, name: str) -> Mapping[str, Tree]:
    return _mapping(f"{kind}/{name}{_SUFFIX}")


@cache
def sources() -> dict[str, Source]:
    """Read the sources that the numbers of the catalog name, by key."""
    written = cast("Mapping[str, Mapping[str, Tree]]", _mapping(f"sources{_SUFFIX}"))
    return {key: _source(key, fields) for key, fields in written.items()}


def _source(key: str, fields: Mapping[str, Tree]) -> Source:
    rows = cast("list[str]", fields["observations"])
    texts = {name: str(fields[name]) for name in ("title", "authors_or_publisher", "where")}
    return Source(key, year=int(str(fields["year"])), observations=tuple(rows), **texts)


def _mapping(path: str) -> Mapping[str, Tree]:
    text = _folder().joinpath(*path.split("/")).read_text(encoding="utf-8")
    return cast("Mapping[str, Tree]", read_yaml_text(text, f"catalog/{path}").tree)


def _folder() -> Traversable:
    return files("sim.catalog")
