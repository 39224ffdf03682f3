"""From an instruction as written to what it does in its stage, with variables expanded."""

import dataclasses
import posixpath
import re
import shlex
from collections.abc import Callable, Mapping, Sequence

from sim.errors import shown
from sim.images.dockerfile import forms
from sim.images.dockerfile.commands import (
    Argument,
    Command,
    Copy,
    Environment,
    Metadata,
    Mount,
    Run,
    WorkFolder,
)
from sim.images.dockerfile.flags import values_of
from sim.images.dockerfile.heredocs import heredoc_of
from sim.images.dockerfile.lines import SPACES
from sim.images.dockerfile.mounts import read_mount
from sim.images.dockerfile.refusal import Refusal
from sim.images.dockerfile.scope import Scope
from sim.images.dockerfile.tree import Heredoc, Instruction

Finder = Callable[[str], int | None]
"""Tells the number of the stage that a name stands for, if it is that of a stage."""

_TABS = re.compile(r"^\t+", re.MULTILINE)
_REMOTE = ("http://", "https://", "git@", "git://", "ssh://")


def made(instruction: Instruction, scope: Scope, find: Finder) -> tuple[Command, ...]:
    """What an instruction does; `scope` is changed as it says. Raises Refusal where it cannot be.

    ARG gives one command for each of its names, and every other instruction one.
    """
    match instruction.keyword:
        case "ARG":
            return tuple(_argument(instruction, word, scope) for word in instruction.words)
        case "COPY" | "ADD":
            return (_copy(instruction, scope, find),)
        case "RUN":
            return (_run(instruction, scope, find),)
        case "ENV":
            return (_environment(instruction, scope),)
        case "WORKDIR":
            return (_work_folder(instruction, scope),)
    return (_metadata(instruction, scope),)


def _bare(instruction: Instruction) -> str:
    return instruction.original.strip(SPACES)


def _argument(instruction: Instruction, word: str, scope: Scope) -> Argument:
    name, equals, default = word.partition("=")
    name = scope.word(name)
    value = scope.argue(name, default if equals else None)
    text = scope.shown(_bare(instruction), is_script=False)
    return Argument(instruction.line, text, name, default if equals else None, value)


def _environment(instruction: Instruction, scope: Scope) -> Environment:
    names, values = instruction.words[::2], instruction.words[1::2]
    pairs = tuple(
        (scope.word(name), scope.word(value)) for name, value in zip(names, values, strict=True)
    )
    text = scope.shown(_bare(instruction), is_script=False)
    for name, value in pairs:
        scope.set(name, value)
    return Environment(instruction.line, text, pairs)


def _work_folder(instruction: Instruction, scope: Scope) -> WorkFolder:
    path = scope.word(instruction.words[0])
    scope.folder = posixpath.join(scope.folder, path)
    return WorkFolder(instruction.line, scope.shown(_bare(instruction), is_script=False), path)


_EXPANDED = ("LABEL", "STOPSIGNAL", "USER", "VOLUME")
"""Instructions without files in which each word is expanded to one; EXPOSE has as many as come."""

_FORMS: Mapping[str, Callable[[str], str]] = {
    "EXPOSE": forms.wrong_port,
    "STOPSIGNAL": forms.wrong_signal,
}
"""The forms that words have then."""


def _metadata(instruction: Instruction, scope: Scope) -> Metadata:
    keyword, words = instruction.keyword, _expanded(instruction, scope)
    for word in words if keyword in _FORMS else ():
        if remedy := _FORMS[keyword](word):
            raise Refusal(f"{keyword} cannot be {shown(word)}", remedy, word)
    if keyword == "SHELL":
        scope.shell = words
    text = scope.shown(_bare(instruction), is_script=True)
    return Metadata(instruction.line, text, keyword, words)


def _expanded(instruction: Instruction, scope: Scope) -> tuple[str, ...]:
    if instruction.keyword == "EXPOSE":
        return tuple(word for written in instruction.words for word in scope.words(written))
    expands = instruction.keyword in _EXPANDED
    return tuple(map(scope.word, instruction.words)) if expands else instruction.words


