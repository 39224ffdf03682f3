"""The engine of one host: it performs the activities of its tasks, event by event.

A task is performed until an activity has to wait: for a claim on the CPU or the disk, a timer, a
lock, a gate. Whatever ends the wait makes the task runnable again, and all that happens at one
instant is performed before the next is looked for. Every wait says how it is called off, since a
task may be killed at any moment. The engine never looks at another host; what hosts share is in
`network`, and a disk of theirs in `blocks`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from sim.model.activity import Activity
from sim.model.blocks import Blocks, SharedDisk
from sim.model.demand import renew_all, settle_demand
from sim.model.ending import FAILED as FAILED_STATUS
from sim.model.gate import Gate
from sim.model.idling import Idling
from sim.model.instance import FAILED, Instance
from sim.model.instantly import INSTANTLY
from sim.model.lives import call_off, end, live
from sim.model.machine import Machine
from sim.model.merging import Scanner
from sim.model.meters import Meters
from sim.model.network import Network
from sim.model.over_time import OVER_TIME
from sim.model.physical import host_machine
from sim.model.plan import Plan
from sim.model.ports import Ports
from sim.model.pressure import make_way
from sim.model.service import Service
from sim.model.sharing import prepare
from sim.model.steal import Steal
from sim.model.steps import StepRecord
from sim.model.task import CPU, Task, Unavailable
from sim.model.timers import Timers
from sim.resources.lock import Lock
from sim.resources.memory import Exhausted
from sim.resources.rate import RESOLUTION, Leaf, Rate
from sim.resources.space import DiskFull
from sim.spec.host import Host


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
        window_s: float,
        *,
        is_warm: bool,
        disk: SharedDisk | None,
    ) -> None:
        self.number = number
        self.host = host
        self.network = network
        self.meters = meters
        self.is_warm = is_warm
        cores, switching = host.cores.value, host.switching.value
        self.cpu = Rate(
            cores * host.smt.value,
            efficiency=lambda demand: 1.0 - switching if demand > cores else 1.0,
        )
        self.blocks = Blocks(self, disk)
        self.disk = self.blocks.rate
        self.machine = host_machine(host, self.cpu.root, is_warm=is_warm)
        self.instances: list[Instance] = []
        self.servants: list[Task] = []
        self.working: dict[Task, None] = {}
        self.ready: dict[Task, None] = {}
        self.services: list[tuple[Instance, int, Service]] = []
        self.steps: list[StepRecord] = []
        self.scanner = Scanner(self, host.merging)
        self.is_looking = False
        self.horizon = horizon
        self.window_s = window_s
        self.up_from = 0.0
        self.has_rebooted = False
        self.timers = Timers()
        self.steal = Steal()
        self.idling = Idling(self.cpu, meters, self.steal)
        self._runnable: deque[Task] = deque()
        self.computing: dict[Leaf, Task] = {}
        self.ports = Ports()
        self._unprepared: dict[str, str] = {}
        self._has_windows = False

    def next(self) -> float:
        """The time of the next event, infinite if there is none."""
        return min(self.cpu.next(), self.blocks.next(), self.timers.next())

    def run(self, until: float) -> None:
        """Perform all events before a time, or until something may reach beyond this host."""
        while not self.network.pending and (now := self.next()) < until:
            self.step(now)

    def step(self, now: float) -> None:
        """Perform what happens at one instant: what was predicted first, then timers."""
        due = now + RESOLUTION
        if self.cpu.next() <= due:
            self._complete_work(now)
        if self.blocks.next() <= due:
            self.blocks.complete(now)
        self.timers.ring(now, due)
        self.perform_all(now)

    def _complete_work(self, now: float) -> None:
        for leaf in self.cpu.complete(now):
            task = self.computing.pop(leaf)
            self.meters.computed(task, leaf.work, 1.0)
            self.steal.touch(_machine(leaf), served=leaf.work)
            self.wake(task, now)

    def wake(self, task: Task, now: float) -> None:
        """Make a task runnable whose wait is over."""
        task.call_off = None
        self._runnable.append(task)

    def retry(self, task: Task, now: float) -> None:
        """Let a task perform the same activity again, before anybody else does anything."""
        task.cursor -= 1
        self._runnable.appendleft(task)

    def let_in(self, task: Task, now: float) -> None:
        """Open the gate at which others wait for what a task reads."""
        if task.arrival is not None:
            self.open(task.arrival, now)
            task.arrival = None

    def turn(self, task: Task, activities: Sequence[Activity], now: float) -> None:
        """Let a task perform other activities from now on, whatever it was at."""
        call_off(self, task, now)
        task.activities, task.cursor, task.then = activities, 0, 0.0
        if task not in self._runnable:
            self._runnable.append(task)

    def start(self, task: Task, now: float) -> None:
        """Let a task begin that serves the platform."""
        self.working[task] = None
        self._runnable.append(task)

    def admit(self, instance: Instance, ends: Callable[[Task, float], None], now: float) -> None:
        """Take an instance that arrives, and let it begin."""
        self.instances.append(instance)
        instance.host = self.number
        self.begin(instance, ends, now)

    def begin(self, instance: Instance, ends: Callable[[Task, float], None], now: float) -> None:
        """Let an instance of this host begin a life, and perform what it can do at once."""
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
        if task.is_paused:
            task.is_due = True
            return
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
            end(self, task, FAILED, str(reason), now, status=FAILED_STATUS if task.is_up else None)
        else:
            self._finish(task, now)

    def _finish(self, task: Task, now: float) -> None:
        """Let one who serves the platform be done; an instance lives on."""
        self.working.pop(task, None)
        self.expect(task, -task.fetches)
        if task.ends is not None and task.instance is None:
            task.ends(task, now)

    def compute(self, task: Task, machine: Machine, work: float, threads: int, now: float) -> None:
        """Give a task's work to a machine's CPU; its threads share as so many claims would."""
        cap = float(threads)
        weight = cap * (1.0 if task.plan is None else task.plan.weight)
        leaf = self.cpu.join(machine.cpu, work, now, weight=weight, cap=cap, owner=machine)
        self.computing[leaf] = task
        self.steal.touch(machine)
        task.call_off = partial(self._stop_computing, leaf)
        task.spending(CPU, now)

    def _stop_computing(self, leaf: Leaf, now: float) -> None:
        task = self.computing.pop(leaf)
        done = self.cpu.leave(leaf, now)
        self.steal.touch(_machine(leaf), served=done)
        self.meters.computed(task, done, done / leaf.work if leaf.work else 1.0)

    def sleep(self, task: Task, until: float) -> None:
        """Let a task wait until a time."""
        task.call_off = self.timers.at(until, partial(self.wake, task))

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
        heir = lock.release()
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
        varies = plan.traffic is not None or plan.steady.read or plan.steady.write
        if varies and not self._has_windows:
            self._has_windows = True
            self.timers.at(self.window_s, self._end_window)
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
        renew_all(self, now)
        if now + 1.5 * self.window_s < self.horizon:
            self.timers.at(now + self.window_s, self._end_window)

    def expect(self, task: Task, fetches: int) -> None:
        """Count what a task has yet to ask of other hosts; what it has asked for comes off."""
        task.fetches += fetches
        self.network.pending += fetches

    def settle(self, now: float) -> None:
        """Count what runs on at the end of the run."""
        for leaf, task in self.computing.items():
            done = self.cpu.done(leaf, now)
            self.steal.touch(_machine(leaf), served=done)
            self.meters.computed(task, done, done / leaf.work if leaf.work else 1.0)
        self.blocks.settle(now)
        self.idling.settle(now)
        for task in self.ready:
            settle_demand(self, task, now, is_last=False)
        self.meters.observe(self, now)
        self.meters.stolen = self.steal.stolen(now)


def _machine(leaf: Leaf) -> Machine:
    """The machine inside which a task computes."""
    assert isinstance(leaf.owner, Machine)
    return leaf.owner
