"""Scenario files for tests: one that says all there is to say, and small ones."""

from pathlib import Path

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
horizon: 10 min
groups:
  web:
    workload: {extends: web-node, x-why: larger, memory: {private: 100 MiB}}
    count: 5
    arrive: {every: 2 s}
    limits: {cpu: 500 millicores, memory: 512 MiB}
    publish: [80, "8443:443"]
    restart: no
  cache: {workload: redis, count: 2, arrive: {poisson: 3 / min}}
images: [web-node, redis]
page_cache: cold
registry: {bandwidth: 1 Gbit/s}
objectives: {startup_p99_s: "< 10", memory_gross_bytes: "< 90 % of host memory", oom_kills: "= 0"}
replications: 3
seed: 7
sweep: {axes: {groups.web.count: [1, 2]}}
x-note: mine
"""


def write(folder: Path, text: str, name: str = "scenario.yaml") -> Path:
    """Write a scenario into a folder."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
