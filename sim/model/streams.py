"""Random streams, keyed by who draws and what for, never by platform or by order of use."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, replication: int, group: str, purpose: str) -> np.random.Generator:
    """The generator of a group for one purpose in one replication of a seed.

    Its n-th draw is that of the group's n-th instance, whatever else is simulated, so that all
    platforms meet the same arrivals and the same work.
    """
    digest = hashlib.sha256(f"{group}\0{purpose}".encode()).digest()
    key = (replication, *np.frombuffer(digest[:16], dtype="<u4").tolist())
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
