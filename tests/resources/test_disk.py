"""One operation and one flow on a disk of 10 000 operations and 500 MB a second."""

import pytest

from sim.resources.disk import flow_cap, operation_cost

OPERATIONS = 10_000.0
BANDWIDTH = 500e6


def cost(size: float) -> float:
    return operation_cost(size, OPERATIONS, BANDWIDTH)


def test_a_small_operation_costs_its_share_of_the_operations() -> None:
    assert cost(4096) == pytest.approx(1e-4)  # 4096 bytes alone would be 8.2 microseconds


def test_a_large_operation_costs_its_share_of_the_bandwidth() -> None:
    assert cost(1e6) == pytest.approx(2e-3)  # 1 MB / 500 MB/s


def test_both_limits_meet_at_the_size_of_bandwidth_over_operations() -> None:
    assert cost(50_000) == pytest.approx(1e-4)
    assert cost(50_001) > cost(50_000)


def test_queue_depth_over_latency_limits_a_shallow_flow() -> None:
    # One in flight, 0.4 ms each: 2 500 operations a second of the device's 10 000.
    assert flow_cap(cost(4096), queue_depth=1, latency=4e-4) == pytest.approx(0.25)
    assert flow_cap(cost(4096), queue_depth=3, latency=4e-4) == pytest.approx(0.75)


def test_a_deep_flow_is_limited_by_the_device() -> None:
    assert flow_cap(cost(4096), queue_depth=32, latency=4e-4) == 1.0


def test_a_serial_stage_limits_whatever_the_depth() -> None:
    # 0.2 ms each in one I/O thread: 5 000 operations a second.
    cap = flow_cap(cost(4096), queue_depth=32, latency=4e-4, serial=2e-4)
    assert cap == pytest.approx(0.5)


def test_nothing_limits_a_flow_without_latency_but_the_device() -> None:
    assert flow_cap(cost(4096)) == 1.0
    assert flow_cap(0.0, latency=1.0) == 1.0
