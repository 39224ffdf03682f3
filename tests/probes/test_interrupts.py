"""Ctrl-C at any moment of a calibration leaves nothing, whatever was under way."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from probes.leaving import traces

from sim.probes.docker import Docker
from sim.probes.guests import Emulated, UserMode
from sim.probes.gvisor import GVisor
from sim.probes.oci import Runc
from sim.probes.plain import BareProcess
from sim.probes.podman import Podman
from sim.probes.probe import Probe

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="probes read what Linux tells")

ROOT = Path(__file__).parents[2]
MEASURING = """
import sys, time
from sim.probes.bench import Workbench
from sim.probes.known import PROBES
from sim.probes.measuring import measure
probe = next(each for each in PROBES if each.name == sys.argv[1])()
print("begun", flush=True)
with Workbench() as bench:
    measure(probe, bench, [1, 2, 4], time.monotonic() + 60)
"""
KINDS = (BareProcess, Runc, Podman, Docker, GVisor, UserMode, Emulated)
MOMENTS = random.Random(20)


@pytest.mark.parametrize("after", [MOMENTS.uniform(0, 3) for _ in range(2)])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nothing_is_left(kind: type[Probe], after: float) -> None:
    if reason := kind().missing():
        pytest.skip(reason)
    before = traces()
    running = subprocess.Popen(
        [sys.executable, "-c", MEASURING, kind.name],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    time.sleep(after)

    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=40)

    assert said.rstrip().endswith("KeyboardInterrupt")
    assert traces() == before
