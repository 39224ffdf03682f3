"""Activities of pulls: who brings a layer, who unpacks it, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.bundle import Bundle

if TYPE_CHECKING:  # the layers of a store are part of a run, above this module
    from sim.model.store import LayerState


@dataclass(frozen=True, slots=True)
class PullNext:
    """Turn to the next layer of a bundle that nobody has begun to pull, or end."""

    at: int
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move the layer over the link, and start again."""

    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Keep:
    """Take the space of a layer of a bundle, by number, in the store."""

    at: int
    bundle: Bundle
    number: int


@dataclass(frozen=True, slots=True)
class Check:
    """Give up where a layer that somebody else was to bring did not come."""

    layer: LayerState
