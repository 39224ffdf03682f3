"""Comparisons made up for the report: plausible numbers, drawn without the simulator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from report.stated import HAPPENINGS, NOT_KNOWN, Made, frame, scenario

from sim.spec.metrics import METRICS

Runs = dict[str, list[dict[str, float]]]
"""The metrics of each replication, by platform."""

GIB, MIB = 2**30, 2**20
CORES = 16


@dataclass(frozen=True)
class Kind:
    """What a made-up platform costs: phases in core-s or s a start, MiB and core-s an instance."""

    name: str
    phases: dict[str, float]
    memory: dict[str, float]
    disk: dict[str, float]
    idle: float = 0.0
    failing: float = 0.0


KINDS = (
    Kind(
        "process",
        {"application": 0.19},
        {"net.private": 40, "net.kernel": 1, "net.files": 1.1},
        {"net.files": 5, "net.data": 8},
    ),
    Kind(
        "container-docker",
        {
            "storage": 0.02,
            "namespaces": 0.01,
            "network": 0.09,
            "runtime": 0.18,
            "application": 0.19,
        },
        {
            "net.private": 40,
            "net.kernel": 1,
            "net.files": 1.1,
            "boundary.shim": 3.1,
            "boundary.daemon": 2.6,
            "boundary.proxy": 1.2,
        },
        {"net.files": 5, "net.data": 8, "boundary.layers": 1.1},
        idle=0.1,
    ),
    Kind(
        "microvm-firecracker",
        {"vmm": 0.012, "kernel": 0.15, "userland": 0.2, "application": 0.23},
        {
            "net.private": 40,
            "net.kernel": 1,
            "net.files": 1.1,
            "boundary.vmm": 2.5,
            "boundary.guest-kernel": 31,
            "boundary.guest-cache": 22,
            "duplicate.files": 25,
            "stranded": 4,
        },
        {"net.files": 5, "net.data": 8, "boundary.guest-image": 60, "duplicate.files": 200},
        idle=0.6,
    ),
    Kind(
        "vm-qemu",
        {
            "vmm": 0.035,
            "firmware": 0.03,
            "kernel": 0.2,
            "userland": 7.5,
            "waiting": 0.4,
            "application": 0.24,
        },
        {
            "net.private": 40,
            "net.kernel": 1,
            "net.files": 1.1,
            "boundary.vmm": 27,
            "boundary.guest-kernel": 62,
            "boundary.guest-userland": 70,
            "boundary.guest-cache": 44,
            "duplicate.files": 25,
            "stranded": 12,
        },
        {"net.files": 5, "net.data": 8, "boundary.guest-image": 1900, "duplicate.files": 200},
        idle=3.0,
    ),
)
LONG_NAMES = (
    *("process", "container-docker-host-net", "container-podman-rootless-slirp4netns"),
    *("gvisor-systrap-directfs", "kata-qemu-with-virtiofs-and-dax", "microvm-firecracker-snapshot"),
    *("unikernel-unikraft-on-firecracker", "containers-in-vms-of-16", "docker-desktop-windows"),
    "vm-cloud-with-kernel-samepage-merging",
)
TEN_KINDS = tuple(
    replace(KINDS[place * 4 // 10], name=name) for place, name in enumerate(LONG_NAMES)
)


def estimate(values: Sequence[float]) -> tuple[float, float, float, int]:
    """A mean with its interval, by the normal quantile: near enough for a picture."""
    runs = np.asarray(values, dtype=float)
    mean = float(runs.mean())
    if len(runs) == 1:
        return mean, float("nan"), float("nan"), 1
    half = 1.96 * float(runs.std(ddof=1)) / len(runs) ** 0.5
    return mean, mean - half, mean + half, len(runs)


def starts(kind: Kind, count: int, replications: int) -> pd.DataFrame:
    """All at once on 16 cores: each is stretched by those beside it; phases end one by one."""
    draw = np.random.default_rng(7)
    stretch = max(1.0, count / CORES)
    frames = []
    for replication in range(replications):
        own = draw.lognormal(0, 0.12, count)
        frame = pd.DataFrame({"platform": kind.name, "replication": replication, "group": "web"},
                             index=range(count))
        frame["instance"] = [f"web/{place}" for place in range(count)]
        frame["host"] = 0
        frame["created_s"] = 0.0
        for phase, seconds in kind.phases.items():
            frame[f"{phase}_s"] = seconds * stretch * own * draw.lognormal(0, 0.03, count)
        took = frame[[f"{phase}_s" for phase in kind.phases]].sum(axis=1)
        lost = draw.random(count) < kind.failing
        frame["ready_s"] = took.where(~lost)
        frame["exited_s"] = (took * 0.8).where(lost)
        frame["state"] = np.where(lost, "failed", "running")
        frame["reason"] = np.where(lost, "no memory left", "")
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def run_metrics(kind: Kind, run: pd.DataFrame, count: int) -> dict[str, float]:
    """The metrics of one replication, from its instances and the platform's costs."""
    took = run["ready_s"].dropna()
    ready = len(took)
    gross = sum(kind.memory.values()) * MIB * ready
    net = sum(v for name, v in kind.memory.items() if name.startswith("net")) * MIB * ready
    cpu_net = 0.19 * ready
    cpu = sum(kind.phases.values()) * ready + kind.idle * ready
    disk = sum(kind.disk.values()) * MIB * ready
    disk_net = 13.0 * MIB * ready
    metrics = {
        "memory_gross_bytes": gross,
        "memory_net_bytes": net,
        "memory_tare_bytes": gross - net,
        "memory_fixed_tare_bytes": 0.0,
        "memory_peak_bytes": gross * 1.02,
        "cpu_gross_core_s": cpu,
        "cpu_net_core_s": cpu_net,
        "cpu_tare_core_s": cpu - cpu_net,
        "cpu_contention_core_s": 0.0,
        "cpu_utilization": cpu / (CORES * 600),
        "disk_gross_bytes": disk,
        "disk_net_bytes": disk_net,
        "disk_tare_bytes": disk - disk_net,
        "instances_started": float(count),
        "instances_ready": float(ready),
        "instances_failed": float(count - ready),
        "restarts": 0.0,
        "oom_kills": 0.0,
    }
    if ready:
        metrics["startup_mean_s"] = took.mean()
    for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99")):
        if ready >= share * count and ready:
            metrics[f"startup_{name}_s"] = took.quantile(share * count / ready)
    if ready == count:
        metrics |= {"startup_max_s": took.max(), "all_ready_s": took.max()}
    return {name: metrics[name] for name in METRICS if name in metrics}


