"""The whole model on this engine against the whole model on a naive one, side by side in one run.

Each instance is a guest with a kernel and a disk of its own, on a page cache that is cold: 6 bursts
on the processor and 4 reads from the disk between them, all started together, on hosts of 16 cores.
Naive is what `naive_rate` says, and its hosts advance event by event in order of time, as they
would in one SimPy environment. What is asserted is a ratio of CPU time, never a time.

Nothing here covers Python on another machine, larger runs, or the tables made of a run.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from contextlib import nullcontext
from random import Random

import pytest
from benchmarks.naive_rate import NaiveRate, naive_sharing
from oracle.plain import PlainRate
from oracle.stories import Performance, some_story, worst
from pandas.testing import assert_frame_equal, assert_series_equal

from sim.model.fleet import Fleet
from sim.model.reading import read_fixed, read_result
from sim.records.result import Result
from sim.spec.scenario import Scenario

pytestmark = pytest.mark.alone

HOST = {
    "name": "some-server",
    "title": "A server with memory and disk for all",
    "cores": "16 cores",
    "switching": "2 %",
    "memory": "4 TiB",
    "memory_in_use": "1 GiB",
    "disk": {
        "capacity": "200 TB",
        "bandwidth": "2 GB/s",
        "operations": "300000 operations/s",
        "latency": "60 us",
    },
    "link": {"bandwidth": "1 Gbit/s", "round_trip": "20 ms", "window": "1 MiB"},
}
RUNTIME = {"kind": "runtime", "compressed": "20 MB", "unpacked": "60 MB"}
SYSTEM = {"kind": "os", "compressed": "30 MB", "unpacked": "90 MB"}
SERVICE = {
    "name": "some-service",
    "title": "A service",
    "image": {"name": "service", "title": "Its files", "layers": {"runtime": RUNTIME}},
    "work": "compute",
    "variation": "30 %",
    "start": {"read": "5 MB", "compute": "100 core-ms"},
    "memory": {"private": "20 MB", "mapped": "5 MB", "kernel": "1 MB"},
}
SERVICE_AT_WORK = SERVICE | {
    "steady": {"cpu": "10 millicores", "read": "50 kB/s", "write": "10 kB/s"}
}
GUEST = {
    "kernel": "own",
    "size": {"cpu": "1 core", "memory": "1 GiB"},
    "files": {
        "kind": "disk",
        "guest": {"name": "guest", "title": "Its system", "layers": {"system": SYSTEM}},
        "provision": "clone",
        "cache": "direct",
    },
    "variation": "30 %",
    "create": {"monitor": {"compute": "50 core-ms"}},
    "boot": {
        "kernel": {"compute": "100 core-ms"},
        "userland": {"rounds": 3, "read": "15 MB", "compute": "300 core-ms"},
    },
}
CONTAINER = {
    "kernel": "shared",
    "files": {"kind": "layers", "parallel": 3, "unpack": "65 MB/s", "writable": "100 kB"},
    "variation": "10 %",
    "footprint": {"shim": {"private": "2 MB", "shared": "9 MB"}},
    "create": {
        "mount": {"lock": {"name": "mounts", "linear": "1 core-ms"}, "compute": "7 core-ms"},
        "runtime": {"wait": "5 ms", "read": "25 MB", "compute": "40 core-ms", "threads": 2},
    },
    "crossings": {"cpu": {"compute": 1.1}},
}


def scenario(
    boundary: Mapping[str, object],
    count: int,
    hosts: int,
    workload: Mapping[str, object] = SERVICE,
    **more: object,
) -> Scenario:
    """So many instances of a service behind one boundary each, on so many hosts."""
    return Scenario.model_validate(
        {
            "version": 1,
            "title": "A storm",
            "host": HOST,
            "hosts": hosts,
            "platforms": [{"name": "some-platform", "boundaries": {"wall": boundary}}],
            "horizon": "10 min",
            "groups": {"web": {"workload": workload, "count": count}},
            "page_cache": "cold",
        }
        | more
    )


def run(question: Scenario, *, naive: bool) -> tuple[float, Result]:
    """Return the CPU seconds that the model took, and its tables, whose making is not counted."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        with naive_sharing() if naive else nullcontext():
            start = time.process_time()
            fleet = Fleet(question, seed=1, replication=0, merged=naive)
            fleet.prepare()
            fixed = [read_fixed(engine) for engine in fleet.engines]
            fleet.run()
            taken = time.process_time() - start
            return taken, read_result(fleet, fixed, seed=1, replication=0)
    finally:
        gc.enable()
        gc.unfreeze()


@pytest.mark.parametrize("seed", range(20))
def test_the_naive_form_is_right(seed: int) -> None:
    story = some_story(Random(seed), 12)
    naive, plain = (Performance(form, story).run() for form in (NaiveRate, PlainRate))
    assert worst(naive, plain) < 1e-11


@pytest.mark.parametrize(
    "question",
    [
        scenario(GUEST, 60, 1),
        scenario(GUEST, 60, 7, SERVICE_AT_WORK),
        scenario(
            CONTAINER, 40, 3, SERVICE_AT_WORK, images="absent", registry={"bandwidth": "300 Mbit/s"}
        ),
    ],
    ids=["guests on one host", "guests at work on seven hosts", "containers that pull their image"],
)
def test_both_engines_tell_the_same(question: Scenario) -> None:
    _, ours = run(question, naive=False)
    _, naive = run(question, naive=True)
    assert ours.instances["state"].eq("ready").all()
    for table in ("instances", "hosts", "components", "events"):
        assert_frame_equal(getattr(ours, table), getattr(naive, table), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("hosts", "instances", "at_least"),
    [(1, 1_000, 8.0), (1_000, 10_000, 2.0)],
    ids=["1 000 on one host", "10 000 on 1 000 hosts"],
)
def test_the_model_outruns_a_naive_one(hosts: int, instances: int, at_least: float) -> None:
    question = scenario(GUEST, instances, hosts)
    before, ours = run(question, naive=False)
    slow, naive = run(question, naive=True)
    after, _ = run(question, naive=False)
    fast = min(before, after)  # the short run, which a busy machine disturbs more
    assert_series_equal(ours.instances["ready_s"], naive.instances["ready_s"], rtol=1e-9)
    print(f"{slow:.2f} s against {fast:.2f} s: {slow / fast:.1f} times")
    assert slow / fast >= at_least, f"{slow:.2f} s against {fast:.2f} s: {slow / fast:.1f} times"
