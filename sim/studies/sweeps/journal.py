"""What came of runs, kept on disk as it comes: whatever happens, no run is lost that was written.

Every command that runs something writes a file of its own, a line a run, and reads those of all.
A line that was cut short, by a kill or a full disk, is none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from io import FileIO
from itertools import count
from pathlib import Path

from sim.errors import OutputError
from sim.studies.sweeps.runs import Outcome

_OFFSET, _LENGTH = 40, 24
"""The bits of a place that are the offset in its file, and the length there; the rest is the file's
number."""


class Journal:
    """The outcomes in a folder, by key; `label` begins the names of files that are written.

    Of what others wrote, runs that were lost are there only where they are not to be tried again.
    Without a folder outcomes are kept in memory.
    """

    def __init__(
        self, folder: Path | None, label: str = "runs", *, tries_again: bool = True
    ) -> None:
        self._folder, self._label, self._tries_again = folder, label, tries_again
        self._files: list[Path] = []
        self._places: dict[bytes, int] = {}
        self._in_memory: dict[str, Outcome] = {}
        self._writer: FileIO | None = None
        if folder is not None:
            for file in sorted(folder.glob("*.jsonl")):
                self._index(file)

    def __contains__(self, key: str) -> bool:
        return key in self._in_memory or bytes.fromhex(key) in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, key: str) -> Outcome:
        """The outcome of a run. Raises: KeyError where there is none."""
        if key in self._in_memory:
            return self._in_memory[key]
        place, length = divmod(self._places[bytes.fromhex(key)], 1 << _LENGTH)
        number, offset = divmod(place, 1 << _OFFSET)
        with FileIO(self._files[number]) as lines:
            lines.seek(offset)
            return _read(lines.read(length))

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Write outcomes down. Raises: OutputError where that cannot be."""
        if self._folder is None:
            self._in_memory |= {outcome.key: outcome for outcome in outcomes}
            return
        try:
            self._append(list(outcomes), self._folder)
        except OSError as error:
            said = (error.strerror or str(error)).lower()
            raise OutputError(
                f"cannot keep runs in {self._folder}: {said}",
                f"{len(self)} runs are kept there, and the same command goes on from them",
            ) from error

    def close(self) -> None:
        """End writing; what was written is on the disk."""
        if self._writer is not None:
            with suppress(OSError):  # what cannot be written was told as it came
                os.fsync(self._writer.fileno())
            self._writer.close()
            self._writer = None

    def _append(self, outcomes: list[Outcome], folder: Path) -> None:
        """Write lines at once; where room runs out, those that were still whole are kept."""
        writer = self._writer = self._writer or self._begun(folder)
        number, offset = len(self._files) - 1, writer.tell()
        lines = [_written(outcome) for outcome in outcomes]
        rest = memoryview(b"".join(lines))
        try:
            while rest:
                rest = rest[writer.write(rest) :]
        finally:
            for outcome, line in zip(outcomes, lines, strict=True):
                if offset + len(line) > writer.tell():
                    break
                self._place(outcome, number, offset, len(line))
                offset += len(line)

    def _begun(self, folder: Path) -> FileIO:
        """A new file, which no other command writes to."""
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            file = folder / f"{self._label}-{number:04}.jsonl"
            try:
                writer = file.open("xb", buffering=0)
            except FileExistsError:
                continue
            self._files.append(file)
            return writer
        raise AssertionError  # counting never ends

    def _index(self, file: Path) -> None:
        number, offset = len(self._files), 0
        self._files.append(file)
        with file.open("rb") as lines:
            for line in lines:
                outcome = _whole(line)
                if outcome is not None and not (outcome.lost and self._tries_again):
                    self._place(outcome, number, offset, len(line))
                offset += len(line)

    def _place(self, outcome: Outcome, number: int, offset: int, length: int) -> None:
        """Note where a run's line is; any is as good as another, but for those that were lost."""
        key, place = bytes.fromhex(outcome.key), (number << _OFFSET | offset) << _LENGTH | length
        if not (outcome.lost and key in self._places):
            self._places[key] = place


def _written(outcome: Outcome) -> bytes:
    fields = {"key": outcome.key, "seconds": round(outcome.seconds, 6)}
    told = {"reason": outcome.reason} if outcome.reason else {"metrics": outcome.metrics}
    lost = {"lost": True} if outcome.lost else {}
    return json.dumps(fields | told | lost, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> Outcome:
    fields = json.loads(line)
    told = fields.get("metrics", {}), fields.get("reason", ""), fields["seconds"]
    return Outcome(fields["key"], *told, fields.get("lost", False))


def _whole(line: bytes) -> Outcome | None:
    """The outcome of a line, unless the line is not whole."""
    try:
        outcome = _read(line)
        bytes.fromhex(outcome.key)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return outcome if line.endswith(b"\n") else None
