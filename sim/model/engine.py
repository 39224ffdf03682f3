"""The engine of one host: it performs the activities of its tasks, event by event.

A task is performed until an activity has to wait: for a claim on the CPU or the disk, a timer, a
lock, a gate. Whatever ends the wait makes the task runnable again, and all that happens at one
instant is performed before the next is looked for. The engine never looks at another host; what
hosts share is in `network`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from heapq import heappop, heappush
from math import inf

from sim.model.activity import Activity
from sim.model.inside import Inside
from sim.model.machine import Gate, Kernel, Machine, Shared, Store, tear_down
from sim.model.making import Crossing
from sim.model.meters import Meters
from sim.model.network import Network
from sim.model.perform import INSTANTLY, OVER_TIME
from sim.model.plan import CROSSINGS, IDLE, OPERATION, Plan
from sim.model.task import CPU, DISK, FAILED, KILLED, LINK, READY, Task, Unavailable
from sim.resources.disk import flow_cap, operation_cost
from sim.resources.lock import Lock
from sim.resources.memory import Account, Exhausted, Ledger
from sim.resources.rate import RESOLUTION, Leaf, Node, Rate
from sim.resources.space import DiskFull, Space
from sim.spec.host import Host

DATA = "net.data"


class Engine:
    """One host in motion.

    `next` is the time of its next event and `step` performs all that happens then. Between
    events nothing on the host changes but what runs at constant rates.
    """

    def __init__(
        self, number: int, host: Host, network: Network, meters: Meters, *, is_warm: bool
    ) -> None:
        self.number = number
        self.host = host
        self.network = network
        self.meters = meters
        self.is_warm = is_warm
        cores, switching = host.cores.value, host.switching.value
        self.cpu = Rate(
            cores, efficiency=lambda demand: 1.0 - switching if demand > cores else 1.0
        )
        self.disk = Rate(1.0)
        self.machine = _machine(host, self.cpu.root, is_warm=is_warm)
        self.instances: list[Task] = []
        self.servants: list[Task] = []
        self._timers: list[tuple[float, int, Task]] = []
        self._timed = 0
        self._runnable: deque[Task] = deque()
        self._computing: dict[Task, Leaf] = {}
        self._idling: list[tuple[Leaf, Mapping[str, float]]] = []

    def next(self) -> float:
        """The time of the next event, infinite if there is none."""
        timer = self._timers[0][0] if self._timers else inf
        return min(self.cpu.next(), self.disk.next(), timer)

    def run(self, until: float) -> None:
        """Perform all events before a time."""
        while (now := self.next()) < until:
            self.step(now)

    def step(self, now: float) -> None:
        """Perform what happens at one instant: what was predicted first, then timers."""
        for leaf in self.cpu.complete(now):
            task = leaf.owner
            del self._computing[task]
            self.meters.computed(task, leaf.work, 1.0)
            self._runnable.append(task)
        self._runnable.extend(leaf.owner for leaf in self.disk.complete(now))
        while self._timers and self._timers[0][0] <= now + RESOLUTION:
            self._runnable.append(heappop(self._timers)[2])
        self._perform_all(now)

    def start(self, task: Task, now: float) -> None:
        """Let a task begin."""
        self._runnable.append(task)

    def admit(self, task: Task, now: float) -> None:
        """Take an instance that arrives, and perform what it can do at once."""
        self.instances.append(task)
        self.expect(task, task.plan.fetches if task.plan is not None else 0)
        self.resume(task, now)

    def resume(self, task: Task, now: float) -> None:
        """Let a task go on that waited for something beyond this host."""
        self._runnable.append(task)
        self._perform_all(now)

    def _perform_all(self, now: float) -> None:
        while self._runnable:
            self._perform(self._runnable.popleft(), now)
        self.meters.observe(self, now)

    def _perform(self, task: Task, now: float) -> None:
        """Perform a task's activities until one has to wait or none is left."""
        task.spend(now)
        if task.then:
            work, task.then = task.then, 0.0
            self.compute(task, self.machine, work, 1, now)
            return
        activities, count = task.activities, len(task.activities)
        try:
            while task.cursor < count:
                activity: Activity = activities[task.cursor]
                task.cursor += 1
                if OVER_TIME[type(activity)](self, task, activity, now):
                    return
        except Exhausted as full:
            self.end(task, KILLED, f"out of memory: {full}", now)
        except (DiskFull, Unavailable) as reason:
            self.end(task, FAILED, str(reason), now)
        else:
            if task.ends is not None:
                task.ends(task, now)

    def compute(self, task: Task, machine: Machine, work: float, threads: int, now: float) -> None:
        """Give a task's work to a machine's CPU; its threads share as so many claims would."""
        cap = float(threads)
        leaf = self.cpu.join(machine.cpu, work, now, weight=cap, cap=cap, owner=task)
        self._computing[task] = leaf
        task.spending(CPU, now)

    def transfer_block(self, task: Task, machine: Machine, size: int, now: float) -> None:
        """Move bytes to or from the host's disk, one operation at a time, and pay the crossings."""
        crossing = machine.crossing
        cost, cap = self._flow(crossing)
        operations = size / OPERATION
        self.disk.join(self.disk.root, operations * cost, now, cap=cap, owner=task)
        task.then = operations * crossing.compute / self.host.speed.value
        task.net, task.tare = 0.0, CROSSINGS
        task.spending(DISK, now)

    def _flow(self, crossing: Crossing) -> tuple[float, float]:
        """Device-seconds of an operation, and the most of the device that one flow can use."""
        disk = self.host.disk
        cost = operation_cost(OPERATION, disk.operations.value, disk.bandwidth.value)
        latency = max(disk.latency.value, cost) + crossing.latency
        serial = max(crossing.serial, OPERATION / crossing.bandwidth)
        return cost, flow_cap(cost, latency=latency, serial=serial)

    def pull(self, task: Task, size: int, now: float) -> None:
        """Ask for bytes of the registry, over this host's link."""
        link = self.host.link
        cap = link.window.value / link.round_trip.value if link.round_trip.value else inf
        self.network.transfer(self, task, size, cap, now)
        task.spending(LINK, now)

    def sleep(self, task: Task, until: float) -> None:
        """Set a timer; equal times ring in the order in which they were set."""
        self._timed += 1
        heappush(self._timers, (until, self._timed, task))

    def wait_at(self, gate: Gate, task: Task, resource: str, now: float) -> bool:
        """Let a task wait at a gate; False where it is open."""
        if gate.is_open:
            return False
        gate.waiting.append(task)
        task.spending(resource, now)
        return True

    def open(self, gate: Gate, now: float) -> None:
        """Open a gate and let all go on that waited there."""
        gate.is_open = True
        self._runnable.extend(gate.waiting)
        gate.waiting.clear()

    def pass_on(self, lock: Lock[Task], now: float) -> None:
        """Release a lock to the first in its queue."""
        heir = lock.release(now)
        if heir is not None:
            self._runnable.append(heir)

    def prepare(self, plan: Plan) -> None:
        """Have on the host what is there before the first instance of a plan."""
        machines = [self.machine]
        if plan.installed is not None and plan.installed.is_present:
            self.machine.store.provide(plan.installed)
        for depth, inside in enumerate(plan.insides, start=1):
            self.install(machines[-1], inside, 0.0)
            if not (inside.is_ahead and inside.places == inf):
                break
            servant = Task(inside.key, plan, (), machines, 0.0)
            shared = self.shared(servant, depth, 0.0)
            if shared.machine is None:
                break
            machines.append(shared.machine)
        self.meters.observe(self, 0.0)

    def install(self, outer: Machine, inside: Inside, now: float) -> None:
        """Have on a machine what a boundary needs there once: its images, files and daemons."""
        if inside.bundle is not None and inside.bundle.is_present:
            outer.store.provide(inside.bundle)
        if inside.key in outer.daemons:
            return
        outer.daemons.add(inside.key)
        daemon = inside.boundary.daemon
        if daemon.files.value:
            outer.store.space.write(inside.key, "boundary.daemon", int(daemon.files.value))
        for memory in inside.daemon:
            outer.account.charge(memory.component, memory.private)
            if memory.mapped:
                outer.account.map(memory.content, memory.mapped, memory.component)
        self._idle(outer, inside.daemon_cpu, now)

    def _idle(self, machine: Machine, cores: float, now: float) -> None:
        if cores:
            leaf = self.cpu.join(machine.cpu, inf, now, cap=cores, weight=max(1.0, cores))
            self._idling.append((leaf, {IDLE: 1.0}))

    def shared(self, task: Task, depth: int, now: float) -> Shared:
        """The shared machine with a free place at this depth; a new one is made if there is none."""
        inside, outer = task.insides[depth - 1], task.machines[depth - 1]
        machines = outer.shared.setdefault(inside.key, [])
        if machines and machines[-1].taken < machines[-1].places:
            return machines[-1]
        shared = Shared(inside.places, Gate())
        machines.append(shared)
        name = f"{inside.key}/{len(self.servants)}"
        maker = Task(name, task.plan, inside.making, task.machines[:depth], now)
        maker.ends = lambda maker, now: self._open_shared(shared, maker, inside, now)
        self.servants.append(maker)
        if inside.is_ahead:
            self._make_instantly(maker, now)
        else:
            self.expect(maker, inside.fetches)
            self.start(maker, now)
        return shared

    def _make_instantly(self, maker: Task, now: float) -> None:
        """Reach the end of a task's activities in no time; what it cannot have is told by `end`."""
        try:
            for activity in maker.activities:
                INSTANTLY[type(activity)](self, maker, activity, now)
        except (Exhausted, DiskFull) as full:
            self.end(maker, FAILED, str(full), now)
        else:
            assert maker.ends is not None
            maker.ends(maker, now)

    def _open_shared(self, shared: Shared, maker: Task, inside: Inside, now: float) -> None:
        if maker.state == FAILED or maker.state == KILLED:
            shared.failure = f"{inside.key} could not be made: {maker.reason}"
            shared.taken = 1 << 62  # nobody else goes there
        else:
            maker.state = READY
            shared.machine = maker.machines[-1]
            self._idle(shared.machine, inside.idle, now)
        self.open(shared.gate, now)

    def expect(self, task: Task, fetches: int) -> None:
        """Count what a task has yet to ask of other hosts."""
        task.fetches = fetches
        self.network.pending += fetches

    def go_on(self, task: Task, now: float) -> None:
        """Join with the steady demand of an instance that is ready."""
        assert task.plan is not None
        steady, machine = task.plan.steady, task.machines[-1]
        if steady.cores:
            cores = steady.cores
            task.steady = self.cpu.join(machine.cpu, inf, now, cap=cores, weight=max(1.0, cores))
        cost, cap = self._flow(machine.crossing)
        for rate, is_write in ((steady.read, False), (steady.write, True)):
            if rate:
                share = min(cap, rate / OPERATION * cost)
                leaf = self.disk.join(self.disk.root, inf, now, cap=share)
                task.streams.append((leaf, is_write))

    def end(self, task: Task, state: str, reason: str, now: float) -> None:
        """End a task in a state, and take back all that was its."""
        self.settle_task(task, now, is_last=True)
        task.begin("", now)
        task.state, task.reason, task.exited_s = state, reason, now
        self.meters.note(task, state, reason, now)
        for lock in reversed(task.holds):
            self.pass_on(lock, now)
        task.holds.clear()
        self._release(task)
        for shared in task.visits:
            shared.taken -= 1
        self.network.pending -= task.fetches
        task.fetches = 0
        if task.ends is not None:
            task.ends(task, now)

    def _release(self, task: Task) -> None:
        """Give back memory, disk and CPU shares, from the inside out."""
        if task.account is not None:
            task.account.close()
        for depth in reversed(task.owned):
            tear_down(self.cpu, task.machines[depth - 1], task.machines[depth])
        for account in task.outside.values():
            account.close()
        for machine in task.machines:
            if not machine.store.space.closed:
                machine.store.space.delete(task.name)

    def settle(self, now: float) -> None:
        """Count what runs on at the end of the run."""
        for task, leaf in self._computing.items():
            done = self.cpu.done(leaf, now)
            self.meters.computed(task, done, done / leaf.work if leaf.work else 1.0)
        for leaf, shares in self._idling:
            self.meters.ran("", shares, self.cpu.done(leaf, now))
        for task in self.instances:
            if task.state == READY:
                self.settle_task(task, now, is_last=False)
        self.meters.observe(self, now)

    def settle_task(self, task: Task, now: float, *, is_last: bool) -> None:
        """Count what an instance has used of its steady demand, which ends if this is the last."""
        count = Rate.leave if is_last else Rate.done
        if task.steady is not None and task.plan is not None:
            done = count(self.cpu, task.steady, now)
            self.meters.ran(task.group, task.plan.steady.cpu, done)
        for leaf, is_write in task.streams:
            self._count_stream(task, count(self.disk, leaf, now), is_write=is_write)
        task.streams.clear()
        task.steady = None

    def _count_stream(self, task: Task, device_seconds: float, *, is_write: bool) -> None:
        cost, _ = self._flow(task.machines[-1].crossing)
        size = int(device_seconds / cost * OPERATION)
        self.meters.moved(size, is_write=is_write)
        if is_write:
            task.machines[-1].store.space.write(task.name, DATA, size)


def _machine(host: Host, cpu: Node, *, is_warm: bool) -> Machine:
    """The host as a machine: the memory that nothing uses yet, and an empty disk."""
    free = int(host.memory.value - host.memory_in_use.value)
    ledger = Ledger(free, name="host memory")
    space = Space(int(host.disk.capacity.value), name="host disk")
    kernel = Kernel(ledger, is_warm=is_warm)
    return Machine(cpu, kernel, Account(ledger, name="host"), Store(space), None, Crossing())
