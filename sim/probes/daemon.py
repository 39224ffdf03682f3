"""A daemon that runs for one calibration alone, in namespaces of its own, and its containers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import ClassVar

from sim.probes.bench import ProbeError, Workbench
from sim.probes.probe import Runtime

_SPACES = ("--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
_START = 'mount -t tmpfs tmpfs /run; "$@" & wait'
"""Its own /run, where it leaves sockets; and a shell that reaps what the daemon does not."""

_COMES_UP_S = 30.0
_GLANCE_S = 0.2


class Daemon(Runtime):
    """Containers of a daemon whose networks, mounts and processes go with its namespaces.

    `command_line` starts it, and `client` is the program by which it is told what to do, both with
    this much more of an `environment`.
    """

    asks: ClassVar[str]
    """What its client asks to see whether it answers."""

    removes: ClassVar[str]
    """How its client is told to remove containers."""

    def __init__(
        self,
        bench: Workbench,
        command_line: Sequence[str],
        client: Sequence[str],
        environment: Mapping[str, str],
    ) -> None:
        """Start it, and wait until it answers. Raises ProbeError where it does not."""
        self.bench = bench
        self.client = client
        self.environment = environment
        within = ["unshare", *_SPACES, "/bin/sh", "-c", _START, "daemon"]
        bench.start([*within, *command_line], environment=environment)
        end = time.monotonic() + _COMES_UP_S
        while not self._answers(is_last=time.monotonic() > end):
            pass

    def _answers(self, *, is_last: bool) -> bool:
        self.bench.pause(_GLANCE_S)
        try:
            self.tell(self.asks)
        except ProbeError:
            if is_last:
                raise
            return False
        return True

    def tell(self, *words: str) -> None:
        """Have its client do something. Raises ProbeError where that fails."""
        self.bench.run([*self.client, *words], environment=self.environment)

    def stop(self, instances: Sequence[str]) -> None:
        """Remove the containers, whatever they do."""
        with suppress(ProbeError):
            self.tell(self.removes, "--force", *instances)
