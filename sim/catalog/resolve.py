"""Names to what they stand for: the entries of the catalog, and variants that extend them."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import TypeAlias

from sim.catalog.loader import Kind, entry, names
from sim.catalog.trace import read_course, read_times
from sim.errors import TareError, did_you_mean, shown
from sim.spec.document import Document, Path, Tree, child, is_amount
from sim.spec.faults import UNRESOLVED, Finding
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.platform import PLATFORM_KEYS, Platform
from sim.spec.quantity import CATALOG, Model
from sim.spec.workload import Workload

_Reader: TypeAlias = Callable[[FilePath, str], dict[str, Tree]]

_MODELS: dict[Kind, type[Model]] = {
    "hosts": Host,
    "platforms": Platform,
    "workloads": Workload,
    "images": Image,
}
_KEYS_OF_WORDS = ("extends", "name", "title", "notes")


def resolve(document: Document) -> tuple[Document, list[Finding]]:
    """Put what names stand for in their place, and say which stand for nothing.

    Places stay with what is written there, though the groups of a mix move under `mix`.
    """
    resolver = _Resolver(document)
    tree = resolver.scenario(_without_free_keys(_mapping(document.tree)))
    values = {resolver.moved(path): place for path, place in document.values.items()}
    keys = {resolver.moved(path): place for path, place in document.keys.items()}
    return Document(document.file, tree, values, keys), resolver.findings


@cache
def resolved_entry(kind: Kind, name: str) -> Mapping[str, Tree]:
    """Read an entry of the catalog with the entries that it names put in their place.

    Raises UsageError for an unknown name, and TareError for an entry that names what is unknown.
    """
    resolver = _Resolver(Document("", {}, {}, {}))
    tree = resolver.inside(kind, dict(entry(kind, name)), ())
    for finding in resolver.findings:
        raise TareError(f"catalog/{kind}/{name}: {finding.problem}", finding.remedy)
    return _mapping(tree)


def model_of(kind: Kind, name: str) -> Model:
    """Read an entry of the catalog, each number of which must name its source and its evidence.

    Raises UsageError for an unknown name, and pydantic's ValidationError for a faulty entry.
    """
    return _MODELS[kind].model_validate(resolved_entry(kind, name), context=CATALOG)


class _Resolver:
    """Walks a tree to where names may stand, and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.findings: list[Finding] = []
        self._document = document
        groups = _mapping(_mapping(document.tree).get("groups"))
        self._groups = [name for name in groups if name not in PLATFORM_KEYS]
        self._mixed: set[Path] = set()

    def scenario(self, tree: dict[str, Tree]) -> dict[str, Tree]:
        if "host" in tree:
            tree["host"] = self.entry("hosts", tree["host"], ("host",))
        if isinstance(platforms := tree.get("platforms"), list):
            tree["platforms"] = [
                self.entry("platforms", given, ("platforms", number))
                for number, given in enumerate(platforms)
            ]
        if isinstance(groups := tree.get("groups"), dict):
            tree["groups"] = {name: self._group(groups[name], name) for name in groups}
        return tree

    def entry(self, kind: Kind, given: Tree, path: Path) -> Tree:
        """What a name, or a mapping that may extend one, stands for."""
        if isinstance(given, dict) and "extends" in given:
            base = self._named(kind, given["extends"], (*path, "extends"))
            given = _extended(_retitled(base, given), given)
        elif isinstance(given, str):
            return self._named(kind, given, path)
        return self.inside(kind, given, path) if isinstance(given, dict) else given

    def moved(self, path: Path) -> Path:
        """Where what stood at a path stands once names are resolved."""
        return (*path[:2], "mix", *path[2:]) if path[:3] in self._mixed else path

    def inside(self, kind: Kind, given: dict[str, Tree], path: Path) -> Tree:
        """Resolve the names inside an entry of this kind."""
        if kind == "workloads" and "image" in given:
            return given | {"image": self.entry("images", given["image"], (*path, "image"))}
        return self._platform(given, path) if kind == "platforms" else given

    def _named(self, kind: Kind, name: Tree, path: Path) -> Tree:
        if isinstance(name, str) and name in names(kind):
            return dict(resolved_entry(kind, name))
        problem = f"{shown(name)} is no {kind[:-1]} of the catalog"
        return self._blame(path, problem, did_you_mean(str(name), names(kind)))

    def _platform(self, given: dict[str, Tree], path: Path) -> Tree:
        given = self._with_mix(given, path) if path else given
        if isinstance(boundaries := given.get("boundaries"), dict):
            inside = (*path, "boundaries")
            found = {name: self._boundary(boundaries[name], (*inside, name)) for name in boundaries}
            return given | {"boundaries": found}
        return given

    def _with_mix(self, given: dict[str, Tree], path: Path) -> dict[str, Tree]:
        """Gather the platforms that a mix names by group under `mix`."""
        own, by_group = _picked(given, PLATFORM_KEYS), _picked(given, self._groups)
        self._refuse_keys(given.keys() - own.keys() - by_group.keys(), path)
        self._mixed |= {(*path, name) for name in by_group}
        mix = own.get("mix", {})
        if not isinstance(mix, dict):
            return own
        chosen = {
            name: self.entry("platforms", platform, (*path, "mix", name))
            for name, platform in (mix | by_group).items()
        }
        return own | ({"mix": chosen} if chosen else {})

    def _refuse_keys(self, unknown: Iterable[str], path: Path) -> None:
        known = {*PLATFORM_KEYS, *self._groups}
        for key in sorted(unknown):
            problem = f"{shown(key)} is no key of a platform and no group"
            remedy = did_you_mean(key, known)
            self.findings.append(Finding((*path, key), problem, remedy, at_key=True))

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
        found = self._named("platforms", platform, path)
        if found == UNRESOLVED:
            return found
        known = _switched(_mapping(found))
        if boundary not in known:
            problem = f"{platform} has no boundary {shown(boundary)}"
            return self._blame(path, problem, did_you_mean(boundary, known))
        return known[boundary]

    def _group(self, group: Tree, name: str) -> Tree:
        if not isinstance(group, dict):
            return group
        path: Path = ("groups", name)
        found = dict(group)
        if "workload" in group:
            found["workload"] = self.entry("workloads", group["workload"], (*path, "workload"))
        for key, read in (("arrive", _times), ("cpu", _course), ("memory", _course)):
            if key in group:
                found[key] = self._traced(group[key], (*path, key), read)
        if isinstance(load := group.get("load"), dict) and "trace" in load:
            place = (*path, "load", "trace")
            found["load"] = load | {"trace": self._traced(load["trace"], place, _course)}
        return found

    def _traced(self, given: Tree, path: Path, read: _Reader) -> Tree:
        """Put what stands in a trace in the place of its name."""
        file, column = child(given, "trace"), child(given, "column")
        if not (isinstance(given, dict) and isinstance(file, str) and isinstance(column, str)):
            return given
        place = (*path, "trace")
        try:
            found = read(self._folder(place) / file, column)
        except TareError as error:
            return self._blame(place, error.problem, error.remedy)
        return {key: given[key] for key in given if key not in ("trace", "column")} | found

    def _folder(self, path: Path) -> FilePath:
        """The folder of the file in which a path is written; what is set stands in no file."""
        place = self._document.values.get(path)
        return FilePath(place.file if place and place.line else self._document.file).parent

    def _blame(self, path: Path, problem: str, remedy: str) -> Tree:
        self.findings.append(Finding(path, problem, remedy))
        return UNRESOLVED


