"""Do what a page of the guide says, block by block, as its reader would."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import yaml
from guide.blocks import ROOT, Block, blocks

from sim.catalog.scenario import load
from sim.cli.main import run
from sim.spec.merge import deep_merge
from sim.spec.reader import read_yaml

_LEFT_OUT = "…"


@dataclass
class Reader:
    """Who follows a page: where, what was printed last, and by Tare, what Python has defined."""

    folder: Path
    printed: str = ""
    terminal: str = ""
    defined: dict[str, object] = field(default_factory=dict)


def follow(page: str, folder: Path) -> Iterator[tuple[Block, str]]:
    """Do what each block says; yield it with the text that belongs there.

    Reports are written without their figures, which take most of a comparison's time, and which
    no page shows.

    Raises: ValueError, with its line, for a block that does not do what the page says.
    """
    reader = Reader(folder)
    undrawn = patch("sim.report.writer.draw", return_value=())
    blank = patch("sim.report.sweeps.writer.draw", return_value=())
    with chdir(folder), patch.dict(os.environ, {"COLUMNS": "80"}), undrawn, blank:
        for block in blocks(page):
            try:
                yield block, _DO[block.language](block, reader)
            except Exception as error:
                raise ValueError(f"line {block.line}: {error}") from error


def _shell(block: Block, reader: Reader) -> str:
    if block.use == "set up":
        _check_set_up(block.text)
    elif block.use == "elsewhere":
        subprocess.run(["bash", "-n", "-c", block.text], check=True)
    else:
        wanted = int(block.argument) if block.use == "ends with" else 0
        reader.terminal = "".join(_command(line, wanted) for line in block.text.splitlines())
        reader.printed = reader.terminal
    return block.text


def _check_set_up(text: str) -> None:
    """What sets Tare up is what the README says, which a test of its own looks after."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        command = line.partition(" && .venv/bin/tare")[0]
        if command not in readme and line != "source .venv/bin/activate":
            raise ValueError(f"the README does not say {line!r}")


def _command(line: str, wanted: int) -> str:
    """Run one call of `tare`, whose output may go to a file, and return what a terminal shows."""
    call, _, file = line.partition(" > ")
    verb, *arguments = shlex.split(call, comments=True)
    if verb != "tare":
        raise ValueError(f"{verb!r} is no command of ours")
    shown = io.StringIO()
    with redirect_stdout(shown), redirect_stderr(shown):
        status = run(arguments)
    if status != wanted:
        raise ValueError(f"{line} ended with {status}: {shown.getvalue()}")
    if not file:
        return shown.getvalue()
    Path(file).write_text(shown.getvalue(), encoding="utf-8")
    return ""


def _python(block: Block, reader: Reader) -> str:
    shown = io.StringIO()
    with redirect_stdout(shown):
        exec(compile(block.text, "the page", "exec"), reader.defined)
    reader.printed = shown.getvalue()
    return block.text


def _file(block: Block, reader: Reader) -> str:
    if block.use == "file":
        file = reader.folder / block.argument
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
    else:
        _lay_over(block, reader.folder)
    return block.text


def _lay_over(block: Block, folder: Path) -> None:
    """Lay a piece of a scenario over it, and see that the whole can be loaded."""
    path, over = folder / block.argument, folder / "over.yaml"
    over.write_text(block.text, encoding="utf-8")
    tree = deep_merge(read_yaml(path).tree, read_yaml(over).tree)
    over.write_text(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True), encoding="utf-8")
    load(over)
    if block.use == "change":
        over.replace(path)


def _output(block: Block, reader: Reader) -> str:
    shown = reader.terminal if block.use else reader.printed
    printed = "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"
    wanted = [name.strip() for name in block.argument.split("|")] if block.use else []
    return "\n".join(_excerpt(printed.split("\n\n"), wanted)).strip("\n") + "\n"


def _excerpt(parts: list[str], wanted: list[str]) -> list[str]:
    """The parts of an output that begin with one of these, with dots where others are left out."""
    kept = [not wanted or any(part.lstrip().startswith(name) for name in wanted) for part in parts]
    for name in wanted:
        if not any(part.lstrip().startswith(name) for part in parts):
            heads = "; ".join(part.lstrip().split("\n")[0] for part in parts)
            raise ValueError(f"nothing that is printed begins with {name!r}, but: {heads}")
    lines: list[str] = []
    for number, part in enumerate(parts):
        if kept[number]:
            lines += [part.strip("\n"), ""]
        elif not number or kept[number - 1]:
            lines += [_LEFT_OUT, ""]
    return lines


_DO: Mapping[str, Callable[[Block, Reader], str]] = {
    "sh": _shell,
    "python": _python,
    "yaml": _file,
    "csv": _file,
    "dockerfile": _file,
    "json": _file,
    "js": _file,
    "text": _output,
    "r": lambda block, reader: block.text,
}
