"""Machines: what code inside a boundary sees of CPU, memory, disk and kernel."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.model.activity import Bundle
from sim.model.components import DAEMON
from sim.model.inside import Inside
from sim.model.making import Crossing
from sim.resources.lock import Lock
from sim.resources.memory import GUEST_CACHE, Account, Exhausted, Ledger
from sim.resources.rate import Leaf, Node, Rate
from sim.resources.space import DiskFull, Space

if TYPE_CHECKING:  # a task is above this module
    from sim.model.task import Task


class Kernel:
    """One running kernel: its ledger, its locks, and how much exists on it.

    A warm one has read everything once before: the first read of a content costs it no I/O.
    """

    __slots__ = ("_met", "_written", "existing", "is_warm", "ledger", "locks", "reading")

    def __init__(self, ledger: Ledger, *, is_warm: bool) -> None:
        self.ledger = ledger
        self.locks: dict[str, Lock[Task]] = {}
        self.existing = 0
        self.is_warm = is_warm
        self.reading: dict[str, Gate] = {}
        self._met: set[str] = set()
        self._written = 0

    def newly_written(self) -> int:
        """Bytes that it has swapped out since this was last asked."""
        written, self._written = self.ledger.written_out - self._written, self.ledger.written_out
        return written

    def lock(self, name: str) -> Lock[Task]:
        """The lock of this name, of this kernel alone."""
        return self.locks.setdefault(name, Lock())

    def forget(self) -> None:
        """Lose all that a kernel loses when it panics: its caches, its locks, what it had met."""
        self.ledger.drop_cache()
        self.locks.clear()
        self.reading.clear()
        self.is_warm = False

    def recalls(self, content: str) -> bool:
        """Whether a content that is read for the first time was in the cache from before."""
        if not self.is_warm or content in self._met:
            return False
        self._met.add(content)
        return True


class Gate:
    """Something that happens once, and the tasks that wait for it."""

    __slots__ = ("is_open", "waiting")

    def __init__(self, *, is_open: bool = False) -> None:
        self.is_open = is_open
        self.waiting: dict[Task, None] = {}

    def withdraw(self, task: Task, now: float) -> None:
        """Let one who waits go away."""
        del self.waiting[task]


class Pull:
    """A bundle on its way into a store: the layers that nobody has begun to pull, and two gates.

    `failure` says why it could not be unpacked; it is not tried again.
    """

    __slots__ = ("failure", "pulled", "queue", "unpacked")

    def __init__(self, *, was_there: bool = False) -> None:
        self.failure = ""
        self.queue: deque[int] = deque()
        self.pulled = Gate(is_open=was_there)
        self.unpacked = Gate(is_open=was_there)


class LayerState:
    """A layer that a store has or waits for; `failure` says why it could not be kept."""

    __slots__ = ("arrived", "failure", "kept")

    def __init__(self) -> None:
        self.arrived = Gate()
        self.failure = ""
        self.kept = Gate()


class Store:
    """Where the files of a machine are kept: its disk space, and the bundles and daemons on it."""

    __slots__ = ("daemons", "layers", "pulls", "space", "templates")

    def __init__(self, space: Space) -> None:
        self.daemons: set[str] = set()
        self.space = space
        self.layers: dict[tuple[str, str], LayerState] = {}
        self.pulls: dict[str, Pull] = {}
        self.templates: dict[str, Space] = {}

    def layer(self, bundle: Bundle, number: int) -> LayerState | None:
        """What is known here of a layer of a bundle, if anything."""
        return self.layers.get(_place(bundle, number))

    def expect(self, bundle: Bundle, number: int) -> LayerState:
        """Note that a layer is on its way."""
        return self.layers.setdefault(_place(bundle, number), LayerState())

    def keep(self, bundle: Bundle, number: int) -> None:
        """Hold one more layer of a bundle. Raises: DiskFull."""
        layer = bundle.layers[number]
        space = self.space
        if bundle.is_template:
            space = self.templates.setdefault(bundle.name, _inner(self.space, bundle.name))
        space.hold(layer.content, layer.unpacked, layer.component)

    def provide(self, bundle: Bundle) -> None:
        """Hold a bundle that was there before. Raises: DiskFull."""
        if bundle.name in self.pulls:
            return
        for number in range(len(bundle.layers)):
            if self.layer(bundle, number) is None:
                self.keep(bundle, number)
                self.expect(bundle, number).kept.is_open = True
        self.pulls[bundle.name] = Pull(was_there=True)

    def forget(self) -> None:
        """Lose the pulls that were under way, and the layers that they had not finished."""
        self.pulls = {name: pull for name, pull in self.pulls.items() if pull.unpacked.is_open}
        self.layers = {place: layer for place, layer in self.layers.items() if layer.kept.is_open}

    def install(self, daemon: str, size: int) -> None:
        """Hold the files of a daemon, once. Raises: DiskFull."""
        if size and daemon not in self.daemons:
            self.space.write(daemon, DAEMON, size)
            self.daemons.add(daemon)


def _place(bundle: Bundle, number: int) -> tuple[str, str]:
    """Templates are files of their own; all other bundles share their layers."""
    return bundle.name if bundle.is_template else "", bundle.layers[number].content


class Drive:
    """The disk of a machine with files of its own, seen from the machine around it."""

    __slots__ = ("is_cached", "name", "outer")

    def __init__(self, outer: Machine, name: str, *, is_cached: bool) -> None:
        self.outer = outer
        self.name = name
        self.is_cached = is_cached


class Machine:
    """A CPU share, a kernel, an account on its ledger, a store and a drive.

    The host is one, and the inside of each boundary. `daemons` has the accounts of those that run
    on it, `idling` their steady demand and its own, `shared` the shared machines inside it;
    `reporting` is the delay after which its kernel gives free pages back, where it does.
    """

    __slots__ = (
        "account", "cpu", "crossing", "daemons", "drive", "idling", "kernel", "reporting",
        "shared", "store",
    )  # fmt: skip

    def __init__(
        self,
        cpu: Node,
        kernel: Kernel,
        account: Account,
        store: Store,
        drive: Drive | None,
        crossing: Crossing,
        reporting: float | None = None,
    ) -> None:
        self.reporting = reporting
        self.cpu = cpu
        self.kernel = kernel
        self.account = account
        self.store = store
        self.drive = drive
        self.crossing = crossing
        self.daemons: dict[str, Account] = {}
        self.idling: list[Leaf] = []
        self.shared: dict[str, Sharing] = {}

    def pending(self, content: str) -> Gate | None:
        """The gate of a read of this content that is under way, in any page cache on the way."""
        gate = self.kernel.reading.get(content)
        if gate is not None and not gate.is_open:
            return gate
        if self.drive is None or not self.drive.is_cached:
            return None
        return self.drive.outer.pending(f"{self.drive.name}:{content}")

    def expect(self, content: str, gate: Gate) -> None:
        """Let all who want a content wait for the read that is under way."""
        self.kernel.reading[content] = gate
        if self.drive is not None and self.drive.is_cached:
            self.drive.outer.expect(f"{self.drive.name}:{content}", gate)

    def resident(self, content: str) -> int:
        """The most of a content that some page cache on the way to the disk holds, in bytes."""
        held = self.kernel.ledger.resident(content)
        if self.drive is None or not self.drive.is_cached:
            return held
        return max(held, self.drive.outer.resident(f"{self.drive.name}:{content}"))

    def remember(self, content: str, whole: int, more: int) -> None:
        """Cache so much more of a content, here and in the page caches on the way, if it fits."""
        ledger = self.kernel.ledger
        try:
            ledger.cache(content, min(whole, ledger.resident(content) + more), GUEST_CACHE)
        except Exhausted:
            return
        if self.drive is not None and self.drive.is_cached:
            self.drive.outer.remember(f"{self.drive.name}:{content}", whole, more)

    def absent(self, content: str, size: int, reader: Account) -> int:
        """Read a content through all page caches on the way; return the bytes from the disk.

        Who reads is charged for what its own kernel caches; outside, what stands around it.
        Raises: Exhausted, if a guest's cache cannot grow.
        """
        ledger = self.kernel.ledger
        missing = size - ledger.resident(content)
        ledger.cache(content, size, GUEST_CACHE, account=reader)
        if missing <= 0 or self.kernel.recalls(content):
            return 0
        if self.drive is None or not self.drive.is_cached:
            return missing
        outer = self.drive.outer
        return min(missing, outer.absent(f"{self.drive.name}:{content}", size, outer.account))


@dataclass(slots=True, eq=False)
class Shared:
    """A machine that several instances share, from the moment that somebody wants it.

    `maker` performs what makes it and holds what it takes; `inside` are those who have a place;
    `failure` says why it could not be made, or is no more.
    """

    maker: Task
    sharing: Sharing
    gate: Gate = field(default_factory=Gate)
    machine: Machine | None = None
    inside: dict[Task, None] = field(default_factory=dict)
    failure: str = ""

    def take(self, task: Task) -> None:
        """Give a task a place."""
        self.inside[task] = None
        if len(self.inside) == self.sharing.places:
            self.sharing.free.pop(self, None)

    def leave(self, task: Task) -> None:
        """Take a place back; one that failed takes nobody else in."""
        if len(self.inside) == self.sharing.places and not self.failure:
            self.sharing.free[self] = None
        del self.inside[task]

    def fail(self, reason: str) -> None:
        """Note why it is no more, or cannot be made; it takes nobody else in."""
        self.failure = reason
        self.sharing.free.pop(self, None)


@dataclass(slots=True)
class Sharing:
    """The shared machines of one kind inside a machine, and which of them have free places."""

    places: float
    has_crashed: bool = False
    machines: list[Shared] = field(default_factory=list)
    free: dict[Shared, None] = field(default_factory=dict)

    def add(self, maker: Task) -> Shared:
        """Add one more machine, all of whose places are free."""
        shared = Shared(maker, self)
        self.machines.append(shared)
        self.free[shared] = None
        return shared


def _inner(space: Space, name: str) -> Space:
    return Space(space.capacity, outer=space, name=name)


def build(rate: Rate, outer: Machine, inside: Inside, maker: Task, *, is_warm: bool) -> Machine:
    """Put up the walls of a boundary: a CPU share, a kernel or an account, a disk or none.

    Raises: Exhausted where memory is taken in full and there is not enough, DiskFull likewise.
    """
    store, drive = _files(outer, inside, maker.name)
    try:
        kernel, account = _kernel(outer, inside, maker, is_warm=is_warm)
    except Exhausted:
        if store is not outer.store:
            store.space.close()
        raise
    cpu = rate.share(outer.cpu, cap=inside.cores, weight=inside.weight)
    outer.kernel.existing += 1
    reporting = inside.boundary.ram.reporting
    delay = None if reporting is None else reporting.value
    return Machine(cpu, kernel, account, store, drive, inside.crossing, delay)


def _kernel(
    outer: Machine, inside: Inside, maker: Task, *, is_warm: bool
) -> tuple[Kernel, Account]:
    """The kernel inside, and the account of all that is inside; the maker dies with its kernel."""
    around, name = outer.kernel, maker.name
    if not inside.own_kernel:
        limit = f"the limit of {name}"
        return around, Account(
            outer.account,
            limit=inside.limit,
            high=inside.high,
            swap_limit=inside.swap_limit,
            name=limit,
        )
    ledger = Ledger(
        inside.memory,
        outer=around.ledger,
        reserve=inside.boundary.reserve == "full",
        name=f"the memory of {name}",
        swap=inside.swap,
        balloon=inside.boundary.ram.balloon == "on",
        owner=maker,
    )
    return Kernel(ledger, is_warm=is_warm), Account(ledger, name=name)


def _files(outer: Machine, inside: Inside, name: str) -> tuple[Store, Drive | None]:
    files = inside.boundary.files
    if files.kind != "disk":
        return outer.store, outer.drive
    space = _inner(outer.store.space, f"the disk of {name}")
    is_copy = files.provision == "copy"
    try:
        for layer in inside.disk if is_copy else ():
            space.hold(layer.content, layer.unpacked, layer.component)
    except DiskFull:
        space.close()
        raise
    named = name if is_copy or inside.bundle is None else inside.bundle.name
    return Store(space), Drive(outer, named, is_cached=files.cache == "host")


def tear_down(rate: Rate, outer: Machine, machine: Machine) -> None:
    """Give back all that a boundary's inside holds: memory, disk, CPU share."""
    if machine.kernel is outer.kernel:
        machine.account.close()
    else:
        machine.kernel.ledger.close()
    if machine.store is not outer.store:
        machine.store.space.close()
    rate.remove(machine.cpu)
    outer.kernel.existing -= 1
