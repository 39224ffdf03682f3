"""Names to what they stand for: the entries of the catalog, and variants that extend them."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

from sim.catalog.loader import Kind, entry, names
from sim.errors import TareError, did_you_mean, shown
from sim.spec.document import Path, Tree
from sim.spec.finding import Finding

ReadTimes: TypeAlias = Callable[[Mapping[str, Tree], Path], Tree]
"""Reads the times of the trace that an arrival names."""

_PLATFORM_KEYS = ("name", "title", "notes", "boundaries", "mix", "extends")


def resolve(tree: Mapping[str, Tree], read_times: ReadTimes) -> tuple[dict[str, Tree], list[Finding]]:
    """Put what names stand for in their place, and say which stand for nothing.

    Paths stay what they are, but for the groups of a mix, which come under `mix`.
    """
    resolver = _Resolver(_mapping(tree.get("groups")), read_times)
    return resolver.scenario(_without_free_keys(tree)), resolver.findings


@cache
def resolved_entry(kind: Kind, name: str) -> Mapping[str, Tree]:
    """Read an entry of the catalog with the entries that it names put in their place.

    Raises UsageError for an unknown name, and TareError for an entry that names what is unknown.
    """
    resolver = _Resolver({}, lambda arrival, path: dict(arrival))
    tree = resolver.inside(kind, dict(entry(kind, name)), ())
    for finding in resolver.findings:
        raise TareError(f"catalog/{kind}/{name}: {finding.problem}", finding.remedy)
    return _mapping(tree)


class _Resolver:
    """Walks a tree to where names may stand, and collects what is wrong with them."""

    def __init__(self, groups: Mapping[str, Tree], read_times: ReadTimes) -> None:
        self.findings: list[Finding] = []
        self._groups = groups
        self._read_times = read_times

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
            given = _extended(base, given)
        elif isinstance(given, str):
            return self._named(kind, given, path)
        return self.inside(kind, given, path) if isinstance(given, dict) else given

    def inside(self, kind: Kind, given: dict[str, Tree], path: Path) -> Tree:
        """Resolve the names inside an entry of this kind."""
        if kind == "workloads" and "image" in given:
            return given | {"image": self.entry("images", given["image"], (*path, "image"))}
        return self._platform(given, path) if kind == "platforms" else given

    def _named(self, kind: Kind, name: Tree, path: Path) -> Tree:
        if isinstance(name, str) and name in names(kind):
            return dict(resolved_entry(kind, name))
        problem = f"{shown(name)} is no {kind[:-1]} of the catalog"
        self._blame(path, problem, did_you_mean(str(name), names(kind)))
        return None

    def _platform(self, given: dict[str, Tree], path: Path) -> Tree:
        given = self._with_mix(given, path) if path else given
        if isinstance(boundaries := given.get("boundaries"), dict):
            given = given | {
                "boundaries": {
                    name: self._boundary(boundary, (*path, "boundaries", name))
                    for name, boundary in boundaries.items()
                }
            }
        return given

    def _with_mix(self, given: dict[str, Tree], path: Path) -> dict[str, Tree]:
        """Gather the platforms that a mix names by group under `mix`."""
        others = {key: value for key, value in given.items() if key not in _PLATFORM_KEYS}
        for key in others.keys() - self._groups.keys():
            known = (*_PLATFORM_KEYS, *self._groups)
            remedy = did_you_mean(key, known)
            self._blame((*path, key), "is no key of a platform, and no group", remedy)
        chosen = _mapping(given.get("mix")) | {
            name: others[name] for name in others if name in self._groups
        }
        if not chosen:
            return {key: given[key] for key in given if key not in others}
        mix = {
            name: self.entry("platforms", platform, (*path, "mix", name))
            for name, platform in chosen.items()
        }
        return {key: given[key] for key in given if key not in others} | {"mix": mix}

    def _boundary(self, given: Tree, path: Path) -> Tree:
        if isinstance(given, str):
            return self._named_boundary(given, path)
        if not isinstance(given, dict):
            return given
        if "extends" in given:
            given = _extended(self._named_boundary(given["extends"], (*path, "extends")), given)
        files = given.get("files")
        if isinstance(files, dict) and files.get("guest") is not None:
            guest = self.entry("images", files["guest"], (*path, "files", "guest"))
            return given | {"files": files | {"guest": guest}}
        return given

    def _named_boundary(self, name: Tree, path: Path) -> Tree:
        platform, dot, boundary = name.partition(".") if isinstance(name, str) else ("", "", "")
        if not dot:
            problem = f"{shown(name)} is not the name of a boundary"
            self._blame(path, problem, "write PLATFORM.BOUNDARY, as in container-docker.container")
            return None
        found = self._named("platforms", platform, path)
        known = _mapping(_mapping(found).get("boundaries"))
        if found is not None and boundary not in known:
            problem = f"{platform} has no boundary {shown(boundary)}"
            self._blame(path, problem, did_you_mean(boundary, known))
        return known.get(boundary)

    def _group(self, group: Tree, name: str) -> Tree:
        if not isinstance(group, dict):
            return group
        path: Path = ("groups", name)
        found = dict(group)
        if "workload" in group:
            found["workload"] = self.entry("workloads", group["workload"], (*path, "workload"))
        arrival = group.get("arrive")
        if isinstance(arrival, dict) and isinstance(arrival.get("trace"), str):
            found["arrive"] = self._times(arrival, (*path, "arrive"))
        return found

    def _times(self, arrival: dict[str, Tree], path: Path) -> Tree:
        """Put the times of a trace in the place of its name."""
        if not isinstance(arrival.get("column"), str):
            return arrival
        try:
            times = self._read_times(arrival, path)
        except TareError as error:
            self._blame((*path, "trace"), error.problem, error.remedy)
            return None
        rest = {key: arrival[key] for key in arrival if key not in ("trace", "column")}
        return rest | {"times_s": times}

    def _blame(self, path: Path, problem: str, remedy: str) -> None:
        self.findings.append(Finding(path, problem, remedy))


def _extended(base: Tree, given: dict[str, Tree]) -> Tree:
    own = {key: value for key, value in given.items() if key != "extends"}
    return None if base is None else _laid_over(base, own)


def _laid_over(base: Tree, over: Tree) -> Tree:
    """Merge maps deeply; but what extends an entry itself, and a cited number, replaces the whole.

    A new value under an old source would be a false citation.
    """
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    if "extends" in over or "source" in base:
        return over
    both = {key: _laid_over(base[key], over[key]) for key in over if key in base}
    return base | over | both


def _without_free_keys(tree: Mapping[str, Tree]) -> dict[str, Tree]:
    """Drop what starts with `x-`, which is the writer's own."""
    return {key: _cleaned(tree[key]) for key in tree if not key.startswith("x-")}


def _cleaned(value: Tree) -> Tree:
    if isinstance(value, dict):
        return _without_free_keys(value)
    return [_cleaned(item) for item in value] if isinstance(value, list) else value


def _mapping(value: Tree | Mapping[str, Tree]) -> dict[str, Tree]:
    return dict(value) if isinstance(value, Mapping) else {}
