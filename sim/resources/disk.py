"""What an operation costs a disk, and how fast one flow of operations can go: two closed forms.

A disk is a `Rate` of capacity 1: device-seconds per second. A claim's work is the device time of
its operations, and its cap is what its queue depth lets it use of the device.
"""

from __future__ import annotations

from math import inf


def operation_cost(size: float, operations_per_second: float, bandwidth: float) -> float:
    """Return the device-seconds of one operation: its share of the limit that it meets first.

    Units: size in bytes, bandwidth in bytes per second.
    """
    return max(1.0 / operations_per_second, size / bandwidth)


def flow_cap(
    operation_cost: float, *, queue_depth: float = 1.0, latency: float = 0.0, serial: float = 0.0
) -> float:
    """Return the most of a device that one flow can use, in device-seconds per second.

    By Little's law a flow with QD operations in flight completes QD/L a second at latency L, the
    time of one operation on an idle device with all that boundaries add to it; a stage that takes
    operations one at a time, such as a VMM's I/O thread, s seconds each, passes 1/s; and the
    device itself is all there is: the result, X = min(QD/L, 1/s) times the cost of an operation,
    is never above 1. A latency or serial time of 0 does not limit.
    """
    in_flight = queue_depth / latency if latency > 0.0 else inf
    in_series = 1.0 / serial if serial > 0.0 else inf
    operations_per_second = min(in_flight, in_series)
    return min(1.0, operations_per_second * operation_cost) if operation_cost > 0.0 else 1.0
