"""How fast one flow crosses a link: a closed form.

A link is a `Rate` of its bandwidth in bytes per second; a claim's work is the bytes of a transfer.
"""

from __future__ import annotations

from math import inf


def window_cap(window: float, round_trip: float) -> float:
    """Return the most bytes per second of one flow: one window each round trip.

    Units: window in bytes, round trip in seconds. Without a round trip nothing limits the flow.
    """
    return window / round_trip if round_trip > 0.0 else inf
