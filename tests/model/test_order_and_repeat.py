"""The same question has the same answer, to the last bit, in whatever order things are done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model.random_worlds import worlds
from model.worlds import container, group, machine, platform, run, scenario, workload

from sim.records.result import Result
from sim.spec.scenario import Scenario

TABLES = (
    *("instances", "hosts", "components", "samples", "events"),
    *("requests", "latencies", "faults"),
)
TRIED = settings(
    max_examples=int(os.environ.get("TRIED", "40")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
ROOT = Path(__file__).parents[2]
HASHING = """
import hashlib
from model.test_order_and_repeat import LIVELY, TABLES
from sim.simulation import simulate
result = simulate(LIVELY)
print(hashlib.sha256("".join(getattr(result, t).to_csv() for t in TABLES).encode()).hexdigest())
"""


def lively() -> Scenario:
    """Two hosts that are short of memory and break, and three groups in VMs that are shared.

    Arrivals, work, requests and faults are random; images are pulled from one registry.
    """
    serve = {"compute": "50 core-ms", "read": "100 kB", "data": "5 MB"}
    varied = workload("1 core-s", private="3 MB", read="5 MB", run="1 core-s", variation="40 %")
    server = workload("1 core-s", private="80 MB", variation="40 %", serve=serve)
    on = platform(
        "n",
        vm=machine(
            "200 MB",
            scope=2,
            boot={"kernel": {"compute": "1 core-s"}},
            idle="0.1 cores",
            ram={"merging": "on", "balloon": "on", "reporting": "2 s"},
        ),
        c=container(files={"kind": "layers"}, variation="20 %", create={"make": {"wait": "1 s"}}),
    )
    return scenario(
        on,
        hosts=2,
        host={"memory": "300 MB", "swap": "100 MB", "reboot": "5 s"},
        images="absent",
        registry={"bandwidth": "1 MB/s"},
        faults=[
            {"poisson": "6 / min", "kind": "instance-crash"},
            {"at": "40 s", "kind": "guest-kernel-panic"},
            {"at": "60 s", "kind": "host-kernel-panic"},
            {"at": "80 s", "kind": "host-loss"},
        ],
        groups={
            "web": group(8, varied, arrive={"poisson": "1 / s"}),
            "db": group(4, varied, arrive={"every": "3 s"}),
            "api": group(5, server, restart="always", load={"rate": "5 / s"}),
        },
    )


LIVELY = lively()


def same(one: Result, other: Result) -> None:
    for table in TABLES:
        pd.testing.assert_frame_equal(
            getattr(one, table), getattr(other, table), check_exact=True, obj=table
        )


@TRIED
@given(worlds())
def test_hosts_drained_one_at_a_time_do_what_they_do_in_order_of_time(asked: Scenario) -> None:
    same(run(asked).result, run(asked, merged=True).result)


@TRIED
@given(worlds(most_hosts=2), st.randoms(use_true_random=False))
def test_the_order_of_groups_in_the_file_does_not_matter(asked: Scenario, random: object) -> None:
    names = list(asked.groups)
    random.shuffle(names)  # type: ignore[attr-defined]
    shuffled = asked.model_copy(update={"groups": {name: asked.groups[name] for name in names}})
    same(run(asked).result, run(shuffled).result)


@pytest.mark.parametrize("replication", [0, 3])
def test_a_seed_and_a_replication_are_one_result(replication: int) -> None:
    one = run(LIVELY, seed=7, replication=replication).result
    same(one, run(LIVELY, seed=7, replication=replication).result)
    other = run(LIVELY, seed=7, replication=replication + 1).result
    assert not one.instances["created_s"].equals(other.instances["created_s"])


def test_the_hash_seed_of_python_changes_nothing() -> None:
    digests = set()
    for hash_seed in ("0", "4242"):
        environment = os.environ | {
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        }
        done = subprocess.run(
            [sys.executable, "-c", HASHING], env=environment, capture_output=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_platforms_meet_the_same_arrivals_and_the_same_work() -> None:
    """Poisson times, and work that varies: the same for each instance, and for its group alone."""
    varied = workload(run="1 core-s", variation="40 %")
    web = group(20, varied, arrive={"poisson": "1 / s"})
    bare = run(scenario(host={"cores": "64 cores"}, groups={"web": web}))
    on = platform("vm", vm=machine(boot={"b": {"compute": "1 core-s"}}, variation="30 %"))
    beside = {"web": web, "another": group(3, varied, arrive={"poisson": "9 / s"})}
    boxed = run(scenario(on, host={"cores": "64 cores"}, groups=beside))
    ours = bare.result.instances
    theirs = boxed.result.instances[boxed.result.instances["group"] == "web"]
    assert ours["created_s"].tolist() == theirs["created_s"].tolist()
    worked = [(one["exited_s"] - one["ready_s"]).tolist() for one in (ours, theirs)]
    assert worked[0] == pytest.approx(worked[1])
    assert len(set(worked[0])) == 20
