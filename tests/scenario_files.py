"""Scenario files for tests: one that says all there is to say, and small ones."""

from pathlib import Path

import pytest

from sim.catalog.scenario import load
from sim.errors import ScenarioError

SMALL = """\
version: 1
title: Two services
host: cloud-2c-8g
platforms: [process]
horizon: 1 min
groups:
  web: {workload: web-node, count: 2}
"""

FULL = """\
version: 1
title: Every key once
question: What does it take?
host: {extends: server-16c-64g, memory: 128 GiB}
hosts: 2
placement: pack
platforms:
  - process
  - container-docker
  - {name: vm-full, extends: vm-qemu, boundaries: {vm: {reserve: full, size: {memory: 50 %}}}}
  - name: nested
    boundaries:
      vm: {extends: vm-qemu.vm, scope: 8}
      container: container-docker.container
  - {name: mixed, web: container-docker, cache: {extends: vm-qemu, name: cache-vm}}
  - name: merged
    extends: vm-qemu
    ksm: on
    boundaries:
      vm:
        ram: {balloon: on, reporting: 2 s}
        swap: 1 GiB
        crossings: {network: {latency: 45 us, overlap: 50 %, compute: 2 core-us, aside: 0 core-us}}
horizon: 10 min
groups:
  web:
    workload:
      extends: web-node
      x-why: larger
      memory: {private: 100 MiB, active: 60 %, alike: 10 %, growth: {rate: 10 kB/s, most: 9 MB}}
      serve: {compute: 1 core-ms, variation: 50 %, order: in-turn, threads: 2, packets: 4}
    count: 5
    arrive: {every: 2 s}
    limits: {cpu: 500 millicores, cpu_period: 50 ms, memory: 512 MiB, memory_high: 400 MiB}
    publish: [80, "8443:443"]
    load: {clients: 3, think: 1 s, round_trip: 200 us, clients_on: host}
    oom_adjust: -500
    restart: no
  cache:
    workload: {extends: redis, serve: {compute: 9 core-us}}
    count: 2
    arrive: {poisson: 3 / min}
    limits: {memory: 1 GiB, swap: 100 MiB, cpu_weight: 50}
    load: {trace: {times_s: [0, 60], values: [5, 0.5]}}
    memory: {times_s: [10, 90.5], values: [50e6, 90e6]}
    restart: on-failure
    back_off: {first: 1 s, most: 30 s}
images: [web-node, redis]
page_cache: cold
registry: {bandwidth: 1 Gbit/s}
faults:
  - {at: 5 min, kind: host-kernel-panic, host: 0}
  - {every: 4 min, kind: guest-kernel-panic, instance: web/1}
  - {poisson: 1 / h, kind: instance-crash}
requests_in_detail: 1000
objectives: {startup_p99_s: "< 10", memory_gross_bytes: "< 90 % of host memory", oom_kills: "= 0"}
replications: 3
seed: 7
sweep: {axes: {groups.web.count: [1, 2]}}
x-note: mine
"""


def faults_in(folder: Path, text: str) -> list[str]:
    """The faults of a scenario, without the name of its file."""
    file = write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return [str(fault).removeprefix(f"{file}:") for fault in caught.value.faults]


def write(folder: Path, text: str, name: str = "scenario.yaml") -> Path:
    """Write a scenario into a folder."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
