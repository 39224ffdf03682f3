"""Names to what they stand for: the entries of the catalog, and variants that extend them."""

from collections.abc import Mapping
from functools import lru_cache

from sim.catalog.loader import Kind, entry, names
from sim.catalog.supposing import Suppositions, suppositions
from sim.errors import TareError, did_you_mean, shown
from sim.spec.document import Path, Tree, child, is_amount
from sim.spec.finding import UNRESOLVED, Finding

_MOST_KEPT = 1024
_KEYS_OF_WORDS = ("extends", "name", "title", "notes")


def resolved_entry(kind: Kind, name: str) -> Mapping[str, Tree]:
    """Read an entry of the catalog with the entries that it names put in their place.

    Raises UsageError for an unknown name, and TareError for an entry that names what is unknown.
    """
    return _resolved(kind, name, suppositions())


@lru_cache(maxsize=_MOST_KEPT)
def _resolved(kind: Kind, name: str, supposed: Suppositions) -> Mapping[str, Tree]:
    """What an entry is resolved to under these suppositions, which are those of the moment."""
    resolver = Resolver()
    tree = resolver.entry(kind, dict(entry(kind, name)), ())
    for finding in resolver.findings:
        raise TareError(f"catalog/{kind}/{name}: {finding.problem}", finding.remedy)
    return mapping(tree)


class Resolver:
    """Walks an entry to where names may stand, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def entry(self, kind: Kind, given: Tree, path: Path) -> Tree:
        """What a name, or a mapping that may extend one, stands for."""
        if isinstance(given, dict) and "extends" in given:
            base = self.named(kind, given["extends"], (*path, "extends"))
            given = _extended(_retitled(base, given), given)
        elif isinstance(given, str):
            return self.named(kind, given, path)
        return self.inside(kind, given, path) if isinstance(given, dict) else given

    def inside(self, kind: Kind, given: dict[str, Tree], path: Path) -> Tree:
        """Resolve the names inside an entry of this kind."""
        if kind == "workloads" and "image" in given:
            return given | {"image": self.entry("images", given["image"], (*path, "image"))}
        return self._platform(given, path) if kind == "platforms" else given

    def named(self, kind: Kind, name: Tree, path: Path) -> Tree:
        """What a name stands for."""
        if isinstance(name, str) and name in names(kind):
            return dict(resolved_entry(kind, name))
        problem = f"{shown(name)} is no {kind[:-1]} of the catalog"
        return self._blame(path, problem, did_you_mean(str(name), names(kind), f"tare list {kind}"))

    def _platform(self, given: dict[str, Tree], path: Path) -> Tree:
        if isinstance(boundaries := given.get("boundaries"), dict):
            inside = (*path, "boundaries")
            found = {name: self._boundary(boundaries[name], (*inside, name)) for name in boundaries}
            return given | {"boundaries": found}
        return given

    def _boundary(self, given: Tree, path: Path) -> Tree:
        if isinstance(given, str):
            return self._named_boundary(given, path)
        if not isinstance(given, dict):
            return given
        if "extends" in given:
            given = _extended(self._named_boundary(given["extends"], (*path, "extends")), given)
        return self._with_guest(given, path) if isinstance(given, dict) else given

    def _with_guest(self, given: dict[str, Tree], path: Path) -> Tree:
        files = given.get("files")
        if isinstance(files, dict) and files.get("guest") is not None:
            guest = self.entry("images", files["guest"], (*path, "files", "guest"))
            return given | {"files": files | {"guest": guest}}
        return given

    def _named_boundary(self, name: Tree, path: Path) -> Tree:
        platform, dot, boundary = name.partition(".") if isinstance(name, str) else ("", "", "")
        if not dot:
            problem = f"{shown(name)} is not the name of a boundary"
            return self._blame(path, problem, "write PLATFORM.BOUNDARY")
        found = self.named("platforms", platform, path)
        if found == UNRESOLVED:
            return found
        known = _switched(mapping(found))
        if boundary not in known:
            problem = f"{platform} has no boundary {shown(boundary)}"
            return self._blame(path, problem, did_you_mean(boundary, known))
        return known[boundary]

    def _blame(self, path: Path, problem: str, remedy: str) -> Tree:
        self.findings.append(Finding(path, problem, remedy))
        return UNRESOLVED


def _switched(platform: Mapping[str, Tree]) -> dict[str, Tree]:
    """The boundaries of a platform of the catalog, each with what `ksm` says for all of them."""
    boundaries = mapping(platform.get("boundaries"))
    if "ksm" not in platform:
        return boundaries
    ram: Tree = {"ram": {"merging": platform["ksm"]}}
    own = {name for name in boundaries if child(boundaries[name], "kernel") == "own"}
    return boundaries | {name: _laid_over(boundaries[name], ram) for name in own}


def _retitled(base: Tree, given: dict[str, Tree]) -> Tree:
    """A title that says a size or a price holds no more where these are changed."""
    changed = ", ".join(key for key in given if key not in _KEYS_OF_WORDS)
    if not (changed and isinstance(base, dict)):
        return base
    return base | {"title": f"{base['title']} (changed: {changed})"}


def _extended(base: Tree, given: dict[str, Tree]) -> Tree:
    own = {key: value for key, value in given.items() if key != "extends"}
    return base if base == UNRESOLVED else _laid_over(base, own)


def _laid_over(base: Tree, over: Tree) -> Tree:
    """Merge maps deeply; but what extends an entry itself, and a cited number, replaces the whole.

    A new value under an old source would be a false citation. What names all keys of a map sets
    their order, so that a step of a start can come before those that were there.
    """
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    if "extends" in over or is_amount(base):
        return over
    both = {key: _laid_over(base[key], over[key]) for key in over if key in base}
    return over | both if base.keys() <= over.keys() else base | over | both


def mapping(value: Tree | Mapping[str, Tree]) -> dict[str, Tree]:
    """A mapping as a dictionary of its own; an empty one for anything else."""
    return dict(value) if isinstance(value, Mapping) else {}
