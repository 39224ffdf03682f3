"""The engine of one host: it performs the activities of its tasks, event by event.

A task is performed until an activity has to wait: for a claim on the CPU or the disk, a timer, a
lock, a gate. Whatever ends the wait makes the task runnable again, and all that happens at one
instant is performed before the next is looked for. Every wait says how it is called off, since a
task may be killed at any moment. The engine never looks at another host; what hosts share is in
`network`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush
from math import inf

from sim.model.activity import Activity
from sim.model.components import CROSSINGS, IDLE, OPERATION
from sim.model.demand import renew, settle_demand
from sim.model.instance import FAILED, READY, Instance
from sim.model.lives import end, live
from sim.model.machine import Gate, Machine
from sim.model.making import Crossing
from sim.model.merging import Scanner
from sim.model.meters import Meters
from sim.model.network import Network
from sim.model.perform import INSTANTLY, OVER_TIME
from sim.model.physical import block_flow, host_machine
from sim.model.plan import Plan
from sim.model.pressure import make_way
from sim.model.service import Service
from sim.model.sharing import prepare
from sim.model.steal import wanted_of
from sim.model.task import CPU, DISK, LINK, Task, Unavailable
from sim.resources.link import window_cap
from sim.resources.lock import Lock
from sim.resources.memory import Exhausted
from sim.resources.rate import RESOLUTION, Leaf, Rate
from sim.resources.space import DiskFull
from sim.spec.host import Host

Action = Callable[[float], None]

WINDOWS = 100
"""Into so many windows a run is divided, in each of which the shares of a server are constant."""


class Engine:
    """One host in motion.

    `next` is the time of its next event and `step` performs all that happens then. Between
    events nothing on the host changes but what runs at constant rates. `up_from` is when it is up
    again after a panic; a host that is lost never is.
    """

    def __init__(
        self,
        number: int,
        host: Host,
        network: Network,
        meters: Meters,
        horizon: float,
        *,
        is_warm: bool,
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
        self.instances: list[Instance] = []
        self.servants: list[Task] = []
        self.working: dict[Task, None] = {}
        self.ready: dict[Task, None] = {}
        self.services: list[tuple[Instance, int, Service]] = []
        self.scanner = Scanner(self, host.merging)
        self.is_looking = False
        self.horizon = horizon
        self.window_s = horizon / WINDOWS
        self.up_from = 0.0
        self.has_rebooted = False
        self._timers: list[tuple[float, int]] = []
        self._actions: dict[int, Action] = {}
        self._timed = 0
        self._runnable: deque[Task] = deque()
        self._computing: dict[Leaf, Task] = {}
        self._moving: dict[Leaf, Task] = {}
        self._idling: dict[Leaf, str] = {}
        self._flows: dict[Crossing, tuple[float, float]] = {}
        self._unprepared: dict[str, str] = {}
        self._has_windows = False

    def next(self) -> float:
        """The time of the next event, infinite if there is none."""
        timers = self._timers
        while timers and timers[0][1] not in self._actions:
            heappop(timers)
        return min(self.cpu.next(), self.disk.next(), timers[0][0] if timers else inf)

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
            action = self._actions.pop(heappop(self._timers)[1], None)
            if action is not None:
                action(now)
        self.perform_all(now)

    def _complete_work(self, now: float) -> None:
        for leaf in self.cpu.complete(now):
            task = self._computing.pop(leaf)
            self.meters.computed(task, leaf.work, 1.0)
            self._note_steal(leaf, task, now)
            self.wake(task, now)

    def _complete_blocks(self, now: float) -> None:
        for leaf in self.disk.complete(now):
            task = self._moving.pop(leaf)
            self.meters.moved(task.moves, is_write=task.writes)
            self.wake(task, now)
            self.let_in(task, now)

    def _note_steal(self, leaf: Leaf, task: Task, now: float) -> None:
        """Count how long a guest could run a task, and did not since the host ran others."""
        machine = leaf.owner
        if isinstance(machine, Machine) and machine.kernel is not self.machine.kernel:
            wanted = wanted_of(machine, task.threads) * (now - task.since)
            self.meters.stolen += max(0.0, wanted - leaf.work)

    def wake(self, task: Task, now: float) -> None:
        """Make a task runnable whose wait is over."""
        task.call_off = None
        self._runnable.append(task)

    def let_in(self, task: Task, now: float) -> None:
        """Open the gate at which others wait for what a task reads."""
        if task.arrival is not None:
            self.open(task.arrival, now)
            task.arrival = None

    def start(self, task: Task, now: float) -> None:
        """Let a task begin that serves the platform."""
        self.working[task] = None
        self._runnable.append(task)

    def admit(self, instance: Instance, ends: Callable[[Task, float], None], now: float) -> None:
        """Take an instance that arrives, and perform what it can do at once."""
        self.instances.append(instance)
        instance.host = self.number
        task = live(self, instance, ends, now)
        if instance.group in self._unprepared:
            end(self, task, FAILED, self._unprepared[instance.group], now)
        elif self.up_from > now:
            end(self, task, FAILED, "its host is down", now)
        else:
            self._runnable.append(task)
        self.perform_all(now)

    def resume(self, task: Task, now: float) -> None:
        """Let a task go on that waited for something beyond this host."""
        self.wake(task, now)
        self.perform_all(now)

    def perform_all(self, now: float) -> None:
        """Perform what is runnable, and all that this makes runnable."""
        while self._runnable:
            task = self._runnable.popleft()
            if task.is_live:
                self._perform(task, now)
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
            make_way(self, task, full, now)
        except (DiskFull, Unavailable) as reason:
            end(self, task, FAILED, str(reason), now)
        else:
            self._finish(task, now)

    def _finish(self, task: Task, now: float) -> None:
        """Let one who serves the platform be done; an instance lives on."""
        self.working.pop(task, None)
        if task.ends is not None and task.instance is None:
            task.ends(task, now)

    def compute(self, task: Task, machine: Machine, work: float, threads: int, now: float) -> None:
        """Give a task's work to a machine's CPU; its threads share as so many claims would."""
        cap = float(threads)
        weight = cap * (1.0 if task.plan is None else task.plan.weight)
        leaf = self.cpu.join(machine.cpu, work, now, weight=weight, cap=cap, owner=machine)
        self._computing[leaf] = task
        task.threads = cap
        task.call_off = partial(self._stop_computing, leaf)
        task.spending(CPU, now)

    def _stop_computing(self, leaf: Leaf, now: float) -> None:
        task = self._computing.pop(leaf)
        done = self.cpu.leave(leaf, now)
        self.meters.computed(task, done, done / leaf.work if leaf.work else 1.0)

    def transfer_block(
        self, task: Task, machine: Machine, size: int, now: float, *, is_write: bool
    ) -> None:
        """Move bytes to or from the host's disk, one operation at a time, and pay the crossings."""
        crossing = machine.crossing
        cost, cap = self.flow(crossing)
        operations = size / OPERATION
        leaf = self.disk.join(self.disk.root, operations * cost, now, cap=cap)
        self._moving[leaf] = task
        task.call_off = partial(self._stop_moving, leaf)
        task.moves, task.writes = size, is_write
        task.then = operations * crossing.compute / self.host.speed.value
        task.net, task.tare = 0.0, CROSSINGS
        task.spending(DISK, now)

    def _stop_moving(self, leaf: Leaf, now: float) -> None:
        """Count what has been moved; what was being read counts as read for all who wait."""
        task = self._moving.pop(leaf)
        done = self.disk.leave(leaf, now)
        part = done / leaf.work if leaf.work else 1.0
        self.meters.moved(int(task.moves * part), is_write=task.writes)
        self.let_in(task, now)

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
        task.call_off = self.network.transfer(self, task, size, cap, now)
        task.spending(LINK, now)

    def at(self, time: float, action: Action) -> Action:
        """Perform an action at a time, and return what calls it off.

        Equal times ring in the order in which they were set.
        """
        self._timed += 1
        number = self._timed
        self._actions[number] = action
        heappush(self._timers, (time, number))

        def call_off(now: float) -> None:
            self._actions.pop(number, None)

        return call_off

    def sleep(self, task: Task, until: float) -> None:
        """Let a task wait until a time."""
        task.call_off = self.at(until, partial(self.wake, task))

    def wait_at(self, gate: Gate, task: Task, resource: str, now: float) -> bool:
        """Let a task wait at a gate; False where it is open."""
        if gate.is_open:
            return False
        gate.waiting[task] = None
        task.call_off = partial(gate.withdraw, task)
        task.spending(resource, now)
        return True

    def open(self, gate: Gate, now: float) -> None:
        """Open a gate and let all go on that waited there."""
        gate.is_open = True
        for task in gate.waiting:
            self.wake(task, now)
        gate.waiting.clear()

    def pass_on(self, lock: Lock[Task], now: float) -> None:
        """Release a lock to the first in its queue."""
        heir = lock.release(now)
        if heir is not None:
            heir.holds.append(lock)
            self.wake(heir, now)

    def prepare(self, plan: Plan) -> None:
        """Have on the host what is there before the first instance of a plan.

        Where it does not fit, all instances of the plan will fail.
        """
        try:
            prepare(self, plan)
        except (Exhausted, DiskFull) as full:
            self._unprepared[plan.group] = f"the platform could not be set up: {full}"
        if plan.traffic is not None and not self._has_windows:
            self._has_windows = True
            self.at(self.window_s, self._end_window)
        self.meters.observe(self, 0.0)

    def make_instantly(self, maker: Task, now: float) -> None:
        """Reach the end of a task's activities in no time; what it cannot have is told by `end`."""
        try:
            for activity in maker.activities:
                INSTANTLY[type(activity)](self, maker, activity, now)
        except (Exhausted, DiskFull, Unavailable) as reason:
            end(self, maker, FAILED, str(reason), now)
        else:
            assert maker.ends is not None
            maker.ends(maker, now)

    def _end_window(self, now: float) -> None:
        """Let all who answer requests see what they got, and ask for what they need next."""
        for task in tuple(self.ready):
            if task.demand is not None and task.demand.service is not None:
                renew(self, task, now)
        self.at(now + self.window_s, self._end_window)

    def idle(self, machine: Machine, cores: float, now: float, component: str = IDLE) -> None:
        """Let a machine use CPU at rest from now on."""
        if cores:
            leaf = self.cpu.join(machine.cpu, inf, now, cap=cores, weight=max(1.0, cores))
            self._idling[leaf] = component
            machine.idling.append(leaf)

    def rest_from(self, machine: Machine, component: str, now: float) -> None:
        """End one thing that a machine uses CPU for at rest."""
        for leaf in [leaf for leaf in machine.idling if self._idling[leaf] == component]:
            self.meters.ran("", {self._idling.pop(leaf): 1.0}, self.cpu.leave(leaf, now))
            machine.idling.remove(leaf)

    def rest(self, machine: Machine, now: float) -> None:
        """End what a machine uses at rest."""
        for leaf in machine.idling:
            self.meters.ran("", {self._idling.pop(leaf): 1.0}, self.cpu.leave(leaf, now))
        machine.idling.clear()

    def expect(self, task: Task, fetches: int) -> None:
        """Count what a task has yet to ask of other hosts; what it has asked for comes off."""
        task.fetches += fetches
        self.network.pending += fetches

    def settle(self, now: float) -> None:
        """Count what runs on at the end of the run."""
        for leaf, task in self._computing.items():
            done = self.cpu.done(leaf, now)
            self.meters.computed(task, done, done / leaf.work if leaf.work else 1.0)
        for leaf, task in self._moving.items():
            part = self.disk.done(leaf, now) / leaf.work if leaf.work else 1.0
            self.meters.moved(int(task.moves * part), is_write=task.writes)
        for leaf, component in self._idling.items():
            self.meters.ran("", {component: 1.0}, self.cpu.done(leaf, now))
        for instance in self.instances:
            instance.settle(now)
            if instance.life is not None and instance.life.state == READY:
                settle_demand(self, instance.life, now, is_last=False)
        self.meters.observe(self, now)
