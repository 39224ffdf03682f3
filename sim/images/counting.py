"""What the commands of package managers and compilers act on: by name, and how much of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sim.images.blocks import on_disk
from sim.images.packages import (
    cargo_packages,
    go_modules,
    java_dependencies,
    locked_node_packages,
    named_in_package_json,
    python_requirements,
)
from sim.images.shell import Call
from sim.images.surroundings import Surroundings, is_within
from sim.spec.cost import Counted

_MB = 1e6
_ELSEWHERE = re.compile(r"(^|/)(node_modules|\.git|dist|build|target|vendor|\.venv)/")
_SOURCE = re.compile(
    r"\.([cm]?[jt]sx?|vue|svelte|astro|s?css|less|html?|go|rs|[ch]|cc|cpp|cxx|hpp|hh|java|kts?|scala"
    r"|groovy|py|pyx|rb|php|cs|fs|swift|proto|sql|s|asm|ml|hs|zig|elm|ex)$",
    re.IGNORECASE,
)
_FLAGS_WITH_VALUES = {
    "-t", "--target", "-i", "--index-url", "--extra-index-url", "-c", "--constraint", "-f",
    "--find-links", "--prefix", "--root", "--trusted-host", "--timeout", "--retries", "--platform",
    "--python-version", "-o", "--output", "--default-release", "--repository", "-X", "--virtual",
    "--registry", "-C", "--dir", "--cwd", "--filter", "--workspace", "-w", "--progress-bar", "-b",
    "--branch", "--depth", "-H", "--header", "-p", "-A", "-u", "--user", "-d", "--data",
    "--cache-dir", "--loglevel", "--network-timeout", "--python", "--keyserver", "--recv-keys",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """Things by name, and how many of each; a `whole` count has their dependencies in it."""

    things: Mapping[str, float] = field(default_factory=dict)
    whole: bool = True


def count(what: Counted, call: Call, around: Surroundings) -> Count:
    """Count what a command acts on."""
    return _COUNTERS[what](call, around)


def named(call: Call) -> list[str]:
    """The arguments after the first word that are neither flags nor the values of flags."""
    found, is_value = [], False
    for argument in call.arguments:
        if not is_value and not argument.startswith("-"):
            found.append(argument)
        is_value = argument in _FLAGS_WITH_VALUES
    return found[1:]


def _nothing(call: Call, around: Surroundings) -> Count:
    return Count()


def _names(call: Call, around: Surroundings) -> Count:
    """Debian's `name=version` and Alpine's `name~=version` and `.virtual` are names as well."""
    names = [re.split("[=~<>/]", name)[0] for name in named(call)]
    return Count(Counter(name for name in names if name[:1] not in (".", "$")), whole=False)


def _addresses(call: Call, around: Surroundings) -> Count:
    found = [each for each in call.arguments if re.match(r"(https?|ftp|git|ssh)://|git@", each)]
    return Count(Counter(found or ["an address"]))


def _node_packages(call: Call, around: Surroundings) -> Count:
    names = [re.sub(r"(?<=.)@.*", "", name) for name in named(call)]
    if {"-g", "--global", "global"} & {*call.arguments}:
        return Count(Counter(name for name in names if name != "add"), whole=False)
    without_dev = _is_production(call, around)
    locked = locked_node_packages(around.text, without_dev)
    listed = [] if locked else named_in_package_json(around.text("package.json"), without_dev)
    return Count(Counter([*locked, *listed, *names]), whole=bool(locked) and not names)


def _is_production(call: Call, around: Surroundings) -> bool:
    text = " ".join(call.arguments)
    if re.search(r"--include[= ]dev|--production[= ]false|--prod[= ]false", text):
        return False
    if re.search(r"--omit[= ]dev|--production|--prod\b|-P\b|--only[= ]prod|--no-dev", text):
        return True
    return {**around.environment, **call.environment}.get("NODE_ENV") == "production"


def _python_packages(call: Call, around: Surroundings) -> Count:
    found = python_requirements(named(call), call.arguments, around.text)
    return Count(Counter(found.names), found.whole)


def _go_modules(call: Call, around: Surroundings) -> Count:
    return Count(Counter(go_modules(around.text("go.sum"), around.text("go.mod"))))


def _cargo_packages(call: Call, around: Surroundings) -> Count:
    found, whole = cargo_packages(around.text("Cargo.lock"), around.text("Cargo.toml"))
    return Count(Counter(found), whole)


def _java_dependencies(call: Call, around: Surroundings) -> Count:
    files = ("pom.xml", "build.gradle", "build.gradle.kts")
    found = java_dependencies([around.text(name) for name in files])
    return Count(Counter(found), whole=False)


def _source(call: Call, around: Surroundings) -> Count:
    """Source files as they lie on disk, in whole blocks."""
    sizes = around.sizes(around.folder)
    start = len(around.folder)
    own = (
        on_disk(size)
        for path, size in sizes.items()
        if _SOURCE.search(path) and not _ELSEWHERE.search(path[start:])
    )
    return Count({"": sum(own) / _MB})


def _named_files(call: Call, around: Surroundings) -> Count:
    """What is at the paths that a command names, of which the first may be an owner or a mode."""
    return Count({"": sum(around.held(path) for path in _paths(call, around)) / _MB})


def _paths(call: Call, around: Surroundings) -> Sequence[str]:
    """The outermost of the paths that a command names."""
    names = call.names[1:] if call.program in ("chown", "chmod", "chgrp") else call.names[:-1]
    paths = sorted({around.path(name.removesuffix("/*")) for name in names})
    return [
        each
        for each in paths
        if not any(each != other and is_within(each, other) for other in paths)
    ]


_COUNTERS: Mapping[Counted, Callable[[Call, Surroundings], Count]] = {
    "nothing": _nothing,
    "names": _names,
    "addresses": _addresses,
    "node-packages": _node_packages,
    "python-packages": _python_packages,
    "go-modules": _go_modules,
    "cargo-packages": _cargo_packages,
    "java-dependencies": _java_dependencies,
    "source-megabytes": _source,
    "named-megabytes": _named_files,
}
