"""Queue those who need one lock of a kernel or engine, first come, first served."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Holder = TypeVar("Holder", bound=Hashable)


class Lock(Generic[Holder]):
    """A lock held by one at a time and passed on in order of asking.

    It says who holds it next and leaves the waking to its caller.
    """

    __slots__ = ("_waiters", "holder")

    def __init__(self) -> None:
        self.holder: Holder | None = None
        self._waiters: OrderedDict[Holder, None] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait for the lock; its holder is not one of them."""
        return len(self._waiters)

    def acquire(self, holder: Holder) -> bool:
        """Take the lock and return True, or queue for it and return False.

        Raises: ValueError, if it has the lock or waits for it already.
        """
        if holder == self.holder or holder in self._waiters:
            raise ValueError(f"{holder} holds this lock or waits for it already")
        if self.holder is None:
            self.holder = holder
            return True
        self._waiters[holder] = None
        return False

    def release(self) -> Holder | None:
        """Let go of the lock and return who holds it now: the first in the queue, if any.

        Raises: ValueError, if nobody holds it.
        """
        if self.holder is None:
            raise ValueError("nobody holds this lock")
        self.holder = self._waiters.popitem(last=False)[0] if self._waiters else None
        return self.holder

    def withdraw(self, holder: Holder) -> None:
        """Take one who died waiting out of the queue.

        Raises: ValueError, if it does not wait.
        """
        if holder not in self._waiters:
            raise ValueError(f"{holder} does not wait for this lock")
        del self._waiters[holder]
