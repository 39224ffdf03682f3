"""Instances at one moment as `docker ps -a` prints them, the newest first."""

import json
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from rich.cells import cell_len

from sim.records.containers import Container
from sim.report.document import Json

COLUMNS = ("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES")

_LONGEST_COMMAND = 20
_LEAST_WIDTH, _GAP = 10, 3

_MINUTE, _HOUR = 60, 3600
_DAY = 24
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY


def lines(containers: Iterable[Container], at: float) -> list[str]:
    """Lay the listing out in columns, as wide as what stands in them."""
    cells = [COLUMNS, *(_cells(each, at) for each in newest_first(containers))]
    widths = [max(_LEAST_WIDTH, *map(_width, column)) for column in zip(*cells, strict=True)]
    return ["".join(map(_padded, row, widths)).rstrip() for row in cells]


def newest_first(containers: Iterable[Container]) -> list[Container]:
    """Order a listing as the engine does; of those created at once the last comes first."""
    return sorted(reversed([*containers]), key=lambda each: -each.created_s)


def _width(text: str) -> int:
    return cell_len(text) + _GAP


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _cells(container: Container, at: float) -> tuple[str, ...]:
    return (
        container.id,
        container.image,
        json.dumps(_shortened(container.command), ensure_ascii=False),
        f"{human_duration(at - container.created_s)} ago",
        status(container, at),
        ports(container),
        container.name,
    )


def _shortened(command: str) -> str:
    if len(command) <= _LONGEST_COMMAND:
        return command
    return f"{command[: _LONGEST_COMMAND - 1]}…"


def status(container: Container, at: float) -> str:
    """Say what an instance does, for how long, or how it ended: `Exited (137) 3 seconds ago`."""
    if container.standing in _BARE:
        return _BARE[container.standing]
    if container.standing in ("running", "paused"):
        paused = " (Paused)" if container.standing == "paused" else ""
        return f"Up {human_duration(at - (container.started_s or 0.0))}{paused}"
    ago = human_duration(at - (container.ended_s or 0.0))
    return f"{container.standing.capitalize()} ({container.exit_status}) {ago} ago"


_BARE = {"created": "Created", "removing": "Removal In Progress", "dead": "Dead"}


def human_duration(seconds: float) -> str:
    """Say a duration as the engine does: `2 seconds`, `About a minute`, `3 weeks`."""
    minutes, hours = int(seconds // _MINUTE), int(seconds / _HOUR + 0.5)
    if seconds < _MINUTE:
        return _few_seconds(int(seconds))
    if minutes < _MINUTE:
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    if hours <= 1:
        return "About an hour"
    for most, unit, name in _LONG:
        if hours < most:
            return f"{hours // unit} {name}"
    return f"{int(seconds // _HOUR) // _YEAR} years"


_LONG = (
    (2 * _DAY, 1, "hours"),
    (2 * _WEEK, _DAY, "days"),
    (2 * _MONTH, _WEEK, "weeks"),
    (2 * _YEAR, _MONTH, "months"),
)


def _few_seconds(seconds: int) -> str:
    if seconds < 1:
        return "Less than a second"
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def ports(container: Container) -> str:
    """Say which ports lead where: neighbours together where the port of the host is the same.

    Those that are exposed alone lead nowhere, and stand among these; all others follow.
    """
    equal = {host for host, inside in container.published if host == inside}
    runs = [(*run, _exposed) for run in _runs(container.exposed)]
    runs += [(*run, _led) for run in _runs(equal)]
    told = [say(first, last) for first, last, say in sorted(runs, key=itemgetter(0))]
    return ", ".join((*told, *_led_elsewhere(container)))


def _led_elsewhere(container: Container) -> Iterator[str]:
    for host, inside in sorted(container.published, key=itemgetter(1)):
        if host != inside:
            yield f"{_EVERYWHERE}:{host}->{inside}/tcp"


_EVERYWHERE = "0.0.0.0"


def _exposed(first: int, last: int) -> str:
    return f"{_span(first, last)}/tcp"


def _led(first: int, last: int) -> str:
    return f"{_EVERYWHERE}:{_span(first, last)}->{_span(first, last)}/tcp"


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ports one after the other, as the first and the last of each run."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def listing(
    containers: Sequence[Container], scenario: str, platform: str, at: float
) -> dict[str, Json]:
    """Give the listing as a document for programs that read on."""
    return {
        "schema": 1,
        "scenario": scenario,
        "platform": platform,
        "at_s": at,
        "containers": [_document(each, at) for each in newest_first(containers)],
    }


def _document(container: Container, at: float) -> Json:
    return {
        "id": container.id,
        "image": container.image,
        "command": container.command,
        "instance": container.instance,
        "host": container.host,
        "created_s": container.created_s,
        "started_s": container.started_s,
        "ended_s": container.ended_s,
        "state": container.standing,
        "status": status(container, at),
        "exit_status": container.exit_status,
        "ports": ports(container),
        "names": container.name,
    }
