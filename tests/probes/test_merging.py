"""The kernel's search for equal pages, measured for real; its settings are what they were."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.probes.bench import ProbeError, Workbench
from sim.probes.merging import measure_merging

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="probes read what Linux tells")

ROOT = Path(__file__).parents[2]
KSM = Path("/sys/kernel/mm/ksm")
NAMES = ("run", "pages_to_scan", "sleep_millisecs", "advisor_mode", "pages_shared")
MEASURING = """
from sim.probes.bench import Workbench
from sim.probes.merging import measure_merging
with Workbench() as bench:
    print("begun", flush=True)
    measure_merging(bench)
    bench.pause(20)
"""


def settings() -> dict[str, str]:
    return {name: (KSM / name).read_text() for name in NAMES if (KSM / name).exists()}


def test_equal_pages_are_merged_and_settings_are_what_they_were() -> None:
    try:
        before = settings()
        with Workbench() as bench:
            found = measure_merging(bench)
            assert (KSM / "run").read_text() == "1\n"
    except ProbeError as reason:
        pytest.skip(str(reason))

    assert settings() == before
    assert found.saved == found.equal
    assert found.seconds < 15
    assert 1e-7 < found.compute_s < 1e-4
    assert found.pages == int(before["pages_to_scan"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_settings_are_what_they_were_after_an_interrupt(number: signal.Signals) -> None:
    """After a kill it is the next one that puts them back."""
    if not os.access(KSM / "run", os.W_OK) or settings()["run"] != "0\n":
        pytest.skip("no equal pages can be looked for here")
    before = settings()
    command, own = [sys.executable, "-c", MEASURING], {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=own
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        end = time.monotonic() + 20
        while settings()["run"] != "1\n" and time.monotonic() < end:
            time.sleep(0.01)
        running.send_signal(number)
        running.wait(timeout=20)

    if number == signal.SIGKILL:
        assert settings() != before
        with Workbench() as bench:
            assert bench.cleared
            assert not bench.left
    assert settings() == before
