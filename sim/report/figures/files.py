"""Figures as bytes: small, without a date, the same whenever they are written."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import style
from numpy.typing import NDArray
from PIL import Image

from sim.report.figures.shorter import shorter
from sim.report.figures.style import GRID, INK, MUTED, PAPER, SETTINGS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 100
_COLOURS, _APART = 96, 14
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
# The page's own type first: all of these are narrower than the type that was measured.
_FONTS = "system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
_PAGE_COLOURS = {INK: "ink", MUTED: "muted", GRID: "grid", PAPER: "paper"}


@contextmanager
def settings(salt: str) -> Iterator[None]:
    """Draw with the report's settings, whatever the user's own are."""
    ours = style.context(SETTINGS | {"svg.hashsalt": salt}, after_reset=True)
    with ours, warnings.catch_warnings():
        # The type has no Hangul, say; a page shows such a title in its own type.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def svg(figure: "Figure") -> str:
    """Write a figure as SVG whose text is text."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    return shorter(buffer.getvalue(), _FONTS)


def inline(text: str, title: str) -> str:
    """Make an SVG file part of a page: it takes the page's width, colours, type and language."""
    whole, _, body = text.partition(">")
    kept = " ".join(re.findall(r'(?:viewBox|font-size|fill|stroke-linejoin)="[^"]*"', whole))
    label = escape(title, quote=True)
    drawn = f'{kept} role="img">{body}'
    for colour, name in _PAGE_COLOURS.items():
        drawn = drawn.replace(colour, f"var(--{name})")
    return f'<svg aria-label="{label}" {drawn}'


def png(figure: "Figure") -> bytes:
    """Write a figure as PNG, in few colours, since it has few."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, pil_kwargs={"compress_level": 1})
    dots = np.asarray(Image.open(buffer).convert("RGB"))
    small = io.BytesIO()
    _in_few_colours(dots).save(small, "PNG", optimize=True)
    return small.getvalue()


def _in_few_colours(dots: NDArray[np.uint8]) -> Image.Image:
    """A picture of its commonest colours, exact; the rest, edges of letters, take the nearest."""
    codes = dots.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(int)
    palette = _apart(colours[np.argsort(-counts, kind="stable")])
    nearest = ((colours[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1)
    picture = Image.fromarray(nearest.astype(np.uint8)[places].reshape(codes.shape))
    picture.putpalette(palette.astype(np.uint8).tobytes())
    return picture


def _apart(colours: NDArray[np.int_]) -> NDArray[np.int_]:
    """The first colours that an eye can tell from those before them."""
    kept: list[NDArray[np.int_]] = []
    while len(colours) and len(kept) < _COLOURS:
        kept.append(colours[0])
        colours = colours[((colours - colours[0]) ** 2).sum(axis=1) > _APART**2]
    return np.array(kept)
