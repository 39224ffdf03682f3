"""Measure the machine itself, without root: cores and their speed, memory, disk, the kernel."""

import ctypes
import mmap
import os
import shutil
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from statistics import median

from sim.probes import kernel
from sim.probes.bench import Workbench
from sim.probes.drive import Drive, measure_drive
from sim.probes.readings import Reading

_TURNS = 5
_SPAWNS = 60
_CALLS = 200_000
_FAULTS = 16_384
_PAGE = 4096
_NO_HUGE_PAGES = 15

_REFERENCE_S = {"compress": 0.174, "digest": 0.0382, "sort": 0.0331}
"""CPU time of the three fixed computations on the reference core: 2 GHz, AMD EPYC of 2017."""


@dataclass(frozen=True)
class HostMeasured:
    """What was read of the machine: counts and bytes, and readings in base units."""

    processor: str
    kernel: str
    cores: int
    speed: Reading
    among_all: Reading
    memory: int
    memory_in_use: int
    swap: int
    drive: Drive
    process_s: Reading
    process_cpu_s: Reading
    call_s: Reading
    fault_s: Reading


def measure_host(bench: Workbench) -> HostMeasured:
    """Measure the machine. Raises ProbeError where its disk cannot be written."""
    spawned = [_spawned() for _ in range(_SPAWNS)]
    held = kernel.memory()
    return HostMeasured(
        processor=_processor(),
        kernel=os.uname().release,
        cores=usable_cores(),
        speed=_speed(),
        among_all=_among_all(bench, usable_cores()),
        memory=held["MemTotal"],
        memory_in_use=held["MemTotal"] - held["MemAvailable"],
        swap=held.get("SwapTotal", 0),
        drive=measure_drive(bench),
        process_s=Reading(tuple(wall for wall, _ in spawned)),
        process_cpu_s=Reading(tuple(cpu for _, cpu in spawned)),
        call_s=Reading(tuple(_call_s() for _ in range(_TURNS))),
        fault_s=Reading(tuple(_fault_s() for _ in range(_TURNS))),
    )


def usable_cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0))


def _processor() -> str:
    text = (kernel.PROC / "cpuinfo").read_text(encoding="utf-8", errors="replace")
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else os.uname().machine


def _computations() -> Mapping[str, Callable[[], object]]:
    """Three fixed computations, in code that hardly differs from one Python to the next."""
    block = b"".join(number.to_bytes(4, "little") for number in range(0, 1 << 20, 3))
    numbers = [number * 2654435761 % 1000003 for number in range(200_000)]
    return {
        "compress": lambda: zlib.compress(block, 6),
        "digest": lambda: [blake2b(block).digest() for _ in range(15)],
        "sort": lambda: sorted(numbers),
    }


def _speed() -> Reading:
    """The speed of one core by each of the computations, by CPU time, each in its best turn."""
    return Reading(
        tuple(
            _REFERENCE_S[name] / min(_cpu_of(work) for _ in range(_TURNS))
            for name, work in _computations().items()
        )
    )


def _cpu_of(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


_ALONE_AND_AMONG = """
import sys, time, zlib
block = bytes(range(256)) * 4096
def turns(seconds):
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        zlib.crc32(zlib.compress(block, 6)); done += 1
    return done
turns(0.1)
sys.stdin.read()
open(sys.argv[1], "w").write(str(turns(float(sys.argv[2]))))
"""
_AMONG_S = 0.5


def _among_all(bench: Workbench, cores: int) -> Reading:
    """The share of its speed that a core has while all are busy."""
    return Reading(tuple(_one_among(bench, cores) for _ in range(2)))


def _one_among(bench: Workbench, cores: int) -> float:
    alone = _turns(bench, 1)
    together = _turns(bench, cores)
    return min(median(together) / alone[0], 1.0) if alone[0] else 1.0


def _turns(bench: Workbench, count: int) -> list[int]:
    """How often each of so many processes has done the same in the same time."""
    gate, opener = os.pipe()
    files = [bench.folder / f"turns-{number}" for number in range(count)]
    for file in files:
        command = [sys.executable, "-c", _ALONE_AND_AMONG, str(file), str(_AMONG_S)]
        bench.start(command, stdin=gate)
    os.close(gate)
    bench.pause(0.5)
    os.close(opener)
    while bench.family():
        bench.pause()
    turns = [int(file.read_text(encoding="utf-8")) for file in files]
    for file in files:
        file.unlink()
    return turns


def _spawned() -> tuple[float, float]:
    """Wall and CPU time of a process that is started and ends."""
    program = shutil.which("true") or "/bin/true"
    start = time.monotonic()
    number = os.posix_spawn(program, ["true"], {})
    _, _, used = os.wait4(number, 0)
    return time.monotonic() - start, used.ru_utime + used.ru_stime


def _call_s() -> float:
    """Seconds of a system call, as what a call of Python that asks the kernel takes more."""
    return max(_loop(os.getppid) - _loop(sys.getrecursionlimit), 0.0)


def _loop(call: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(_CALLS):
        call()
    return (time.process_time() - start) / _CALLS


def _fault_s() -> float:
    """Seconds to get one page of memory: touching new ones, less touching them again."""
    with mmap.mmap(-1, _FAULTS * _PAGE) as pages:
        if hasattr(pages, "madvise"):
            pages.madvise(_NO_HUGE_PAGES)
        view = (ctypes.c_char * len(pages)).from_buffer(pages)
        try:
            first, again = (_touched(view) for _ in range(2))
        finally:
            del view
    return max(first - again, 0.0) / _FAULTS


def _touched(view: object) -> float:
    start = time.process_time()
    ctypes.memset(ctypes.addressof(view), 1, _FAULTS * _PAGE)  # type: ignore[arg-type]
    return time.process_time() - start