def component_rows(kind: Kind, ready: int) -> list[tuple[str, str, str, float, str]]:
    """What the gross amounts of `ready` instances are made of."""
    work = sum(kind.phases.values()) - 0.19
    cpu = {"net": 0.19, "set-up": work * 0.8, "crossings": work * 0.2, "idle": kind.idle}
    amounts = {
        "memory": ({name: value * MIB for name, value in kind.memory.items()}, "bytes"),
        "cpu": (cpu, "core-s"),
        "disk": ({name: value * MIB for name, value in kind.disk.items()}, "bytes"),
    }
    return [
        (kind.name, resource, component, value * ready, unit)
        for resource, (found, unit) in amounts.items()
        for component, value in found.items()
    ]


def sample_rows(kind: Kind, run: pd.DataFrame) -> list[tuple[object, ...]]:
    """Memory grows by one instance's share at each start."""
    ends = np.sort(run["ready_s"].dropna().to_numpy())
    return [
        (kind.name, time, 0, "memory", component, value * MIB * (place + 1))
        for place, time in enumerate(ends)
        for component, value in kind.memory.items()
    ]


def binding_rows(kind: Kind) -> list[tuple[object, ...]]:
    """By memory, by CPU at rest, by disk; and two shares of the start."""
    each = sum(kind.memory.values()) * MIB
    use = (
        ("memory", 50 * each / (63 * GIB)),
        ("cpu", 0.08),
        ("disk", 50 * sum(kind.disk.values()) * MIB / 1e12),
    )
    shares = (("cpu", 0.82), ("waiting", 0.18))
    return [
        *((kind.name, "start-up", what, share, "", "") for what, share in shares),
        *((kind.name, "use", what, share, "", "") for what, share in use),
    ]


