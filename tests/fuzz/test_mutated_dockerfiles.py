"""Thousands of damaged Dockerfiles: read as BuildKit reads them, or refused with a reason."""

import random
import re
import time

import pytest
from buildkit import is_read_otherwise, ours, theirs
from dockerfiles import DOCKERFILES, WRONG

from sim.errors import ScenarioError
from sim.images.dockerfile import parse, stages

_TEXTS = 3000
_SLOWEST_S = 4.0
_PARTS = [
    *(
        "\\",
        "\n",
        '"',
        "'",
        "$",
        "${",
        "}",
        "<<EOF",
        "EOF\n",
        "<<-",
        '<<"',
        "--from=",
        "--",
        "[",
        "]",
    ),
    *('[""]', " ", "\t", "#", "# escape=`\n", "`", "=", ",", "FROM ", "RUN ", "ENV ", "ONBUILD "),
    *("COPY ", "ARG ", "HEALTHCHECK ", "LABEL ", "\r", "\u3000", "\x1c", "é", ":-", "%", "/", "AS"),
    *("{", "\v", "0", "--mount=", "type=cache", "${X:?", "\n\n", "\\\n"),
]
_SHORT = [text for text in (*DOCKERFILES.values(), *WRONG.values()) if len(text) < 3000]
_OF_LATER_STEPS = re.compile(
    "there is no instruction|stands before the first FROM|words where|has no flag|has only a|"
    "has neither|cannot be|says nothing|has no value|no image is made|cannot be named|has to be|"
    "stands here twice|without a name|cannot keep|has no command|words after it|empty path|"
    "cannot copy into|quotes of a mount"
)
"""What BuildKit refuses as well, but after its parser, which is all that the package shows."""


def _damaged(chance: random.Random) -> str:
    text = chance.choice(_SHORT)
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        text = chance.choice(_EDITS)(chance, text)
    return text


def _insert(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_PARTS) + text[at:]


def _cut(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(1, 8) :]


def _end(chance: random.Random, text: str) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _change(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chr(chance.choice([chance.randrange(1, 128), 0x4E00])) + text[at + 1 :]


def _move(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return "\n".join(lines)


def _copy(chance: random.Random, text: str) -> str:
    at, other = chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)
    return text[:at] + text[other : other + chance.randrange(20)] + text[at:]


_EDITS = (_insert, _insert, _cut, _end, _change, _move, _copy)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_as_buildkit_reads_it_or_refused(seed: int) -> None:
    chance = random.Random(f"dockerfiles {seed}")
    slowest = 0.0
    for _ in range(_TEXTS // 4):
        text = _damaged(chance)
        begin = time.perf_counter()
        _check(text)
        slowest = max(slowest, time.perf_counter() - begin)
    assert slowest < _SLOWEST_S


def _check(text: str) -> None:
    wanted = theirs(text)
    try:
        found = ours(text)
    except ScenarioError as error:
        assert all(fault.problem and fault.remedy for fault in error.faults)
        assert all(fault.line for fault in error.faults) or "no image is made" in str(error)
        is_later = any(_OF_LATER_STEPS.search(fault.problem) for fault in error.faults)
        assert wanted is None or is_later or is_read_otherwise(text), text
        return
    assert found == wanted or is_read_otherwise(text), text
    try:
        stages(parse(text, "Dockerfile"))
    except ScenarioError as error:
        assert all(fault.line for fault in error.faults)


def _hostile() -> dict[str, str]:
    doubling = "".join(f"ENV A{n + 1}=$A{n}$A{n}\n" for n in range(100))
    return {
        "doubling": f"FROM a\nENV A0=xxxxxxxx\n{doubling}",
        "nested": "FROM a\nENV A=" + "${B:-" * 10_000 + "}" * 10_000,
        "open braces": "FROM a\nRUN " + "${" * 30_000,
        "quotes": "FROM a\nENV A=" + "'\"" * 30_000,
        "backslashes": "FROM a\nENV A=" + "\\" * 60_000,
        "one word of two megabytes": "FROM a\nENV A=" + ("x" * 60_000 + "\\\n") * 32,
        "heredocs": "FROM a\nRUN " + "<<A " * 10_000 + "\n" + "A\n" * 10_000,
        "flags": "FROM a\nRUN" + " --mount=type=cache,target=/x" * 2000 + " y",
        "unknown flags": "FROM a\nRUN" + "".join(f" \\\n--a{n}=b" for n in range(50_000)),
        "deep JSON": "FROM a\nRUN " + "[" * 60_000,
        "words": "FROM a\nCOPY " + "a " * 30_000,
        "stages": "".join(f"FROM a{n} AS a{n + 1}\nENV b{n}=c\n" for n in range(900)),
        "ONBUILD": "FROM a\n" + "ONBUILD " * 8000 + "RUN a",
        "variables": "FROM a\n" + "".join(f"ENV a{n}=b\nRUN $a{n}\n" for n in range(950)),
        "blank continuation": "FROM a\nRUN a \\\n" + "\n" * 200_000 + "b",
        "many lines": "FROM a\n" + "X\n" * 200_000,
        "no end": "FROM a\nRUN <<A\n" + "x\n" * 200_000,
    }


@pytest.mark.parametrize("name", _hostile())
def test_a_hostile_file_is_read_or_refused_soon(name: str) -> None:
    text = _hostile()[name]
    begin = time.perf_counter()
    try:
        stages(parse(text, "Dockerfile"))
    except ScenarioError as error:
        assert len(str(error)) < 100_000
    assert time.perf_counter() - begin < 5 * _SLOWEST_S
