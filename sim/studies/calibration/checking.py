"""Predict more at once than a calibration was fitted to, then measure them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from statistics import median
from typing import TYPE_CHECKING

from sim.probes import kernel
from sim.probes.bench import ProbeError, Workbench
from sim.probes.known import PROBES
from sim.probes.readings import Checked
from sim.probes.starting import Batch, Starter
from sim.studies.calibration.modelled import Entries, in_full, predict

if TYPE_CHECKING:  # which checks what it has made
    from sim.studies.calibrate import Calibrated, Calibration

COUNTS = (8, 16, 32)
"""How many at once are predicted and then measured."""

_TURNS = 3
_REPLICATIONS = 5
_PATIENT_WITH = 4
_MOST_OF_MEMORY = 0.5


def check(
    calibration: Calibration, counts: Sequence[int], tell: Callable[[str], None]
) -> list[Checked]:
    """Predict starts of so many at once on each runtime, measure them, and put both in a row."""
    found: list[Checked] = []
    for each in calibration.runtimes:
        if each.found is not None:
            with suppress(ProbeError):
                found += _checked(calibration, each, counts, tell)
    return found


def _checked(
    calibration: Calibration, each: Calibrated, counts: Sequence[int], tell: Callable[[str], None]
) -> Iterator[Checked]:
    entries = Entries(
        in_full("hosts", dict(calibration.overlay)),
        in_full("platforms", dict(each.overlay)),
        in_full("workloads", dict(calibration.workload or {})),
    )
    fresh = [count for count in counts if count not in each.measured.counts]
    said = {count: predict(entries, count, _REPLICATIONS) for count in fresh}
    tell(f"{each.measured.name}: {', '.join(map(str, fresh))} at once")
    for count, batches in _measured(each, fresh):
        halves = median(batch.median_s for batch in batches)
        lasts = median(batch.ready_s[-1] for batch in batches)
        yield Checked(each.entry, count, "median", said[count].median, halves)
        yield Checked(each.entry, count, "last", said[count].last, lasts)


def _measured(each: Calibrated, counts: Sequence[int]) -> Iterator[tuple[int, list[Batch]]]:
    """Start so many at once, a few times; none where they would fill the memory."""
    probe = next(probe for probe in PROBES if probe.name == each.measured.name)()
    taken = each.measured.each_more("unavailable")
    with Workbench() as bench, probe.prepared(bench) as runtime:
        patience = probe.patience_s * max(counts, default=1) / _PATIENT_WITH
        starter = Starter(bench, runtime, patience)
        with starter.up(1):
            pass
        for count in counts:
            if taken * count < _MOST_OF_MEMORY * kernel.memory()["MemAvailable"]:
                yield count, [_batch(starter, count) for _ in range(_TURNS)]


def _batch(starter: Starter, count: int) -> Batch:
    with starter.up(count) as up:
        return up.batch