def assumption_rows(kind: Kind) -> list[tuple[object, ...]]:
    """Two numbers that every platform leans on, and one of its own a phase."""
    return [
        (kind.name, "host.cores", 16.0, "cores", "tare-definition", "assumed", "by its name"),
        (kind.name, "groups.web.workload.start.compute", 0.19, "core-s", "scenario", "assumed", ""),
        *(
            (kind.name, f"platforms.{kind.name}.boundaries.wall.create.{phase}.compute", seconds,
             "core-s", "nsdi20", "measured", "one at a time")
            for phase, seconds in kind.phases.items()
        ),
    ]


def summary_rows(kinds: Sequence[Kind], runs: Runs) -> list[tuple[object, ...]]:
    """Each metric that every replication has, for the platform, its group and its host."""
    return [
        (kind.name, scope, part, metric, *estimate(values), METRICS[metric].unit)
        for kind in kinds
        for scope, part in (("platform", ""), ("group", "web"), ("host", "0"))
        for metric, values in shared(runs[kind.name]).items()
    ]


def shared(runs: Sequence[dict[str, float]]) -> dict[str, list[float]]:
    """The values of each metric that all replications have."""
    return {
        metric: [run[metric] for run in runs]
        for metric in METRICS
        if all(metric in run for run in runs)
    }


def difference_rows(kinds: Sequence[Kind], runs: Runs) -> list[tuple[object, ...]]:
    """Each platform less the first, replication by replication."""
    reference, *others = (kind.name for kind in kinds)
    first = shared(runs[reference])
    found: list[tuple[object, ...]] = []
    for name in others:
        for metric, values in shared(runs[name]).items():
            if metric in first:
                gaps = [own - base for own, base in zip(values, first[metric], strict=True)]
                below = sum(first[metric])
                ratio = sum(values) / below if below else NOT_KNOWN
                unit = METRICS[metric].unit
                found.append((metric, name, reference, *estimate(gaps), unit, ratio))
    return found


def phase_rows(kind: Kind, run: pd.DataFrame) -> list[tuple[object, ...]]:
    """The mean of each phase."""
    return [
        (kind.name, phase, order, float(run[f"{phase}_s"].mean()))
        for order, phase in enumerate(kind.phases)
    ]


def objective_rows(kind: Kind, run: dict[str, float]) -> list[tuple[object, ...]]:
    """Start within two seconds."""
    found = run.get("startup_p99_s", NOT_KNOWN)
    return [(kind.name, "startup_p99_s", "< 2", found, found < 2)]


def event_rows(kind: Kind, run: pd.DataFrame) -> list[tuple[object, ...]]:
    """Each became ready."""
    ready = run[run["ready_s"].notna()]
    pairs = zip(ready["ready_s"], ready["instance"], strict=True)
    return [(kind.name, time, 0, instance, "ready", "") for time, instance in pairs]


def made(kinds: Sequence[Kind] = KINDS, count: int = 50, replications: int = 10) -> Made:
    """A whole comparison of some platforms."""
    everything = {kind.name: starts(kind, count, replications) for kind in kinds}
    runs = {
        kind.name: [
            run_metrics(kind, run, count)
            for _, run in everything[kind.name].groupby("replication")
        ]
        for kind in kinds
    }
    first = {name: frame_of.query("replication == 0") for name, frame_of in everything.items()}

    def of_each(table: str, rows: Callable[[Kind], Sequence[tuple[object, ...]]]) -> pd.DataFrame:
        return frame(table, [row for kind in kinds for row in rows(kind)])

    return Made(
        name="web-fleet",
        scenario=scenario([kind.name for kind in kinds], count, replications),
        summary=frame("summary", summary_rows(kinds, runs)),
        components=of_each("components", lambda kind: component_rows(
            kind, int(first[kind.name]["ready_s"].notna().sum())
        )),
        phases=of_each("phases", lambda kind: phase_rows(kind, first[kind.name])),
        differences=frame("differences", difference_rows(kinds, runs)),
        binding=of_each("binding", binding_rows),
        objectives=of_each("objectives", lambda kind: objective_rows(kind, runs[kind.name][0])),
        meets=True,
        assumptions=of_each("assumptions", assumption_rows),
        instances=pd.concat(everything.values(), ignore_index=True),
        samples=of_each("samples", lambda kind: sample_rows(kind, first[kind.name])),
        events=of_each("events", lambda kind: event_rows(kind, first[kind.name])),
        **{table: frame(table, []) for table in HAPPENINGS},
    )
