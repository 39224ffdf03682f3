"""The packages that lock files and lists name, read without more than they need.

What cannot be read names nothing: the command itself would tell what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

Text = Callable[[str], str]
"""Gives the text of a file around the command by its name; none where there is no such file."""

_FROZEN = 30
"""So many requirements, all with exact versions, are taken to be all that is installed."""
_DEEPEST = 5


def locked_node_packages(text: Text, without_dev: bool) -> list[str]:
    """The packages of npm's, Yarn's or pnpm's lock file that are installed on Linux on x86-64."""
    for name in ("package-lock.json", "npm-shrinkwrap.json"):
        if found := [*_npm_lock(_mapping(_json(text(name))), without_dev)]:
            return found
    listed = _yarn_lock(text("yarn.lock")) or _pnpm_lock(text("pnpm-lock.yaml"))
    return listed[: _share(len(listed), text("package.json"))] if without_dev else listed


def _npm_lock(lock: Mapping[str, object], without_dev: bool) -> Iterator[str]:
    packages = _mapping(lock.get("packages"))
    for path, entry in packages.items():
        if "node_modules/" in path and _is_installed(_mapping(entry), without_dev):
            yield path.rpartition("node_modules/")[2]
    if not packages:
        yield from _npm_lock_of_old(lock, without_dev, 0)


def _npm_lock_of_old(tree: Mapping[str, object], without_dev: bool, depth: int) -> Iterator[str]:
    for name, entry in _mapping(tree.get("dependencies")).items():
        if _is_installed(_mapping(entry), without_dev):
            yield name
            if depth < _DEEPEST:
                yield from _npm_lock_of_old(_mapping(entry), without_dev, depth + 1)


def _is_installed(entry: Mapping[str, object], without_dev: bool) -> bool:
    if entry.get("link") or (without_dev and (entry.get("dev") or entry.get("devOptional"))):
        return False
    wanted = {"os": "linux", "cpu": "x64", "libc": "glibc"}
    return all(_fits(entry.get(key), mine) for key, mine in wanted.items())


def _fits(listed: object, mine: str) -> bool:
    """Whether a list of systems has this one, or leaves it out by `!`."""
    names = [str(each) for each in listed] if isinstance(listed, list) else []
    refused = [name for name in names if name.startswith("!")]
    return f"!{mine}" not in refused and (mine in names or len(refused) == len(names))


def named_in_package_json(text: str, without_dev: bool) -> list[str]:
    """The packages that package.json asks for itself."""
    package = _mapping(_json(text))
    keys = ("dependencies",) if without_dev else ("dependencies", "devDependencies")
    return [name for key in keys for name in _mapping(package.get(key))]


def _share(count: int, package: str) -> int:
    """Of so many locked packages, those that are taken to be there without development's."""
    wanted, all_named = (len(named_in_package_json(package, only)) for only in (True, False))
    return round(count * wanted / all_named) if all_named else count


def _yarn_lock(text: str) -> list[str]:
    """Entries begin at the left: `"@scope/name@^1.0.0", name@…:`."""
    heads = re.findall(r'^"?(@?[^@\s"#]+)@[^\n]*:[ \t]*$', text, re.MULTILINE)
    return [head for head in heads if head != "__metadata"]


