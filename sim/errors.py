"""What Tare tells a user who asked for what it cannot do: problem, place and remedy."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import ClassVar

_LONGEST_SHOWN = 60
_MOST_NAMES_LISTED = 12
_SHORTEST_PART = 2
_CLOSE, _SLIP = 0.6, 0.9
"""How alike a word and a name are where it may mean it, and where it hardly means another."""


class TareError(Exception):
    """Everything that is told to a user in words, without a traceback.

    `problem` says what is wrong and `remedy` what would be right; `exit_status` is the command's.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return _sentence(self.problem, self.remedy)


class OutputError(TareError):
    """Results that could not be written: a full disk, a folder that is not ours to write."""


class UsageError(TareError):
    """A command or a call that asks for something which does not exist or does not fit."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file, with the place where it stands; lines and columns from 1.

    Its text is `FILE:LINE:COLUMN: path: what is wrong; what would be right`, without what is
    unknown.
    """

    problem: str
    remedy: str = ""
    file: str = field(default="", kw_only=True)
    line: int | None = field(default=None, kw_only=True)
    column: int | None = field(default=None, kw_only=True)
    path: str = field(default="", kw_only=True)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        said = _sentence(self.problem, self.remedy)
        return ": ".join(part for part in (place, self.path, said) if part)


class ScenarioError(TareError):
    """A scenario that is wrong, missing or unreadable, with all its faults, a line each."""

    exit_status = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


def nearest(word: str, known: Iterable[str], likeness: float = _CLOSE) -> str | None:
    """Find the known name that a mistyped word is closest to, if any is close, whatever its case.

    The answer does not depend on the order of the names.
    """
    if len(word) > _LONGEST_SHOWN:
        return None
    by_folded = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=likeness)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], whole_list: str = "") -> str:
    """Say which known names a mistyped word may stand for, or else which names there are.

    They keep their order, but for those of a set, which has none. Where there are too many to
    tell, `whole_list` is the command that does.
    """
    names = [*dict.fromkeys(sorted(known) if isinstance(known, AbstractSet) else known)]
    meant = _meant(word, names)
    told = (meant or names)[:_MOST_NAMES_LISTED]
    is_cut = len(meant or names) > len(told)
    listed = f"did you mean {_alternatives(told, is_cut)}?" if meant else _known(told, is_cut)
    return listed + (f"; `{whole_list}` shows all" if is_cut and whole_list else "")


def _meant(word: str, names: Sequence[str]) -> list[str]:
    """The one name of which a word is a slip; those that contain it; or the one that is closest."""
    slip = nearest(word, names, _SLIP)
    found = [slip] if slip else _containing(word.casefold(), names)
    return found or [close for close in (nearest(word, names),) if close]


def _containing(folded: str, names: Sequence[str]) -> list[str]:
    """The names that contain a word, those of which it is a whole part first."""
    if len(folded) < _SHORTEST_PART:
        return []
    found = [name for name in names if folded in name.casefold()]
    return sorted(found, key=lambda name: folded not in re.split("[-_.]", name.casefold()))


def _alternatives(names: Sequence[str], is_cut: bool) -> str:
    quoted = [repr(name) for name in names]
    if is_cut:
        return ", ".join([*quoted, "…"])
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _known(names: Sequence[str], is_cut: bool) -> str:
    return "known: " + ", ".join([*names, *(["…"] if is_cut else [])])


def shown(value: object) -> str:
    """Write a user's value into a message as the file would have it, on one line and cut short."""
    match value:
        case None | bool():
            return "null" if value is None else str(value).lower()
        case dict():
            return f"a mapping of {len(value)}"
        case list() | tuple():
            return f"a list of {len(value)}"
        case int() if abs(value) >= 10**_LONGEST_SHOWN:
            return f"a number of over {_LONGEST_SHOWN} digits"
        case float():
            value = float(value)  # numpy's own floats name their type
        case str() if len(value) > _LONGEST_SHOWN:
            value = value[:_LONGEST_SHOWN] + "…"
    return repr(value)


def _sentence(problem: str, remedy: str) -> str:
    return f"{problem}; {remedy}" if remedy else problem
