"""The blocks of a page of the guide, and what each is for, as a comment above it says.

Nothing of a page is passed over: a block whose use is not told, or not known, is an error.

    sh      run in the page's folder; `ends with: N` is the status that it must end with, `set up`
            is what the README says as well, `elsewhere` needs another machine and is only parsed
    text    what the block before it prints; `prints: A | B` those parts of what the terminal shows
            that begin so
    yaml    `file: NAME` is that file, `change: NAME` is laid over it for good, and `part of: NAME`
            only to see that it fits there
    csv     `file: NAME` is that file; so are dockerfile, json and js
    python  run, with what the page's earlier blocks have defined
    r       `elsewhere`: there is no R to run it with
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "sim" / "guide"
REFERENCE = GUIDE / "reference"

_BLOCK = re.compile(
    r"(?:^<!-- (?P<use>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
_USES = {
    "sh": {"", "ends with", "set up", "elsewhere"},
    "text": {"", "prints"},
    "yaml": {"file", "change", "part of"},
    "csv": {"file"},
    "dockerfile": {"file"},
    "json": {"file"},
    "js": {"file"},
    "python": {""},
    "r": {"elsewhere"},
}


@dataclass(frozen=True)
class Block:
    """A fenced block: what it is for, and where its text stands on the page."""

    language: str
    use: str
    argument: str
    text: str
    start: int
    end: int
    line: int


def written_pages() -> list[Path]:
    """The pages that people wrote, which is all but the reference."""
    return sorted(path for path in GUIDE.rglob("*.md") if REFERENCE not in path.parents)


def blocks(page: str) -> Iterator[Block]:
    """Find the blocks of a page. Raises: ValueError for one whose use is not known."""
    for found in _BLOCK.finditer(page):
        use, _, argument = (part.strip() for part in (found["use"] or "").partition(":"))
        line = page.count("\n", 0, found.start("text"))
        if use not in _USES.get(found["language"], ()):
            raise ValueError(f"line {line}: no {found['language']!r} block is for {use!r}")
        start, end = found.span("text")
        yield Block(found["language"], use, argument, found["text"], start, end, line)


def fences(page: str) -> int:
    """How many blocks a page has, whatever they are."""
    return len(re.findall(r"^```", page, re.M)) // 2
