"""The report of a validation on disk: page, Markdown, tables, figures, manifest."""

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from sim.records.validation import Validation
from sim.records.validation_schema import VALIDATION_TABLES
from sim.report.comparison import Source
from sim.report.figures import followed, off
from sim.report.figures.drawing import Drawing, drawn_twice
from sim.report.figures.predicted import predicted
from sim.report.folder import MANIFEST, replaced
from sim.report.html import account_html
from sim.report.manifest import validation_manifest, versions
from sim.report.markdown import account_markdown
from sim.report.proof import proof
from sim.report.tables import files
from sim.report.validation import summary

_NO_SOURCES: Mapping[str, Source] = MappingProxyType({})

_FIGURES = {
    "predicted": (
        predicted,
        "A point on the line is a prediction that came true. Points below it are things that the "
        "model takes for smaller than they were measured to be, points above it for larger.",
    ),
    "kinds": (
        off.by_kind,
        "How far each prediction is off, a point an observation; an arrow is one that is further "
        "off than the axis goes.",
    ),
    "sources": (
        off.by_source,
        "The same by who measured, the best predicted first: machines, versions and stopwatches "
        "differ from one to the next.",
    ),
}
_CURVES = (
    "The model sees the conditions of each point and none of the points; a line that bends where "
    "the points do has the right mechanism."
)


def write_validation(
    validation: Validation,
    out: Path,
    *,
    sources: Mapping[str, Source] = _NO_SOURCES,
    observations: str = "",
) -> None:
    """Write the report of a validation into a folder, in place of the report that is there.

    `sources` are the catalog's, which the rows name, and `observations` is the name of the file
    that was judged, if it is not the catalog's. The folder is replaced as a whole or not at all.
    Raises OutputError where the folder cannot be written or is not a report's.
    """
    with replaced(out) as folder:
        hashes = _write_tables(validation, folder)
        drawings = dict(_drawings(validation))
        _write_figures(drawings, folder)
        said = proof(validation, drawings, sources, observations)
        about = {"observations": observations or "catalog", **summary(validation)}
        _write(folder / "index.html", account_html(said, versions()))
        _write(folder / "report.md", account_markdown(said))
        _write(folder / MANIFEST, validation_manifest(about, hashes))


def _write_tables(validation: Validation, folder: Path) -> dict[str, str]:
    """Write every table that has rows; give the SHA-256 of each file by its path."""
    (folder / "tables").mkdir()
    hashes: dict[str, str] = {}
    for name in VALIDATION_TABLES:
        frame = getattr(validation, name)
        for path, content in files(f"tables/{name}.csv", frame) if len(frame) else ():
            (folder / path).write_bytes(content)
            hashes[path] = sha256(content).hexdigest()
    return hashes


def _drawings(validation: Validation) -> Iterator[tuple[str, Drawing]]:
    """Draw every figure that the validation has numbers for, each by its name."""
    for name, (figure_of, caption) in _FIGURES.items():
        if drawing := drawn_twice(name, caption, partial(figure_of, validation)):
            yield name, drawing
    hues = followed.colours(validation)
    for kind, charts in followed.charts(validation):
        name = "-".join(["curves", *kind.lower().replace(",", "").split()])
        if drawing := drawn_twice(name, _CURVES, partial(followed.followed, kind, charts, hues)):
            yield name, drawing


def _write_figures(drawings: Mapping[str, Drawing], folder: Path) -> None:
    (folder / "figures").mkdir()
    for drawing in drawings.values():
        _write(folder / f"{drawing.path}.svg", drawing.wide)
        (folder / f"{drawing.path}.png").write_bytes(drawing.png)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
