"""Start instances of a runtime at the same moment, and see when each is ready."""

import os
import select
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.probes.bench import ProbeError, Workbench
from sim.probes.kernel import Process, busy
from sim.probes.probe import Command, Runtime
from sim.probes.rootfs import DONE, READY

_WAITS = b"tare-waits"
_LAUNCH = 'exec 3>"$1"; shift; echo tare-waits >&3; read -r go; exec 3>&-; exec "$@" </dev/null'
_LAUNCH_CONSOLE = 'exec >"$1"; shift; echo tare-waits; read -r go; exec "$@" </dev/null'
_GATE_PATIENCE_S = 10.0
_QUIET = 0.02
"""Core-seconds a second of ours below which what was started has come to rest."""

_GLANCE_S = 0.1
_SETTLING_S = 3.0


@dataclass(frozen=True)
class Batch:
    """Some instances that were started at the same moment.

    Times are seconds from that moment until each was ready, in order. The other numbers are
    core-seconds from then until the last was ready: of all that is ours, of the whole machine,
    what was idle in it, and what others took of a machine that is itself a guest.
    """

    ready_s: tuple[float, ...]
    cpu_s: float
    machine_cpu_s: float
    idle_s: float
    stolen_s: float

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.ready_s)

    @property
    def median_s(self) -> float:
        """When half of them were ready."""
        middle = (self.count - 1) / 2
        return (self.ready_s[int(middle)] + self.ready_s[-1 - int(middle)]) / 2


class _Pipes:
    """The named pipes that instances write to, and what has come through each."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._files = []
        for path in paths:
            os.mkfifo(path, 0o622)
            path.chmod(0o622)  # whoever writes may be another user inside
            # Open to write as well, so that a pipe has no end while nobody else has it.
            self._files.append(os.open(path, os.O_RDWR | os.O_NONBLOCK))
        self._said = {file: b"" for file in self._files}
        self._poll = select.poll()
        for file in self._files:
            self._poll.register(file, select.POLLIN)

    def close(self) -> None:
        for file in self._files:
            os.close(file)

    def await_all(self, word: bytes, within: float, check: Callable[[], None]) -> list[float]:
        """Wait until a word has come through all; returns the moments at which it did.

        Raises TimeoutError where one stays silent.
        """
        moments: dict[int, float] = {}
        end = time.monotonic() + within
        while len(moments) < len(self._files):
            check()
            self._read()
            now = time.monotonic()
            for file in self._files:
                if word in self._said[file]:
                    moments.setdefault(file, now)
            if now > end:
                raise TimeoutError(len(self._files) - len(moments))
        return [moments[file] for file in self._files]

    def _read(self) -> None:
        for file, _ in self._poll.poll(50):
            said = os.read(file, 65536)
            self._said[file] += said.replace(b"\r", b"")  # a console ends its lines with both


class Up:
    """Instances that are up, how they came up, and the moment when the last of them was ready."""

    def __init__(
        self,
        bench: Workbench,
        batch: Batch,
        ready: float,
        pipes: _Pipes,
        before: Collection[int],
        patience: float,
    ) -> None:
        self.batch = batch
        self.ready = ready
        self._bench = bench
        self._pipes = pipes
        self._before = before
        self._patience_s = patience

    def done(self, job: str) -> float:
        """The moment at which all of them have done a job. Raises ProbeError if one has not."""
        word = DONE + b" " + job.encode()
        return max(_awaited(self._bench, self._pipes, word, self._patience_s))

    def settled(self) -> list[Process]:
        """The processes that are theirs, once what follows a start is over."""
        end = time.monotonic() + _SETTLING_S
        used = self._bench.cpu()
        while time.monotonic() < end:
            self._bench.pause(_GLANCE_S)
            now = self._bench.cpu()
            if now - used < _QUIET * _GLANCE_S:
                break
            used = now
        return [each for each in self._bench.family() if each.number not in self._before]


class Starter:
    """Starts instances of one runtime, and ends them."""

    def __init__(self, bench: Workbench, runtime: Runtime, patience_s: float) -> None:
        self._bench = bench
        self._runtime = runtime
        self._patience_s = patience_s
        self._started = 0

    @contextmanager
    def up(self, count: int, jobs: Sequence[str] = ()) -> Iterator[Up]:
        """Start so many at the same moment; they are up in the block, and gone behind it.

        Raises ProbeError where one of them does not come up.
        """
        names = [f"tare-{self._started + number}" for number in range(count)]
        self._started += count
        before = {each.number for each in self._bench.family()}
        outputs = [self._bench.folder / f"{name}.pipe" for name in names]
        with ExitStack() as stack:
            stack.callback(self._clear, names, before, outputs)
            pipes = _Pipes(outputs)
            stack.callback(pipes.close)
            commands = [
                self._runtime.command(name, output, jobs)
                for name, output in zip(names, outputs, strict=True)
            ]
            batch, ready = self._start(commands, outputs, pipes)
            yield Up(self._bench, batch, ready, pipes, before, self._patience_s)

    def _start(
        self, commands: Sequence[Command], outputs: Sequence[Path], pipes: _Pipes
    ) -> tuple[Batch, float]:
        """Let launchers wait at a gate, so that what they cost is over when it opens."""
        gate, opener = os.pipe()
        try:
            for command, output in zip(commands, outputs, strict=True):
                self._launch(command, output, gate)
            _awaited(self._bench, pipes, _WAITS, _GATE_PATIENCE_S)
            machine, own, start = busy(), self._bench.cpu(), time.monotonic()
        finally:
            os.close(gate)
            os.close(opener)
        moments = _awaited(self._bench, pipes, READY, self._patience_s)
        spent, used = busy().since(machine), self._bench.cpu() - own
        ready = tuple(sorted(moment - start for moment in moments))
        return Batch(ready, used, spent.worked, spent.idle, spent.stolen), max(moments)

    def _launch(self, command: Command, output: Path, gate: int) -> None:
        script = _LAUNCH_CONSOLE if command.is_console else _LAUNCH
        self._bench.start(
            [*command.within, "/bin/sh", "-c", script, "launch", str(output), *command.arguments],
            environment=command.environment,
            stdin=gate,
        )

    def _clear(self, names: Sequence[str], before: set[int], outputs: Sequence[Path]) -> None:
        self._runtime.stop(names)
        self._bench.end_others(before)
        for output in outputs:
            output.unlink(missing_ok=True)


def _awaited(bench: Workbench, pipes: _Pipes, word: bytes, within: float) -> list[float]:
    try:
        return pipes.await_all(word, within, bench.check)
    except TimeoutError as error:
        problem = f"{error} of its instances did not come up within {within:.0f} s"
        raise ProbeError(problem, _last_words(bench.folder / "log")) from None


def _last_words(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace").strip() if log.exists() else ""
    return f"it said: {said.splitlines()[-1]}" if said else ""
