"""Calibrate: measure the machine that this runs on, and make of it what scenarios can name."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sim.errors import UsageError, did_you_mean
from sim.probes.bench import ProbeError, Workbench
from sim.probes.host import HostMeasured, measure_host, usable_cores
from sim.probes.known import PROBES
from sim.probes.measuring import counts_to_fit, measure
from sim.probes.merging import Merging, measure_merging
from sim.probes.probe import Probe
from sim.probes.quiet import Noise, look
from sim.probes.readings import Measured
from sim.spec.document import Tree
from sim.spec.statement import written
from sim.studies.calibration.fitting import Fit, fit
from sim.studies.calibration.guests import with_memory_inside
from sim.studies.calibration.modelled import Entries, in_full
from sim.studies.calibration.overlays import (
    host_overlay,
    merging_overlay,
    platform_overlay,
    workload_overlay,
)

Tell = Callable[[str], None]

MOST_S = 190.0
"""How long measuring may take, so that with the fits all is done within five minutes."""

_HOST_S = 14.0
_LEAST = 0.4
"""The share of the time of a probe in which it can take each reading once."""


@dataclass(frozen=True)
class Calibrated:
    """A runtime that was measured, and the entry of the catalog as it is here."""

    measured: Measured
    overlay: Mapping[str, Tree]
    found: Fit | None = None

    @property
    def entry(self) -> str:
        """The entry of the catalog that it extends."""
        return self.measured.entry


@dataclass(frozen=True)
class Calibration:
    """What a machine was found to be, and what was left out, each with its reason."""

    host: HostMeasured
    noise: Noise
    overlay: Mapping[str, Tree]
    runtimes: Sequence[Calibrated]
    skipped: Mapping[str, str]
    cleared: Sequence[str] = field(default=())
    merging: Merging | None = None

    def files(self) -> dict[str, str]:
        """The overlays as the files that scenarios can name, by their names."""
        entries = {"host": self.overlay} | {each.entry: each.overlay for each in self.runtimes}
        return {f"{name}.yaml": written(dict(entry)) for name, entry in entries.items()}

    @property
    def workload(self) -> Mapping[str, Tree] | None:
        """The process that was measured as a workload, where it was."""
        found = (each for each in self.runtimes if each.measured.kind == "workloads")
        return next((each.overlay for each in found), None)


def calibrate(
    only: Sequence[str] = (), *, most_s: float = MOST_S, tell: Tell = lambda line: None
) -> Calibration:
    """Measure the machine and the runtimes on it, or of these only some, in so many seconds.

    `tell` is told what is being done. Whatever is made for it is gone when this returns or raises.
    Raises UsageError where this is not Linux or a runtime has no probe, and ProbeError where
    the machine itself cannot be measured.
    """
    probes = chosen(only)
    end = time.monotonic() + most_s
    noise = look()
    tell("cores, memory and disk")
    with _bench(tell) as bench:
        cleared = list(bench.cleared)
        host = measure_host(bench)
    merging, reason = _merging(tell)
    measured, skipped = _measured(probes, end, tell)
    about = conditions(noise)
    merged = merging_overlay(merging, about) if merging else {}
    return Calibration(
        host=host,
        noise=noise,
        overlay=host_overlay(host, about) | merged,
        runtimes=list(_fitted(host, noise, measured, tell)),
        skipped=skipped if merging else {"ksm": reason, **skipped},
        cleared=cleared,
        merging=merging,
    )


@contextmanager
def _bench(tell: Tell) -> Iterator[Workbench]:
    """A workbench, whose clearing is told where it found something, or could not end it."""
    bench = Workbench()
    with bench:
        for name in bench.cleared:
            tell(f"removed what was left of {name}, which had been killed")
        yield bench
    for what in bench.left:
        tell(f"could not remove {what}")


def _merging(tell: Tell) -> tuple[Merging | None, str]:
    """How the kernel looks for equal pages, or why that is not to be had."""
    tell("equal pages")
    try:
        with _bench(tell) as bench:
            return measure_merging(bench), ""
    except ProbeError as error:
        return None, str(error)


def chosen(only: Sequence[str]) -> list[Probe]:
    """The probes of these names, or all; the bare process is what others are measured against.

    Raises UsageError where this is not Linux, or there is no probe of a name.
    """
    if platform.system() != "Linux":
        problem = f"a calibration reads what Linux tells of itself, and this is {platform.system()}"
        raise UsageError(problem, "run it on the machine that you want to describe")
    names = [probe.name for probe in PROBES]
    for name in only:
        if name not in names:
            raise UsageError(f"{name!r} is nothing to measure", did_you_mean(name, names))
    return [probe() for probe in PROBES if _is_wanted(probe, only)]


def _is_wanted(probe: type[Probe], only: Sequence[str]) -> bool:
    return not only or probe.name in only or probe.kind == "workloads"


def needed_s(probes: Sequence[Probe]) -> float:
    """About how long it takes to measure these of them that are there."""
    return _HOST_S + sum(probe.seconds for probe in probes if not probe.missing())


def conditions(noise: Noise) -> str:
    """When it was measured, and beside what."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    return f"{day}, " + (f"beside much else: {noise}" if noise.is_much else f"quiet: {noise}")


