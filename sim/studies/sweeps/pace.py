"""How many runs to send at once, by how long they took so far."""

from __future__ import annotations

_CHUNK_S = 0.25
"""How long a worker is to be busy with what it is sent: much longer than the sending takes, and
short enough that little is lost where it is killed."""

_MOST = 500
_MEMORY = 0.8
"""How much of what was known of the time of a run stays, as another chunk is told."""


class Pace:
    """The size of a chunk, in runs: one at first, and what fills its time once that is known."""

    def __init__(self) -> None:
        self._mean = 0.0

    @property
    def size(self) -> int:
        """How many runs the next chunk is to have."""
        return 1 if not self._mean else max(1, min(_MOST, round(_CHUNK_S / self._mean)))

    def tell(self, seconds: float, runs: int) -> None:
        """Say how long some runs took together."""
        mean = max(seconds / runs, _CHUNK_S / _MOST)
        self._mean = mean if not self._mean else _MEMORY * self._mean + (1 - _MEMORY) * mean
