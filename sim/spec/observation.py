"""An observation: one measurement, and the conditions under which it was taken, as a row of text.

    id,source,host,…,started_at_once,…,from,to,metric,statistic,value,unit,note
    SD189,rund-2022,xeon-104c-384g,…,100,…,request,ready,duration_s,mean,3602.6,ms,

A cell is empty where its column does not apply. Values are kept in base units; what a cell names,
a host, a platform or a workload, is a plain tree, as a scenario file would have it.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim import units
from sim.errors import ScenarioError, did_you_mean, shown
from sim.spec.quantity import Model, SpecError
from sim.spec.reader import read_yaml_text

Metric = Literal[
    "duration_s",
    "cpu_per_start_core_s",
    "memory_per_instance_bytes",
    "pss_per_instance_bytes",
    "guest_kernel_bytes",
    "throughput_per_s",
    "latency_s",
    "disk_bytes",
    "pull_s",
    "instances_that_fit",
    "cpu_idle_cores",
]
Point = Literal["request", "vmm", "kernel", "init", "runtime", "ready", "reply", "exit"]
Statistic = Literal["mean", "p50", "p90", "p95", "p99", "first", "last", "max"]

POINT_OF: Mapping[Point, str] = {
    "request": "the call that asks for an instance",
    "vmm": "the process of the VMM, as it is spawned",
    "kernel": "the guest's kernel, at its first instruction; firmware comes before it",
    "init": "the guest's first user process",
    "runtime": "the container runtime, as it is called",
    "ready": "the time in which the workload counts as ready",
    "reply": "the time after the first reply to a request",
    "exit": "the time after the main process, with its container or machine taken down",
}
"""What each point of a life is the begin of."""

POINTS: tuple[Point, ...] = get_args(Point)
"""The points of a life, each the begin of something, in the order in which it passes them."""

COLUMNS: Mapping[str, str] = {
    "id": "name of the row, one of its kind in the file",
    "source": "where the measurement stands",
    "host": "catalog name or mapping; server-16c-64g where it is empty",
    "hosts": "how many equal hosts; 1",
    "platform": "catalog name or mapping",
    "workload": "catalog name or mapping; sleep",
    "image": "catalog name or mapping that replaces the workload's image",
    "image_state": "present or absent; present",
    "page_cache": "warm or cold; warm",
    "vcpus": "cores of each instance",
    "guest_memory": "memory of each instance, as 128 MiB",
    "started_at_once": "instances asked for at one time, over all hosts; 1",
    "in_flight": "so many starts are kept going, each followed by the next when it is done; 20 "
    "rounds of them",
    "already_running": "instances of the same that were started long before, over all hosts; 0",
    "cpu_busy_cores": "runnable threads of neighbours on each host; 0",
    "clients": "clients of each instance, which ask again as soon as they are answered",
    "link": "bandwidth of the host's link, as 1 Gbit/s, or a mapping over its link",
    "relative_to": "platform by whose value this one is divided",
    "from": "point of a life from which a duration counts; request",
    "to": "point of a life to which it counts; ready",
    "metric": "what was measured",
    "statistic": "of all starts or requests; mean",
    "value": "the measurement",
    "unit": "its unit; the metric's own where it is empty",
    "note": "what else is to be known",
}
"""The columns of a file of observations, in their order, with their meanings and defaults."""

_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0}
_WORK = {"core-s": 1.0, "core-ms": 1e-3, "core-us": 1e-6, "CPU-s": 1.0, "CPU-ms": 1e-3}
_BYTES = {
    **{"bytes": 1.0, "B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9},
    **{"KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30},
}
_RATES = {
    **dict.fromkeys(("1/s", "/s", "req/s", "requests/s", "transactions/s", "trans/s"), 1.0),
    **dict.fromkeys(("IOPS", "operations/s", "starts/s", "instances/s", "per s"), 1.0),
    **{"kreq/s": 1e3, "1/min": 1 / 60, "1/h": 1 / 3600},
}
_COUNTS = dict.fromkeys(("instances", "VMs", "containers", "pods", "sandboxes"), 1.0)
_CORES = {"cores": 1.0, "core": 1.0, "millicores": 1e-3}
_RATIOS = {"ratio": 1.0, "x": 1.0, "%": 0.01}

UNITS: Mapping[Metric, Mapping[str, float]] = {
    "duration_s": _SECONDS,
    "cpu_per_start_core_s": _WORK,
    "memory_per_instance_bytes": _BYTES,
    "pss_per_instance_bytes": _BYTES,
    "guest_kernel_bytes": _BYTES,
    "throughput_per_s": _RATES,
    "latency_s": _SECONDS,
    "disk_bytes": _BYTES,
    "pull_s": _SECONDS,
    "instances_that_fit": _COUNTS,
    "cpu_idle_cores": _CORES,
}
"""The units of each metric, as factors of its base unit, which a metric's name ends with."""

_MOST = 1_000_000

_MOST = 1_000_000


