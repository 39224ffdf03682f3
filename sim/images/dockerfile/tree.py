"""What stands in a Dockerfile, before any variable is expanded."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A document that stands below its instruction, up to a line that is its name alone.

    Its content is as written; `strips_tabs` says that leading tabs do not count, and `expands`
    that variables in it do.
    """

    name: str
    content: str
    expands: bool
    strips_tabs: bool


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with its lines joined; `line` to `last_line` is where it stands.

    `original` is the joined line, `flags` are as written and `words` what the instruction is
    about; those of ENV and LABEL are names and values by turns. The `trigger` of ONBUILD is the
    instruction that it keeps for later.
    """

    keyword: str
    line: int
    last_line: int
    original: str
    flags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_json: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    trigger: "Instruction | None" = None


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile as written: the directives at its top, its instructions, and all its lines."""

    file: str
    directives: Mapping[str, str]
    instructions: tuple[Instruction, ...]
    lines: tuple[str, ...]

    @property
    def escape(self) -> str:
        """The character that continues lines and takes the meaning of the one after it."""
        return self.directives.get("escape", "\\")
