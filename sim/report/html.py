"""The report as one page that needs nothing else: no network, no other file."""

import re
from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.report.figures.drawing import Drawing
from sim.report.figures.files import inline
from sim.report.findings import Table
from sim.report.page import Section


def html(sections: Sequence[Section], across: Table, versions: Mapping[str, str]) -> str:
    """Write `index.html`; every text from a scenario is escaped."""
    pages = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"upright": _upright, "unbroken": _unbroken, "digits": _digits}
    page = pages.get_template("report.html.jinja")
    return page.render(sections=sections, across=across, versions=versions) + "\n"


def _unbroken(text: str) -> str:
    """Keep each number on one line with its unit."""
    return re.sub(r"(?<=\d) (?=\S)|(?<=\d /) (?=\S)", "\N{NO-BREAK SPACE}", text)


def _digits(value: float) -> str:
    """As many digits as tell two numbers of a table apart when it is sorted."""
    return f"{value:.6g}"


def _upright(drawing: Drawing) -> Markup:
    """The form for a narrow column, of which a wide page shows two beside each other."""
    return Markup(inline(drawing.narrow, drawing.title))
