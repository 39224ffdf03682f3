"""The recorder of a run: changes and events in the order in which they happen, in flat arrays."""

from __future__ import annotations

from array import array
from operator import itemgetter

import numpy as np

from sim.records.schema import RUN_TABLES, column_names
from sim.records.table import Columns, Table


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

    def samples(self) -> Table:
        """The changes as a table, by time and host; of several at one instant the last counts."""
        return Table(self._changes)

    def events(self) -> Table:
        """The events as a table, by time and host, and on a host as they happened."""
        return Table(self._happened)

    def _changes(self) -> Columns:
        """The last of what has the same key, by key: it must not matter how hosts took turns."""
        names = sorted(self._names)
        rank = {name: place for place, name in enumerate(names)}
        ranks = np.array([rank[name] for name in self._names], dtype=np.int64)
        keys = (ranks[np.asarray(self._series)], np.asarray(self._hosts), np.asarray(self._times))
        order = np.lexsort(keys)
        series, host, time = (key[order] for key in keys)
        is_last = np.ones(len(order), dtype=bool)
        is_last[:-1] = (np.diff(series) != 0) | (np.diff(host) != 0) | (np.diff(time) != 0.0)
        series = series[is_last]
        resources, components = (
            np.array([name[place] for name in names], dtype=object) for place in (0, 1)
        )
        return {
            "time_s": time[is_last],
            "host": host[is_last],
            "resource": resources[series],
            "component": components[series],
            "value": np.asarray(self._values)[order[is_last]],
        }

    def _happened(self) -> Columns:
        rows = sorted(self._events, key=itemgetter(0, 1))
        return Table.of_rows(column_names(RUN_TABLES["events"]), rows).columns
