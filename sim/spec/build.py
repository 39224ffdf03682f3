"""A build as data: its steps in order, which of them are cached, and what the others ask for.

What a Dockerfile and its context come to is worked out before a run; a run performs it.
"""

from typing import Literal

from pydantic import Field

from sim.spec.quantity import Model

StepKind = Literal["internal", "base", "folder", "copy", "run", "export"]
"""What a step does: the builder's own steps, a base image, WORKDIR, COPY and ADD, RUN, the end."""


class Work(Model):
    """What a step asks of the machine that performs it, in this order.

    `wait` seconds of nothing but time; `round_trips` to servers outside, one after the other;
    `download` bytes from them over so many `connections`; `read` bytes of files that are there;
    `compute` core-seconds of the reference core on up to `threads` threads; `write` bytes.
    """

    wait: float = Field(default=0.0, ge=0)
    round_trips: float = Field(default=0.0, ge=0)
    download: int = Field(default=0, ge=0)
    connections: int = Field(default=1, ge=1, le=1000)
    read: int = Field(default=0, ge=0)
    compute: float = Field(default=0.0, ge=0)
    threads: int = Field(default=1, ge=1, le=1024)
    write: int = Field(default=0, ge=0)


class Step(Model):
    """One step of a build, named as BuildKit would; line 0 is the builder's own.

    It begins once the steps that it `needs` are over, by their numbers. `key` is its key in the
    build cache, by which a layer of `layer` bytes is known; `rule` names the rule of the catalog
    that its work is from.
    """

    line: int = Field(ge=0)
    name: str
    kind: StepKind
    needs: list[int] = []
    key: str = ""
    cached: bool = False
    rule: str = ""
    layer: int = Field(default=0, ge=0)
    work: Work = Work()


class Build(Model):
    """One build after a `change`, or the first, after none.

    `context` is what is sent to the builder, in bytes, and `image` the unpacked size of what comes
    out of it, its base included.
    """

    change: str | None = None
    context: int = Field(default=0, ge=0)
    image: int = Field(default=0, ge=0)
    steps: list[Step] = Field(min_length=1)
