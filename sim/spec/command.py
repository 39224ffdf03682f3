"""What somebody does to the instances of a group while they run."""

from typing import Literal

from pydantic import Field, model_validator

from sim.spec.quantity import Duration, Model, SpecError

USUAL_GRACE = 10.0
"""Seconds that the Docker engine gives a main process to end, where nobody says otherwise."""


class Command(Model):
    """What is done `at` a time to all instances of a group that are there then, or to one.

    `stop` asks the main process to end by SIGTERM, and ends it by SIGKILL after a time of `grace`;
    `kill` does so at once. `pause` keeps it off the processor until `unpause`. `start` begins
    another life of what has ended, and `remove` takes it away, after a `kill` where it runs.
    """

    at: Duration
    do: Literal["stop", "kill", "pause", "unpause", "start", "remove"]
    instance: int | None = Field(
        default=None, ge=0, description="the number of one instance, from 0 on; without it all"
    )
    grace: Duration | None = None

    @property
    def most(self) -> float:
        """Seconds that a main process may take to end."""
        return USUAL_GRACE if self.grace is None else self.grace

    @model_validator(mode="after")
    def _grace_to_stop(self) -> "Command":
        if self.grace is not None and self.do != "stop":
            raise SpecError(f"{self.do} takes no grace", "take grace out, or write do: stop")
        return self
