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
from sim.studies.calibration.phases import amount, laid

_BASE_HOST = "server-16c-64g"
"""Whose numbers stand for what cannot be measured here: the link, a reboot."""

_WORKLOAD_OF_KERNEL = 0.1 * 2**20
_ALL_ALONE = 0.97
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
    fitted = f"PSS with {_listed(measured.memory)} up, fitted as private + shared/N; {about}"
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
    measured: Measured, base: Tree, found: Fit, native: Measured | None, conditions: str
) -> dict[str, Tree]:
    """A runtime as the platform of the catalog, with what was measured in place of its numbers."""
    tree = cast("dict[str, Tree]", base)
    walls = cast("dict[str, dict[str, Tree]]", tree["boundaries"])
    about = f"{measured.version}; {conditions}"
    boundaries: dict[str, Tree] = {}
    for address, value in found.start.stretched(found.factors).items():
        number = cited(amount(address, value), _of_start(measured, about), "calibrated")
        boundaries = laid(boundaries, address, number)
    outer, inner = next(iter(walls)), [*walls][-1]
    _add(
        boundaries,
        outer,
        {"variation": cited(percent(measured.last_s(1).spread), _of_start(measured, about))},
    )
    _add(boundaries, outer, _held_by(measured, walls[outer], about))
    _add(
        boundaries,
        inner,
        {
            "idle": cited(
                millicores(measured.idle_cores),
                f"of each of {max(measured.counts)} at rest over 2 s; {about}",
            )
        },
    )
    if native is not None:
        _add(boundaries, inner, {"crossings": {"cpu": _crossings(measured, native, about)}})
    return {
        "extends": measured.entry,
        "name": measured.entry,
        "title": f"{tree['title']}, as measured on this machine",
        "boundaries": boundaries,
    }


def _add(boundaries: dict[str, Tree], name: str, more: Mapping[str, Tree]) -> None:
    boundaries[name] = {**cast("Mapping[str, Tree]", boundaries.get(name, {})), **more}


def _of_start(measured: Measured, about: str) -> str:
    """The readings that the steps of a start were stretched to."""
    times = "; ".join(
        f"{count}: {_ms(measured.first_s(count))} to {_ms(measured.last_s(count))} ms,"
        f" {core_seconds(measured.cpu_s(count).middle)} each (n = {len(measured.of(count))},"
        f" spread {measured.last_s(count).spread:.0%})"
        for count in measured.counts
    )
    return f"so that the model gives what was measured at once: {times}; {about}"


def _ms(reading: Reading) -> str:
    return seconds(reading.middle).removesuffix(" ms")


def _listed(counts: Mapping[int, object]) -> str:
    *most, last = [str(count) for count in counts]
    return f"{', '.join(most)} and {last}" if most else last


def _held_by(measured: Measured, wall: Mapping[str, Tree], about: str) -> dict[str, Tree]:
    """What instances hold around them, on the boundary that holds it: memory, disk, daemons."""
    held: dict[str, Tree] = {"footprint": _footprint(measured, wall, about)}
    if measured.disk and "writable" in cast("Mapping[str, Tree]", wall["files"]):
        on_disk = f"on disk for each of {max(measured.counts)}; {about}"
        held["files"] = {"writable": cited(bytes_(measured.disk), on_disk)}
    return held | _daemon(measured, wall, about)


def _footprint(measured: Measured, wall: Mapping[str, Tree], about: str) -> dict[str, Tree]:
    """Memory around instances: of processes, in the entry of those; and pages of the kernel."""
    kinds = cast("Mapping[str, Mapping[str, Tree]]", wall.get("footprint", {}))
    around = measured.held("outside")
    of_processes = [name for name, held in kinds.items() if "shared" in held][:1]
    if not of_processes and around.private + around.shared:
        of_processes = ["around"]
    of_kernel = [name for name, held in kinds.items() if held.get("pinned") == "on"]
    kernel = cited(bytes_(_of_kernel(measured, wall)), _of_accounts(measured, about))
    processes = _fitted(measured, "outside", about)
    if wall.get("interior"):  # most of what is each one's own is what lies inside
        del processes["private"]
    return {
        **dict.fromkeys(of_processes, cast("Tree", processes)),
        **dict.fromkeys(of_kernel, cast("Tree", {"private": kernel})),
    }


def _fitted(measured: Measured, part: str, about: str) -> dict[str, Tree]:
    """What is each one's own of a part of the memory, and what all share."""
    held = measured.held(part)
    fitted = f"PSS with {_listed(measured.memory)} up, fitted as private + shared/N; {about}"
    return {
        "private": cited(bytes_(held.private), fitted),
        "shared": cited(bytes_(held.shared), fitted),
    }


def _of_kernel(measured: Measured, wall: Mapping[str, Tree]) -> float:
    """Pages of the kernel for the walls alone, by its most exact account that there is.

    A cgroup in which a kernel of its own runs is charged with the memory of that as well.
    """
    charged = 0.0 if wall["kernel"] == "own" else measured.each_more("charged")
    own = measured.held("inside").private + _WORKLOAD_OF_KERNEL
    return max(
        (charged - own) if charged else (measured.each_more("kernel") - _WORKLOAD_OF_KERNEL), 0.0
    )


def _of_accounts(measured: Measured, about: str) -> str:
    kib = {
        account: measured.each_more(account) / 1024
        for account in ("charged", "kernel", "unavailable")
    }
    return (
        f"for each more instance the cgroup is charged {kib['charged']:.0f} KiB, the kernel's pages"
        f" grow by {kib['kernel']:.0f} and MemAvailable falls by {kib['unavailable']:.0f}; less its"
        f" process; {about}"
    )


def _daemon(measured: Measured, wall: Mapping[str, Tree], about: str) -> dict[str, Tree]:
    """Daemons that the catalog knows of by name, and what they use at rest."""
    daemon = cast("Mapping[str, Tree]", wall.get("daemon", {}))
    known = cast("Mapping[str, Tree]", daemon.get("memory", {}))
    memory: dict[str, Tree] = {
        name: {
            "private": cited(
                bytes_(measured.daemon[name]),
                f"PSS beside {max(measured.counts)} instances; {about}",
            )
        }
        for name in known
        if name in measured.daemon
    }
    if not memory:
        return {}
    cpu = cited(millicores(measured.daemon_cores), f"at rest, over 2 s; {about}")
    return {"daemon": {"memory": memory, "cpu": cpu}}


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
