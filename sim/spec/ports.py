"""Ports of instances, and how a port of the host is given to one."""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sim.errors import shown
from sim.spec.quantity import SpecError

_MOST_PORT = 65_535
_FIXED_PORT = r"(\d{1,5}):(\d{1,5})"

Published = tuple[int | None, int]
"""A port of the host, None where any that is free will do, and the instance's port behind it."""


def _as_port(given: object) -> object:
    numbers = _port_numbers(given)
    if numbers and all(1 <= number <= _MOST_PORT for number in numbers):
        return given
    remedy = f'write 80 (1 to {_MOST_PORT}), or "8080:80" to fix the port of the host'
    raise SpecError(f"{shown(given)} is not a port", remedy)


def _port_numbers(given: object) -> list[int]:
    if isinstance(given, int) and not isinstance(given, bool):
        return [given]
    fixed = re.fullmatch(_FIXED_PORT, given, re.ASCII) if isinstance(given, str) else None
    return [int(number) for number in fixed.groups()] if fixed else []


def published(publish: Iterable[int | str]) -> tuple[Published, ...]:
    """The ports that a list publishes, in its order."""
    numbers = (_port_numbers(port) for port in publish)
    return tuple((each[0] if len(each) > 1 else None, each[-1]) for each in numbers)


def host_ports(publish: Iterable[int | str]) -> list[int]:
    """The ports of the host that published ports fix."""
    return [host for host, _ in published(publish) if host is not None]


def _each_fixed_once(publish: list[int | str]) -> list[int | str]:
    fixed = host_ports(publish)
    twice = next((port for port in fixed if fixed.count(port) > 1), None)
    if twice is not None:
        raise SpecError(f"port {twice} of the host is fixed twice", "fix another for one of them")
    return publish


Port = Annotated[
    int | str,
    BeforeValidator(_as_port),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": _MOST_PORT},
                {"type": "string", "pattern": "^[0-9]{1,5}:[0-9]{1,5}$"},
            ],
            "description": 'the container\'s port, or "8080:80" to fix the port of the host',
        }
    ),
]

PublishedPorts = Annotated[list[Port], AfterValidator(_each_fixed_once)]

ListenedPort = Annotated[int, Field(ge=1, le=_MOST_PORT)]
"""A port on which something inside listens."""
