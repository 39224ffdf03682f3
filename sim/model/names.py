"""What instances are called: ids, and names where the scenario gives them none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sim.model.streams import stream

ADJECTIVES = (
    "able ample apt bold brave brisk calm candid careful cheerful civil clear clever cool cosy "
    "daring deft eager earnest exact fair fearless fine firm frank gentle glad graceful handy "
    "hardy honest humble keen kind lively loyal lucid merry mild modest neat nimble patient placid "
    "polite prompt quick quiet ready robust serene sharp sincere sound spry steady sturdy subtle "
    "sunny swift tidy upright vivid warm wise witty zesty"
)
"""What goes before the surname of a name that is drawn, a blank between them."""

SURNAMES = (
    "amdahl archimedes babbage backus bardeen bell boole borg brunel cerf clarke codd conway curie "
    "daimler dean diesel dijkstra edison eiffel engelbart erlang euler faraday franklin gauss "
    "goldberg hamilton hamming hertz hoare hopper jacquard johnson kahn kay kelvin kilby knuth "
    "lamarr lamport leibniz liskov lovelace maxwell meitner morse neumann noether nyquist ohm "
    "pascal perlman popek ritchie shannon siemens stephenson tesla thompson torvalds turing volta "
    "watt wiener wilkes wirth zuse"
)
"""Engineers and scientists whose work computers rest on."""

_SHOWN = 12


def identifier(seed: int, replication: int, instance: str) -> str:
    """The id of an instance as it is shown, twelve hexadecimal digits."""
    key = f"{seed}/{replication}/{instance}"
    return hashlib.sha256(key.encode()).hexdigest()[:_SHOWN]


def given_names(name: str, count: int) -> Iterator[str]:
    """The names of a group that has one: that, or numbered from 1 where there are several."""
    return iter([name] if count == 1 else [f"{name}-{number + 1}" for number in range(count)])


def drawn_names(seed: int, replication: int, group: str, count: int) -> Iterator[str]:
    """Names for a group that has none, an adjective and a surname each; some may be equal."""
    adjectives, surnames = ADJECTIVES.split(), SURNAMES.split()
    generator = stream(seed, replication, group, "names")
    draws = generator.integers(0, (len(adjectives), len(surnames)), size=(count, 2))
    for first, second in draws.tolist():
        yield f"{adjectives[first]}_{surnames[second]}"


def told_apart(names: Iterator[str], taken: set[str]) -> Iterator[str]:
    """Put a number behind each name that is taken, and take it."""
    for name in names:
        free = name
        number = 0
        while free in taken:
            number += 1
            free = f"{name}{number}"
        taken.add(free)
        yield free
