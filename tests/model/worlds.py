"""Tiny hosts, platforms and workloads, written as a scenario file would, for stories by hand.

The host has one core of speed 1, 1 GB of free memory, a disk of 100 MB/s and a link of 10 MB/s,
and nothing else costs anything: every story states what it adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.model.fleet import Fleet
from sim.model.reading import read_fixed, read_result
from sim.records.metrics import measure
from sim.records.result import Result
from sim.spec.scenario import Scenario

Spec = Mapping[str, object]

MB = 1_000_000
HOST: Spec = {
    "name": "tiny",
    "title": "A tiny host",
    "cores": "1 cores",
    "memory": "1 GB",
    "memory_in_use": "0 B",
    "disk": {
        "capacity": "10 GB",
        "bandwidth": "100 MB/s",
        "operations": "1000000 operations/s",
        "latency": "0 s",
    },
    "link": {"bandwidth": "10 MB/s", "round_trip": "0 s", "window": "1 MB"},
}


def image(name: str = "app", **layers: Spec) -> Spec:
    """An image of these layers; by default one of the application, 1 MB on the wire and on disk."""
    return {"name": name, "title": name, "layers": layers or {f"{name}-files": layer("1 MB")}}


def layer(
    unpacked: str, compressed: str = "1 MB", kind: str = "application", path: str = ""
) -> Spec:
    """A layer of an image."""
    return {"kind": kind, "compressed": compressed, "unpacked": unpacked, "path": path}


def workload(
    start: str = "0 core-s",
    *,
    read: str = "0 B",
    private: str = "0 B",
    mapped: str = "0 B",
    kernel: str = "0 B",
    run: str | None = None,
    brings: Spec | None = None,
    **more: object,
) -> Spec:
    """A workload that computes at its start, holds memory, and perhaps runs to its end."""
    return {
        "name": "work",
        "title": "Work",
        "image": brings or image(),
        "work": "compute",
        "start": {"compute": start, "read": read},
        "memory": {"private": private, "mapped": mapped, "kernel": kernel},
        **({} if run is None else {"run": {"compute": run}}),
        **more,
    }


def group(count: int = 1, of: Spec | None = None, **more: object) -> Spec:
    """So many instances of a workload, all asked for at 0 s unless said otherwise."""
    return {"count": count, "workload": of or workload(), **more}


def platform(name: str = "bare", **boundaries: Spec) -> Spec:
    """A platform of these boundaries, outermost first."""
    return {"name": name, "title": name, "boundaries": boundaries}


def container(**more: object) -> Spec:
    """A boundary that shares the kernel and the files around it."""
    return {"kernel": "shared", "files": {"kind": "outside"}, **more}


def machine(memory: str = "100 MB", cpu: str = "1 cores", **more: object) -> Spec:
    """A boundary with a kernel of its own, whose files are those around it, cached inside alone."""
    size, files = {"cpu": cpu, "memory": memory}, {"kind": "outside", "cache": "direct"}
    return {"kernel": "own", "files": files, "size": size, **more}


def scenario(on: Spec | None = None, *, host: Spec | None = None, **more: object) -> Scenario:
    """A scenario on one platform, for 100 s, by default of one instance that asks for nothing."""
    given: dict[str, object] = {
        "version": 1,
        "title": "A story",
        "host": _laid_over(HOST, host or {}),
        "platforms": [on or platform()],
        "horizon": "100 s",
        "groups": {"web": group()},
    }
    return Scenario.model_validate(given | more)


def _laid_over(whole: Spec, part: Spec) -> dict[str, object]:
    nested = {
        key: {**given, **part[key]}
        for key, given in whole.items()
        if isinstance(given, Mapping) and isinstance(part.get(key), Mapping)
    }
    return {**whole, **part, **nested}


@dataclass(frozen=True)
class Run:
    """A fleet at its horizon, and what was read off it."""

    fleet: Fleet
    result: Result

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the whole."""
        return measure(self.result)

    @property
    def started(self) -> list[float]:
        """Seconds from request to ready of each instance, in order of group and number."""
        instances = self.result.instances
        return list(instances["ready_s"] - instances["created_s"])

    def held(self, resource: str) -> dict[str, float]:
        """What the first host holds or has spent of a resource, by component."""
        rows = self.result.components
        rows = rows[(rows["resource"] == resource) & (rows["host"] == 0)]
        return dict(rows.groupby("component")["value"].sum())


def run(asked: Scenario, *, seed: int = 1, replication: int = 0, merged: bool = False) -> Run:
    """Simulate to the horizon and keep the fleet, to look into it."""
    fleet = Fleet(asked, seed, replication, merged=merged)
    fleet.prepare()
    fixed = [read_fixed(engine) for engine in fleet.engines]
    fleet.run()
    return Run(fleet, read_result(fleet, fixed, seed, replication))
