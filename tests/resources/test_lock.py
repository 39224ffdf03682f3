"""Stories of a kernel's lock: who has it, and who is next."""

from __future__ import annotations

import pytest

from sim.resources.lock import Lock


def test_the_lock_goes_to_whoever_asked_first() -> None:
    lock = Lock[str]()
    assert lock.acquire("a")
    assert not lock.acquire("b")
    assert not lock.acquire("c")
    assert lock.waiting == 2
    assert lock.release() == "b" == lock.holder
    assert lock.release() == "c"
    assert lock.release() is None
    assert lock.acquire("a")


def test_one_who_dies_waiting_leaves_the_queue() -> None:
    lock = Lock[str]()
    for holder in "abc":
        lock.acquire(holder)
    lock.withdraw("b")
    assert lock.release() == "c"
    assert lock.release() is None


def test_misuse_is_refused_and_changes_nothing() -> None:
    lock = Lock[str]()
    with pytest.raises(ValueError, match="nobody holds"):
        lock.release()
    lock.acquire("a")
    lock.acquire("b")
    for holder in "ab":
        with pytest.raises(ValueError, match="already"):
            lock.acquire(holder)
    with pytest.raises(ValueError, match="does not wait"):
        lock.withdraw("a")
    assert (lock.holder, lock.waiting) == ("a", 1)
