"""Which program gave a result: what of Tare, Python and the libraries decides about numbers."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parents[2]
_ROOMS = ("catalog", "images", "model", "records", "resources", "spec", "units")
_DOORS = ("simulation.py", "studies/sweeps/simulated.py", "studies/sweeps/warming.py")
_LIBRARIES = ("numpy", "pandas", "pydantic", "scipy", "simpy")


@cache
def program() -> str:
    """The digest of the sources that runs pass through, and of the versions beneath them.

    What reads or shows results is no part of it, nor are the catalog's numbers, which stand in each
    scenario.
    """
    digest = sha256(platform.python_version().encode())
    for library in _LIBRARIES:
        digest.update(f" {library} {version(library)}".encode())
    for source in _sources():
        digest.update(source.relative_to(_PACKAGE).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (_PACKAGE / door for door in _DOORS)
    for room in _ROOMS:
        yield from sorted((_PACKAGE / room).rglob("*.py"))
