"""Activities of pulls: who brings a layer, who unpacks it, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.bundle import Bundle

if TYPE_CHECKING:  # the layers of a store are part of a run, above this module
    from sim.model.store import LayerState


@dataclass(frozen=True, slots=True)
class AskFor:
    """Ask for the list of a bundle's layers; what is refused fails."""

    at: int
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class PullNext:
    """Turn to the next layer of a bundle that nobody has begun to pull, or end."""

    at: int
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Want:
    """Turn to a part of a bundle, so many bytes on the wire."""

    content: str
    size: int


@dataclass(frozen=True, slots=True)
class Request:
    """Ask for what was turned to, and wait for its first byte."""

    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move what was asked for over the link."""

    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Relay:
    """Wait until the mirror has what it passed on meanwhile; then `again` from the beginning."""

    bundle: Bundle
    again: bool


@dataclass(frozen=True, slots=True)
class Keep:
    """Take the space of a part of a layer of a bundle, by number, in the store."""

    at: int
    bundle: Bundle
    number: int
    part: float = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """Give up where a layer that somebody else was to bring did not come."""

    layer: LayerState
