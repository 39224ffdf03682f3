"""The main process of an instance: what it is called, what ends it, and with which status."""

from typing import Annotated

from pydantic import Field

from sim.spec.quantity import CitedDuration, Model, Switch, nothing

ExitStatus = Annotated[int, Field(ge=0, le=255)]
"""What a process leaves behind when it ends: 0 where all went well."""


class Handler(Model):
    """What a main process does when it is asked to end: it goes on for `takes`, then ends so."""

    takes: CitedDuration = nothing()
    status: ExitStatus = 0


class MainProcess(Model):
    """The main process, with which an instance begins and ends.

    `command` is what `tare ps` shows, in place of the image's. One that is `interactive` reads
    commands from a terminal: without one it finds no input, and ends at once with status 0. Others
    end `after` so long, or once what they `run` is done, with `status`; or run until somebody
    stops them. One without a `handler` leaves it to the kernel what SIGTERM does to it.
    """

    command: str = Field(default="", max_length=1000)
    interactive: Switch = "off"
    after: CitedDuration | None = None
    status: ExitStatus = 0
    handler: Handler | None = None
