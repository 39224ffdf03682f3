"""The recorder of a run: changes and events in the order in which they happen, in flat arrays."""

from __future__ import annotations

from array import array

import pandas as pd

from sim.records.schema import RUN_TABLES, column_names


class Recorder:
    """Keeps what changed, when and where; only changes, never ticks."""

    def __init__(self) -> None:
        self._times = array("d")
        self._values = array("d")
        self._hosts = array("l")
        self._series = array("l")
        self._names: dict[tuple[str, str], int] = {}
        self._events: list[tuple[float, int, str, str, str]] = []

    def sample(self, time: float, host: int, resource: str, component: str, value: float) -> None:
        """Keep that a component of a resource has a new value."""
        self._times.append(time)
        self._values.append(value)
        self._hosts.append(host)
        self._series.append(self._names.setdefault((resource, component), len(self._names)))

    def event(self, time: float, host: int, instance: str, event: str, detail: str) -> None:
        """Keep that something happened to an instance."""
        self._events.append((time, host, instance, event, detail))

    def samples(self) -> pd.DataFrame:
        """The changes as a table, by time and host; of several at one instant the last counts."""
        names = list(self._names)
        frame = pd.DataFrame(
            {
                "time_s": self._times,
                "host": self._hosts,
                "resource": [names[series][0] for series in self._series],
                "component": [names[series][1] for series in self._series],
                "value": self._values,
            }
        )
        return _ordered(frame, ["time_s", "host", "resource", "component"])

    def events(self) -> pd.DataFrame:
        """The events as a table, by time and host, and on a host as they happened."""
        frame = pd.DataFrame(self._events, columns=column_names(RUN_TABLES["events"]))
        return frame.sort_values(["time_s", "host"], kind="stable", ignore_index=True)


def _ordered(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows by key, the last of equals: the order must not depend on how hosts took turns."""
    last = frame.drop_duplicates(subset=keys, keep="last")
    return last.sort_values(keys, kind="stable", ignore_index=True)
