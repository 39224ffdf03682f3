"""What the kernel tells of processes and of the machine, read off /proc and /sys."""

import ctypes
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_TICK_S = 1.0 / (os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100)
_KIB = 1024
_SAME_MEMORY = 1
_KCMP = {"x86_64": 312, "aarch64": 272}
"""The number of the system call that compares two processes, which libc does not wrap."""

# Where /proc/PID/stat has them, counted from behind the name, which may hold blanks itself.
_STATE, _PARENT, _USER, _STARTED = 0, 1, 11, 19


@dataclass(frozen=True)
class Process:
    """A process as the kernel lists it; its CPU is in seconds, that of ended children included."""

    number: int
    name: str
    state: str
    parent: int
    cpu_s: float
    started: int


@dataclass(frozen=True)
class Busy:
    """Core-seconds of the whole machine so far: worked, waited for a disk, idle, stolen."""

    worked: float
    waited: float
    idle: float
    stolen: float

    def since(self, before: "Busy") -> "Busy":
        """What has been added since an earlier reading."""
        return Busy(
            self.worked - before.worked,
            self.waited - before.waited,
            self.idle - before.idle,
            self.stolen - before.stolen,
        )


def process(number: int) -> Process | None:
    """Read one process, or None where there is none of that number."""
    text = _text(PROC / str(number) / "stat")
    name, closed, rest = text.partition("(")[2].rpartition(")")
    if not closed:
        return None
    fields = rest.split()
    ticks = sum(int(each) for each in fields[_USER : _USER + 4])
    return Process(
        number, name, fields[_STATE], int(fields[_PARENT]), ticks * _TICK_S, int(fields[_STARTED])
    )


def processes() -> list[Process]:
    """Read all processes that can be seen."""
    found = (process(int(name)) for name in os.listdir(PROC) if name.isdigit())
    return [each for each in found if each is not None]


def descendants(ancestor: int) -> list[Process]:
    """Read the processes that descend from one, those that have ended and were not reaped too."""
    children: dict[int, list[Process]] = {}
    for each in processes():
        children.setdefault(each.parent, []).append(each)
    found, pending = [], [ancestor]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += [each.number for each in below]
    return found


def cpu_of(running: Iterable[Process]) -> float:
    """Seconds of CPU of processes and their ended children, finer than the kernel's ticks.

    The ticks of a process round down, so what its threads have run counts where it is more.
    """
    return sum(max(each.cpu_s, _scheduled(each.number)) for each in running)


def _scheduled(number: int) -> float:
    threads = PROC / str(number) / "task"
    try:
        names = os.listdir(threads)
    except OSError:
        return 0.0
    return 1e-9 * sum(_first(_text(threads / name / "schedstat")) for name in names)


def pss(number: int) -> int:
    """Bytes of a process, each page divided by those who share it; 0 where it cannot be read."""
    rollup = _text(PROC / str(number) / "smaps_rollup")
    lines = [line for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(lines[0].split()[1]) * _KIB if lines else 0


def arguments(number: int) -> list[str]:
    """The words of the command that a process runs; none where it is gone."""
    words = _bytes(PROC / str(number) / "cmdline").split(b"\0")
    return [word.decode(errors="replace") for word in words[:-1]]


def distinct(numbers: Iterable[int]) -> list[int]:
    """One process of each address space: those that share one would each tell its pages again.

    A kernel in user mode is several processes over one memory, which PSS would count for each.
    """
    kept: list[int] = []
    for number in sorted(numbers):
        if not any(_share_memory(number, other) for other in kept):
            kept.append(number)
    return kept


def _share_memory(one: int, other: int) -> bool:
    call = _KCMP.get(os.uname().machine)
    if call is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(call, one, other, _SAME_MEMORY, 0, 0)) == 0


def marked(mark: str, variable: str) -> Iterator[int]:
    """The processes that have a mark in their environment, or in the name of their cgroup."""
    wanted = f"{variable}={mark}".encode()
    for name in os.listdir(PROC):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        is_named = wanted in _bytes(PROC / name / "environ").split(b"\0")
        if is_named or f"/{mark}" in _text(PROC / name / "cgroup"):
            yield int(name)


def busy() -> Busy:
    """Read how the cores of the machine have spent their time since it booted."""
    first = _text(PROC / "stat").partition("\n")[0].split()[1:]
    user, nice, system, idle, waited, interrupts, soft, stolen = (
        int(each) * _TICK_S for each in first[:8]
    )
    return Busy(user + nice + system + interrupts + soft, waited, idle, stolen)


def memory() -> dict[str, int]:
    """Read /proc/meminfo in bytes."""
    lines = (line.split() for line in _text(PROC / "meminfo").splitlines())
    return {line[0].rstrip(":"): int(line[1]) * _KIB for line in lines if line}


def pressure(resource: str) -> float:
    """Seconds so far in which somebody waited for a resource; 0 where the kernel does not tell."""
    first = _text(PROC / "pressure" / resource).partition("\n")[0]
    total = first.rpartition("total=")[2]
    return int(total) / 1e6 if total.isdigit() else 0.0


def mounts_below(folder: Path) -> list[Path]:
    """Where something is mounted at or below a folder, the deepest first."""
    lines = (line.split() for line in _text(PROC / "self/mountinfo").splitlines())
    places = [Path(_unescaped(line[4])) for line in lines]
    inside = [place for place in places if place == folder or folder in place.parents]
    return sorted(inside, key=lambda place: len(place.parts), reverse=True)


def _unescaped(text: str) -> str:
    return text.encode().decode("unicode_escape").encode("latin-1").decode(errors="replace")


def _first(text: str) -> int:
    return int(text.split(maxsplit=1)[0]) if text else 0


def _text(file: Path) -> str:
    return _bytes(file).decode(errors="replace")


def _bytes(file: Path) -> bytes:
    """What stands in a file of the kernel; nothing where it is gone or closed to us."""
    try:
        return file.read_bytes()
    except OSError:
        return b""