def _as_tree(cell: object) -> object:
    """What a cell names, or the mapping that it holds."""
    try:
        tree = read_yaml_text(str(cell), "cell").tree
    except ScenarioError as error:
        fault = error.faults[0]
        raise SpecError(fault.problem, fault.remedy) from None
    if not isinstance(tree, str | dict):
        raise SpecError(f"{shown(tree)} is no name and no mapping", "write {extends: NAME, …}")
    return tree


def _as_link(cell: object) -> object:
    """A link as a scenario has it; of a bare bandwidth nothing else is changed."""
    tree = _as_tree(cell)
    if isinstance(tree, str):
        units.parse_quantity(tree, units.DATA_RATE)
        return {"bandwidth": tree}
    return tree


def _as_number(cell: object) -> object:
    with suppress(ValueError):
        return float(str(cell))
    raise SpecError(f"{shown(cell)} is no number", "write 3602.6, say")


def _as_count(cell: object) -> object:
    value = _bare(cell)
    if isinstance(value, float) and value.is_integer() and 0 <= value <= _MOST:
        return int(value)
    raise SpecError(f"{shown(cell)} is no count", f"write a whole number up to {_MOST:,}")


def _as_cores(cell: object) -> object:
    return units.parse_quantity(_bare(cell), units.CORES)


def _as_size(cell: object) -> object:
    """A size as a text; a bare number is one of bytes, as in a table of SI units."""
    bare = _bare(cell)
    written = f"{bare:.0f} B" if isinstance(bare, float) else str(cell)
    units.parse_quantity(written, units.SIZE)
    return written


def _bare(cell: object) -> float | str:
    with suppress(ValueError):
        return float(str(cell))
    return str(cell)


def _above_zero(value: float) -> float:
    if not 0 < value <= 1e30:  # noqa: PLR2004 # no measurement is as large
        raise SpecError(f"{shown(value)} is no amount of anything", "write a number above 0")
    return value


Written = str | dict[str, object]
"""What a cell names, or a mapping as a scenario file would have it."""

Named = Annotated[Written, BeforeValidator(_as_tree)]
Count = Annotated[int, BeforeValidator(_as_count)]
Some = Annotated[Count, AfterValidator(_above_zero)]
Cores = Annotated[float, BeforeValidator(_as_cores)]


class Observation(Model):
    """One measurement, with its value in its own unit.

    It is built of the cells of a row that are not empty.
    """

    id: str
    source: str
    host: Named = "server-16c-64g"
    hosts: Some = 1
    platform: Named
    workload: Named = "sleep"
    image: Named | None = None
    image_state: Literal["present", "absent"] = "present"
    page_cache: Literal["warm", "cold"] = "warm"
    vcpus: Cores | None = None
    guest_memory: Annotated[str, BeforeValidator(_as_size)] | None = None
    started_at_once: Some = 1
    in_flight: Some | None = None
    already_running: Count = 0
    cpu_busy_cores: Cores = 0.0
    clients: Some | None = None
    link: Annotated[dict[str, object], BeforeValidator(_as_link)] | None = None
    relative_to: Named | None = None
    begins: Annotated[Point, Field(alias="from")] = "request"
    ends: Annotated[Point, Field(alias="to")] = "ready"
    metric: Metric
    statistic: Statistic = "mean"
    value: Annotated[float, BeforeValidator(_as_number), AfterValidator(_above_zero)]
    unit: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _has_its_unit(self) -> "Observation":
        if self.unit and self.unit not in self._units():
            remedy = did_you_mean(self.unit, self._units())
            raise SpecError(f"{shown(self.unit)} is no unit of what is told here", remedy)
        return self

    @model_validator(mode="after")
    def _agrees(self) -> "Observation":
        if self.metric == "duration_s" and POINTS.index(self.begins) >= POINTS.index(self.ends):
            raise SpecError(f"{self.ends} does not come after {self.begins}", "change from or to")
        if self.in_flight and self.started_at_once > 1:
            remedy = "leave in_flight or started_at_once empty"
            raise SpecError("so many at once and so many in flight exclude each other", remedy)
        if self.metric == "latency_s" and not self.clients:
            raise SpecError("a latency is that of requests", "say how many clients there are")
        return self

    def _units(self) -> Mapping[str, float]:
        return UNITS[self.metric] if self.relative_to is None else _RATIOS

    @property
    def factor(self) -> float:
        """What its unit is in the base unit of its metric."""
        return self._units().get(self.unit, 1.0)

    @property
    def base(self) -> str:
        """The base unit of what is told: the metric's own, or `ratio`."""
        if self.relative_to is not None:
            return "ratio"
        return next(name for name, factor in UNITS[self.metric].items() if factor == 1.0)

    @property
    def is_alone(self) -> bool:
        """Whether a single instance starts, and nothing else starts, runs or works beside it."""
        others = self.in_flight or self.already_running or self.cpu_busy_cores
        return self.started_at_once == 1 and not others
