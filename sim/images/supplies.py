"""What a plan of a build takes from elsewhere: base images, costs of commands, and rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from sim.images.costs import Cost
from sim.images.surroundings import Surroundings
from sim.spec.build import Work
from sim.spec.image import Image


@dataclass(frozen=True, slots=True)
class BaseImage:
    """An image that a stage starts from: its full name, the digest that stands for its content,
    its bytes unpacked, and the image itself if it is more than a name."""

    name: str
    digest: str
    size: int = 0
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """What a step asks for: a fixed part, and for each of its bytes so many to read and to write,
    and so many core-seconds."""

    fixed: Work = field(default_factory=Work)
    read: float = 0.0
    write: float = 0.0
    compute: float = 0.0

    def of(self, size: int) -> Work:
        """The work of a step of so many bytes."""
        more = {
            "read": self.fixed.read + round(self.read * size),
            "write": self.fixed.write + round(self.write * size),
            "compute": self.fixed.compute + self.compute * size,
        }
        return self.fixed.model_copy(update=more)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the builder's own steps ask for. A layer that holds nothing but a new folder has
    `folder_bytes`. The layers of copies are counted in blocks of `block` bytes, as the store of
    containerd does, or by the bytes of their files, where it is 0."""

    definition: Rate = field(default_factory=Rate)
    ignore: Rate = field(default_factory=Rate)
    metadata: Rate = field(default_factory=Rate)
    context: Rate = field(default_factory=Rate)
    base: Rate = field(default_factory=Rate)
    folder: Rate = field(default_factory=Rate)
    copy: Rate = field(default_factory=Rate)
    export: Rate = field(default_factory=Rate)
    folder_bytes: int = 0
    block: int = 0


class Supplies(Protocol):
    """Where a plan gets what is not in the Dockerfile and its context."""

    @property
    def rates(self) -> Rates:
        """What the builder's own steps ask for."""
        ...

    def base(self, reference: str) -> BaseImage:
        """The image of a name as FROM has it."""
        ...

    def cost(self, line: int, command: str, around: Surroundings) -> Cost:
        """What the command of a RUN at a line of the Dockerfile comes to, where it stands."""
        ...
