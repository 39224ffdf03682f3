"""How fast one flow crosses a link, and what it waits before its first byte: two closed forms.

A link is a `Rate` of its bandwidth in bytes per second; a claim's work is the bytes of a transfer.
"""

from __future__ import annotations

from math import inf


def window_cap(window: float, round_trip: float) -> float:
    """Return the most bytes per second of one flow: one window each round trip.

    Units: window in bytes, round trip in seconds. Without a round trip nothing limits the flow.
    """
    return window / round_trip if round_trip > 0.0 else inf


def transfer_latency(round_trip: float, handshakes: int) -> float:
    """Return the seconds from asking until the first byte arrives on an idle link.

    Each handshake (1 for TCP, 2 with TLS 1.3, 3 with TLS 1.2) takes a round trip, and so does the
    request with its answer.
    """
    return (handshakes + 1) * round_trip
