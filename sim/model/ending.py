"""How a life ends: what a signal does to its main process, and what is taken down after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from sim.model.activity import Activity, Exit, Stop
from sim.model.inside import Inside
from sim.spec.isolation import has_init
from sim.spec.main_process import MainProcess

FAILED, KILLED, CRASHED, TERMINATED = 1, 128 + 9, 128 + 11, 128 + 15
"""Statuses of a main process: one that gave up, and those that SIGKILL, SIGSEGV, SIGTERM ended."""


@dataclass(frozen=True)
class Ending:
    """What ends a main process that is asked to end, and what is performed after it.

    SIGTERM ends it after `takes` seconds with `status`: never where it is process 1 and handles no
    signals, since the kernel spares that process what it does not handle. `stopped` follows, of
    which the first so many are `inside`, and are cut short by SIGKILL; after that `killed` follows.
    """

    takes: float
    status: int
    stopped: tuple[Activity, ...]
    inside: int
    killed: tuple[Activity, ...]

    @property
    def shuts_down(self) -> bool:
        """Whether an init goes on for a while after the main process."""
        return self.inside > 1


def plan_ending(main: MainProcess, insides: Sequence[Inside]) -> Ending:
    """Work out how the instances of a group end within these boundaries."""
    innermost = insides[-1] if insides else None
    is_first = innermost is not None and not has_init(innermost.boundary)
    takes, status = (inf, KILLED) if is_first else (0.0, TERMINATED)
    if main.handler is not None:
        takes, status = main.handler.takes.value, main.handler.status
    inside = (Stop(), *_shutdown(innermost))
    outside = (*removal(insides), Exit(None))
    return Ending(takes, status, (*inside, *outside), len(inside), (Stop(), *outside))


def _shutdown(innermost: Inside | None) -> tuple[Activity, ...]:
    """What an init does that was made for this instance; one that others share goes on."""
    if innermost is None or innermost.is_shared or not has_init(innermost.boundary):
        return ()
    return innermost.shutdown


def ending(policy: str, status: int, insides: Sequence[Inside]) -> Iterator[Activity]:
    """End by itself with a status: take down what was made, unless it begins again."""
    steps = [] if returns(policy, status) else list(removal(insides))
    if steps:
        yield Stop()
        yield from steps
    yield Exit(status)


def removal(insides: Sequence[Inside]) -> Iterator[Activity]:
    """Take down, from the inside out, what was made for one instance."""
    for inside in reversed(insides):
        if not inside.is_shared:
            yield from inside.removing


def returns(policy: str, status: int | None) -> bool:
    """Whether a policy restarts an instance whose main process left a status; none is a failure."""
    return policy in ("always", "unless-stopped") or (policy == "on-failure" and status != 0)
