"""A probe of gVisor: a kernel in a process, which the programs inside ask through ptrace."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import Workbench
from sim.probes.oci import Bundles, Runc
from sim.probes.probe import Command, Runtime

_OUTPUT = "/dev/stdout"
"""A sandbox opens no pipe of the machine around it; what it was given at its start stays open."""


class _Sandboxes(Bundles):
    """Containers with a kernel of gVisor around each, and no network."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench, "runsc", [])
        self._program += ["--platform=ptrace", "--network=none"]

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Start a container that writes to what the command prints to."""
        return replace(super().command(instance, output, jobs), is_console=True)

    def _config(self, instance: str, output: Path, jobs: Sequence[str]) -> str:
        config = json.loads(super()._config(instance, output, jobs))
        config["process"]["args"] = ["/main", _OUTPUT, *jobs]
        config["mounts"].pop()
        return json.dumps(config)


class GVisor(Runc):
    """gVisor on its platform ptrace, which needs nothing of the processor."""

    name: ClassVar[str] = "runsc"
    entry: ClassVar[str] = "container-runsc"
    seconds: ClassVar[float] = 25.0

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Make a root file system and a bundle to copy."""
        yield _Sandboxes(bench)
