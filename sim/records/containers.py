"""What stands where at one moment of a run: the rows of `docker ps -a`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Standing = Literal["created", "running", "paused", "restarting", "exited", "removing", "dead"]
"""The states that the Docker engine tells of a container; those of any instance are called so."""


@dataclass(frozen=True)
class Container:
    """An instance as an engine would list it; times are seconds since the start of the run.

    `started_s` is when its main process was started last, `ended_s` when one ended last, with
    `exit_status`. `published` are ports of the host with those inside that they lead to, `exposed`
    ports inside that nothing leads to.
    """

    id: str
    name: str
    instance: str
    host: int
    image: str
    command: str
    created_s: float
    started_s: float | None
    ended_s: float | None
    standing: Standing
    exit_status: int | None
    published: tuple[tuple[int, int], ...]
    exposed: tuple[int, ...]
