"""A share of a sweep's points, for one of several commands that know nothing of each other."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import UsageError


@dataclass(frozen=True)
class Shard:
    """The number of a share, from 1, and of how many it is one."""

    number: int
    count: int

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read a share such as 3/20. Raises: UsageError."""
        number, _, count = text.partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            problem = f"--shard {text} is no share"
            raise UsageError(problem, "write --shard 3/20 for the third of twenty, from 1/20 on")
        return cls(int(number), int(count))

    @property
    def label(self) -> str:
        """What the names of its files begin with."""
        return f"shard-{self.number}-of-{self.count}"

    def of(self, points: int) -> range:
        """The points that are its own: every so many, since neighbours take alike long."""
        return range(self.number - 1, points, self.count)
