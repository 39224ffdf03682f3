"""Names in a scenario to what they stand for: in its host, its platforms and its groups."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as FilePath
from typing import TypeAlias

from pydantic import ValidationError

from sim.catalog.built import builds_of
from sim.catalog.entries import Resolver, mapping
from sim.catalog.loader import Kind
from sim.catalog.trace import read_course, read_times
from sim.errors import ScenarioError, TareError, did_you_mean, shown
from sim.images.stored import names_image, read_image
from sim.spec.build import Builds
from sim.spec.document import Document, Path, Tree, child, dotted
from sim.spec.finding import Finding
from sim.spec.platform import PLATFORM_KEYS
from sim.spec.reader import read_yaml

_Reader: TypeAlias = Callable[[FilePath, str], dict[str, Tree]]

_LONGEST_CHAIN = 16
_ENTRIES, _BESIDE = (".yaml", ".yml"), ("./", "../")


def resolve(document: Document) -> tuple[Document, list[Finding]]:
    """Put what names stand for in their place, and say which stand for nothing.

    Places stay with what is written there, though the groups of a mix move under `mix`.
    """
    resolver = _ScenarioResolver(document)
    tree = resolver.scenario(_without_free_keys(mapping(document.tree)))
    values = {resolver.moved(path): place for path, place in document.values.items()}
    keys = {resolver.moved(path): place for path, place in document.keys.items()}
    return Document(document.file, tree, values, keys), resolver.findings


class _ScenarioResolver(Resolver):
    """Resolves the parts of a scenario, where a mix and a trace may stand as well."""

    def __init__(self, document: Document, depth: int = 0) -> None:
        super().__init__()
        self._document = document
        self._depth = depth
        groups = mapping(mapping(document.tree).get("groups"))
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

    def moved(self, path: Path) -> Path:
        """Where what stood at a path stands once names are resolved."""
        return (*path[:2], "mix", *path[2:]) if path[:3] in self._mixed else path

    def named(self, kind: Kind, name: Tree, path: Path) -> Tree:
        """What a name stands for: an entry of the catalog, or one that a file holds."""
        if isinstance(name, str) and name.endswith(_ENTRIES):
            return self._held(kind, self._folder(path) / name, path)
        if kind == "images" and isinstance(name, str) and names_image(name):
            return self._stored_image(self._folder(path) / name, path)
        return super().named(kind, name, path)

    def _held(self, kind: Kind, file: FilePath, path: Path) -> Tree:
        """The entry that a file holds, in which names and files may stand as well."""
        if self._depth >= _LONGEST_CHAIN:
            return self._blame(path, f"over {_LONGEST_CHAIN} files extend each other", "")
        try:
            document = read_yaml(file)
        except ScenarioError as error:
            return self._blame(path, str(error), f"it is to hold one of the {kind}")
        inside = _ScenarioResolver(document, self._depth + 1)
        found = inside.entry(kind, _cleaned(document.tree), ())
        for finding in inside.findings:
            self._blame(path, f"{file}: {dotted(finding.path)}: {finding.problem}", finding.remedy)
        return found

    def _stored_image(self, file: FilePath, path: Path) -> Tree:
        """The image that lies in a file or a folder, as an entry of the catalog would have it."""
        try:
            found: Tree = read_image(str(file)).model_dump(mode="json")
        except ScenarioError as error:
            (fault,) = error.faults
            return self._blame(path, f"{file}: {fault.problem}", fault.remedy)
        return found

    def inside(self, kind: Kind, given: dict[str, Tree], path: Path) -> Tree:
        """Resolve the names inside an entry, and the platforms of a mix."""
        given = self._with_mix(given, path) if kind == "platforms" else given
        return super().inside(kind, given, path)

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
        if "build" in group:
            found["build"] = self._built(group["build"], (*path, "build"))
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

    def _built(self, given: Tree, path: Path) -> Tree:
        """Put what a Dockerfile comes to in the place of its name."""
        if not (isinstance(given, dict) and "dockerfile" in given):
            return given
        place = (*path, "dockerfile")
        try:
            runs = builds_of(Builds.model_validate(given), self._folder(place))
        except ValidationError:
            return given  # what is wrong with it is told with all else
        except TareError as error:
            return self._blame(place, error.problem, error.remedy)
        every = {"every": given["every"]} if "every" in given else {}
        return every | {"runs": [run.model_dump(mode="json") for run in runs]}

    def _folder(self, path: Path) -> FilePath:
        """The folder of the file in which a path is written; what is set stands in no file."""
        place = self._document.values.get(path)
        return FilePath(place.file if place and place.line else self._document.file).parent


def names_file(tree: Tree) -> bool:
    """Whether a tree is the name of a file that holds an entry, or such a name is in it."""
    if isinstance(tree, dict):
        return any(map(names_file, tree.values()))
    if isinstance(tree, list):
        return any(map(names_file, tree))
    return isinstance(tree, str) and (tree.endswith(_ENTRIES) or tree.startswith(_BESIDE))


def _times(file: FilePath, column: str) -> dict[str, Tree]:
    return {"times_s": [*read_times(file, column)]}


def _course(file: FilePath, column: str) -> dict[str, Tree]:
    times, values = read_course(file, column)
    return {"times_s": [*times], "values": [*values]}


def _picked(given: Mapping[str, Tree], keys: Iterable[str]) -> dict[str, Tree]:
    return {key: given[key] for key in keys if key in given}


def _without_free_keys(tree: Mapping[str, Tree]) -> dict[str, Tree]:
    """Drop what starts with `x-`, which is the writer's own."""
    return {key: _cleaned(tree[key]) for key in tree if not key.startswith("x-")}


def _cleaned(value: Tree) -> Tree:
    if isinstance(value, dict):
        return _without_free_keys(value)
    return [_cleaned(item) for item in value] if isinstance(value, list) else value
