"""What a calibration has found, as a terminal shows it."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from rich.console import Console

from sim.probes.host import HostMeasured
from sim.probes.quiet import Noise
from sim.probes.readings import Checked, Measured, Reading
from sim.report.findings import Cell, Table
from sim.report.terminal import say, show, show_list
from sim.report.wording import amount, percent

_PITFALLS = (
    "PSS counts each address space once here; added up over the processes of a kernel in user mode"
    " it would count the same pages several times.",
    "By the kernel's accounts an instance takes more than its processes: pages of the kernel, and"
    " the page cache that it is charged with.",
)


def print_calibration(
    host: HostMeasured,
    measured: Sequence[Measured],
    skipped: Mapping[str, str],
    noise: Noise,
    console: Console,
) -> None:
    """Print the machine, the starts, memory and rest of each runtime, and what was left out."""
    show(console, "This machine", _host(host))
    show(console, "Starts", _starts(measured))
    show(console, "Each instance, at rest", _rests(measured))
    show(console, "The same work inside, over outside", _work(measured))
    show_list(console, "What was left out", [f"{name}: {why}" for name, why in skipped.items()])
    console.print()
    for sentence in _PITFALLS:
        say(console, sentence, style="dim")
    if noise.is_much:
        say(console, f"This machine is too busy to be measured: {noise}.", style="bold")


def print_check(rows: Sequence[Checked], console: Console) -> None:
    """Print what was predicted beside what was then measured."""
    show(console, "Predicted, then measured", _checked(rows))
    if rows:
        off = [abs(row.error) for row in rows]
        most = max(off)
        console.print()
        summary = f"Half of the predictions are off by {percent(median(off))} or less"
        say(console, f"{summary}, and the worst by {percent(most)}.", style="bold")


def _table(columns: Sequence[str], rows: Iterator[Sequence[str]], words: int = 1) -> Table:
    return Table(tuple(columns), tuple(tuple(Cell(text) for text in row) for row in rows), words)


def _host(host: HostMeasured) -> Table:
    drive = host.drive
    rows = [
        ("cores", str(host.cores), host.processor),
        ("speed", f"{host.speed.middle:.2f}", "of the reference core"),
        ("with all busy", percent(host.among_all.middle), "of its speed has each core"),
        ("memory", amount(host.memory, "B"), f"{amount(host.memory_in_use, 'B')} in use"),
        ("disk reads", f"{amount(drive.bandwidth.middle, 'B')}/s", drive.kind),
        ("disk writes", f"{amount(drive.written.middle, 'B')}/s", "until they are on the disk"),
        ("operations", f"{drive.operations.middle:,.0f}/s", "of 4 KiB"),
        ("one operation", amount(drive.latency_s.middle, "s"), "of 4 KiB"),
        *((name, amount(reading.middle, "s"), note) for name, reading, note in _calls(host)),
    ]
    return _table(("", "value", "note"), iter(rows), 1)


def _calls(host: HostMeasured) -> Iterator[tuple[str, Reading, str]]:
    yield "a process", host.process_s, f"start to end, CPU {amount(host.process_cpu_s.middle, 's')}"
    yield "a system call", host.call_s, "one that does nothing"
    yield "a page fault", host.fault_s, "of 4 KiB that were never touched"


def _starts(measured: Sequence[Measured]) -> Table:
    columns = ("runtime", "at once", "times", "first", "median", "last", "spread", "CPU each")
    return _table(columns, (_start(each, count) for each in measured for count in each.counts))


def _start(each: Measured, count: int) -> Sequence[str]:
    first, half, last = each.first_s(count), each.median_s(count), each.last_s(count)
    times = [amount(reading.middle, "s") for reading in (first, half, last)]
    cpu = amount(each.cpu_s(count).middle, "s")
    return (each.name, str(count), str(len(last.values)), *times, percent(last.spread), cpu)


def _rests(measured: Sequence[Measured]) -> Table:
    columns = ("runtime", "around", "shared", "inside", "shared", "charged", "CPU", "disk")
    return _table(columns, map(_rest, measured))


def _rest(each: Measured) -> Sequence[str]:
    around, inside = each.held("outside"), each.held("inside")
    held = (around.private, around.shared, inside.private, inside.shared)
    sizes = [amount(size, "B") for size in (*held, each.each_more("charged"))]
    return (each.name, *sizes, f"{1000 * each.idle_cores:.2g} m", amount(each.disk, "B"))


def _work(measured: Sequence[Measured]) -> Table:
    """How long jobs take inside, over how long they take the bare process, which is the first."""
    if not measured:
        return _table((), iter(()))
    native, *others = measured
    jobs = [job for job in native.jobs if all(job in each.jobs for each in others)]
    rows = (
        (each.name, *(f"{min(each.jobs[job].values) / min(native.jobs[job].values):.2f}"
                      for job in jobs))
        for each in others
    )  # fmt: skip
    return _table(("runtime", *jobs), iter(rows))


def _checked(rows: Sequence[Checked]) -> Table:
    columns = ("platform", "at once", "of them", "predicted", "measured", "error")
    return _table(
        columns,
        (
            (
                row.entry,
                str(row.count),
                row.statistic,
                amount(row.predicted, "s"),
                amount(row.measured, "s"),
                f"{100 * row.error:+.0f} %",
            )
            for row in rows
        ),
    )
