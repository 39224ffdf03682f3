"""A build as data: its steps in order, which of them are cached, and what the others ask for.

What a Dockerfile and its context come to is worked out as a scenario is read; a run performs it.
"""

from typing import Literal

from pydantic import Field, model_validator

from sim.spec.image import Image
from sim.spec.quantity import Duration, Model, SpecError

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
    build cache, by which a layer of `layer` bytes is known. Its `work` is what it asks for where it
    is not `cached`, by a `rule` of the catalog. A base has an `image`, which is pulled even where
    images are present if it `is_new`.
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
    image: Image | None = None
    is_new: bool = False


class Build(Model):
    """One build after a `change`, or the first, after none.

    `context` is what is sent to the builder, in bytes, and `image` the unpacked size of what comes
    out of it: its `base`, and on it `layers` of so many bytes, by their keys.
    """

    change: str | None = None
    context: int = Field(default=0, ge=0)
    image: int = Field(default=0, ge=0)
    base: Image | None = None
    layers: dict[str, int] = {}
    steps: list[Step] = Field(min_length=1)

    @model_validator(mode="after")
    def _needs_before(self) -> "Build":
        for number, step in enumerate(self.steps):
            late = next((need for need in step.needs if not 0 <= need < number), None)
            if late is not None:
                problem = f"step {number}, {step.name!r}, needs step {late}, which is not before it"
                raise SpecError(problem, "name steps before it by their numbers, from 0")
        return self


class Builds(Model):
    """What each instance of a group builds once it is ready, and after which changes again.

    A `dockerfile` with its `context`, the folder that it lies in unless another is given; up to a
    `target`, with `arguments`, and other images for `bases` that nobody knows. Then once more after
    each of the `changes`, all of them `repeat` times over; each build begins `every` so often, or
    at once where the last one took longer. Once loaded, they are their `runs`.
    """

    dockerfile: str | None = None
    context: str | None = None
    target: str | None = None
    arguments: dict[str, str] = {}
    bases: dict[str, str] = {}
    changes: list[str] = []
    repeat: int = Field(default=1, ge=1, le=1000)
    every: Duration = 0.0
    runs: list[Build] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "Builds":
        if (self.dockerfile is None) == (not self.runs):
            raise SpecError("nothing says what is built", "write dockerfile: ./Dockerfile")
        return self
