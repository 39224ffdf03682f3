"""Probes of guests with a kernel of their own: in user mode, emulated, and on the processor."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from sim.probes.bench import ProbeError, Workbench
from sim.probes.initramfs import pack_initramfs
from sim.probes.needs import absent, first_line
from sim.probes.oci import prepared_root
from sim.probes.probe import Command, Probe, Runtime
from sim.probes.starting import Starter

_USER_MODE = "linux.uml"
_QEMU = "qemu-system-x86_64"
_MICROVM = ("-M", "microvm", "-m", "256", "-nodefaults", "-no-user-config", "-display", "none")
_CONSOLE = ("-serial", "stdio", "-no-reboot")
_KERNELS = Path("/boot")
_PROCESSOR = Path("/dev/kvm")
_BOOTS_WITHIN_S = 8.0
_JOBS = ("compute", "system-calls")
"""What such a guest can do: it has no disk, and its files are in its memory."""


class _Guests(Runtime):
    """Guests that are processes of this machine, and nothing besides."""

    def __init__(self, bench: Workbench) -> None:
        self._files = pack_initramfs(prepared_root(bench), bench.folder / "initramfs")

    def stop(self, instances: Sequence[str]) -> None:
        """Leave them to be killed."""


class _InUserMode(_Guests):
    """Guests whose kernel is a program of this machine; the pages of each lie in a file of it."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._places = bench.folder / "guests"
        self._places.mkdir()

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Boot a guest whose console is what the command prints."""
        named = [f"umid={instance}", f"uml_dir={self._places}/"]
        options = ["mem=256M", f"initrd={self._files}", "con=null", "con0=null,fd:1", "quiet"]
        return Command([_USER_MODE, *options, *named, "--", *jobs], is_console=True)


class _Microvms(_Guests):
    """Guests of QEMU with as little of a machine as it offers."""

    def __init__(self, bench: Workbench, way: Sequence[str], words: str) -> None:
        super().__init__(bench)
        self._way = way
        self._words = f"console=ttyS0 quiet panic=-1 {words}"

    def command(self, instance: str, output: Path, jobs: Sequence[str]) -> Command:
        """Boot a guest whose console is what the command prints."""
        words = " ".join([self._words, "--", *jobs])
        what = ["-kernel", str(_kernel()), "-initrd", str(self._files), "-append", words]
        return Command([_QEMU, *_MICROVM, *self._way, *_CONSOLE, *what], is_console=True)


class UserMode(Probe):
    """User-mode Linux: a kernel that runs as a program, and needs neither root nor a module."""

    name: ClassVar[str] = "uml"
    entry: ClassVar[str] = "vm-uml"
    jobs: ClassVar[Sequence[str]] = _JOBS
    patience_s: ClassVar[float] = 90.0
    seconds: ClassVar[float] = 40.0

    def missing(self) -> str:
        """It takes the program."""
        return absent([_USER_MODE], "user-mode-linux")

    def version(self) -> str:
        """As the program says."""
        return f"user-mode Linux {first_line([_USER_MODE, '--version'])}"

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Pack a file system into memory."""
        yield _InUserMode(bench)


class Emulated(Probe):
    """QEMU, which emulates each instruction of the guest: it needs nothing of the processor."""

    name: ClassVar[str] = "qemu-tcg"
    entry: ClassVar[str] = "microvm-qemu-tcg"
    jobs: ClassVar[Sequence[str]] = _JOBS
    patience_s: ClassVar[float] = 240.0
    seconds: ClassVar[float] = 80.0

    def missing(self) -> str:
        """It takes QEMU, and a kernel that a guest can boot."""
        reason = absent([_QEMU], "qemu-system-x86")
        if not reason and _kernel() is None:
            return (
                f"there is no kernel for a guest that this user may read in {_KERNELS}: "
                "`apt-get install linux-image-cloud-amd64`"
            )
        return reason

    def version(self) -> str:
        """As the program says, with the kernel of its guests."""
        kernel = _kernel()
        return f"{first_line([_QEMU, '--version'])}, {kernel.name if kernel else 'no kernel'}"

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Pack a file system into memory.

        The guest is told how fast its clock ticks, which it would not find out in an emulation.
        """
        way = ["-accel", "tcg", "-cpu", "max"]
        yield _Microvms(bench, way, "tsc_early_khz=2000000")


class OnProcessor(Emulated):
    """QEMU with KVM, where a guest really boots: making a virtual machine proves nothing."""

    name: ClassVar[str] = "qemu-kvm"
    entry: ClassVar[str] = "microvm-qemu"
    patience_s: ClassVar[float] = 60.0
    seconds: ClassVar[float] = 20.0

    def missing(self) -> str:
        """It takes hardware virtualisation that this user may use as well."""
        reason = super().missing()
        if reason or os.access(_PROCESSOR, os.R_OK | os.W_OK):
            return reason
        if _PROCESSOR.exists():
            return f"this user may not use {_PROCESSOR}: run it as root, or join the group kvm"
        return f"there is no {_PROCESSOR}: the processor, or what this machine runs on, offers none"

    @contextmanager
    def prepared(self, bench: Workbench) -> Iterator[Runtime]:
        """Pack a file system into memory, and boot a first guest within some seconds."""
        guests = _Microvms(bench, ["-accel", "kvm", "-cpu", "host"], "")
        try:
            with Starter(bench, guests, _BOOTS_WITHIN_S).up(1):
                pass
        except ProbeError as error:
            problem = f"{_PROCESSOR} is there, and no Linux boots on it"
            raise ProbeError(problem, str(error)) from None
        yield guests


def _kernel() -> Path | None:
    """The kernel for a guest: the newest of those made for one, or else the newest."""
    found = [path for path in _KERNELS.glob("vmlinuz-*") if os.access(path, os.R_OK)]
    return max(found, key=lambda path: ("cloud" in path.name, path.stat().st_mtime), default=None)
