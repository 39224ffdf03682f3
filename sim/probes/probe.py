"""What a probe is: one runtime that can be there, be made ready, and start instances."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from sim.probes.bench import Workbench
from sim.probes.rootfs import JOBS


@dataclass(frozen=True)
class Command:
    """How one instance is started.

    The main process inside writes to the pipe that it was given; what the command itself prints
    goes to a log, and where it `is_console` to that pipe as well, for guests who only have one.
    `within` is a command that starts what is behind it somewhere else, as nsenter does: it has
    done so before the clock starts.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_console: bool = False
    within: Sequence[str] = ()


class Runtime(ABC):
    """A runtime that is ready to start instances."""

    @abstractmethod
    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """How to start an instance that says when it is ready, does the jobs, and then rests.

        It writes lines to the named pipe `output`: `tare-ready`, and `tare-done JOB` after each.
        """

    @abstractmethod
    def stop(self, instances: Sequence[str]) -> None:
        """End instances, and forget them; what of their processes is left is killed after."""


class Probe(ABC):
    """One runtime that may be on this machine."""

    name: ClassVar[str]
    """What `--only` calls it."""

    entry: ClassVar[str]
    """The entry of the catalog that it measures."""

    kind: ClassVar[Literal["platforms", "workloads"]] = "platforms"

    patience_s: ClassVar[float] = 30.0
    """How long a start of several at once may take before it has failed."""

    seconds: ClassVar[float] = 20.0
    """About how long its measurement takes on a machine of two cores."""

    jobs: ClassVar[Sequence[str]] = JOBS
    """The work that its instances can be told to do."""

    @abstractmethod
    def missing(self) -> str:
        """Why it cannot be measured here, and what would help; empty where it can."""

    @abstractmethod
    def version(self) -> str:
        """What is measured, as it calls itself."""

    @contextmanager
    @abstractmethod
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Give the runtime, ready to start instances. Raises ProbeError where it fails."""
        yield  # type: ignore[misc]  # an abstract generator
