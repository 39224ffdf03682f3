"""One thing that is wrong with a tree, as it is found; where it is written is said later."""

from typing import NamedTuple

from sim.spec.document import Path

UNRESOLVED = "\0unresolved"
"""Stands in a tree for what a name should have stood for; that fault is told already."""


class Finding(NamedTuple):
    """One thing that is wrong with a tree, at a path in it; or at the key, for an unknown one."""

    path: Path
    problem: str
    remedy: str = ""
    at_key: bool = False
