"""What answers requests, as numbers: threads or cores, and what each request takes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Order: TypeAlias = Literal["in-turn", "shared", "by-core"]


@dataclass(frozen=True, slots=True)
class Server:
    """What answers requests, and what each of them takes.

    `work` is the mean CPU of a request, its crossings in line included, and `variation` its
    standard deviation over its mean. Each of the `threads` takes a request to its end (`in-turn`),
    or all that are present share what the threads can use (`shared`); or each falls to one of the
    `cores` and shares that one with who else is there (`by-core`). `delay` passes outside, the
    think time of closed clients included. `wake` is latency that is paid one after the other,
    `aside` time on a thread that carries packets. `disk` is device time, the mean over all, of
    which the share `miss` asks for it. At most `queue` are inside at a time. A `quota` of cores
    holds in each `period`; windows then grant what there would be without it.

    Raises: ValueError where it could never answer.
    """

    order: Order
    threads: int
    work: float
    variation: float = 1.0
    delay: float = 0.0
    wake: float = 0.0
    aside: float = 0.0
    disk: float = 0.0
    queue: int = 4096
    quota: float | None = None
    period: float = 0.1
    miss: float = 1.0
    cores: int = 1

    def __post_init__(self) -> None:
        """Refuse what would divide by zero or wait for ever."""
        least = min(self.threads, self.queue, self.cores)
        if least < 1 or not min(self.work, self.period, self.miss) > 0.0 or self.quota == 0.0:
            raise ValueError(f"{self} can never answer")
