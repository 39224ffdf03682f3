"""The engine of one host: it performs the activities of its tasks, event by event.

A task is performed until an activity has to wait: for a claim on the CPU or the disk, a timer, a
lock, a gate. Whatever ends the wait makes the task runnable again, and all that happens at one
instant is performed before the next is looked for. The engine never looks at another host; what
hosts share is in `network`.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from math import inf

from sim.model.activity import Activity
from sim.model.machine import Gate, Machine, tear_down
from sim.model.making import Crossing
from sim.model.meters import Meters
from sim.model.network import Network
from sim.model.perform import INSTANTLY, OVER_TIME
from sim.model.physical import block_flow, host_machine
from sim.model.plan import CROSSINGS, IDLE, OPERATION, Plan
from sim.model.sharing import find_shared, install
from sim.model.steady import settle_steady
from sim.model.task import CPU, DISK, FAILED, KILLED, LINK, READY, Task, Unavailable
from sim.resources.link import window_cap
from sim.resources.lock import Lock
from sim.resources.memory import Exhausted
from sim.resources.rate import RESOLUTION, Leaf, Rate
from sim.resources.space import DiskFull
from sim.spec.host import Host


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
        self.cpu = Rate(cores, efficiency=lambda demand: 1.0 - switching if demand > cores else 1.0)
        self.disk = Rate(1.0)
        self.machine = host_machine(host, self.cpu.root, is_warm=is_warm)
        self.instances: list[Task] = []
        self.servants: list[Task] = []
        self._timers: list[tuple[float, int, Task]] = []
        self._timed = 0
        self._runnable: deque[Task] = deque()
        self._computing: dict[Leaf, Task] = {}
        self._moving: dict[Leaf, Task] = {}
        self._idling: dict[Leaf, None] = {}
        self._flows: dict[Crossing, tuple[float, float]] = {}
        self._unprepared: dict[str, str] = {}

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
        due = now + RESOLUTION
        if self.cpu.next() <= due:
            self._complete_work(now)
        if self.disk.next() <= due:
            self._complete_blocks(now)
        while self._timers and self._timers[0][0] <= due:
            self._runnable.append(heappop(self._timers)[2])
        self._perform_all(now)

    def _complete_work(self, now: float) -> None:
        for leaf in self.cpu.complete(now):
            task = self._computing.pop(leaf)
            self.meters.computed(task, leaf.work, 1.0)
            self._runnable.append(task)

    def _complete_blocks(self, now: float) -> None:
        for leaf in self.disk.complete(now):
            task = self._moving.pop(leaf)
            self.meters.moved(task.moves, is_write=task.writes)
            self._runnable.append(task)
            if task.arrival is not None:
                self.open(task.arrival, now)
                task.arrival = None

    def start(self, task: Task, now: float) -> None:
        """Let a task begin."""
        self._runnable.append(task)

    def admit(self, task: Task, now: float) -> None:
        """Take an instance that arrives, and perform what it can do at once."""
        self.instances.append(task)
        if task.group in self._unprepared:
            self.end(task, FAILED, self._unprepared[task.group], now)
            return
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
            if task.ends is not None and not task.is_instance:
                task.ends(task, now)

    def compute(self, task: Task, machine: Machine, work: float, threads: int, now: float) -> None:
        """Give a task's work to a machine's CPU; its threads share as so many claims would."""
        cap = float(threads)
        leaf = self.cpu.join(machine.cpu, work, now, weight=cap, cap=cap)
        self._computing[leaf] = task
        task.spending(CPU, now)

    def transfer_block(
        self, task: Task, machine: Machine, size: int, now: float, *, is_write: bool
    ) -> None:
        """Move bytes to or from the host's disk, one operation at a time, and pay the crossings."""
        crossing = machine.crossing
        cost, cap = self.flow(crossing)
        operations = size / OPERATION
        self._moving[self.disk.join(self.disk.root, operations * cost, now, cap=cap)] = task
        task.moves, task.writes = size, is_write
        task.then = operations * crossing.compute / self.host.speed.value
        task.net, task.tare = 0.0, CROSSINGS
        task.spending(DISK, now)

    def flow(self, crossing: Crossing) -> tuple[float, float]:
        """Device-seconds of an operation, and the most of the device that one flow can use."""
        known = self._flows.get(crossing)
        if known is None:
            known = self._flows[crossing] = block_flow(self.host.disk, crossing)
        return known

    def pull(self, task: Task, size: int, now: float) -> None:
        """Ask for bytes of the registry, over this host's link."""
        link = self.host.link
        cap = window_cap(link.window.value, link.round_trip.value)
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
        """Have on the host what is there before the first instance of a plan.

        Where it does not fit, all instances of the plan will fail.
        """
        try:
            self._prepare(plan)
        except (Exhausted, DiskFull) as full:
            self._unprepared[plan.group] = f"the platform could not be set up: {full}"
        self.meters.observe(self, 0.0)

    def _prepare(self, plan: Plan) -> None:
        machines = [self.machine]
        if plan.installed is not None and plan.installed.is_present:
            self.machine.store.provide(plan.installed)
        for depth, inside in enumerate(plan.insides, start=1):
            install(self, machines[-1], inside, 0.0)
            if not (inside.is_ahead and inside.places == inf):
                return
            servant = Task(inside.key, plan, (), machines, 0.0)
            shared = find_shared(self, servant, depth, 0.0)
            if shared.machine is None:
                return
            machines.append(shared.machine)

    def idle(self, machine: Machine, cores: float, now: float) -> None:
        """Let a machine use CPU at rest from now on."""
        if cores:
            leaf = self.cpu.join(machine.cpu, inf, now, cap=cores, weight=max(1.0, cores))
            self._idling[leaf] = None
            machine.idling.append(leaf)

    def make_instantly(self, maker: Task, now: float) -> None:
        """Reach the end of a task's activities in no time; what it cannot have is told by `end`."""
        try:
            for activity in maker.activities:
                INSTANTLY[type(activity)](self, maker, activity, now)
        except (Exhausted, DiskFull, Unavailable) as reason:
            self.end(maker, FAILED, str(reason), now)
        else:
            assert maker.ends is not None
            maker.ends(maker, now)

    def expect(self, task: Task, fetches: int) -> None:
        """Count what a task has yet to ask of other hosts; what it has asked for comes off."""
        task.fetches += fetches
        self.network.pending += fetches

    def end(self, task: Task, state: str, reason: str, now: float) -> None:
        """End a task in a state, and take back all that was its."""
        settle_steady(self, task, now, is_last=True)
        task.begin("", now)
        task.state, task.reason, task.exited_s = state, reason, now
        self.meters.note(task, state, reason, now)
        for lock in reversed(task.holds):
            self.pass_on(lock, now)
        task.holds.clear()
        self._release(task, now)
        for shared in task.visits:
            shared.leave()
        self.expect(task, -task.fetches)
        if task.ends is not None:
            task.ends(task, now)

    def _release(self, task: Task, now: float) -> None:
        """Give back memory, disk and CPU shares, from the inside out."""
        if task.account is not None:
            task.account.close()
        for depth in reversed(task.owned):
            self._dismantle(task.machines[depth - 1], task.machines[depth], now)
        task.owned.clear()
        for account in task.outside.values():
            account.close()
        for machine in task.machines:
            if not machine.store.space.closed:
                machine.store.space.delete(task.name)

    def _dismantle(self, outer: Machine, machine: Machine, now: float) -> None:
        """Take a machine down, after what idles on it and the shared machines inside it."""
        for sharing in machine.shared.values():
            for shared in sharing.machines:
                self._release(shared.maker, now)
        for leaf in machine.idling:
            del self._idling[leaf]
            self.meters.ran("", {IDLE: 1.0}, self.cpu.leave(leaf, now))
        tear_down(self.cpu, outer, machine)

    def settle(self, now: float) -> None:
        """Count what runs on at the end of the run."""
        for leaf, task in self._computing.items():
            done = self.cpu.done(leaf, now)
            self.meters.computed(task, done, done / leaf.work if leaf.work else 1.0)
        for leaf, task in self._moving.items():
            part = self.disk.done(leaf, now) / leaf.work if leaf.work else 1.0
            self.meters.moved(int(task.moves * part), is_write=task.writes)
        for leaf in self._idling:
            self.meters.ran("", {IDLE: 1.0}, self.cpu.done(leaf, now))
        for task in self.instances:
            if task.state == READY:
                settle_steady(self, task, now, is_last=False)
        self.meters.observe(self, now)
