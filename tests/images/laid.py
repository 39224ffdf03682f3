"""Folders for tests, as the recorded builds had them."""

import os
from collections.abc import Mapping
from pathlib import Path

LAID = 1_700_000_000_123_456_789
"""The modification time of everything in them, in nanoseconds."""

LINK, NAME = "-> ", "== "


def lay(folder: Path, files: Mapping[str, str]) -> None:
    """Lay files into a folder; `-> x` is a link to x, `== x` a further name of x, `x/` a folder."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            place.mkdir(exist_ok=True)
        elif content.startswith(LINK):
            place.symlink_to(content.removeprefix(LINK))
        elif content.startswith(NAME):
            place.hardlink_to(folder / content.removeprefix(NAME))
        else:
            place.write_text(content)
            place.chmod(0o644)
    for around, folders, names in os.walk(folder):
        for name in (*folders, *names):
            os.utime(Path(around, name), ns=(LAID, LAID), follow_symlinks=False)
