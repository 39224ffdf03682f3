"""The hosts of a run: instances arrive and are placed, and each host advances when it has to.

SimPy carries what decides: the arrivals of each group. Between two of its events the hosts
advance on their own: one after the other, each to the end, while nothing that is pending can
reach outside its host, and otherwise in order of their next events.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from heapq import heappop, heappush
from math import inf

import simpy

from sim.model.arrivals import arrival_times
from sim.model.blocks import SharedDisk
from sim.model.commands import can_start, obey
from sim.model.delivering import Deliveries
from sim.model.engine import Engine
from sim.model.faults import LOST, Loss, ended_with, fault_times, strike
from sim.model.hands import Hands
from sim.model.instance import FAILED, Draws, Instance
from sim.model.lives import renew
from sim.model.meters import Meters
from sim.model.network import Network
from sim.model.placement import Pack, Refused, Spread
from sim.model.plan import Plan, plan_group
from sim.model.streams import stream
from sim.model.task import Task
from sim.model.versions import is_taker, takers
from sim.records.recorder import Recorder
from sim.spec.command import Command
from sim.spec.scenario import Fault, Scenario

WINDOWS, LEAST_WINDOWS = 100, 4
"""The usual number of windows of a run, and the least, however many servers there are."""

MOST_SPANS = 200_000
"""The windows of all servers of a run together, if that leaves each the least number."""


Behind = Network | SharedDisk | Hands | Deliveries
"""What is behind all hosts, and reaches them at times of its own."""


class Fleet:
    """Equal hosts on one platform, the groups that arrive on them, and the registry behind them.

    `merged` forces the hosts to advance in order of their next events at all times; what comes
    out is the same.
    """

    def __init__(
        self, scenario: Scenario, seed: int, replication: int, *, merged: bool = False
    ) -> None:
        host, platform = scenario.host, scenario.platforms[0]
        self.scenario = scenario
        self.recorder = Recorder()
        self.windows = _windows(scenario)
        self.network = Network(scenario.registry, host.link, scenario.hosts)
        is_warm = scenario.page_cache == "warm"
        disk = SharedDisk() if host.disk.shared == "on" and scenario.hosts > 1 else None
        self.hands: Hands | None = None
        self._behind: list[Behind] = [self.network, *([disk] if disk else [])]
        self.network.pending += disk is not None  # any host may ask for it at any time
        self.engines = [
            Engine(
                number,
                host,
                self.network,
                Meters(number, self.recorder),
                scenario.horizon,
                scenario.horizon / self.windows,
                is_warm=is_warm,
                disk=disk,
            )
            for number in range(scenario.hosts)
        ]
        names = sorted(scenario.groups)  # their order in the file must not matter
        self._seed, self._replication, self._merged = seed, replication, merged
        self.plans = {name: plan_group(name, scenario, platform) for name in names}
        self._draws = {plan.group: self._drawn(plan) for plan in self.plans.values()}
        self._share_builds()
        self.instances: list[Instance] = []
        self.losses: list[Loss] = []
        self._placement = _placement(scenario)
        self._next: list[tuple[float, int]] = []

    def _share_builds(self) -> None:
        """Let hosts have one person, where there is one, and one place where builds come from."""
        scenario = self.scenario
        if scenario.person is not None:
            self.hands = Hands(scenario.person, self._seed, self._replication)
            self._behind.append(self.hands)
            self.network.pending += 1  # any host may ask for the person at any time
        deliveries = Deliveries(self.network, self._deliver)
        self._behind.append(deliveries)
        self.network.hands, self.network.deliveries = self.hands, deliveries

    def _deliver(self, builder: str, number: int, now: float) -> list[Engine]:
        """Start those who wait for the first build of a group; later ones replace what runs."""
        platform = self.scenario.platforms[0]
        for name in takers(self.scenario, platform, builder):
            plan = plan_group(name, self.scenario, platform, number)
            self._replace(plan, now) if number else self._start_all(plan, now)
        for engine in self.engines:
            engine.perform_all(now)
        return self.engines

    def _start_all(self, plan: Plan, now: float) -> None:
        for number in range(plan.count):
            self._start(plan, number, self._draws[plan.group][number], now)

    def _replace(self, plan: Plan, now: float) -> None:
        """Let all instances of a group that have a host live anew by another plan."""
        for instance in self.instances:
            if instance.group == plan.group and instance.host >= 0:
                renew(self.engines[instance.host], instance, plan, now)

    def _note_waiting(self) -> None:
        """Note who still waits for a first build, and has been asked for from the beginning."""
        there = {instance.group for instance in self.instances}
        for name, plan in self.plans.items():
            if name not in there and is_taker(name, self.scenario, self.scenario.platforms[0]):
                draws = enumerate(self._draws[name])
                self.instances += [Instance(plan, number, each, 0.0) for number, each in draws]

    def prepare(self) -> None:
        """Bring all hosts to the state before the first instance."""
        for engine in self.engines:
            for plan in self.plans.values():
                engine.prepare(plan)
            self._expect(engine)

    def run(self, until: float | None = None) -> None:
        """Run from time 0 to the horizon, or until another time before it."""
        horizon = self.scenario.horizon if until is None else until
        env = simpy.Environment()
        for plan in self.plans.values():
            env.process(self._arrive(env, plan))
            for command in self.scenario.groups[plan.group].commands:
                env.process(self._command(env, plan, command))
        for number, fault in enumerate(self.scenario.faults):
            env.process(self._break(env, number, fault))
        while (time := env.peek()) < horizon:
            self._advance(time)
            env.step()
        self._advance(horizon)
        self._note_waiting()
        self.network.settle(horizon)
        for engine in self.engines:
            engine.settle(horizon)
        for instance in self.instances:
            instance.settle(horizon)

    def _break(self, env: simpy.Environment, number: int, fault: Fault) -> Generator[simpy.Event]:
        """Break what a line of the scenario's faults says, each time that it does."""
        generator = stream(self._seed, self._replication, f"faults/{number}", fault.kind)
        for time in fault_times(fault, self.scenario.horizon, generator):
            yield env.timeout(time - env.now)
            loss = strike(self.engines, fault, generator, env.now)
            self.losses.append(loss)
            self.recorder.event(env.now, loss.host, loss.target, loss.kind, loss.detail)
            if loss.host >= 0:
                self._expect(self.engines[loss.host])
            if loss.kind == "host-loss" and loss.host >= 0:
                self._lose(env, loss)
            elif loss.kind == "host-kernel-panic" and loss.host >= 0:
                env.process(self._reboot(env, self.engines[loss.host]))

    def _reboot(self, env: simpy.Environment, engine: Engine) -> Generator[simpy.Event]:
        """Start with the host, once it is up, what somebody has stopped and is always to run."""
        yield env.timeout(engine.up_from - env.now)
        for instance in tuple(engine.instances):
            if instance.rests and instance.plan.restart.policy == "always":
                self._obey(instance, "start", 0.0, env.now)

    def _lose(self, env: simpy.Environment, loss: Loss) -> None:
        """Move those who were on a lost host to others, where their policy has them restarted."""
        self._placement.lose(loss.host)
        lost = self.engines[loss.host]
        for instance in tuple(lost.instances):
            if instance.plan.restart.policy != "no" and ended_with(instance, LOST):
                lost.instances.remove(instance)
                instance.host, instance.waits = -1, True
                env.process(self._move(env, instance))

    def _move(self, env: simpy.Environment, instance: Instance) -> Generator[simpy.Event]:
        yield env.timeout(instance.plan.restart.first)
        instance.restarts += 1
        self.recorder.event(env.now, -1, instance.name, "restarted", "on another host")
        self._admit(instance, env.now)

    def _arrive(self, env: simpy.Environment, plan: Plan) -> Generator[simpy.Event]:
        """Start the instances of a group at their times, unless they wait for a build."""
        if is_taker(plan.group, self.scenario, self.scenario.platforms[0]):
            return
        group = self.scenario.groups[plan.group]
        draws = self._draws[plan.group]
        for number, time in enumerate(
            arrival_times(group, plan.group, self._seed, self._replication)
        ):
            if time > env.now:
                yield env.timeout(time - env.now)
            self._start(plan, number, draws[number], env.now)

    def _command(
        self, env: simpy.Environment, plan: Plan, command: Command
    ) -> Generator[simpy.Event]:
        """Do to the instances of a group what a command says, at its time."""
        yield env.timeout(command.at)
        named = (instance for instance in tuple(self.instances) if instance.group == plan.group)
        for instance in named:
            if command.instance in (None, instance.number) and instance.host >= 0:
                self._obey(instance, command.do, command.most, env.now)

    def _obey(self, instance: Instance, do: str, grace: float, now: float) -> None:
        engine = self.engines[instance.host]
        if do == "start" and can_start(instance):
            self._placement.take(instance.host, instance.plan.claim)
        obey(engine, instance, do, grace, now)
        self._expect(engine)

    def _drawn(self, plan: Plan) -> list[Draws]:
        """The two standard normals of each instance of a group."""
        columns = [
            stream(self._seed, self._replication, plan.group, purpose).standard_normal(plan.count)
            for purpose in ("creation", "application")
        ]
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _start(self, plan: Plan, number: int, draws: Draws, now: float) -> None:
        """Place an instance and let it begin, or note why it cannot."""
        instance = Instance(plan, number, draws, now)
        self.instances.append(instance)
        self._admit(instance, now)

    def _admit(self, instance: Instance, now: float) -> None:
        plan = instance.plan
        try:
            engine = self.engines[self._placement.place(plan.claim)]
        except Refused as reason:
            instance.refusal = (now, str(reason))
            self.recorder.event(now, -1, instance.name, FAILED, str(reason))
            return
        engine.admit(instance, partial(self._ended, engine, plan, instance), now)
        self._expect(engine)

    def _ended(
        self, engine: Engine, plan: Plan, instance: Instance, task: Task, now: float
    ) -> None:
        """Take back what an instance was promised, or hand it to the next of a closed loop."""
        number = instance.number + (plan.in_flight or plan.count)
        if number < plan.count:
            engine.timers.at(now, partial(self._follow, engine, plan, number))
        else:
            self._placement.leave(engine.number, plan.claim)

    def _follow(self, engine: Engine, plan: Plan, number: int, now: float) -> None:
        """Start an instance on the host where the one before it in a closed loop has ended."""
        instance = Instance(plan, number, self._draws[plan.group][number], now)
        self.instances.append(instance)
        engine.admit(instance, partial(self._ended, engine, plan, instance), now)

    def _expect(self, engine: Engine) -> None:
        """Note when a host has to advance next."""
        heappush(self._next, (engine.next(), engine.number))

    def _advance(self, until: float) -> None:
        """Advance all hosts, and what they share, to just before a time."""
        while True:
            time = self._next[0][0] if self._next else inf
            shared = min(self._behind, key=_next_of)
            if min(time, shared.next()) >= until:
                return
            if shared.next() < time:
                self._step_behind(shared)
            else:
                self._advance_host(until)

    def _advance_host(self, until: float) -> None:
        """Advance the host that is next: to the end where nothing couples hosts, else one event."""
        time, number = heappop(self._next)
        engine = self.engines[number]
        if engine.next() != time:  # the note is out of date, and a newer one exists
            return
        if self._merged or self.network.pending:
            engine.step(time)
        else:
            engine.run(until)
        self._expect(engine)

    def _step_behind(self, shared: Behind) -> None:
        for engine in shared.step(shared.next()):
            self._expect(engine)


def _next_of(shared: Behind) -> float:
    return shared.next()


def _windows(scenario: Scenario) -> int:
    """Into how many windows a run is divided, in each of which the shares of a server are constant.

    Fewer where many servers have windows, so that their number stays bearable.
    """
    servers = sum(group.count for group in scenario.groups.values() if group.load is not None)
    return max(LEAST_WINDOWS, min(WINDOWS, MOST_SPANS // max(1, servers)))


def _placement(scenario: Scenario) -> Spread | Pack:
    if scenario.placement == "spread":
        return Spread(scenario.hosts)
    host = scenario.host
    return Pack(scenario.hosts, int(host.memory.value - host.memory_in_use.value))
