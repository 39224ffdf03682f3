"""What must hold of every run, whatever it simulates: nothing is lost, nobody waits for ever."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from model.random_worlds import HORIZON, worlds
from model.worlds import Run, run

from sim.model.engine import Engine
from sim.model.machine import Machine
from sim.records.metrics import measure_groups, measure_hosts
from sim.resources.memory import Account, Ledger
from sim.resources.space import Space
from sim.spec.scenario import Scenario

MOST_STEPS = 1_000_000
TRIED = settings(
    max_examples=int(os.environ.get("TRIED", "40")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@TRIED
@given(worlds())
def test_what_a_host_holds_is_the_sum_of_its_components_and_never_more_than_it_has(
    asked: Scenario,
) -> None:
    story = run(asked)
    for engine in story.fleet.engines:
        ledger, space = engine.machine.kernel.ledger, engine.machine.store.space
        memory = _series(story, engine.number, "memory").drop(columns="swap", errors="ignore")
        credits_ = [name for name in memory if name.startswith("credit.")]
        assert (memory[credits_] <= 0).all(axis=None)
        assert (memory.drop(columns=credits_) >= 0).all(axis=None)
        assert _highest(memory) <= ledger.capacity
        row = story.result.hosts.iloc[engine.number]
        gross = _highest(memory.drop(columns="page_cache", errors="ignore"))
        assert gross <= row["memory_peak_bytes"] <= ledger.capacity
        assert sum(ledger.components.values()) == ledger.gross == row["memory_gross_bytes"]
        disk = _series(story, engine.number, "disk")
        assert (disk >= 0).all(axis=None)
        assert _highest(disk) <= space.capacity
        assert sum(space.components.values()) == space.gross == row["disk_gross_bytes"]


@TRIED
@given(worlds())
def test_every_core_second_is_net_or_tare_or_contention(asked: Scenario) -> None:
    story = run(asked)
    for engine in story.fleet.engines:
        used = sum(engine.meters.used.values())
        assert engine.cpu.served(HORIZON) == pytest.approx(used, rel=1e-9, abs=1e-6)
        busy = _series(story, engine.number, "cpu")
        assert busy.empty or busy.to_numpy().max() <= engine.host.cores.value
        spent = _integral(busy)
        assert engine.meters.busy == pytest.approx(spent, rel=1e-9, abs=1e-6)
        assert used + engine.meters.contention == pytest.approx(spent, rel=1e-9, abs=1e-6)
        assert engine.meters.contention >= 0
    metrics = story.metrics
    parts = (metrics[f"cpu_{part}_core_s"] for part in ("net", "tare", "contention"))
    assert metrics["cpu_gross_core_s"] == pytest.approx(sum(parts))


@TRIED
@given(worlds())
def test_every_byte_that_is_moved_takes_its_time_on_a_disk_or_a_link(asked: Scenario) -> None:
    """At 100 MB/s, since operations cost nothing else here; whole bytes, so nearly."""
    story = run(asked)
    for engine in story.fleet.engines:
        moved = engine.meters.read + engine.meters.written
        assert engine.disk.served(HORIZON) * 100e6 == pytest.approx(moved, rel=1e-6, abs=1e4)
    origins = story.fleet.network.origins
    for origin in origins.values():
        assert origin.rate.served(HORIZON) == pytest.approx(origin.sent, rel=1e-9, abs=10)
    if "mirror" not in origins:
        assert sum(each.sent for each in origins.values()) == story.metrics["pulled_bytes"]


@TRIED
@given(worlds(calm=True))
def test_everybody_is_done_in_the_end_and_nobody_waits_for_ever(asked: Scenario) -> None:
    story = run(asked)
    instances = story.result.instances
    assert set(instances["state"]) <= {"ready", "exited", "failed", "oom-killed"}
    assert (instances["reason"] != "").equals(instances["state"].isin(["failed", "oom-killed"]))
    assert story.fleet.network.pending == 0
    assert story.fleet.network.next() == np.inf
    for engine in story.fleet.engines:
        assert engine.next() == np.inf
        assert all(servant.state != "starting" for servant in engine.servants)
        for machine in _machines(engine.machine):
            locks, pulls = machine.kernel.locks.values(), machine.store.pulls.values()
            assert all(lock.holder is None and not lock.waiting for lock in locks)
            assert not any(pull.pulled.waiting or pull.unpacked.waiting for pull in pulls)


@TRIED
@given(worlds(calm=True))
def test_phases_and_what_they_were_spent_with_add_up_to_the_start(asked: Scenario) -> None:
    instances = run(asked).result.instances
    ready = instances[instances["ready_s"].notna()]
    started = (ready["ready_s"] - ready["created_s"]).to_numpy(dtype=float)
    spent = [name for name in ready.columns if name.startswith("spent_")]
    known = {"created_s", "ready_s", "exited_s", "downtime_s", "image_s", *spent}
    phases = [name for name in ready.columns if name.endswith("_s") and name not in known]
    for parts in (spent, phases):
        total = ready[parts].sum(axis="columns").to_numpy(dtype=float)
        assert total == pytest.approx(started, abs=1e-9)
        assert (ready[parts].fillna(0.0) >= 0).all(axis=None)


@TRIED
@given(worlds(all_end=True))
def test_what_was_the_instances_is_back_when_all_have_gone(asked: Scenario) -> None:
    """What stays: layers and templates, clean cache, daemons, and shared machines with theirs."""
    story = run(asked)
    assert "ready" not in set(story.result.instances["state"])
    gone = set(story.result.instances["instance"])
    for engine in story.fleet.engines:
        machines = list(_machines(engine.machine))
        owners = set(_owners(engine))
        assert not owners & gone
        assert owners <= {"host", *(servant.name for servant in engine.servants), *_fixed(machines)}
        assert all(machine.cpu.nodes == len(_shared(machine)) for machine in machines)
        kernels = {machine.kernel for machine in machines}
        assert sum(kernel.existing for kernel in kernels) == len(machines) - 1
        held = engine.machine.kernel.ledger.components
        assert not any(held.get(f"net.{part}") for part in ("private", "kernel", "files"))
        assert not held.get("duplicate.files")
        assert not engine.machine.store.space.components.get("net.data")
        if len(machines) == 1:
            assert engine.machine.kernel.ledger.swap_used == engine.scanner.saved == 0


@TRIED
@given(worlds())
def test_whatever_happens_a_run_takes_a_bounded_number_of_steps(asked: Scenario) -> None:
    """About 5 000 for 20 000 s of four hosts would do; what hangs takes them without end."""
    steps = 0
    step = Engine.step

    def counted(engine: Engine, now: float) -> None:
        nonlocal steps
        steps += 1
        assert steps < MOST_STEPS
        step(engine, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "step", counted)
        instances = run(asked).result.instances
    assert set(instances["state"]) <= {
        *("starting", "ready", "exited", "failed", "oom-killed", "restarting"),
    }
    assert (instances["downtime_s"].between(0.0, HORIZON)).all()


@TRIED
@given(worlds())
def test_of_those_whom_a_fault_takes_no_more_come_back_than_went(asked: Scenario) -> None:
    faults = run(asked).result.faults
    assert (faults["back"] <= faults["lost"]).all()
    assert (faults["recovered_s"].dropna() >= faults["time_s"][faults["back"] > 0]).all()


PER_ONE = ("memory_per_instance_bytes", "request_cost_core_s")


@TRIED
@given(worlds())
def test_groups_and_hosts_add_up_to_the_whole(asked: Scenario) -> None:
    story = run(asked)
    whole = story.metrics
    hosts = [metrics for _, metrics in measure_hosts(story.result)]
    groups = [metrics for _, metrics in measure_groups(story.result)]
    for name in whole:
        if name.endswith(("_bytes", "_core_s")) and name not in PER_ONE:
            total = sum(host.get(name, 0.0) for host in hosts)
            assert total == pytest.approx(whole[name], abs=1e-6), name
    for name in ("instances_started", "instances_ready", "instances_failed", "oom_kills"):
        assert sum(group[name] for group in groups) == whole[name]
    assert sum(group["cpu_net_core_s"] for group in groups) == pytest.approx(
        whole["cpu_net_core_s"]
    )
    held = sum(group["memory_gross_bytes"] for group in groups)
    assert held <= whole["memory_gross_bytes"] + 1e-3


def _series(story: Run, host: int, resource: str) -> pd.DataFrame:
    """The step functions of a host's components, a column each, at all times of change."""
    samples = story.result.samples
    rows = samples[(samples["host"] == host) & (samples["resource"] == resource)]
    return rows.pivot(index="time_s", columns="component", values="value").ffill().fillna(0.0)


