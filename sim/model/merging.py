"""How the host's kernel merges equal pages of its guests: region by region, at its scan rate."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from math import expm1
from typing import TYPE_CHECKING

from sim.model.components import MERGING
from sim.model.inside import Inside
from sim.model.machine import Machine
from sim.model.pressure import kill_victim, pay_aside
from sim.resources.memory import Exhausted, Ledger
from sim.resources.merging import Merger
from sim.spec.host import Merging

if TYPE_CHECKING:  # the engine is above this module
    from sim.model.engine import Engine

PAGE = 4096

MOST_SCANS = 100_000
"""Regions are scanned no more often than this in a run: small ones wait longer for their turn."""


class Scanner:
    """The kernel's thread that looks for equal pages: one region after the other, round and round.

    It scans so many pages after each pause, so a region takes its size over that rate. Pages are
    merged when a region has been scanned to its end; those that were written since the last scan
    are left alone.
    """

    def __init__(self, engine: Engine, merging: Merging) -> None:
        self._engine = engine
        self._rate = merging.pages.value * PAGE / merging.pause.value
        cost = merging.compute.value / engine.host.speed.value
        self._cores = cost * merging.pages.value / merging.pause.value
        self._merger = Merger(engine.machine.kernel.ledger)
        self._regions: dict[Ledger, float] = {}  # and when each was last scanned
        self._is_scanning = False
        self._call_off: Callable[[float], None] = lambda now: None

    @property
    def saved(self) -> int:
        """Bytes that the host does not hold since equal pages are held once."""
        return self._merger.saved

    def saved_by(self, ledger: Ledger) -> float:
        """The part of a guest in what is saved, in bytes."""
        return self._merger.saved_by(ledger) if ledger in self._regions else 0.0

    def look(self, machine: Machine, inside: Inside, now: float) -> None:
        """Look at the memory of a machine from now on, if it lies on the host and lets one."""
        ledger = machine.kernel.ledger
        if inside.boundary.ram.merging == "off" or ledger.outer is not ledger.root:
            return
        self._merger.add(ledger)
        self._regions[ledger] = now
        if not self._is_scanning:
            self._is_scanning = True
            self._engine.idling.begin(self._engine.machine, self._cores, now, MERGING)
            self._next(now)

    def forget(self, now: float) -> None:
        """Scan nothing any more, since the kernel has gone and all guests with it."""
        self._call_off(now)
        self._regions.clear()
        self._is_scanning = False

    def _next(self, now: float) -> None:
        """Begin to scan the region that has waited longest, or rest for a while."""
        self._forget_closed()
        if not self._regions:
            self._is_scanning = False
            self._engine.idling.end(self._engine.machine, now, MERGING)
            return
        ledger = next(iter(self._regions))
        lasts = max(self._engine.horizon / MOST_SCANS, ledger.touched / self._rate)
        self._call_off = self._engine.timers.at(now + lasts, partial(self._scanned, ledger))

    def _scanned(self, ledger: Ledger, now: float) -> None:
        """Merge what is equal in a region, and put it last in the round."""
        if ledger in self._regions and not ledger.closed:
            written = self._written(ledger, now - self._regions.pop(ledger))
            self._regions[ledger] = now
            self._visit(ledger, written, now)
        self._next(now)

    def _visit(self, ledger: Ledger, written: dict[Hashable, int], now: float) -> None:
        """Scan a region; the kernel kills where there is no room for pages that have parted."""
        while not ledger.closed:
            try:
                self._merger.visit(ledger, written)
            except Exhausted as full:
                if not kill_victim(self._engine, full, now):
                    return
            else:
                pay_aside(self._engine, [self._engine.machine], now)
                return

    def _written(self, ledger: Ledger, elapsed: float) -> dict[Hashable, int]:
        """The bytes of each content that its owners have written anew in a time.

        At random, so that w bytes of writes leave exp(-w / size) of the pages as they were.
        """
        written: dict[Hashable, int] = {}
        for task in self._engine.ready:
            plan = task.plan
            if plan is None or task.machines[-1].kernel.ledger is not ledger:
                continue
            rewrites, private = plan.residence.rewrites, max(1, plan.private)
            share = -expm1(-rewrites * elapsed / private)
            written[plan.workload] = int(share * ledger.present(plan.workload))
        return written

    def _forget_closed(self) -> None:
        for ledger in [ledger for ledger in self._regions if ledger.closed]:
            del self._regions[ledger]
