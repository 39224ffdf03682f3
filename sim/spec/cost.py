"""What the commands of a Dockerfile's RUN cost: rules by program, in bytes and core-seconds."""

from typing import Annotated, Literal

from pydantic import Field

from sim.spec.quantity import (
    IN_ORDER,
    CitedDuration,
    CitedFactor,
    CitedSize,
    CitedWork,
    Model,
    Name,
    nothing,
    one,
)

Counted = Literal[
    "nothing",
    "names",
    "addresses",
    "node-packages",
    "python-packages",
    "go-modules",
    "cargo-packages",
    "java-dependencies",
    "source-megabytes",
    "named-megabytes",
]
"""What a command acts on: nothing; names or addresses that stand in it; the packages that a lock
file or a list in the image names; megabytes of the source files around it, in whole blocks, or of
the files that it names."""


class Amounts(Model):
    """What something asks of the machine; `write` is what it leaves, `download` what it fetches."""

    wait: CitedDuration = nothing("s")
    round_trips: CitedFactor = nothing()
    download: CitedSize = nothing("B")
    read: CitedSize = nothing("B")
    compute: CitedWork = nothing("core-s")
    write: CitedSize = nothing("B")


class Action(Model):
    """What a program does when one of its `words` stands in the command, or, without any, always.

    It asks for what is `fixed`, and for `each` thing that it counts, or what is `known` of a thing
    by its name, with all that it brings. `usual` things come with one that is named and not known;
    with one of the flags of `fewer`, it is `least`, and `lean` goes before `known`. What it writes
    lies in `into`, or where the line says so after a flag of `into_after`, and what it downloads is
    kept in `cache` too, unless one of the flags of `keeps_nothing` is there.

    An action that does a thing `once` does it no more where an earlier command of the stage has.
    One that `empties` takes away what the program's actions of the same line have kept in their
    caches. One that `runs` a script takes that from package.json.
    """

    words: list[str] = []
    counts: Counted = "nothing"
    fixed: Amounts = Amounts()
    each: Amounts = Amounts()
    known: Annotated[dict[str, Amounts], IN_ORDER] = {}
    lean: Annotated[dict[str, Amounts], IN_ORDER] = {}
    usual: CitedFactor = one()
    least: CitedFactor = one()
    fewer: list[str] = []
    threads: int = Field(default=1, ge=1, le=1024)
    connections: int = Field(default=1, ge=1, le=1000)
    into: str = ""
    into_after: list[str] = []
    cache: str = ""
    keeps_nothing: list[str] = []
    once: str = ""
    empties: bool = False
    runs: bool = False


class CostRule(Model):
    """What the commands of some `programs` cost: each of the actions that a command asks for."""

    name: Name
    title: str
    programs: list[str]
    actions: dict[str, Action] = Field(min_length=1)
    notes: str = ""
