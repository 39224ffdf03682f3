"""What variables hold at a place in a Dockerfile: global arguments, and those of one stage."""

import contextlib
from collections.abc import Mapping
from types import MappingProxyType

from sim.images.dockerfile.commands import Pairs
from sim.images.dockerfile.expansion import Reading, expanded, split_words
from sim.images.dockerfile.refusal import Refusal

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEFAULT_SHELL = ("/bin/sh", "-c")
MOST = 1_000
"""How many variables a stage may have."""

_SYSTEM, _ARCHITECTURE = "linux", "amd64"


def platform_arguments(given: Mapping[str, str], target: str) -> dict[str, str]:
    """The arguments that every file has: the platforms that builds are on and for, and the target.

    What is `given` comes first.
    """
    known = {"TARGETSTAGE": target or "default"}
    for side in ("BUILD", "TARGET"):
        known |= {
            f"{side}PLATFORM": f"{_SYSTEM}/{_ARCHITECTURE}",
            f"{side}OS": _SYSTEM,
            f"{side}OSVERSION": "",
            f"{side}ARCH": _ARCHITECTURE,
            f"{side}VARIANT": "",
        }
    return {name: given.get(name, value) for name, value in known.items()}


class Scope:
    """The variables of a stage as its instructions come, and what its image keeps of them.

    `given` are the build arguments, `outside` the global ones; a stage that is made from another
    begins with what that one ends with.
    """

    def __init__(
        self,
        given: Mapping[str, str],
        outside: Mapping[str, str],
        escape: str,
        before: "Scope | None" = None,
    ) -> None:
        self._given = given
        self._outside = outside
        self._escape = escape
        self._kept: dict[str, str] = dict(before._kept) if before else {}
        held: dict[str, str] = dict(before._values) if before else {}
        self._values: dict[str, str] = {"PATH": _PATH} | held | self._kept
        self.shell: tuple[str, ...] = before.shell if before else DEFAULT_SHELL
        self.folder: str = before.folder if before else "/"

    @property
    def values(self) -> Mapping[str, str]:
        """What variables hold now."""
        return MappingProxyType(self._values)

    @property
    def environment(self) -> Pairs:
        """What a command finds set now, in the order in which it was last set."""
        return tuple(self._values.items())

    def set(self, name: str, value: str) -> None:
        """Give a variable a value, which the image keeps."""
        self._hold(name, value)
        self._kept[name] = value

    def _hold(self, name: str, value: str) -> None:
        self._values.pop(name, None)
        self._values[name] = value
        if len(self._values) > MOST:
            raise Refusal(f"over {MOST} variables are set here", "set fewer", name)

    def argue(self, name: str, default: str | None) -> str | None:
        """Declare an argument and tell its value: the one given, its default, or the global one."""
        value = self._given.get(name)
        if value is None:
            value = self._outside.get(name) if default is None else self.word(default)
        if value is not None:
            self._hold(name, value)
        return value

    def word(self, text: str) -> str:
        """A word with its variables expanded and without quotes."""
        return expanded(text, self._values, Reading(self._escape))

    def words(self, text: str) -> list[str]:
        """The words that a word comes to, which may be several or none."""
        return split_words(text, self._values, Reading(self._escape))

    def document(self, text: str) -> str:
        """A document with its variables expanded, in which quotes are as any other character."""
        return expanded(text, self._values, Reading(ignores_quotes=True))

    def shown(self, text: str, is_script: bool) -> str:
        """An instruction as the builder shows it; in scripts, what only the shell knows stays."""
        reading = Reading(self._escape, keeps_quotes=is_script, keeps_unset=is_script)
        with contextlib.suppress(Refusal):
            text = expanded(text, self._values, reading)
        keyword, space, rest = text.partition(" ")
        return keyword.upper() + space + rest