def _copy(instruction: Instruction, scope: Scope, find: Finder) -> Copy:
    flags = values_of(instruction)
    *written, destination = instruction.words
    sources, heredocs = _sources(written, instruction.heredocs, scope)
    origin = _one(flags, "from")
    copy = Copy(
        line=instruction.line,
        text=scope.shown(_bare(instruction), is_script=False),
        keyword=instruction.keyword,
        sources=sources,
        destination=scope.word(destination),
        source_stage=origin,
        source_number=find(origin) if origin else None,
        chown=scope.word(_one(flags, "chown")),
        chmod=scope.word(_one(flags, "chmod")),
        link=_is_on(flags, "link"),
        parents=_is_on(flags, "parents"),
        excludes=tuple(map(scope.word, flags.get("exclude", ()))),
        heredocs=heredocs,
        checksum=scope.word(_one(flags, "checksum")),
        keeps_git_folder=_is_on(flags, "keep-git-dir"),
        unpacks=_is_on(flags, "unpack") if "unpack" in flags else None,
    )
    _check_copy(copy)
    return copy


def _sources(
    words: Sequence[str], documents: Sequence[Heredoc], scope: Scope
) -> tuple[tuple[str, ...], tuple[Heredoc, ...]]:
    """The paths and the documents among what is copied."""
    by_name = {document.name: document for document in documents}
    announced = [(word, _document(word, by_name)) for word in words]
    paths = (scope.word(word) for word, document in announced if document is None)
    found = (_copied(document, scope) for _, document in announced if document is not None)
    return tuple(paths), tuple(found)


def _document(word: str, by_name: Mapping[str, Heredoc]) -> Heredoc | None:
    """The document that a word stands for; as a path it counts where no such document stands."""
    announced = heredoc_of(word)
    return by_name.get(announced.name) if announced else None


def _copied(heredoc: Heredoc, scope: Scope) -> Heredoc:
    """A document as it is copied: without leading tabs, and with its variables expanded."""
    content = _TABS.sub("", heredoc.content) if heredoc.strips_tabs else heredoc.content
    content = scope.document(content) if heredoc.expands else content
    return dataclasses.replace(heredoc, content=content)


def _check_copy(copy: Copy) -> None:
    if copy.chmod and (remedy := forms.wrong_mode(copy.chmod)):
        raise Refusal(f"--chmod cannot be {shown(copy.chmod)}", remedy, "--chmod")
    is_remote = all(source.startswith(_REMOTE) for source in copy.sources)
    if copy.checksum and (len(copy.sources) != 1 or not is_remote):
        problem = "--checksum is for a single source from elsewhere"
        raise Refusal(problem, "name one address, or take it out", "--checksum")


def _one(flags: Mapping[str, tuple[str, ...]], name: str) -> str:
    return flags.get(name, ("",))[0]


def _is_on(flags: Mapping[str, tuple[str, ...]], name: str) -> bool:
    return _one(flags, name).lower() == "true"


def _run(instruction: Instruction, scope: Scope, find: Finder) -> Run:
    flags = values_of(instruction)
    mounts = [read_mount(written, scope.word) for written in flags.get("mount", ())]
    command, shell, shown = _script(instruction, scope.shell)
    return Run(
        line=instruction.line,
        text=scope.shown(shown, is_script=True),
        command=command,
        shell=shell,
        is_exec=instruction.is_json,
        mounts=tuple(_found(mount, scope.folder, find) for mount in mounts),
        heredocs=instruction.heredocs,
        network=_one(flags, "network") or "default",
        security=_one(flags, "security") or "sandbox",
        environment=scope.environment,
    )


def _found(mount: Mount, folder: str, find: Finder) -> Mount:
    target = posixpath.normpath(posixpath.join("/", folder, mount.target))
    if target == "/" and mount.kind not in ("secret", "ssh"):
        raise Refusal("a mount cannot take the place of '/'", "write target=PATH", "--mount")
    number = find(mount.source_stage) if mount.source_stage else None
    return dataclasses.replace(mount, source_number=number)


def _script(instruction: Instruction, shell: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    """The command of RUN, what reads it, and the instruction as it is shown."""
    bare = _bare(instruction)
    if instruction.is_json:
        return shlex.join(instruction.words), (), bare
    command = instruction.words[0] if instruction.words else ""
    if not instruction.heredocs:
        return command, shell, bare
    first = instruction.heredocs[0]
    if heredoc_of(command) is None:
        documents = [f"\n{heredoc.content}{heredoc.name}" for heredoc in instruction.heredocs]
        return "".join([command, *documents]), shell, bare
    script = _TABS.sub("", first.content) if first.strips_tabs else first.content
    if script.startswith("#!"):
        shell = tuple(script[2:].partition("\n")[0].split())
    return script, shell, f"{bare} ({_summary(first.content)})"


def _summary(script: str) -> str:
    first, *others = script.strip(SPACES).replace("\r\n", "\n").split("\n")
    return first + ("..." if others else "")
