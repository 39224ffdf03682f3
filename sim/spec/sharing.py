"""With how many others an instance shares what the boundaries around it bring."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a list of names counts sharers as well, and loads no models
    from sim.spec.platform import Scope


def shared_by(stack: Iterable[tuple[Scope, bool]], count: float) -> float:
    """How many of `count` instances on one host share what the innermost bringer brings.

    `stack` has the scope of each boundary, outermost first, and whether it brings what is asked
    about. What none brings is the host's, and all have it; two in different boundaries of an outer
    kind share nothing further in.
    """
    together, share = count, count
    for scope, brings in stack:
        together = min(together, _most(scope))
        share = together if brings else share
    return share


def _most(scope: Scope) -> float:
    """How many instances may be in one boundary of that scope."""
    if scope == "host":
        return inf
    return 1 if scope == "instance" else scope
