"""What a user states that a RUN costs: in a comment above it, or in a file beside the Dockerfile.

    # tare: compute 3 core-s, download 20 MB, write 50 MB
    RUN make

The file holds such parts by how the command begins: `make: {compute: 3 core-s, write: 50 MB}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.errors import Fault, ScenarioError, TareError, did_you_mean, shown
from sim.images.costs import Cost
from sim.spec.build import Work
from sim.spec.document import Document, Tree
from sim.spec.reader import read_yaml_text
from sim.units import CPU_WORK, DURATION, NUMBER, SIZE, Dimension, parse_quantity

STATED = "stated"
"""The rule of a step whose cost a user states."""

BESIDE = ".costs.yaml"
"""What the name of the file beside a Dockerfile has after the Dockerfile's own."""

_PARTS: Mapping[str, Dimension] = {
    "wait": DURATION,
    "round_trips": NUMBER,
    "download": SIZE,
    "connections": NUMBER,
    "read": SIZE,
    "compute": CPU_WORK,
    "threads": NUMBER,
    "write": SIZE,
}
_MOST = {"connections": 1000, "threads": 1024}
_COMMENT = re.compile(r"^[ \t]*#[ \t]*tare:(?P<parts>.*)$", re.IGNORECASE)
_USUAL = "write such as `compute 3 core-s, download 20 MB, write 50 MB`"


def stated_in_comments(text: str, file: str) -> dict[int, Cost]:
    """What comments state, by the line of the instruction that follows them.

    Raises ScenarioError with all faults, each at its line and column.
    """
    found: dict[int, Cost] = {}
    faults: list[Fault] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        comment = _COMMENT.match(line)
        if comment is None:
            continue
        target = _followed(lines, number)
        if target is None:
            remedy = "put it on the line above a RUN"
            fault = Fault("no RUN follows this", remedy, file=file, line=number, column=1)
            faults.append(fault)
            continue
        try:
            found[target] = _cost(_split(comment["parts"]))
        except _Wrong as wrong:
            column = max(line.find(wrong.at, comment.start("parts")), 0) + 1
            faults.append(Fault(wrong.problem, wrong.remedy, file=file, line=number, column=column))
    if faults:
        raise ScenarioError(faults)
    return found


def _followed(lines: list[str], number: int) -> int | None:
    """The line of the RUN that stands right below a comment, other comments between them."""
    for below, line in enumerate(lines[number:], start=number + 1):
        if re.match(r"[ \t]*RUN\b", line, re.IGNORECASE):
            return below
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return None


@dataclass(frozen=True)
class Beside:
    """What the file beside a Dockerfile states, by how a command begins."""

    document: Document
    costs: Mapping[str, Cost]

    def cost(self, command: str) -> Cost | None:
        """What is stated for a command: by the longest of the texts that it begins with."""
        plain = _plain(command)
        fitting = [start for start in self.costs if plain.startswith(_plain(start))]
        return self.costs[max(fitting, key=lambda each: len(_plain(each)))] if fitting else None

    def check(self, commands: list[str]) -> None:
        """Raise ScenarioError where something is stated for which there is no command."""
        plain = [_plain(command) for command in commands]
        unused = [
            start
            for start in self.costs
            if not any(command.startswith(_plain(start)) for command in plain)
        ]
        faults = [
            self._fault(start, f"no RUN begins with {shown(start)}", did_you_mean(start, plain))
            for start in unused
        ]
        if faults:
            raise ScenarioError(faults)

    def _fault(self, start: str, problem: str, remedy: str) -> Fault:
        return self.document.fault((start,), problem, remedy, at_key=True)


def read_beside(text: str, file: str) -> Beside:
    """Read the file beside a Dockerfile.

    Raises ScenarioError with all that is wrong with it.
    """
    remedy = "write `npm ci: {compute: 3 core-s}`"
    if not text.strip():
        raise ScenarioError([Fault("it states nothing", remedy, file=file)])
    document = read_yaml_text(text, file)
    if not isinstance(document.tree, dict):
        problem = "this is no mapping of commands to what they cost"
        raise ScenarioError([document.fault((), problem, remedy)])
    costs: dict[str, Cost] = {}
    faults: list[Fault] = []
    for start, parts in document.tree.items():
        try:
            costs[start] = _cost([*_pairs(parts)])
        except _Wrong as wrong:
            path = (start, wrong.key) if wrong.key else (start,)
            faults.append(document.fault(path, wrong.problem, wrong.remedy))
    if faults:
        raise ScenarioError(faults)
    return Beside(document, costs)


class _Wrong(Exception):
    """A part that is wrong, `at` a piece of the text or under a `key`."""

    def __init__(self, problem: str, remedy: str, at: str, key: str = "") -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.at, self.key = problem, remedy, at, key


def _split(text: str) -> list[tuple[str, str]]:
    """`compute 3 core-s, write 50 MB` as pairs of a part and its value."""
    pairs: list[tuple[str, str]] = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        match = re.fullmatch(r"([A-Za-z]+(?:[ _-][A-Za-z]+)?)[ \t:=]+([\d.+-].*)", part)
        if match is None:
            raise _Wrong(f"{shown(part)} is not a part and a quantity", _USUAL, part)
        pairs.append((re.sub("[ -]", "_", match[1].lower()), match[2]))
    if not pairs:
        raise _Wrong("nothing is stated", _USUAL, "tare:")
    return pairs


def _pairs(parts: Tree) -> Iterator[tuple[str, Tree]]:
    if not isinstance(parts, dict) or not parts:
        raise _Wrong(f"{shown(parts)} is no mapping of parts", _USUAL, "")
    yield from parts.items()


def _cost(pairs: list[tuple[str, str]] | list[tuple[str, Tree]]) -> Cost:
    values: dict[str, float] = {}
    for key, value in pairs:
        if key not in _PARTS:
            remedy = did_you_mean(key, _PARTS)
            raise _Wrong(f"{shown(key)} is no part of a cost", remedy, key, key)
        if key in values:
            raise _Wrong(f"{key} is stated twice", "keep one of the two", key, key)
        values[key] = _quantity(key, value)
    work = Work.model_validate(values)
    return Cost(STATED, work, work.write)


def _quantity(key: str, value: Tree) -> float:
    dimension = _PARTS[key]
    is_bare = dimension is NUMBER and isinstance(value, str)
    try:
        found = parse_quantity(_bare(str(value)) if is_bare else value, dimension)
    except TareError as error:
        raise _Wrong(error.problem, error.remedy, str(value), key) from None
    if key not in _MOST:
        return found
    if not (found.is_integer() and 1 <= found <= _MOST[key]):
        remedy = f"write a whole number from 1 to {_MOST[key]}"
        raise _Wrong(f"{shown(value)} {key} cannot be", remedy, str(value), key)
    return int(found)


def _bare(text: str) -> str | float:
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else text


def _plain(text: str) -> str:
    """A command with single blanks, without the word RUN."""
    words = text.replace("\\\n", " ").split()
    return " ".join(words[1:] if words[:1] in (["RUN"], ["run"]) else words)
