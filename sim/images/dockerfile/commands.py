"""What the stages of a Dockerfile do, once variables are expanded."""

from dataclasses import dataclass
from typing import TypeAlias

from sim.images.dockerfile.tree import Heredoc

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and their values, in order."""


@dataclass(frozen=True, slots=True)
class Mount:
    """What RUN sees beside its files: `kind` is bind, cache, tmpfs, secret or ssh.

    `source_stage` is the stage or image that it is from, as written, and `source_number` the
    number of that stage; both are empty for the context.
    """

    kind: str
    source_stage: str
    source: str
    target: str
    identity: str
    sharing: str
    is_read_only: bool
    source_number: int | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """COPY or ADD: files from the context, a stage, an image, an address, or the Dockerfile itself.

    `source_stage` is the stage or image that they are from, as written, and `source_number` the
    number of that stage; both are empty for the context. `heredocs` are expanded. `unpacks` is
    None where ADD decides for itself.
    """

    line: int
    text: str
    keyword: str
    sources: tuple[str, ...]
    destination: str
    source_stage: str = ""
    source_number: int | None = None
    chown: str = ""
    chmod: str = ""
    link: bool = False
    parents: bool = False
    excludes: tuple[str, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    checksum: str = ""
    keeps_git_folder: bool = False
    unpacks: bool | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """RUN: a `command` that its `shell` reads, or, in the exec form, a program and its words.

    `command` is the whole script where it stands in a heredoc; its shell is then the one that the
    script itself names, if it does. In the exec form there is no shell, and `command` is quoted as
    one would. `environment` is what ENV and ARG have set where the command runs.
    """

    line: int
    text: str
    command: str
    shell: tuple[str, ...]
    is_exec: bool = False
    mounts: tuple[Mount, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    network: str = "default"
    security: str = "sandbox"
    environment: Pairs = ()


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """WORKDIR: where what follows is done; a relative path is one below the folder before."""

    line: int
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Environment:
    """ENV: variables that what follows sees, and that the image keeps."""

    line: int
    text: str
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Argument:
    """One name of an ARG: its default, and the value that it has here, if any."""

    line: int
    text: str
    name: str
    default: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """An instruction that adds no files: LABEL, EXPOSE, CMD, USER and their kin, with its words."""

    line: int
    text: str
    keyword: str
    words: tuple[str, ...]


Command: TypeAlias = Copy | Run | WorkFolder | Environment | Argument | Metadata


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and what follows it, by its number in the file from 0.

    `base` is the image or stage that it is from, and `base_number` the number of that stage.
    """

    number: int
    name: str
    base: str
    platform: str
    line: int
    commands: tuple[Command, ...]
    base_number: int | None = None
