"""Every probe against the real thing, in a short form.

What cannot be measured here is skipped, with its own reason. In continuous integration as root,
which installs the packages, none of them may be absent. KVM may be there and boot nothing.
"""

import os
import sys
import time

import pytest
from probes.leaving import traces

from sim.probes.bench import ProbeError, Workbench
from sim.probes.guests import OnProcessor
from sim.probes.known import PROBES
from sim.probes.measuring import measure
from sim.probes.probe import Probe

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="probes read what Linux tells")

MUST_BE_THERE = os.environ.get("CI") == "true" and hasattr(os, "geteuid") and os.geteuid() == 0


QUICK_S = 60


@pytest.mark.parametrize("kind", PROBES, ids=lambda kind: kind.name)
def test_a_probe_measures_the_real_thing_and_leaves_nothing(kind: type[Probe]) -> None:
    probe = kind()
    if reason := probe.missing():
        assert not (MUST_BE_THERE and "apt-get install" in reason), reason
        pytest.skip(reason)
    before = traces()
    counts = [1, 2] if probe.seconds <= QUICK_S else [1]

    try:
        with Workbench() as bench:
            measured = measure(probe, bench, counts, end=time.monotonic())
            assert not bench.family()
    except ProbeError as error:
        if kind is not OnProcessor or "no Linux boots" not in str(error):
            raise
        assert traces() == before
        pytest.skip(str(error))

    assert traces() == before
    assert measured.version
    assert [batch.count for batch in measured.batches] == counts
    most = max(counts)
    assert 0 < measured.first_s(most).middle <= measured.last_s(most).middle
    assert 0 < measured.cpu_s(most).middle < 20
    assert measured.held("inside").each(1) + measured.held("outside").each(1) > 100 * 1024
    assert measured.idle_cores < 0.5
    assert measured.disk >= 0
