"""`tare new`: a first scenario that runs as it is, or a copy of one to change."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.verb import FILE, Verb, examples
from sim.errors import OutputError, UsageError

if TYPE_CHECKING:
    from sim.spec.document import Document


@click.command(
    cls=Verb,
    epilog=examples(
        "tare new first.yaml                           a first scenario, explained",
        "tare new larger.yaml --from web-fleet.yaml    a copy of another",
    ),
)
@click.argument("name", type=FILE)
@click.option("--from", "origin", metavar="SCENARIO", type=FILE, help="Copy this one.")
def new(name: Path, origin: Path | None) -> None:
    """Write a first scenario, to run and to change.

    No file is overwritten.
    """
    if not name.name:
        raise UsageError(f"{str(name)!r} names no file", "write a name, such as first.yaml")
    file = name if name.suffix else name.with_suffix(".yaml")
    text = _first() if origin is None else _copy(origin, file)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as new_file:
            new_file.write(text)
    except FileExistsError:
        raise OutputError(f"{file} is there already", "choose another name") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"cannot write {file}: {reason}", "choose another place") from None
    print(f"wrote {file}; run it with: tare compare {file}")


def _first() -> str:
    return files("sim.cli").joinpath("first.yaml").read_text(encoding="utf-8")


def _copy(origin: Path, file: Path) -> str:
    """The text of a scenario; or all that it says, where it leans on files of another folder."""
    from sim.catalog.scenario import load
    from sim.spec.reader import read_yaml
    from sim.spec.statement import show

    scenario = load(origin)
    is_beside = origin.resolve().parent == file.resolve().parent
    if is_beside or not _leans_on_files(read_yaml(origin)):
        return origin.read_text(encoding="utf-8-sig")
    return show(scenario)


def _leans_on_files(document: "Document") -> bool:
    """Whether a scenario names files, which are found from where it lies."""
    from sim.catalog.resolve import names_file

    is_named = any(path == ("extends",) or path[-1] == "trace" for path in document.keys)
    return is_named or names_file(document.tree)
