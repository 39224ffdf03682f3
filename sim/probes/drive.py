"""Measure a disk: bytes and operations a second, and the time of one, past the page cache."""

import mmap
import os
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sim.probes.bench import ProbeError, Workbench
from sim.probes.kernel import PROC
from sim.probes.readings import Reading

_MIB = 1 << 20
_FILE = 128 * _MIB
_SMALL = 4096
_DEPTH = 16
_READS_S = 0.5
_TURNS = 3
_LATENCIES = 200
_IN_MEMORY = ("tmpfs", "ramfs")


@dataclass(frozen=True)
class Drive:
    """A disk: where it was measured, its size, and its rates, in bytes and operations a second."""

    kind: str
    capacity: int
    bandwidth: Reading
    written: Reading
    operations: Reading
    latency_s: Reading

    @property
    def is_memory(self) -> bool:
        """Whether it is no disk at all."""
        return self.kind in _IN_MEMORY


def measure_drive(bench: Workbench) -> Drive:
    """Measure the disk under the first folder that is on one. Raises ProbeError for no room."""
    file = _place(bench)
    try:
        written = Reading(tuple(_written(file) for _ in range(_TURNS)))
        with _Direct(file) as direct:
            return Drive(
                kind=file_system(file),
                capacity=_capacity(file),
                bandwidth=Reading(tuple(direct.rate(_MIB) * _MIB for _ in range(_TURNS))),
                written=written,
                operations=Reading(tuple(direct.rate(_SMALL) for _ in range(_TURNS))),
                latency_s=Reading(direct.latencies()),
            )
    except OSError as error:
        raise ProbeError(f"cannot measure the disk: {error.strerror}") from None
    finally:
        file.unlink(missing_ok=True)


def _place(bench: Workbench) -> Path:
    """A file to measure with: on the workbench, or elsewhere if that is in memory."""
    name = f"{bench.mark}.disk"
    for folder in (bench.folder, Path.cwd(), Path(os.path.expanduser("~"))):
        if file_system(folder) not in _IN_MEMORY and os.access(folder, os.W_OK):
            bench.making(folder / name)
            return folder / name
    return bench.folder / name


def file_system(path: Path) -> str:
    """The kind of file system that a path is on."""
    text = (PROC / "self/mountinfo").read_text(encoding="utf-8", errors="replace")
    kinds = {
        Path(before.split()[4]): after.split()[0]
        for before, _, after in (line.partition(" - ") for line in text.splitlines())
    }
    return next((kinds[each] for each in (path, *path.parents) if each in kinds), "unknown")


def _capacity(file: Path) -> int:
    told = os.statvfs(file)
    return told.f_blocks * told.f_frsize


def _written(file: Path) -> float:
    """Bytes a second of writing a file anew, until they are on the disk."""
    block = os.urandom(_MIB)  # which no disk can shrink
    start = time.monotonic()
    with file.open("wb", buffering=0) as written:
        for _ in range(_FILE // _MIB):
            written.write(block)
        os.fsync(written.fileno())
    return _FILE / (time.monotonic() - start)


class _Direct:
    """Reads of a file past the page cache, or after it was dropped where that cannot be passed."""

    def __init__(self, file: Path) -> None:
        try:
            self._file = os.open(file, os.O_RDONLY | os.O_DIRECT)
        except OSError:
            self._file = os.open(file, os.O_RDONLY)
        self._chance = random.Random(1)

    def __enter__(self) -> "_Direct":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def _read(self, size: int, buffer: mmap.mmap) -> None:
        at = self._chance.randrange(_FILE // size) * size
        with suppress(OSError):
            os.posix_fadvise(self._file, at, size, os.POSIX_FADV_DONTNEED)
        os.preadv(self._file, [buffer], at)

    def rate(self, size: int) -> float:
        """Reads a second of this size at random places, some at a time."""
        done = [0] * _DEPTH
        end = time.monotonic() + _READS_S
        start = time.monotonic()
        threads = [
            threading.Thread(target=self._reader, args=(size, end, done, number))
            for number in range(_DEPTH)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(done) / (time.monotonic() - start)

    def _reader(self, size: int, end: float, done: list[int], number: int) -> None:
        with mmap.mmap(-1, size) as buffer:
            while time.monotonic() < end:
                self._read(size, buffer)
                done[number] += 1

    def latencies(self) -> tuple[float, ...]:
        """Seconds of single reads, one after the other."""
        taken = []
        with mmap.mmap(-1, _SMALL) as buffer:
            for _ in range(_LATENCIES):
                start = time.monotonic()
                self._read(_SMALL, buffer)
                taken.append(time.monotonic() - start)
        return tuple(taken)
