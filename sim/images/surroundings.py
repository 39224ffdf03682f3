"""Where a command of RUN stands: its folder, the files around it, and what ran before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from posixpath import join, normpath

_HOME = join("/", "root")
"""Where `~` is, unless the environment has another HOME."""


def _none(path: str) -> None:
    return None


def _no_sizes(path: str) -> Mapping[str, int]:
    return {}


def _nothing(path: str) -> int:
    return 0


@dataclass(frozen=True)
class Surroundings:
    """What a command finds.

    `read` gives the content of a file that was copied, by its absolute path; `sizes` the files that
    were copied into a folder, by path; `held` all bytes that the stage has put there so far.
    `earlier` are the commands of the stage before it. What it leaves below a path that is `mounted`
    is in no layer.
    """

    folder: str = "/"
    read: Callable[[str], bytes | None] = _none
    sizes: Callable[[str], Mapping[str, int]] = _no_sizes
    held: Callable[[str], int] = _nothing
    environment: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    mounted: tuple[str, ...] = ()

    def path(self, name: str) -> str:
        """The absolute path that a name means here."""
        home = self.environment.get("HOME", _HOME)
        whole = re.sub(r"^(~|\$HOME|\$\{HOME\})(?=/|$)", lambda _: home, name)
        return "/" + normpath(join("/", self.folder, whole)).lstrip("/")

    def text(self, name: str) -> str:
        """The text of a file that was copied, or none."""
        found = self.read(self.path(name))
        return "" if found is None else found.decode("utf-8", "replace")

    def moved(self, name: str) -> Surroundings:
        """The same after `cd`."""
        return replace(self, folder=self.path(name))


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
