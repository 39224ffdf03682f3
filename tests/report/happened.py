"""Comparisons of what happens during a run, made up: load, faults, memory that runs short."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from report.made import GIB, KINDS, MIB, Kind, estimate, made
from report.stated import Made, frame, scenario

from sim.spec.metrics import METRICS

Rows = list[tuple[object, ...]]

COUNT, HORIZON, BROKEN_AT = 20, 600.0, 240.0
SHARES = (0.001, 0.01, *np.linspace(0.02, 0.98, 49), 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999)
"""The shares of requests whose latency is told."""

RATES = (
    (16_421.0, 105_435.0, 112_947.0),
    (12_767.0, 73_947.0, 83_317.0),
    (11_000.0, 64_000.0, 101_000.0),
    (9_390.0, 56_887.0, 98_702.0),
)
"""What a platform answers at 1, 10 and 120 clients: the second falls behind with many."""

BACK_AFTER = (95.0, 97.5, 4.2, 31.0)
"""Seconds until what the panic of a kernel took is back."""


EXACT = {"blast_radius", "oom_kills", "restarts", "requests_lost", "instances_started",
         "instances_ready"}  # fmt: skip
"""The metrics that no chance touches here."""


def closed_rate(place: int, clients: int) -> float:
    """What a platform answers, between the numbers of clients at which it is known."""
    return float(np.interp(math.log(clients), np.log([1, 10, 120]), RATES[place]))


def load_rows(kinds: Sequence[Kind], clients: dict[str, int]) -> Rows:
    """A row a platform and group; a group without clients has 200 requests a second."""
    rows: Rows = []
    for group, number in clients.items():
        for place, kind in enumerate(kinds):
            at = place % len(RATES)
            rate = closed_rate(at, number) if number else 199.4
            mean = number / rate if number else 0.004 * (1 + at)
            lost = 0.0 if at else 31.0
            rows.append((
                kind.name, group, number, 0.0 if number else 200.0, rate, 0.985 * rate,
                1.015 * rate, 1.04 * rate, mean, 0.96 * mean, 0.8 * mean, 4.4 * mean, lost,
            ))  # fmt: skip
    return rows


def latency_rows(loads: Rows) -> Rows:
    """Exponential latencies over a delay, with a heavier tail for every other platform."""
    rows: Rows = []
    for place, (platform, group, *numbers) in enumerate(loads):
        mean = float(str(numbers[6]))
        for share in SHARES:
            tail = -math.log(1 - share) * (1 + (place % 2) * share**8)
            rows.append((platform, group, share, mean * (0.3 + 0.7 * tail)))
    return rows


def request_rows(loads: Rows) -> Rows:
    """Ten windows of a minute each."""
    return [
        (platform, group, 60.0 * window, 60.0 * (window + 1), COUNT, 200.0, 190, 10, lost, 150,
         mean, fluid, p50, p99)
        for platform, group, *_, mean, fluid, p50, p99, lost in loads
        for window in range(10)
    ]  # fmt: skip


def has_own_kernel(place: int) -> bool:
    """The second half of the platforms that are made up are virtual machines."""
    return place % len(BACK_AFTER) >= 2


def fault_rows(kinds: Sequence[Kind], replications: int) -> Rows:
    """A crash of one instance, then the panic of a kernel, and at the end a host for good."""
    rows: Rows = []
    for place, kind in enumerate(kinds):
        after = BACK_AFTER[place % len(BACK_AFTER)]
        taken, whose = (1, "guest") if has_own_kernel(place) else (COUNT, "host")
        for run in range(replications):
            rows += [
                (kind.name, run, 90.0, 0, "instance-crash", "web/3", "", 1, 1, 91.5, 1.5),
                (kind.name, run, BROKEN_AT, 0, f"{whose}-kernel-panic", "web/7", "", taken, taken,
                 BROKEN_AT + after, after),
            ]  # fmt: skip
    return rows


def event_rows(kinds: Sequence[Kind]) -> Rows:
    """Ready one by one; down and up again with each fault, and one that runs out of memory."""
    rows: Rows = []
    for place, kind in enumerate(kinds):
        after = BACK_AFTER[place % len(BACK_AFTER)]
        rows += [(kind.name, 1.0 + n, 0, f"web/{n}", "ready", "") for n in range(COUNT)]
        down = range(7, 8) if has_own_kernel(place) else range(COUNT)
        rows += [(kind.name, 90.0, 0, "web/3", "failed", "instance crash"),
                 (kind.name, 90.1, 0, "web/3", "restarted", "for the 1. time"),
                 (kind.name, 91.5, 0, "web/3", "ready", "")]  # fmt: skip
        for turn, n in enumerate(down):
            back = BROKEN_AT + after * (turn + 1 + len(down)) / (2 * len(down))
            rows += [(kind.name, BROKEN_AT, 0, f"web/{n}", "failed", "kernel panic"),
                     (kind.name, back, 0, f"web/{n}", "ready", "")]  # fmt: skip
        if place == len(kinds) - 1:
            why = "out of memory: the host has 3 MiB left of the 24 MiB needed"
            rows += [(kind.name, 400.0 + n, 0, f"web/{n}", "oom-killed", why) for n in range(3)]
    return rows


def sample_rows(kind: Kind, place: int) -> Rows:
    """Memory that grows with a saw's teeth, is merged on virtual machines, and then swapped."""
    each = {name: value * MIB * COUNT for name, value in kind.memory.items()}
    draw = np.random.default_rng(3)
    rows: Rows = []
    times = np.sort(draw.uniform(0, HORIZON, 1500))
    for time in times:
        ramp = min(1.0, time / 20)
        wave = 1 + 3.0 * (time % 150) / 150
        for name, value in each.items():
            swelling = wave * 12 if name == "net.private" else 1.0
            rows.append((kind.name, time, 0, "memory", name, value * ramp * swelling))
        held = sum(each.values()) * ramp
        if has_own_kernel(place):
            merged = -0.3 * held * min(1.0, time / 300)
            rows.append((kind.name, time, 0, "memory", "credit.merged", merged))
            out = max(0.0, (time % 150) / 150 - 0.5) * 12 * GIB
            rows.append((kind.name, time, 0, "memory", "credit.swapped", -out))
            rows.append((kind.name, time, 0, "memory", "swap", out))
        rows.append((kind.name, time, 0, "memory", "page_cache", 3 * GIB * (1 - ramp / 2)))
    return rows


