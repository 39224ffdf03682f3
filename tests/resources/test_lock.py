"""Stories of a kernel's lock: who has it, who waits, and for how long."""

from __future__ import annotations

import pytest

from sim.resources.lock import Lock


def test_the_lock_goes_to_whoever_asked_first() -> None:
    lock = Lock[str]()
    assert lock.acquire("a", 0.0)
    assert not lock.acquire("b", 1.0)
    assert not lock.acquire("c", 1.0)  # a tie: asked after b
    assert lock.waiting == 2
    assert lock.release(2.0) == "b" == lock.holder
    assert lock.release(3.0) == "c"
    assert lock.release(4.0) is None
    assert lock.acquire("a", 5.0)


def test_starts_together_wait_half_a_queue_on_average() -> None:
    """Ten at once, 0.2 s each: waits 0, 0.2 ... 1.8 s, so 9 s together; the lock is held 2 s."""
    lock = Lock[int]()
    granted = [lock.acquire(start, 0.0) for start in range(10)]
    assert granted == [True] + [False] * 9
    for turn in range(1, 11):
        lock.release(0.2 * turn)
    assert lock.held_s(5.0) == pytest.approx(2.0)
    assert lock.waited_s(5.0) == pytest.approx(9.0)


def test_one_who_dies_waiting_leaves_the_queue_and_its_wait_counts() -> None:
    lock = Lock[str]()
    for holder in "abc":
        lock.acquire(holder, 0.0)
    lock.withdraw("b", 1.5)
    assert lock.release(2.0) == "c"
    assert lock.waited_s(2.0) == 1.5 + 2.0


def test_the_integrals_run_while_the_lock_is_held() -> None:
    lock = Lock[str]()
    lock.acquire("a", 1.0)
    lock.acquire("b", 2.0)
    assert (lock.held_s(4.0), lock.waited_s(4.0)) == (3.0, 2.0)


def test_misuse_is_refused_and_changes_nothing() -> None:
    lock = Lock[str]()
    with pytest.raises(ValueError, match="nobody holds"):
        lock.release(0.0)
    lock.acquire("a", 1.0)
    lock.acquire("b", 1.0)
    for holder in "ab":
        with pytest.raises(ValueError, match="already"):
            lock.acquire(holder, 2.0)
    with pytest.raises(ValueError, match="does not wait"):
        lock.withdraw("a", 2.0)
    with pytest.raises(ValueError, match="time went back"):
        lock.release(0.5)
    assert (lock.holder, lock.waiting, lock.held_s(1.0)) == ("a", 1, 0.0)
