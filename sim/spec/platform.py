"""A platform: a stack of boundaries, outermost first; a process is the empty stack."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.errors import shown
from sim.spec.crossing import Crossings, NetworkCrossing
from sim.spec.files import Files
from sim.spec.image import System
from sim.spec.quantity import (
    ABOVE_ZERO,
    IN_ORDER,
    CitedCores,
    CitedCoresOrShare,
    CitedDuration,
    CitedFraction,
    CitedSize,
    CitedSizeOrShare,
    CitedWork,
    Model,
    Name,
    SpecError,
    Switch,
    nothing,
)
from sim.spec.workload import Threads

_MOST_SHARING = 100_000

Wall = Literal["namespace", "system-call", "hardware"]
"""What may stand between the inside of a boundary and the kernel around it, the weakest first."""


class Holding(Model):
    """Memory that something holds.

    `private` is anonymous or kernel memory, of which the share `alike` is equal wherever the same
    is held, and which is never swapped out where it is `pinned`, as a kernel's is; `by` the daemon
    is what it keeps in its own process for each instance; `shared` is file content that it maps,
    held once per kernel; `per_memory` is a share
    of the memory of the machine that it belongs to; `above` adds memory to machines that have more
    than `threshold`. A bare size is `private`.
    """

    private: CitedSize = nothing()
    alike: CitedFraction = nothing()
    pinned: Switch = "off"
    by: Literal["instance", "daemon"] = "instance"
    shared: CitedSize = nothing()
    per_memory: CitedFraction = nothing()
    threshold: CitedSize = nothing()
    above: CitedSize = nothing()

    @model_validator(mode="before")
    @classmethod
    def _bare_is_private(cls, given: object) -> object:
        is_bare = isinstance(given, str | int | float) or (
            isinstance(given, dict) and "value" in given
        )
        return {"private": given} if is_bare else given


class Lock(Model):
    """A lock of the kernel (or of the engine on it) that a phase holds while it lasts.

    While n instances exist on that kernel, those that wait for it not counted, the holder computes
    `linear`·n + `quadratic`·n² more, since each step scans a list of what exists, and waits
    `linear_wait`·n + `quadratic_wait`·n² longer for what is slow without a processor.
    """

    name: str
    linear: CitedWork = nothing()
    quadratic: CitedWork = nothing()
    linear_wait: CitedDuration = nothing()
    quadratic_wait: CitedDuration = nothing()


class Phase(Model):
    """One step of a start: what it asks for, in this order, `rounds` times over in equal parts.

    `begins` names the point of a life that it is the first step of, by which measurements say from
    where to where a time was taken. A step that `needs` the network is left out where the workload
    answers no requests. `wait` asks for nothing but time, `read` goes through the page cache of the
    machine that it runs on, `compute` runs on `threads` threads, `write` goes to its disk. `syncs`
    are small writes, one after the other, each of which waits until the disk has it. At its end it
    may `spin`: keep a thread busy until so much time has passed since it began.
    """

    begins: Literal["vmm", "kernel", "init", "runtime"] | None = None
    needs: Literal["network"] | None = None
    lock: Lock | None = None
    wait: CitedDuration = nothing()
    spin: CitedDuration = nothing()
    read: CitedSize = nothing()
    compute: CitedWork = nothing()
    threads: Threads = 1
    write: CitedSize = nothing()
    syncs: int = Field(default=0, ge=0, le=100_000)
    rounds: int = Field(default=1, ge=1, le=100)


class Size(Model):
    """CPU and memory of a machine, absolute or as a share of the machine around it."""

    cpu: Annotated[CitedCoresOrShare, ABOVE_ZERO]
    memory: Annotated[CitedSizeOrShare, ABOVE_ZERO]


class Port(Model):
    """What publishing one port of an instance costs the machine around it.

    `local` is what packets cost besides that come from that machine itself.
    """

    footprint: Holding = Holding()
    create: Phase = Phase()
    local: NetworkCrossing = NetworkCrossing()


class Daemon(Model):
    """What a boundary needs once on each machine where it is used: memory, idle CPU, files."""

    memory: Annotated[dict[Name, Holding], IN_ORDER] = {}
    cpu: CitedCores = nothing()
    files: CitedSize = nothing()


class Ram(Model):
    """How the memory of a kernel of its own is backed by the machine around it.

    `merging` lets the kernel around look for equal pages in it, which it cannot where the backing
    is `shared` with a process outside. A `balloon` gives back, when the machine around runs short,
    what is free or clean cache inside. Free pages are reported, and go back, `reporting` after
    they were freed.
    """

    backing: Literal["anonymous", "shared"] = "anonymous"
    merging: Switch = "off"
    balloon: Switch = "off"
    reporting: CitedDuration | None = None


_MOMENTS = ("created", "ready", "exited", "image")  # `ready_s` is the column of one, or of a phase


def _as_phase_name(given: str) -> str:
    if given in _MOMENTS:
        raise SpecError(f"{given} is a moment of every start", "name the phase otherwise")
    return given


PhaseName = Annotated[Name, AfterValidator(_as_phase_name)]

PLATFORM_KEYS = ("name", "title", "notes", "boundaries", "ksm", "mix", "extends")
"""The keys of a platform in a file; in a mix, others are names of groups."""


def _as_scope(given: object) -> object:
    if given in ("instance", "host"):
        return given
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= _MOST_SHARING:
        return given
    raise SpecError(f"{shown(given)} is no scope", "write instance, host, or how many share it")


Scope = Annotated[
    Literal["instance", "host"] | Annotated[int, Field(ge=1, le=_MOST_SHARING)],
    BeforeValidator(_as_scope),
]


class Boundary(Model):
    """One box between a workload and its host.

    `kernel` tells whose kernel the inside uses, and `system` which one it brings or needs. `wall`
    tells what stands between the inside and the kernel around it: `namespace`, its own view of
    that kernel; `system-call`, a kernel in a process, which answers them and asks few itself;
    `hardware`, a virtual machine. It is `hardware` for a kernel of its own and `namespace` for a
    shared one, where it is not said. `scope` tells how many share it: one instance,
    all instances of a host, or so many. A boundary that is not made for one instance is there
    `ahead` of the first, or is made `on-demand`. `size` is the CPU and memory of the inside where
    the group states no limits (without it: all of the machine around). `reserve: full` takes the
    memory of the inside at once, `touch` as it is touched. `ram` and `swap` are those of a kernel
    of its own; the swap is on its disk. `footprint` is held outside, `interior` inside; an entry
    named like a phase is held from that phase on, any other from the first. `create` is performed
    outside, `boot` inside, and `remove` outside once the main process has ended and nobody restarts
    it; `idle` is CPU that the inside uses at rest once it is up. `init` tells who is process 1
    inside: the main process, which the kernel then spares signals that it does not handle, or one
    of its own, which passes a request to stop on, and performs `shutdown` inside once that process
    has ended. It is its own behind hardware, where it is not said. A kernel of
    its own `lasts` when the main process inside ends, so that a restart finds it up, unless that
    process is all that it is for.
    """

    title: str = ""
    kernel: Literal["own", "shared"]
    system: System = "linux"
    wall: Wall | None = None
    scope: Scope = "instance"
    provision: Literal["ahead", "on-demand"] = "on-demand"
    size: Size | None = None
    reserve: Literal["touch", "full"] = "touch"
    ram: Ram = Ram()
    swap: CitedSizeOrShare = nothing()
    files: Files
    variation: CitedFraction = nothing()
    footprint: Annotated[dict[Name, Holding], IN_ORDER] = {}
    interior: Annotated[dict[Name, Holding], IN_ORDER] = {}
    daemon: Daemon = Daemon()
    port: Port | None = None
    create: dict[PhaseName, Phase] = {}
    boot: dict[PhaseName, Phase] = {}
    shutdown: dict[PhaseName, Phase] = {}
    remove: dict[PhaseName, Phase] = {}
    init: Literal["main", "own"] | None = None
    idle: CitedCores = nothing()
    crossings: Crossings = Crossings()
    lasts: Switch = "on"

    def merging(self, switch: Switch) -> "Boundary":
        """The boundary with that switch in its RAM, if it has RAM, which is a kernel's own."""
        if self.kernel == "shared":
            return self
        return self.model_copy(update={"ram": self.ram.model_copy(update={"merging": switch})})


class Platform(Model):
    """A named stack of boundaries; or a mix, which gives each group a platform of its own.

    `ksm` is a short way to write `ram.merging` of all its boundaries with a kernel of their own,
    and of those in its mix; what is loaded has it there alone.
    """

    name: Name
    title: str = ""
    notes: str = ""
    ksm: Switch | None = None
    boundaries: dict[Name, Boundary] = {}
    mix: dict[str, "Platform"] = {}

    @model_validator(mode="after")
    def _switch_merging(self) -> "Platform":
        if self.ksm is None:
            return self
        walls = [wall for each in (self, *self.mix.values()) for wall in each.boundaries.values()]
        if all(wall.kernel == "shared" for wall in walls):
            raise SpecError("ksm is for kernels of their own, and here is none", "take ksm out")
        return self._merging(self.ksm)

    def _merging(self, switch: Switch) -> "Platform":
        boundaries = {name: wall.merging(switch) for name, wall in self.boundaries.items()}
        mix = {group: platform._merging(switch) for group, platform in self.mix.items()}
        return self.model_copy(update={"ksm": None, "boundaries": boundaries, "mix": mix})

    def of(self, group: str) -> "Platform":
        """The platform on which the instances of a group run."""
        return self.mix.get(group, self)
