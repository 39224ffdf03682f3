"""A whole report on disk: page, Markdown, tables, figures, manifest."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from sim.report.across import across, every_platform
from sim.report.comparison import Comparison, Source
from sim.report.figures.across import draw_across
from sim.report.figures.drawing import Drawing, draw
from sim.report.figures.style import platform_colours
from sim.report.folder import MANIFEST, replaced
from sim.report.html import html
from sim.report.manifest import manifest, versions
from sim.report.markdown import markdown
from sim.report.page import Section, section
from sim.report.tables import write_tables

_NO_SOURCES: Mapping[str, Source] = MappingProxyType({})


def write_report(
    comparisons: Sequence[Comparison], out: Path, *, sources: Mapping[str, Source] = _NO_SOURCES
) -> None:
    """Write the report of some comparisons into a folder, in place of the report that is there.

    `sources` are the catalog's, which the assumptions name. The folder is replaced as a whole:
    whatever stops the writing, it stays as it was.
    Raises OutputError where the folder cannot be written or is not a report's.
    """
    labelled = _labelled(comparisons)
    with replaced(out) as folder:
        hashes = write_tables(labelled, folder)
        colours = platform_colours(every_platform(labelled))
        sections = _sections(labelled, folder, sources, colours)
        whole = across(labelled, _across_drawn(labelled, folder, colours))
        _write(folder / "index.html", html(sections, whole, versions()))
        _write(folder / "report.md", markdown(sections, whole))
        _write(folder / MANIFEST, manifest(labelled, hashes))


def _sections(
    labelled: Mapping[str, Comparison],
    folder: Path,
    sources: Mapping[str, Source],
    colours: Mapping[str, str],
) -> list[Section]:
    """Draw and write the figures of each comparison, and say everything of it."""
    (folder / "figures").mkdir()
    sections = []
    for label, comparison in labelled.items():
        prefix = "" if len(labelled) == 1 else f"{_slug(label)}-"
        drawings = list(draw(comparison, colours, prefix))
        for drawing in drawings:
            _write_figure(drawing, folder)
        sections.append(section(label, comparison, drawings, sources, colours))
    return sections


def _across_drawn(
    labelled: Mapping[str, Comparison], folder: Path, colours: Mapping[str, str]
) -> list[Drawing]:
    """Draw and write the figure of all scenarios together, where there are several."""
    drawings = list(draw_across(labelled, colours))
    for drawing in drawings:
        _write_figure(drawing, folder)
    return drawings


def _write_figure(drawing: Drawing, folder: Path) -> None:
    _write(folder / f"{drawing.path}.svg", drawing.wide)
    (folder / f"{drawing.path}.png").write_bytes(drawing.png)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _labelled(comparisons: Sequence[Comparison]) -> dict[str, Comparison]:
    """Name the comparisons apart, where two files have the same stem."""
    labelled: dict[str, Comparison] = {}
    for comparison in comparisons:
        label, copies = comparison.name, 1
        while _slug(label) in map(_slug, labelled):
            copies += 1
            label = f"{comparison.name}-{copies}"
        labelled[label] = comparison
    return labelled


def _slug(label: str) -> str:
    """A label as a part of a file's name, on any system."""
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")
