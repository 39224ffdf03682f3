"""Comparisons made up for the report: plausible numbers, drawn without the simulator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.spec.metrics import METRICS
from sim.spec.scenario import Scenario

GIB, MIB = 2**30, 2**20
HOST_MEMORY = 64 * GIB
CORES = 16


@dataclass(frozen=True)
class Made:
    """A comparison as the studies would hand it over."""

    name: str
    scenario: Scenario
    summary: pd.DataFrame
    components: pd.DataFrame
    phases: pd.DataFrame
    differences: pd.DataFrame
    binding: pd.DataFrame
    objectives: pd.DataFrame
    meets: bool
    assumptions: pd.DataFrame
    instances: pd.DataFrame
    samples: pd.DataFrame
    events: pd.DataFrame


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


def scenario(
    kinds: Sequence[Kind], count: int, replications: int, **changes: object
) -> Scenario:
    """Fifty web services, say, on a host of 16 cores and 64 GiB."""
    layer = {"kind": "runtime", "compressed": "55 MB", "unpacked": "160 MB"}
    image = {"name": "node", "title": "Node.js", "layers": {"node": layer}}
    tree = {
        "version": 1,
        "title": "Fifty small web services on one server",
        "question": "How much of the machine is left for the work?",
        "host": {
            "name": "server-16c-64g",
            "title": "Server with 16 cores and 64 GiB",
            "cores": CORES,
            "memory": "64 GiB",
            "memory_in_use": "1 GiB",
            "disk": {
                "capacity": "1 TB",
                "bandwidth": "2 GB/s",
                "operations": "200000 /s",
                "latency": "90 us",
            },
            "link": {"bandwidth": "1 GB/s", "round_trip": "1 ms", "window": "4 MiB"},
        },
        "platforms": [{"name": kind.name} for kind in kinds],
        "horizon": "10 min",
        "groups": {
            "web": {
                "workload": {
                    "name": "web-node",
                    "title": "Node web service",
                    "image": image,
                    "work": "system-calls",
                    "start": {"compute": "190 core-ms"},
                    "memory": {"private": "40 MiB", "mapped": "55 MiB", "kernel": "1 MiB"},
                },
                "count": count,
            }
        },
        "replications": replications,
        "seed": 1,
    }
    return Scenario.model_validate(tree | changes)


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
    count = (
        ("memory", 63 * GIB / each),
        ("cpu", CORES * 600 / (0.19 + kind.idle)),
        ("disk", 1e12 / (sum(kind.disk.values()) * MIB)),
    )
    shares = (("cpu", 0.82), ("waiting", 0.18))
    return [
        *((kind.name, "start-up", what, share, "", "") for what, share in shares),
        *((kind.name, "count", what, most, "", "") for what, most in count),
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


COLUMNS = {
    "summary": "platform scope name metric mean low high n unit",
    "components": "platform resource component value unit",
    "phases": "platform phase order mean_s",
    "differences": "metric platform reference mean low high n unit ratio",
    "binding": "platform question resource value unit detail",
    "objectives": "platform metric objective value met",
    "assumptions": "platform path value unit source evidence note",
    "samples": "platform time_s host resource component value",
    "events": "platform time_s host instance event detail",
}


def frame(kind: str, rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """A frame of one of the kinds that the studies hand over."""
    return pd.DataFrame(rows, columns=COLUMNS[kind].split())


def made(
    kinds: Sequence[Kind] = KINDS,
    count: int = 50,
    replications: int = 10,
    name: str = "web-fleet",
    **changes: object,
) -> Made:
    """A whole comparison of some platforms."""
    per_run: dict[str, list[dict[str, float]]] = {}
    all_starts = []
    for kind in kinds:
        frame_of = starts(kind, count, replications)
        all_starts.append(frame_of)
        runs = [run for _, run in frame_of.groupby("replication")]
        per_run[kind.name] = [run_metrics(kind, run, count) for run in runs]
    first = {kind.name: all_.query("replication == 0")
             for kind, all_ in zip(kinds, all_starts, strict=True)}
    ready = {name: int(run["ready_s"].notna().sum()) for name, run in first.items()}
    summary, differences = [], []
    for kind in kinds:
        for scope, part in (("platform", ""), ("group", "web"), ("host", "0")):
            for metric in METRICS:
                values = [run[metric] for run in per_run[kind.name] if metric in run]
                if len(values) == replications:
                    row = (*estimate(values), METRICS[metric].unit)
                    summary.append((kind.name, scope, part, metric, *row))
    reference = kinds[0].name
    for metric in METRICS:
        for kind in kinds[1:]:
            pairs = [(run[metric], base[metric])
                     for run, base in zip(per_run[kind.name], per_run[reference], strict=True)
                     if metric in run and metric in base]
            if len(pairs) == replications:
                below = sum(base for _, base in pairs)
                ratio = sum(own for own, _ in pairs) / below if below else float("nan")
                differences.append((metric, kind.name, reference,
                                    *estimate([own - base for own, base in pairs]),
                                    METRICS[metric].unit, ratio))
    return Made(
        name=name,
        scenario=scenario(kinds, count, replications, **changes),
        summary=frame("summary", summary),
        components=frame("components", [row for kind in kinds
                                        for row in component_rows(kind, ready[kind.name])]),
        phases=frame("phases", [
            (kind.name, phase, order, float(first[kind.name][f"{phase}_s"].mean()))
            for kind in kinds for order, phase in enumerate(kind.phases)
        ]),
        differences=frame("differences", differences),
        binding=frame("binding", [row for kind in kinds for row in binding_rows(kind)]),
        objectives=frame("objectives", [
            (kind.name, "startup_p99_s", "< 2",
             per_run[kind.name][0].get("startup_p99_s", float("nan")),
             per_run[kind.name][0].get("startup_p99_s", float("inf")) < 2)
            for kind in kinds
        ]),
        meets=True,
        assumptions=frame("assumptions", [row for kind in kinds for row in assumption_rows(kind)]),
        instances=pd.concat(all_starts, ignore_index=True),
        samples=frame("samples", [row for kind in kinds
                                  for row in sample_rows(kind, first[kind.name])]),
        events=frame("events", [
            (kind.name, time, 0, f"web/{place}", "ready", "")
            for kind in kinds
            for place, time in enumerate(first[kind.name]["ready_s"].dropna())
        ]),
    )
