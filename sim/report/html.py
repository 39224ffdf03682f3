"""The report as one page that needs nothing else: no network, no other file."""

import math
import re
from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.report.account import Account
from sim.report.across import Across
from sim.report.figures.drawing import Drawing
from sim.report.figures.files import inline
from sim.report.glossary import HEADINGS, WORDS
from sim.report.page import Section
from sim.report.wording import unbroken

_HYPHENED = re.compile(r"(?<![\w&;-])(?=[\w-]{3,27}(?![\w-]))\w+(?:-\w+)+")
_NAMED = re.compile(r'(?<= id=")|(?<=href="#)|(?<=url\(#)')
_ADDRESS = re.compile(r"https://[^\s,;)]+|github:([\w.-]+/[\w.-]+)|arXiv:([\d.]+\d)")


def html(sections: Sequence[Section], across: Across, versions: Mapping[str, str]) -> str:
    """Write `index.html` of a comparison; every text from a scenario is escaped."""
    page = _pages().get_template("report.html.jinja")
    return page.render(sections=sections, across=across, versions=versions) + "\n"


def account_html(account: Account, versions: Mapping[str, str]) -> str:
    """Write `index.html` of an account; every text that is not the report's own is escaped."""
    page = _pages().get_template("account.html.jinja")
    return page.render(account=account, versions=versions) + "\n"


def _pages() -> Environment:
    pages = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"upright": _upright, "across": _across, "linked": _linked}
    pages.filters |= {"unbroken": _kept, "breakable": _breakable, "digits": _digits}
    pages.globals |= {"words": WORDS, "headings": WORDS | HEADINGS}
    return pages


def _digits(value: float) -> str:
    """As many digits as tell two numbers of a table apart when it is sorted, as scripts read it."""
    return f"{value:.6g}" if math.isfinite(value) else "Infinity"


def _kept(text: str) -> Markup:
    """Keep each number on one line with its unit, and each name at its hyphens."""
    return _together(str(escape(unbroken(text))))


def _breakable(text: str) -> Markup:
    """A text that may go on in another line after a dot of a path in it, not after a hyphen."""
    return _together(re.sub(r"(?<=\w\.)(?=\w)", "<wbr>", str(escape(text))))


def _together(escaped: str) -> Markup:
    """What is escaped, with each word that has hyphens on one line, unless it is a long one."""
    return Markup(_HYPHENED.sub(r'<span class="together">\g<0></span>', escaped))


def _upright(drawing: Drawing) -> Markup:
    """The form for a narrow column, of which a wide page shows two beside each other."""
    return Markup(inline(drawing.narrow, drawing.title))


def _across(drawing: Drawing) -> Markup:
    """The form for the whole width of a page, whose names are not those of the other form."""
    drawn = inline(drawing.wide, drawing.title)
    return Markup(_NAMED.sub("wide-", drawn))


def _linked(text: str) -> Markup:
    """A text whose addresses lead where they name."""
    said, end = Markup(), 0
    for found in _ADDRESS.finditer(text):
        said += escape(text[end : found.start()]) + _link(found)
        end = found.end()
    return said + escape(text[end:])


def _link(found: re.Match[str]) -> Markup:
    repository, paper = found.groups()
    address = found[0]
    if repository:
        address = f"https://github.com/{repository}"
    elif paper:
        address = f"https://arxiv.org/abs/{paper}"
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, found[0])
