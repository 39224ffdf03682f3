"""The report of a sweep on disk: page, Markdown, tables, figures, manifest."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from sim.report.comparison import Source
from sim.report.figures.drawing import Drawing
from sim.report.figures.style import platform_colours
from sim.report.folder import MANIFEST, replaced
from sim.report.html import account_html
from sim.report.manifest import digest, sweep_manifest, versions
from sim.report.markdown import account_markdown
from sim.report.sweeps.figures.drawing import draw
from sim.report.sweeps.swept import Swept
from sim.report.sweeps.telling import account_of

Tables = Callable[[Path], Mapping[str, str]]
"""Writes every table of a sweep into a folder; gives the SHA-256 of each by its path in it."""

_NO_SOURCES: Mapping[str, Source] = MappingProxyType({})


def write_sweep_report(
    swept: Swept,
    out: Path,
    *,
    tables: Tables,
    sources: Mapping[str, Source] = _NO_SOURCES,
) -> None:
    """Write the report of a sweep into a folder, in place of the report that is there.

    `tables` writes the tables, which may be too long to be held; `sources` are the catalog's, which
    the assumptions name. The folder is replaced as a whole: whatever stops the writing, it stays as
    it was. Raises OutputError where the folder cannot be written or is not a report's.
    """
    with replaced(out) as folder:
        files = tables(folder)
        drawn = list(draw(swept, platform_colours(swept.platforms)))
        (folder / "figures").mkdir()
        for _, drawing in drawn:
            _write_figure(drawing, folder)
        account = account_of(swept, drawn, sources, files)
        _write(folder / "index.html", account_html(account, versions()))
        _write(folder / "report.md", account_markdown(account))
        _write(folder / MANIFEST, sweep_manifest(_about(swept), files))


def _about(swept: Swept) -> dict[str, object]:
    """What the sweep was made from, and how much of it there is."""
    scenario = swept.scenario
    resolved = scenario.model_dump(mode="json", exclude_defaults=True)
    settings = dict(scenario.settings)
    return {
        "name": swept.name,
        "sha256": digest(resolved, settings),
        "seed": scenario.seed,
        "platforms": [*swept.platforms],
        "settings": settings,
        "arguments": [*swept.arguments],
        "design": swept.design,
        "axes": [axis.path for axis in swept.axes],
        "points": len(swept.points),
        "runs": swept.runs,
        "failed": swept.failed,
        "scenario": resolved,
    }


def _write_figure(drawing: Drawing, folder: Path) -> None:
    _write(folder / f"{drawing.path}.svg", drawing.wide)
    (folder / f"{drawing.path}.png").write_bytes(drawing.png)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
