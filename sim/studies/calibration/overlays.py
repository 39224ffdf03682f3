"""What was measured as entries that extend the catalog's: a host, a workload, platforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sim.probes.host import HostMeasured
from sim.probes.merging import Merging
from sim.probes.readings import Measured, Reading
from sim.spec.document import Tree
from sim.studies.calibration.amounts import (
    bytes_,
    cited,
    core_seconds,
    millicores,
    per_second,
    percent,
    seconds,
)
from sim.studies.calibration.fitting import Fit
from sim.studies.calibration.holdings import held_by, of_pss
from sim.studies.calibration.modelled import Entries
from sim.studies.calibration.phases import laid

_BASE_HOST = "server-16c-64g"
"""Whose numbers stand for what cannot be measured here: the link, a reboot."""

_ALL_ALONE = 0.97
_MOST_BESIDE = 0.25
"""The share of the cores that others may have used beside what compares two times."""

_OFTEN = 5
_CLASSES = ("compute", "system-calls")


def host_overlay(host: HostMeasured, conditions: str) -> dict[str, Tree]:
    """The machine as a host."""
    drive = host.drive
    about = f"{conditions}; {host.processor}, Linux {host.kernel}"
    where = f"{about}; on {drive.kind}" + (", which is in memory" if drive.is_memory else "")
    return {
        "extends": _BASE_HOST,
        "name": "this-machine",
        "title": f"The machine that was measured: {host.processor}, {host.cores} cores",
        "notes": "What a calibration cannot see, the link and a reboot, is as the catalog has it.",
        "cores": cited(f"{host.cores} cores", f"that a process may run on; {about}"),
        "speed": cited(round(host.speed.middle, 3), _of_speed(host.speed, about)),
        "smt": cited(
            percent(_smt(host)), _repeated(host.among_all, "of its speed while all are busy", about)
        ),
        "memory": cited(bytes_(host.memory), f"MemTotal; {about}"),
        "memory_in_use": cited(
            bytes_(host.memory_in_use), f"MemTotal less MemAvailable, with all that ran; {about}"
        ),
        "swap": cited(bytes_(host.swap), f"SwapTotal; {about}"),
        "disk": {
            "capacity": cited(bytes_(drive.capacity), where),
            "bandwidth": cited(
                per_second(drive.bandwidth.middle),
                _repeated(drive.bandwidth, "reads of 1 MiB, 16 at a time", where),
            ),
            "operations": cited(
                f"{drive.operations.middle:.0f} operations/s",
                _repeated(drive.operations, "reads of 4 KiB, 16 at a time", where),
            ),
            "latency": cited(
                seconds(drive.latency_s.middle),
                _repeated(drive.latency_s, "reads of 4 KiB, one at a time", where),
            ),
        },
    }


def merging_overlay(merging: Merging, conditions: str) -> dict[str, Tree]:
    """How the machine looks for equal pages, as the part of a host that says so."""
    looked = f"{merging.saved >> 20} MiB saved of {merging.equal >> 20} in {merging.seconds:.1f} s"
    return {
        "merging": {
            "pages": cited(merging.pages, f"pages_to_scan; {conditions}"),
            "pause": cited(seconds(merging.pause_s), f"sleep_millisecs; {conditions}"),
            "compute": cited(
                f"{1e6 * merging.compute_s:.3g} core-us",
                f"CPU of ksmd for each page that it looked at: {looked}, at a speed that was set"
                f" for it; {conditions}",
            ),
        }
    }


def _smt(host: HostMeasured) -> float:
    """Cores that keep almost all of their speed beside each other are cores of their own."""
    share = host.among_all.middle
    return 1.0 if share > _ALL_ALONE else share


def _of_speed(speed: Reading, about: str) -> str:
    each = ", ".join(f"{value:.2f}" for value in speed.values)
    return f"median of three fixed computations against the reference core: {each}; {about}"


def _repeated(reading: Reading, what: str, about: str) -> str:
    """How often something was read, how far the readings lie apart, and under what conditions."""
    return f"{what}: median of {len(reading.values)}, spread {reading.spread:.0%}; {about}"


def workload_overlay(measured: Measured, speed: float, conditions: str) -> dict[str, Tree]:
    """The process that was started everywhere as a workload."""
    alone, cpu = measured.last_s(1), measured.cpu_s(1)
    inside = measured.held("inside")
    about = f"{measured.version}; {conditions}"
    fitted = of_pss(measured, about)
    return {
        "extends": measured.entry,
        "title": "The process that was measured, which sleeps",
        "start": {
            "wait": cited(
                seconds(max(alone.middle - cpu.middle, 0.0)),
                _repeated(alone, "start to first output, less its CPU", about),
            ),
            "compute": cited(
                core_seconds(cpu.middle * speed), _repeated(cpu, "CPU of one start", about)
            ),
        },
        "memory": {
            "private": cited(bytes_(inside.private), fitted),
            "mapped": cited(bytes_(inside.shared), fitted),
        },
    }


def platform_overlay(
    measured: Measured, entries: Entries, found: Fit, native: Measured, conditions: str
) -> dict[str, Tree]:
    """A runtime as the platform of the catalog, with what was measured in place of its numbers.

    `native` is the bare process that its work is measured against.
    """
    base = cast("dict[str, Tree]", entries.platform)
    walls = cast("Mapping[str, dict[str, Tree]]", base["boundaries"])
    meanwhile = f"{measured.others:.0%} of the cores went to others and to the kernel meanwhile"
    about = f"{measured.version}; {conditions}; {meanwhile}"
    note = _of_start(measured, about)
    boundaries: dict[str, Tree] = {}
    for address, value in found.start.stretched(found.factors).items():
        amount = core_seconds(value) if address[-1] == "compute" else seconds(value)
        boundaries = laid(boundaries, address, cited(amount, note, "calibrated"))
    outer, inner = next(iter(walls)), [*walls][-1]
    for name, more in (
        (outer, held_by(measured, entries, outer, about)),
        (outer, _varying(measured, note)),
        (inner, _inside(measured, native, about)),
    ):
        boundaries[name] = {**cast("Mapping[str, Tree]", boundaries.get(name, {})), **more}
    return {
        "extends": measured.entry,
        "name": measured.entry,
        "title": f"{base['title']}, as measured on this machine",
        "boundaries": boundaries,
    }


def _varying(measured: Measured, note: str) -> dict[str, Tree]:
    """How starts alone differ, if that is their own doing and was seen often enough."""
    alone = measured.last_s(1)
    if measured.others > _MOST_BESIDE or len(alone.values) < _OFTEN:
        return {}
    return {"variation": cited(percent(alone.spread), note)}


def _inside(measured: Measured, native: Measured, about: str) -> dict[str, Tree]:
    """What the inside uses at rest, and what its work costs, if nobody else had a part in that."""
    rest = f"of each of {max(measured.counts)} at rest over 2 s; {about}"
    inside: dict[str, Tree] = {"idle": cited(millicores(measured.idle_cores), rest)}
    if max(measured.others, native.others) > _MOST_BESIDE:
        return inside
    return inside | {"crossings": {"cpu": _crossings(measured, native, about)}}


def _of_start(measured: Measured, about: str) -> str:
    """The readings that the steps of a start were stretched to."""
    times = "; ".join(
        f"{count}: {seconds(measured.first_s(count).middle)} to"
        f" {seconds(measured.last_s(count).middle)},"
        f" {core_seconds(measured.cpu_s(count).middle)} each (n = {len(measured.of(count))},"
        f" spread {measured.last_s(count).spread:.0%})"
        for count in measured.counts
    )
    return f"so that the model gives what was measured at once: {times}; {about}"


def _crossings(measured: Measured, native: Measured, about: str) -> dict[str, Tree]:
    """What work takes inside over the same work outside, by the quickest turn of each."""
    return {
        name: cited(
            round(min(measured.jobs[name].values) / min(native.jobs[name].values), 3),
            f"the same job inside over outside, the quickest of {len(measured.jobs[name].values)}"
            f" each; {about}",
        )
        for name in _CLASSES
        if name in measured.jobs and name in native.jobs
    }
