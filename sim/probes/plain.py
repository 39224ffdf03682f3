"""Probes that need no runtime: a bare process, and a process in namespaces of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Literal

from sim.probes.bench import Workbench
from sim.probes.needs import first_line
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.rootfs import static_busybox, write_main

_SPACES = ("--mount", "--uts", "--ipc", "--net", "--pid", "--fork", "--kill-child")


class _Processes(Runtime):
    """Processes on the files of the machine."""

    def __init__(self, folder: Path, prefix: Sequence[str]) -> None:
        self._main = write_main(folder / "main")
        busybox = static_busybox()
        self._shell = [str(busybox), "sh"] if busybox else ["/bin/sh"]
        self._prefix = prefix

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """The shell, with the program."""
        return Command([*self._prefix, *self._shell, str(self._main), str(output), *jobs])

    def stop(self, instances: Sequence[str]) -> None:
        """Nothing is left of a process that is killed."""


class BareProcess(Probe):
    """A process, as every machine has it: what all else is measured against."""

    name: ClassVar[str] = "process"
    entry: ClassVar[str] = "sleep"
    kind: ClassVar[Literal["platforms", "workloads"]] = "workloads"
    seconds: ClassVar[float] = 6.0

    def missing(self) -> str:
        """Nothing: every machine has processes."""
        return ""

    def version(self) -> str:
        """Which program it is that starts."""
        return "busybox" if static_busybox() else "the shell of this machine"

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Write the program."""
        yield _Processes(bench.folder, [])


class Namespaces(Probe):
    """A process in new namespaces, made by unshare."""

    name: ClassVar[str] = "namespaces"
    entry: ClassVar[str] = "namespaces"
    seconds: ClassVar[float] = 8.0

    def missing(self) -> str:
        """It takes root, or a kernel that lets others make a user namespace."""
        if shutil.which("unshare") is None:
            return "there is no unshare: `apt-get install util-linux`"
        tried = subprocess.run([*_unsharing(), "true"], capture_output=True, check=False, text=True)
        if tried.returncode:
            said = tried.stderr.strip() or "it failed"
            return f"this user may not make namespaces ({said}): run it as root"
        return ""

    def version(self) -> str:
        """As the program says."""
        return first_line(["unshare", "--version"])

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Write the program."""
        yield _Processes(bench.folder, _unsharing())


def _unsharing() -> list[str]:
    """The command that puts what follows into new namespaces; without root, with a user space."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, *_SPACES]