def metric_rows(kinds: Sequence[Kind], loads: Rows, replications: int) -> Rows:
    """What a comparison tells besides, for platforms, and p99 for each group."""
    rows: Rows = []
    draw = np.random.default_rng(5)
    for place, kind in enumerate(kinds):
        own = has_own_kernel(place)
        after = BACK_AFTER[place % len(BACK_AFTER)]
        mine = [row for row in loads if row[0] == kind.name]
        metrics = {
            "requests_done": 120_000.0,
            "requests_lost": 0.0 if place else 31.0,
            "request_mean_s": float(np.mean([row[8] for row in mine])),
            "request_p99_s": float(np.mean([row[11] for row in mine])),
            "throughput_per_s": float(np.sum([row[4] for row in mine])),
            "memory_merged_bytes": 0.3 * sum(kind.memory.values()) * MIB * COUNT if own else 0.0,
            "swap_bytes": 2.0 * GIB if own else 0.0,
            "blast_radius": 1.0 if own else float(COUNT),
            "recovery_mean_s": (1.5 + after) / 2,
            "recovery_max_s": after,
            "downtime_s": 1.5 + after * (1 if own else COUNT),
            "restarts": 2.0 if own else COUNT + 1.0,
            "oom_kills": 3.0 if place == len(kinds) - 1 else 0.0,
        }
        found = [("platform", "", name, value) for name, value in metrics.items()]
        for row in mine:
            ready = [(f"instances_{what}", float(COUNT)) for what in ("started", "ready")]
            group = [*ready, ("request_p99_s", float(str(row[11])))]
            found += [("group", str(row[1]), name, value) for name, value in group]
        for scope, part, name, value in found:
            spread = draw.normal(1, 0.01, replications)
            values = [value] * replications if name in EXACT else list(value * spread)
            rows.append((kind.name, scope, part, name, *estimate(values), METRICS[name].unit))
    return rows


def trust_rows(kinds: Sequence[Kind]) -> Rows:
    """Two kinds of things, one of which nobody has measured on the last platform."""
    nothing = (0, 0, math.nan, math.nan, math.nan)
    rows: Rows = []
    for kind in ("start-up alone", "memory"):
        rows.append(("", "", kind, 40, 9, 0.04, 0.2, 0.6))
        rows += [(each.name, each.name, kind, 12, 5, 0.04, 0.2, 0.22) for each in kinds[:-1]]
        told = nothing if kind == "memory" else (3, 1, 0.1, 0.12, 0.12)
        rows.append((kinds[-1].name, kinds[-1].name, kind, *told))
    return rows


def happened(
    kinds: Sequence[Kind] = KINDS,
    clients: dict[str, int] | None = None,
    replications: int = 3,
) -> Made:
    """A comparison in which all of that happens; `clients` of each group, 0 for an open load."""
    groups = clients or {"web": 0}
    found = made(kinds, COUNT, replications)
    names = [kind.name for kind in kinds]
    wall = {"wall": {"kernel": "own", "files": {"kind": "outside"}}}
    platforms = [
        {"name": name, "boundaries": wall if has_own_kernel(place) else {}}
        for place, name in enumerate(names)
    ]
    about = scenario(names, COUNT, replications, platforms=platforms)
    web = about.groups["web"]
    loads = load_rows(kinds, groups)
    told = ("restarts", "oom_kills")
    is_other = (found.summary["scope"] == "group") & ~found.summary["name"].isin(groups)
    summary = found.summary[~found.summary["metric"].isin(told) & ~is_other]
    more = frame("summary", metric_rows(kinds, loads, replications))
    samples = [row for place, kind in enumerate(kinds) for row in sample_rows(kind, place)]
    return replace(
        found,
        scenario=about.model_copy(update={"groups": dict.fromkeys(groups, web)}),
        summary=pd.concat([summary, more], ignore_index=True),
        samples=frame("samples", samples),
        events=frame("events", event_rows(kinds)),
        requests=frame("requests", request_rows(loads)),
        loads=frame("loads", loads),
        latencies=frame("latencies", latency_rows(loads)),
        faults=frame("faults", fault_rows(kinds, replications)),
        trust=frame("trust", trust_rows(kinds)),
    )
