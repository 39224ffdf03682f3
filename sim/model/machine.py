"""Machines: what code inside a boundary sees of CPU, memory, disk and kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.gate import Gate
from sim.model.inside import Inside
from sim.model.making import Crossing
from sim.model.shared import Sharing
from sim.model.store import Store, thin_disk
from sim.resources.lock import Lock
from sim.resources.memory import GUEST_CACHE, Account, Exhausted, Ledger
from sim.resources.rate import Leaf, Node, Rate
from sim.resources.space import DiskFull
from sim.resources.stock import Located

if TYPE_CHECKING:  # a task is above this module
    from sim.model.task import Task

Content = str | Located
"""What page caches hold: the name of a content, on a device of its own perhaps."""


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
        self.reading: dict[Content, Gate] = {}
        self._met: set[Content] = set()
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

    def recalls(self, content: Content) -> bool:
        """Whether a content that is read for the first time was in the cache from before."""
        if not self.is_warm or content in self._met:
            return False
        self._met.add(content)
        return True


class Drive:
    """Where a machine has its files, seen from the machine around it: a disk, or a shared folder.

    A disk has a `name`, since its contents are others there; a folder has none. `cache` tells in
    which page caches what is read stays: `host`, in both; `direct`, inside; `mapped`, outside.
    """

    __slots__ = ("cache", "name", "outer")

    def __init__(self, outer: Machine, name: str, cache: str) -> None:
        self.outer = outer
        self.name = name
        self.cache = cache

    def named(self, content: Content) -> Content:
        """What a content is for the machine around."""
        return Located(self.name, content) if self.name else content


class Machine:
    """A CPU share, a kernel, an account on its ledger, a store and a drive.

    The host is one, and the inside of each boundary. `daemons` has the accounts of those that run
    on it, `idling` their steady demand and its own, `shared` the shared machines inside it;
    `reporting` is the delay after which its kernel gives free pages back, where it does, and
    `guest` the CPU share of the outermost kernel around it that is not the host's.
    """

    __slots__ = (
        "account", "cpu", "crossing", "daemons", "drive", "guest", "idling", "kernel", "reporting",
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
        guest: Node | None = None,
    ) -> None:
        self.reporting = reporting
        self.guest = guest
        self.cpu = cpu
        self.kernel = kernel
        self.account = account
        self.store = store
        self.drive = drive
        self.crossing = crossing
        self.daemons: dict[str, Account] = {}
        self.idling: list[Leaf] = []
        self.shared: dict[str, Sharing] = {}

    def holder(self, content: Content) -> tuple[Machine, Content]:
        """The machine whose kernel holds what is read here of a content, and its name there."""
        drive = self.drive
        if drive is None or drive.cache != "mapped":
            return self, content
        return drive.outer.holder(drive.named(content))

    def _behind(self, content: Content) -> tuple[Machine, Content] | None:
        """The next page cache on the way to the disk, and the name of the content there."""
        drive = self.drive
        if drive is None or drive.cache == "direct":
            return None
        return drive.outer.holder(drive.named(content))

    def pending(self, content: Content) -> Gate | None:
        """The gate of a read of this content that is under way, in any page cache on the way."""
        here, content = self.holder(content)
        gate = here.kernel.reading.get(content)
        if gate is not None and not gate.is_open:
            return gate
        behind = here._behind(content)
        return None if behind is None else behind[0].pending(behind[1])

    def expect(self, content: Content, gate: Gate) -> None:
        """Let all who want a content wait for the read that is under way."""
        here, content = self.holder(content)
        here.kernel.reading[content] = gate
        behind = here._behind(content)
        if behind is not None:
            behind[0].expect(behind[1], gate)

    def resident(self, content: Content) -> int:
        """The most of a content that some page cache on the way to the disk holds, in bytes."""
        here, content = self.holder(content)
        held = here.kernel.ledger.resident(content)
        behind = here._behind(content)
        return held if behind is None else max(held, behind[0].resident(behind[1]))

    def remember(
        self, content: Content, whole: int, more: int, reader: Account, *, once: bool = False
    ) -> None:
        """Cache so much more of a content, here and in the page caches on the way, if it fits.

        Who reads is charged in its own kernel. What is read only `once` takes free memory alone,
        and is the first that the kernel drops.
        """
        here, content = self.holder(content)
        if here is not self:
            here.remember(content, whole, more, here._payer(reader), once=once)
            return
        ledger = self.kernel.ledger
        room = ledger.capacity - ledger.used - ledger.cached if once else more
        aim = min(whole, ledger.resident(content) + max(0, min(more, room)))
        try:
            ledger.cache(content, aim, GUEST_CACHE, account=reader)
        except Exhausted:
            return
        if once:
            ledger.pages.demote(content)
        behind = self._behind(content)
        if behind is not None:
            outer, name = behind
            outer.remember(name, whole, more, outer.account, once=once)

    def absent(self, content: Content, size: int, reader: Account) -> int:
        """Read a content through all page caches on the way; return the bytes from the disk.

        Who reads is charged for what its own kernel caches; outside, what stands around it.
        Raises: Exhausted, if a guest's cache cannot grow.
        """
        here, content = self.holder(content)
        if here is not self:
            return here.absent(content, size, here._payer(reader))
        ledger = self.kernel.ledger
        missing = size - ledger.resident(content)
        ledger.cache(content, size, GUEST_CACHE, account=reader)
        if missing <= 0 or self.kernel.recalls(content):
            return 0
        behind = self._behind(content)
        if behind is None:
            return missing
        outer, name = behind
        return min(missing, outer.absent(name, size, outer.account))

    def _payer(self, reader: Account) -> Account:
        """Who is charged here for what somebody reads: who reads, or what stands around it."""
        return reader if reader.ledger is self.kernel.ledger else self.account


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
    cpu = rate.share(outer.cpu, cap=inside.cores, weight=inside.cgroup.weight)
    outer.kernel.existing += 1
    reporting = inside.boundary.ram.reporting
    delay = None if reporting is None else reporting.value
    guest = outer.guest or (cpu if inside.own_kernel else None)
    return Machine(cpu, kernel, account, store, drive, inside.crossing, delay, guest)


def _kernel(
    outer: Machine, inside: Inside, maker: Task, *, is_warm: bool
) -> tuple[Kernel, Account]:
    """The kernel inside, and the account of all that is inside; the maker dies with its kernel."""
    around, name = outer.kernel, maker.name
    if not inside.own_kernel:
        limit = f"the limit of {name}"
        return around, Account(
            outer.account,
            limit=inside.cgroup.limit,
            high=inside.cgroup.high,
            swap_limit=inside.cgroup.swap_limit,
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
    ledger.promised = inside.promised
    if maker.instance is not None and maker.plan is not None:
        ledger.adjust = maker.plan.residence.adjust
    return Kernel(ledger, is_warm=is_warm), Account(ledger, name=name)


def _files(outer: Machine, inside: Inside, name: str) -> tuple[Store, Drive | None]:
    """Where a machine's files are: on a disk of its own, in a shared folder, or around it."""
    files = inside.boundary.files
    if files.kind == "disk":
        return _disk(outer, inside, name)
    return outer.store, Drive(outer, "", files.cache) if inside.own_kernel else outer.drive


def _disk(outer: Machine, inside: Inside, name: str) -> tuple[Store, Drive]:
    """A disk of its own; on the kernel around it, that kernel's page cache is the only one."""
    files = inside.boundary.files
    space = thin_disk(outer.store.space, f"the disk of {name}")
    try:
        for layer in inside.disk if files.provision == "copy" else ():
            space.hold(layer.content, layer.unpacked, layer.component)
    except DiskFull:
        space.close()
        raise
    cache = files.cache if inside.own_kernel else "mapped"
    return Store(space), Drive(outer, _device(inside, name), cache)


def _device(inside: Inside, name: str) -> str:
    """What the pages of a disk are known by: those of clones by the file that all of them read."""
    bundle = inside.bundle
    if bundle is None or inside.boundary.files.provision != "clone":
        return name
    return bundle.name


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