def _measured(
    probes: Sequence[Probe], end: float, tell: Tell
) -> tuple[list[Measured], dict[str, str]]:
    """Measure one runtime after the other, each within its part of the time that is left."""
    done: list[Measured] = []
    skipped = {probe.name: reason for probe in probes if (reason := probe.missing())}
    pending = [probe for probe in probes if probe.name not in skipped]
    for number, probe in enumerate(pending):
        left, needed = end - time.monotonic(), sum(each.seconds for each in pending[number:])
        try:
            done.append(_measure(probe, left, min(1.0, left / needed), tell))
        except ProbeError as error:
            skipped[probe.name] = str(error)
    return done, skipped


def _measure(probe: Probe, left: float, share: float, tell: Tell) -> Measured:
    """Measure one, in a share of the time it would like to have of what is left.

    Raises ProbeError where it fails, or where there is no time even for reading it once.
    """
    if left < _LEAST * probe.seconds:
        raise ProbeError("no time was left for it", "--only measures it alone")
    tell(f"{probe.name}: {probe.version()}")
    with _bench(tell) as bench:
        end = time.monotonic() + share * probe.seconds
        return measure(probe, bench, counts_to_fit(usable_cores()), end)


def _fitted(
    host: HostMeasured, noise: Noise, measured: Sequence[Measured], tell: Tell
) -> Iterator[Calibrated]:
    """The overlays of what was measured, that of the bare process first."""
    about, speed = conditions(noise), host.speed.middle
    host_tree = in_full("hosts", dict(host_overlay(host, about)))
    native = next((each for each in measured if each.kind == "workloads"), None)
    if native is None:
        return
    process = workload_overlay(native, speed, about)
    workload = in_full("workloads", dict(process))
    yield Calibrated(native, process)
    for each in measured:
        if each is not native:
            tell(f"{each.name}: fitting")
            base = in_full("platforms", each.entry)
            entries = Entries(host_tree, base, workload)
            found = fit(entries, each, _cpu(each, native))
            overlay = platform_overlay(each, entries, found, native, about)
            overlay = with_memory_inside(overlay, host_tree, workload, each, about)
            yield Calibrated(each, overlay, found)


def _cpu(measured: Measured, native: Measured) -> float:
    """Core-seconds of a start without its process, by as many at once as there are cores at least.

    With fewer, what a start takes depends on the cores that lie idle beside it.
    """
    most = max(measured.counts)
    whole, process = measured.cpu_s(most).middle, native.cpu_s(1).middle
    return max(whole - process, whole / 10)
