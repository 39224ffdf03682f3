"""An image: an ordered list of layers, each known by its content."""

from typing import Literal

from pydantic import Field

from sim.spec.ports import ListenedPort
from sim.spec.quantity import CitedSize, Model, Name

LayerKind = Literal["os", "runtime", "application"]

System = Literal["linux", "macos", "windows"]
"""The operating systems whose kernels are told apart."""


class Layer(Model):
    """A layer of files: bytes on the wire, and bytes once unpacked.

    `kind` tells what the files are for: `runtime` and `application` belong to the workload on
    every platform, `os` is what an image brings of an operating system's userland. A `path` is
    where its files lie, in which a file system has room for one content alone.
    """

    kind: LayerKind
    path: str = ""
    compressed: CitedSize
    unpacked: CitedSize


class Image(Model):
    """Layers from the lowest to the highest, by name; equal names are equal content.

    Its programs are made for the kernel of a `system`. `reference` is what registries know it by,
    in full: the repository, and a tag of all the words that tell it from the others there.
    `command` is what it runs, and `expose` are the ports that it says to listen on, which alone
    makes none of them reached.
    """

    name: Name
    title: str
    reference: str = ""
    system: System = "linux"
    layers: dict[str, Layer] = Field(min_length=1)
    command: str = Field(default="", max_length=1000)
    expose: list[ListenedPort] = []
    notes: str = ""
