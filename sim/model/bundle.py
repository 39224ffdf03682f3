"""What a store must hold before a boundary can be made of it: layers, in order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """A content on a disk: its name, what it counts as, its bytes on the wire and unpacked.

    In a file system that is shared with others, its `path` has room for this content alone.
    """

    content: str
    component: str
    compressed: int
    unpacked: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Lazily:
    """What a start reads of a bundle at once, a span at a time; the rest comes later, or never."""

    read: float
    span: int
    has_rest: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """The layers that a store must hold before a boundary can be made of them.

    They are pulled `parallel` at a time and unpacked in order, at so many bytes a core-second. A
    template is a disk image of its own; the layers of others are shared. What is present was
    pulled before, as were those of its layers that are of `bases`. One that is `mirrored` comes
    through a mirror where there is one, and one that is `lazy` is there before its layers are.
    """

    name: str
    layers: tuple[Layer, ...]
    parallel: int
    unpack: float | None
    is_template: bool
    is_present: bool
    mirrored: bool = True
    lazy: Lazily | None = None
    bases: frozenset[str] = frozenset()

    @property
    def unpacked(self) -> int:
        """Bytes of all layers, unpacked."""
        return sum(layer.unpacked for layer in self.layers)