def _pnpm_lock(text: str) -> list[str]:
    """The entries under `packages:`, by `name@version`, or by `/name/version` in old ones."""
    _, _, after = text.partition("\npackages:\n")
    packages = re.split(r"^\S", after, maxsplit=1, flags=re.MULTILINE)[0]
    pattern = r"^  '?/?((?:@[^/\s']+/)?[^/@\s']+)[@/][^\n]*:[ \t]*$"
    return re.findall(pattern, packages, re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Requirements:
    """Python packages by name; `whole` where their dependencies are among them."""

    names: tuple[str, ...]
    whole: bool


def python_requirements(named: Sequence[str], arguments: Sequence[str], text: Text) -> Requirements:
    """The packages that `pip install` gets: those on its line, in lists, and in pyproject.toml."""
    lists = [*_lists_of(arguments)]
    lines = [line for line in named if line not in lists and not _is_folder(line)]
    for name in lists:
        lines += _requirement_lines(text, name, 0)
    is_own = "-e" in arguments or any(map(_is_folder, named))
    lines += _project_requirements(text("pyproject.toml")) if is_own else []
    names = tuple(map(_requirement_name, lines))
    return Requirements(names, len(lines) >= _FROZEN and all(map(_is_pinned, lines)))


def _is_pinned(line: str) -> bool:
    return "==" in line


def _lists_of(arguments: Sequence[str]) -> Iterator[str]:
    """The files that hold lists: after `-r`, or in `-rFILE` and `--requirement=FILE`."""
    for flag, after in pairwise([*arguments, ""]):
        if flag in ("-r", "--requirement"):
            yield after
        elif found := re.fullmatch(r"(?:-r|--requirement=)(.+)", flag):
            yield found[1]


def _is_folder(word: str) -> bool:
    return word.startswith((".", "/"))


def _requirement_lines(text: Text, name: str, depth: int) -> Iterator[str]:
    for whole in text(name).splitlines():
        line = whole.partition("#")[0].strip()
        other = re.fullmatch(r"(?:-r|--requirement)[ =]*(\S+)", line)
        if other and depth < _DEEPEST:
            yield from _requirement_lines(text, other[1], depth + 1)
        elif line and not line.startswith("-"):
            yield line


def _project_requirements(text: str) -> list[str]:
    found = re.search(r"^dependencies\s*=\s*\[(.*?)\][ \t]*$", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"""["']([^"']+)["']""", found[1]) if found else []


def _requirement_name(line: str) -> str:
    found = re.match(r"[A-Za-z0-9][\w.-]*", line)
    return found[0].lower().replace("_", "-") if found else ""


def go_modules(sums: str, module: str) -> list[str]:
    """The modules of which go.sum has the content; without one, those that go.mod requires."""
    found = re.findall(r"^(\S+) v\S+(?<!/go\.mod) h1:", sums, re.MULTILINE)
    if found:
        return [*dict.fromkeys(found)]
    return re.findall(r"^(?:require\s+|\s+)([\w.-]+\.[\w./~-]+) v\S+", module, re.MULTILINE)


def cargo_packages(lock: str, manifest: str) -> tuple[list[str], bool]:
    """The crates that Cargo.lock fetches, or those that Cargo.toml names, and whether it is all."""
    entries = lock.split("[[package]]")[1:]
    fetched = [entry for entry in entries if "\nsource = " in entry]
    names = [found[1] for entry in fetched if (found := re.search(r'name = "([^"]+)"', entry))]
    if lock:
        return names, True
    sections = re.findall(r"^\[(?:\w+-)?dependencies\]$([^\[]*)", manifest, re.MULTILINE)
    return [
        name for section in sections for name in re.findall(r"^([\w-]+)\s*=", section, re.MULTILINE)
    ], False


def java_dependencies(files: Iterable[str]) -> list[str]:
    """The artifacts that Maven's pom.xml or Gradle's build file names."""
    found: list[str] = []
    for text in files:
        for block in re.findall(r"<dependency>(.*?)</dependency>", text, re.DOTALL):
            found += re.findall(r"<artifactId>\s*([^<\s]+)", block)[:1]
        found += re.findall(
            r"""^\s*(?:\w*[iI]mplementation|api|\w*[rR]untimeOnly|\w*[cC]ompileOnly)"""
            r"""[\s(]+["'][^"':]+:([^"':]+)""",
            text,
            re.MULTILINE,
        )
    return [*dict.fromkeys(found)]


def script_of(package: str, name: str) -> str:
    """The command of a script of package.json, with the ones that go before and after it."""
    scripts = _mapping(_mapping(_json(package)).get("scripts"))
    wanted = (f"pre{name}", name, f"post{name}")
    return " && ".join(str(scripts[each]) for each in wanted if scripts.get(each))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
