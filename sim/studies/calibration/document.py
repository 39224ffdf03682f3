"""A calibration as one JSON document: every reading, what was made of it, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from sim.probes.readings import Checked, Held, Measured, Reading
from sim.spec.document import Tree

if TYPE_CHECKING:  # which is described here
    from sim.studies.calibrate import Calibrated, Calibration


def document(found: Calibration, rows: Sequence[Checked]) -> dict[str, object]:
    """Everything that was read, in base units; the overlays are beside it, as files."""
    errors = [abs(row.error) for row in rows]
    return {
        "schema": 1,
        "generator": "tare",
        "noise": {**asdict(found.noise), "is_much": found.noise.is_much},
        "host": _host(found),
        "merging": asdict(found.merging) if found.merging else None,
        "runtimes": {each.measured.name: _runtime(each) for each in found.runtimes},
        "skipped": dict(found.skipped),
        "cleared": [*found.cleared],
        "check": [{**asdict(row), "error": row.error} for row in rows],
        "median_error": median(errors) if errors else None,
    }


def _host(found: Calibration) -> dict[str, object]:
    host = asdict(found.host)
    drive = host.pop("drive")
    readings = {"disk": _described(drive), **_described(host)}
    return {**readings, "overlay": dict(found.overlay)}


def _described(fields: dict[str, object]) -> dict[str, object]:
    """Fields with each reading as its median, spread and number."""
    return {
        name: _reading(Reading(tuple(value["values"])))
        if isinstance(value, dict) and "values" in value
        else value
        for name, value in fields.items()
    }


def _reading(reading: Reading) -> dict[str, Tree]:
    return {"median": reading.middle, "spread": reading.spread, "times": len(reading.values)}


def _runtime(each: Calibrated) -> dict[str, object]:
    measured = each.measured
    accounts = ("charged", "kernel", "unavailable")
    return {
        "entry": measured.entry,
        "version": measured.version,
        "others": measured.others,
        "at_once": [_at_once(each, count) for count in measured.counts],
        "around_bytes": _held(measured.held("outside")),
        "inside_bytes": _held(measured.held("inside")),
        "each_more_bytes": {name: measured.each_more(name) for name in accounts},
        "daemon_bytes": dict(measured.daemon),
        "daemon_cores": measured.daemon_cores,
        "idle_cores": measured.idle_cores,
        "disk_bytes": measured.disk,
        "jobs_s": {job: _reading(reading) for job, reading in measured.jobs.items()},
        "overlay": dict(each.overlay),
    }


def _held(held: Held) -> dict[str, float]:
    return asdict(held)


def _at_once(each: Calibrated, count: int) -> dict[str, object]:
    measured: Measured = each.measured
    read = {
        "first_s": _reading(measured.first_s(count)),
        "median_s": _reading(measured.median_s(count)),
        "last_s": _reading(measured.last_s(count)),
        "cpu_each_core_s": _reading(measured.cpu_s(count)),
    }
    modelled = asdict(each.found.times[count]) if each.found else None
    return {"count": count, **read, "modelled_s": modelled}