def _switched(platform: Mapping[str, Tree]) -> dict[str, Tree]:
    """The boundaries of a platform of the catalog, each with what `ksm` says for all of them."""
    boundaries = _mapping(platform.get("boundaries"))
    if "ksm" not in platform:
        return boundaries
    ram: Tree = {"ram": {"merging": platform["ksm"]}}
    own = {name for name in boundaries if child(boundaries[name], "kernel") == "own"}
    return boundaries | {name: _laid_over(boundaries[name], ram) for name in own}


def _times(file: FilePath, column: str) -> dict[str, Tree]:
    return {"times_s": [*read_times(file, column)]}


def _course(file: FilePath, column: str) -> dict[str, Tree]:
    times, values = read_course(file, column)
    return {"times_s": [*times], "values": [*values]}


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

    A new value under an old source would be a false citation.
    """
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    if "extends" in over or is_amount(base):
        return over
    both = {key: _laid_over(base[key], over[key]) for key in over if key in base}
    return base | over | both


def _picked(given: Mapping[str, Tree], keys: Iterable[str]) -> dict[str, Tree]:
    return {key: given[key] for key in keys if key in given}


def _without_free_keys(tree: Mapping[str, Tree]) -> dict[str, Tree]:
    """Drop what starts with `x-`, which is the writer's own."""
    return {key: _cleaned(tree[key]) for key in tree if not key.startswith("x-")}


def _cleaned(value: Tree) -> Tree:
    if isinstance(value, dict):
        return _without_free_keys(value)
    return [_cleaned(item) for item in value] if isinstance(value, list) else value


def _mapping(value: Tree | Mapping[str, Tree]) -> dict[str, Tree]:
    return dict(value) if isinstance(value, Mapping) else {}
