"""The workbench of a calibration: what is made on it is gone when it ends, however that comes."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import TypeAlias

from sim.errors import TareError
from sim.probes.kernel import Process, cpu_of, descendants
from sim.probes.undoing import JOURNAL, VARIABLE, folder_name, leftovers, setting, undo

_SUBREAPER = 36
_SIGNALS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
_PAUSE_S = 0.002
_PATIENCE_S = 10.0
_NOTHING: Mapping[str, str] = {}


_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


class ProbeError(TareError):
    """A runtime that was there and did not do what it should; its probe is left out, and said."""


class Workbench:
    """A folder under a mark, and all that is made under that mark.

    Processes carry the mark in their environment or their cgroup, cgroups and the folder in their
    name, mounts lie below the folder; what has no place for a mark, such as a setting of the
    kernel, is noted in the folder's journal before it is made. So all of it can be found from
    outside: at the end, at an interrupt, and by the next calibration where this one was killed.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.gettempdir()).resolve() / folder_name(os.getpid())
        self.cleared: list[str] = []
        self.left: list[str] = []
        self._is_interrupted = False
        self._handlers: dict[signal.Signals, _Handler] = {}
        self._others: set[int] = set()

    @property
    def mark(self) -> str:
        """The name under which everything is made."""
        return self.folder.name

    def __enter__(self) -> "Workbench":
        """Clear what killed calibrations left, and begin. Raises ProbeError without a place."""
        try:
            self._listen()
            self._others = {each.number for each in descendants(os.getpid())}
            _adopt_orphans(is_wanted=True)
            for folder in leftovers(self.folder.parent):
                self.left += undo(folder)
                self.cleared.append(folder.name)
            self._make_folder()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700)
        except OSError as error:
            problem = f"cannot make {self.folder}: {error.strerror}"
            raise ProbeError(problem, "TMPDIR names another place") from None

    def _end(self) -> None:
        self._is_interrupted = True  # so that no signal stops what follows
        if self.folder.exists():
            self.left += undo(self.folder)
        self._reap(descendants(os.getpid()))
        _adopt_orphans(is_wanted=False)
        for number, handler in self._handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _listen(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in dict.fromkeys(_SIGNALS):
                self._handlers[signal.Signals(number)] = signal.signal(number, self._interrupt)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """Stop once; a second signal must not stop the clearing that the first began."""
        if not self._is_interrupted:
            self._is_interrupted = True
            raise KeyboardInterrupt

    def check(self) -> None:
        """Raise KeyboardInterrupt if one was swallowed where nobody could pass it on."""
        if self._is_interrupted:
            raise KeyboardInterrupt

    def pause(self, seconds: float = _PAUSE_S) -> None:
        """Let some time pass, in which children end and are noted."""
        self.check()
        time.sleep(seconds)

    def environment(self, more: Mapping[str, str] = _NOTHING) -> dict[str, str]:
        """The environment in which a process carries the mark."""
        return {**os.environ, **more, VARIABLE: self.mark}

    def start(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] = _NOTHING,
        stdin: int = subprocess.DEVNULL,
        log: str = "log",
    ) -> int:
        """Start a process under the mark, away from the terminal's signals; returns its number.

        What it prints is added to a file of the folder.
        """
        with (self.folder / log).open("ab") as output:
            started = subprocess.Popen(
                [*command],
                stdin=stdin,
                stdout=output,
                stderr=output,
                env=self.environment(environment),
                cwd=self.folder,
                start_new_session=True,
            )
        started.returncode = 0  # its end is noted by reap, as that of all others
        return started.pid

    def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] = _NOTHING,
        timeout: float = 60.0,
    ) -> str:
        """Run a command to its end, and return what it printed. Raises ProbeError if it fails."""
        log = f"output-{time.monotonic_ns()}"
        number = self.start(command, environment=environment, log=log)
        status = self._awaited(number, timeout)
        printed = (self.folder / log).read_text(encoding="utf-8", errors="replace").strip()
        (self.folder / log).unlink()
        if status != 0:
            last = printed.splitlines()[-1] if printed else "it said nothing"
            raise ProbeError(f"{os.path.basename(command[0])} ended with status {status}: {last}")
        return printed

    def _awaited(self, number: int, timeout: float) -> int:
        end = time.monotonic() + timeout
        while True:
            ended, status = os.waitpid(number, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                os.kill(number, signal.SIGKILL)
            # What it ends may have been left to us, and it may wait to see that gone.
            self._reap([each for each in descendants(os.getpid()) if each.number != number])
            self.pause()

    def family(self) -> list[Process]:
        """All processes that descend from this one and live."""
        family = descendants(os.getpid())
        self._reap(family)
        return [
            each for each in family if each.state not in "ZX" and each.number not in self._others
        ]

    def _reap(self, family: Sequence[Process]) -> None:
        """Take note of the end of children, those that daemons left to us among them."""
        for each in family:
            if each.state == "Z" and each.parent == os.getpid() and each.number not in self._others:
                os.waitpid(each.number, os.WNOHANG)

    def end_others(self, kept: Collection[int]) -> None:
        """Kill all of the family but those that are to be kept, and see them gone."""
        end = time.monotonic() + _PATIENCE_S
        while others := [each.number for each in self.family() if each.number not in kept]:
            for number in others:
                with contextlib.suppress(OSError):
                    os.kill(number, signal.SIGKILL)
            if time.monotonic() > end:
                raise ProbeError(f"process {others[0]} does not end")
            time.sleep(_PAUSE_S)

    def cpu(self) -> float:
        """Seconds of CPU that all of them have used so far, those that have ended included."""
        alive = cpu_of(self.family())
        ended = os.times()
        return alive + ended.children_user + ended.children_system

    def set(self, file: Path, value: str) -> None:
        """Change a setting of the kernel until the end. Raises ProbeError where it is closed."""
        try:
            self._note({"setting": str(file), "was": setting(file)})
            file.write_text(value, encoding="utf-8")
        except OSError as error:
            raise ProbeError(f"cannot set {file}: {error.strerror}") from None

    def making(self, path: Path) -> None:
        """Note that a path outside of the folder may be made, with what is not there above it."""
        absent = [each for each in (path, *path.parents) if not each.exists()]
        if absent:
            self._note({"path": str(absent[-1])})

    def _note(self, made: Mapping[str, str]) -> None:
        with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(made) + "\n")


def _adopt_orphans(*, is_wanted: bool) -> None:
    """Become the parent of what daemons leave behind, so that it is found and its CPU counted."""
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, int(is_wanted), 0, 0, 0)
