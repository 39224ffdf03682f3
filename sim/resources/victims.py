"""Choose whom the OOM killer takes: the largest first, as mm/oom_kill.c of Linux weighs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.resources.account import Account
    from sim.resources.memory import Ledger

NEVER = -1000
PAGE_TABLE_RATIO = 512


@dataclass(frozen=True, slots=True)
class Victim:
    """What may be killed for the memory of a holder, and how much speaks for it, in bytes."""

    owner: object
    score: int
    holder: Account | Ledger


def rank(holders: Iterable[Account | Ledger], total: int) -> list[Victim]:
    """List the owners of some holders, best victim first; of equals, the last created.

    `total` is the memory and swap, in bytes, that the adjustments are thousandths of.
    """
    victims = [
        Victim(holder.owner, badness(holder, total), holder)
        for holder in reversed(list(holders))
        if holder.owner is not None and holder.adjust > NEVER
    ]
    return sorted(victims, key=lambda victim: -victim.score)


def badness(holder: Account | Ledger, total: int) -> int:
    """Score one process of a holder: resident + swapped + page tables + adjustment, in bytes.

    Source: oom_badness in mm/oom_kill.c; a page table has 8 bytes for each page of 4 KiB.
    """
    footprint = holder.footprint
    process = (footprint + footprint // PAGE_TABLE_RATIO) // holder.processes
    return process + holder.adjust * (total // 1000)
