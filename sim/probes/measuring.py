"""Measure one runtime: starts alone and at once, memory, rest, disk, and work inside."""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from sim.probes import kernel
from sim.probes.bench import Workbench
from sim.probes.kernel import Process
from sim.probes.probe import Probe
from sim.probes.quiet import Watch
from sim.probes.readings import Measured, Memory, Reading
from sim.probes.rootfs import RESTS
from sim.probes.starting import Batch, Starter, Up
from sim.probes.undoing import CGROUPS

_USUAL = (1, 2, 4)
_MOST_AT_ONCE = 64
_ALONE, _TOGETHER, _WORKED = 10, 5, 3
"""How often starts of one, starts of several, and work inside are repeated, time allowing."""

_REST_S = 2.0
_KERNEL_PAGES = ("SUnreclaim", "KernelStack", "PageTables", "Percpu")
_CHARGED = ("memory.usage_in_bytes", "memory.current")
_BLOCK = 512


def counts_to_fit(cores: int) -> list[int]:
    """How many are started at once; the most is no fewer than there are cores.

    With fewer, cores lie idle beside a start, and what it takes from them then is less or more.
    """
    return sorted({*_USUAL, min(max(cores, 1), _MOST_AT_ONCE)} - {3})


class Measurement:
    """Readings of one runtime, as they are taken."""

    def __init__(self, bench: Workbench, starter: Starter, can: Sequence[str], end: float) -> None:
        self._bench = bench
        self._starter = starter
        self._can = can
        self._end = end
        self.batches: list[Batch] = []
        self.memory: dict[int, list[Memory]] = {}
        self.jobs: dict[str, list[float]] = {}
        self.daemon: dict[str, float] = {}
        self.daemon_cores = self.idle_cores = self.disk = 0.0

    def take(self, counts: Sequence[int]) -> None:
        """Take all readings: each once, and again in turn while there is time."""
        with self._starter.up(1):
            pass  # the first start finds nothing in any cache, and is not counted
        for turn in range(_ALONE):
            for count in counts if turn < _TOGETHER else [1]:
                if turn and time.monotonic() > self._end:
                    return
                self._start(count, is_last=not turn and count == max(counts))
            if turn < _WORKED:
                self._work()

    def _start(self, count: int, *, is_last: bool) -> None:
        disk = _on_disk(self._bench.folder) if is_last else 0
        with self._starter.up(count) as up:
            self.batches.append(up.batch)
            theirs = up.settled()
            self.memory.setdefault(count, []).append(self._held(theirs, count))
            if is_last:
                self.disk = (_on_disk(self._bench.folder) - disk) / count
                self._rest(theirs, count)

    def _held(self, theirs: Iterable[Process], count: int) -> Memory:
        now = kernel.memory()
        pss = {number: kernel.pss(number) for number in kernel.distinct(_numbers(theirs))}
        inside = sum(bytes_ for number, bytes_ in pss.items() if RESTS in kernel.arguments(number))
        return Memory(
            outside=(sum(pss.values()) - inside) / count,
            inside=inside / count,
            kernel=sum(now.get(key, 0) for key in _KERNEL_PAGES),
            unavailable=-now.get("MemAvailable", 0),
            charged=_charged(self._bench.mark),
        )

    def _rest(self, theirs: Sequence[Process], count: int) -> None:
        """What instances use at rest, and what rests beside them, the daemons of an engine."""
        known = _numbers(theirs)
        beside = [each for each in self._bench.family() if each.number not in known]
        before = [kernel.cpu_of(each) for each in (self._again(known), beside)]
        self._bench.pause(_REST_S)
        after = [
            kernel.cpu_of(each) for each in (self._again(known), self._again(_numbers(beside)))
        ]
        used, used_beside = (end - start for end, start in zip(after, before, strict=True))
        self.idle_cores = max(used, 0.0) / count / _REST_S
        self.daemon_cores = max(used_beside, 0.0) / _REST_S
        for each in beside:
            self.daemon[each.name] = self.daemon.get(each.name, 0.0) + kernel.pss(each.number)

    def _again(self, numbers: Collection[int]) -> list[Process]:
        return [each for each in self._bench.family() if each.number in numbers]

    def _work(self) -> None:
        """Let one instance work, and see from outside how long it takes for each job."""
        with self._starter.up(1, self._can) as up:
            for job, seconds in _durations(up, self._can):
                self.jobs.setdefault(job, []).append(seconds)


def measure(probe: Probe, bench: Workbench, counts: Sequence[int], end: float) -> Measured:
    """Measure what a probe is for; repeats end at a moment. Raises ProbeError where it fails."""
    watch = Watch(bench.cpu)
    with probe.prepared(bench) as runtime:
        starter = Starter(bench, runtime, probe.patience_s)
        taken = Measurement(bench, starter, probe.jobs, end)
        taken.take(counts)
    bench.end_others(())
    return Measured(
        name=probe.name,
        entry=probe.entry,
        kind=probe.kind,
        version=probe.version(),
        batches=taken.batches,
        memory=taken.memory,
        daemon=taken.daemon,
        daemon_cores=taken.daemon_cores,
        idle_cores=taken.idle_cores,
        disk=taken.disk,
        jobs={job: Reading(tuple(seconds)) for job, seconds in taken.jobs.items()},
        others=watch.noise().busy,
    )


def _durations(up: Up, jobs: Sequence[str]) -> Iterator[tuple[str, float]]:
    before = up.ready
    for job in jobs:
        now = up.done(job)
        yield job, now - before
        before = now


def _numbers(processes: Iterable[Process]) -> list[int]:
    return [each.number for each in processes]


def _charged(mark: str) -> int:
    """What the cgroup of a mark is charged with, in whichever version of cgroups there is."""
    for top in (CGROUPS / "memory" / mark, CGROUPS / mark, CGROUPS / "unified" / mark):
        for name in _CHARGED:
            if (top / name).is_file():
                return int((top / name).read_text(encoding="utf-8"))
    return 0


def _on_disk(folder: Path) -> int:
    """Bytes of all files below a folder, as they lie on the disk."""
    return sum(_size(Path(place, name)) for place, _, names in os.walk(folder) for name in names)


def _size(file: Path) -> int:
    try:
        return file.lstat().st_blocks * _BLOCK
    except OSError:
        return 0