def _highest(series: pd.DataFrame) -> float:
    return 0.0 if series.empty else float(series.sum(axis="columns").max())


def _integral(busy: pd.DataFrame) -> float:
    if busy.empty:
        return 0.0
    times = np.append(busy.index.to_numpy(dtype=float), HORIZON)
    return float(np.sum(np.diff(times) * busy["busy"].to_numpy(dtype=float)))


def _machines(machine: Machine) -> Iterator[Machine]:
    """A machine, and all that stand inside it."""
    yield machine
    for inner in _shared(machine):
        yield from _machines(inner)


def _fixed(machines: list[Machine]) -> Iterator[str]:
    """The names of daemons and templates on these machines."""
    for machine in machines:
        yield from machine.daemons
        yield from machine.store.daemons
        yield from machine.store.templates


def _shared(machine: Machine) -> list[Machine]:
    every = [shared for sharing in machine.shared.values() for shared in sharing.machines]
    return [shared.machine for shared in every if shared.machine is not None]


def _owners(engine: Engine) -> Iterator[str]:
    """Who holds accounts, guests, disks or bytes on a host, all the way in."""
    for name in (*_tenants(engine.machine.kernel.ledger), *_writers(engine.machine.store.space)):
        yield re.sub("^the (limit|memory|disk) of ", "", name)


def _tenants(part: Ledger | Account) -> Iterator[str]:
    for account in part.accounts:
        yield account.name
        yield from _tenants(account)
    if isinstance(part, Ledger):
        for inner in part._inner:
            assert isinstance(inner, Ledger)
            yield inner.name
            yield from _tenants(inner)


def _writers(space: Space) -> Iterator[str]:
    yield from (str(owner) for owner, written in space._written.items() if any(written.values()))
    for inner in space._inner:
        assert isinstance(inner, Space)
        yield inner.name
        yield from _writers(inner)
