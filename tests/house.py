"""The rooms of the house and the directions between them, read off the syntax trees of a package.

A rule takes the modules and yields a line for each fault. Nothing is imported or run, so a test can
show a rule a package that breaks it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

LEVELS = (
    ("errors", "units", "version"),
    ("spec",),
    ("records", "resources", "catalog", "images"),
    ("model",),
    ("simulation", "probes"),
    ("importers", "studies", "report"),
    ("cli",),
    ("__main__", ""),
)
"""The rooms from the ground up; the last are the two doors, of which the empty one is public."""

NEIGHBOURS = {("units", "errors"), ("catalog", "images")}
"""Rooms of one level of which the first may use the second."""

FORBIDDEN = {
    "resources": ("yaml", "pydantic", "sim.spec", "sim.catalog"),
    "spec": ("simpy",),
    "report": ("simpy", "sim.simulation", "sim.model", "sim.studies"),
}
"""What a room never sees, whatever the levels allow."""

VAGUE = {"utils", "common", "helpers", "misc", "base", "manager"}
NAMING = ("probes", "importers")
"""The rooms that may name a platform."""


@dataclass(frozen=True)
class Module:
    """A module of the package as it is written."""

    name: str
    text: str
    tree: ast.Module
    is_package: bool = False

    @property
    def room(self) -> str:
        """The part of the package that it belongs to; the public door has no name."""
        return self.name.split(".")[1] if "." in self.name else ""


Modules: TypeAlias = Sequence[Module]
Rule: TypeAlias = Callable[[Modules], Iterable[str]]


@dataclass(frozen=True)
class Import:
    """A module or a name that a module imports, and whether for annotations alone."""

    target: str
    is_for_types: bool


def read_package(folder: Path) -> list[Module]:
    """Read all modules of the package in a folder, which gives it its name."""
    return [_read(path, folder) for path in sorted(folder.rglob("*.py"))]


def _read(path: Path, folder: Path) -> Module:
    parts = path.relative_to(folder.parent).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    text = path.read_text(encoding="utf-8")
    return Module(".".join(parts[: -1 if is_package else None]), text, ast.parse(text), is_package)


def imports(module: Module, known: Container[str]) -> Iterator[Import]:
    """List what a module imports, wherever in it; `known` are the modules of the package.

    `from a import b` is an import of a.b if that is one of them, and of a otherwise.
    """
    for_types = set(_within_type_checking(module.tree))
    for node in ast.walk(module.tree):
        for target in _targets(node, module, known):
            yield Import(target, node in for_types)


def _targets(node: ast.AST, module: Module, known: Container[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    origin = _origin(node, module)
    full = [f"{origin}.{alias.name}" for alias in node.names]
    return [name if name in known else origin for name in full]


def _within_type_checking(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for statement in node.body:
                yield from ast.walk(statement)


def _origin(node: ast.ImportFrom, module: Module) -> str:
    """The absolute name of what an import is from."""
    if not node.level:
        return str(node.module)
    around = module.name.split(".")[: None if module.is_package else -1]
    parts = around[: len(around) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def graph(modules: Modules) -> dict[str, set[str]]:
    """Which others of the package each module imports at run time."""
    known = {module.name for module in modules}
    return {
        module.name: {each.target for each in imports(module, known) if not each.is_for_types}
        & (known - {module.name})
        for module in modules
    }


def upward_imports(modules: Modules) -> Iterator[str]:
    """Imports run downward only; so nothing inside imports a door."""
    level = {room: number for number, rooms in enumerate(LEVELS) for room in rooms}
    rooms = {module.name: module.room for module in modules}
    yield from (f"{name} is in no room" for name, room in rooms.items() if room not in level)
    for name, targets in graph(modules).items():
        for target in sorted(targets):
            here, there = rooms[name], rooms[target]
            is_down = level.get(there, 0) < level.get(here, 0)
            if not (is_down or here == there or (here, there) in NEIGHBOURS):
                yield f"{name} imports {target}, which is not below it"


def forbidden_imports(modules: Modules) -> Iterator[str]:
    """Some rooms never see some things, not even for annotations."""
    known = {module.name for module in modules}
    for module in modules:
        targets = sorted({each.target for each in imports(module, known)})
        for banned in FORBIDDEN.get(module.room, ()):
            if any(f"{target}.".startswith(f"{banned}.") for target in targets):
                yield f"{module.name} imports {banned}"


def circles(modules: Modules) -> Iterator[str]:
    """No module imports itself at run time, by whatever way round, at once or later."""
    edges = graph(modules)
    for name in edges:
        seen: set[str] = set()
        ahead = edges[name]
        while ahead:
            seen |= ahead
            ahead = set().union(*(edges[each] for each in ahead)) - seen
        if name in seen:
            yield f"{name} imports itself in a circle"


def vague_names(modules: Modules) -> Iterator[str]:
    """No module has a name that could hold anything."""
    return (module.name for module in modules if VAGUE & set(module.name.split(".")))


def platform_names(modules: Modules, platforms: Iterable[str]) -> Iterator[str]:
    """No string names a platform, outside the rooms that look at real ones.

    A name of several words counts wherever it stands; one of a single word, such as `process`,
    is a word of the language as well, and counts where it is all of the string.
    """
    names = sorted(platforms)
    for module in modules:
        if module.room not in NAMING:
            for text in _strings(module.tree):
                yield from (f"{module.name}: {name}" for name in names if _names(text, name))


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _names(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){name}(?![\w-])", text)) if "-" in name else text == name


def prints(modules: Modules) -> Iterator[str]:
    """Only the command line prints."""
    for module in modules:
        called = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
        if module.room != "cli" and any(ast.unparse(function) == "print" for function in called):
            yield f"{module.name} prints"
