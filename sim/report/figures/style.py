"""How every figure looks: colours, type, sizes; a platform has one colour on all of them."""

from collections.abc import Iterable, Sequence
from itertools import cycle

from matplotlib.colors import to_rgb

Size = tuple[float, float]
"""Width and height in inches."""

WIDE: Size = (8.0, 4.5)
COLUMN: Size = (4.4, 4.9)

INK, MUTED, GRID, PAPER = "#1f2328", "#59636e", "#d9dee3", "#ffffff"
ON_DARK, ON_LIGHT = "#fafafa", "#101418"

# Okabe and Ito's colours for all kinds of sight; then those of a middle lightness that, one after
# the other, are furthest from all before them, to the eyes that see red, green or blue least too.
PLATFORMS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7828f0", "#a0c878"),
    *("#a00028", "#782878", "#7878f0", "#a00050", "#f02850", "#78c8a0", "#7828c8", "#c80000"),
    *("#507878", "#0050a0", "#f07850", "#285050", "#787850", "#7850c8", "#7850f0", "#f0a0c8"),
    *("#c850c8", "#f078c8", "#785078"),
)
# Blue is the work itself, warm the box around it, grey what the box wastes, green what is saved.
_FAMILIES = {
    "net": ("#2f6690", "#5b8fb5", "#93b7d1"),
    "boundary": ("#c8502d", "#e07b39", "#eda35a", "#f5c98b", "#9c3a22", "#54300f", "#fbe3bd"),
    "waste": ("#6e6e6e", "#a6a6a6", "#cfcfcf"),
    "contention": ("#8f979f",),
    "credit": ("#3d7f63", "#93c4ad"),
}
BOX_PARTS = len(_FAMILIES["boundary"])
"""How many parts of the box have colours that keep apart."""

LINES = {"page_cache": "#59636e", "swap": "#b0005e"}
"""The colours of series that are drawn as lines over what adds up."""

ROLES = {"outside": "#0072b2", "left-out": "#d55e00", "fitted": "#8f979f"}
"""The colours of what the model was judged by: grey is what numbers were fitted to."""

CAPACITY_DASHES = (0, (4, 2))
CAPACITY_IN_SIGHT = 0.4
"""The share of a host's capacity from which on it is drawn and not only said."""

_WASTE = ("duplicate", "stranded")
_LIGHT = 0.55

BASE_POINTS = 9.0
SMALL_POINTS = 8.0
TITLE_POINTS = 12.0

FAMILY = "DejaVu Sans"
"""A type that comes with matplotlib, so that figures are the same everywhere."""

SETTINGS: dict[str, object] = {
    "font.family": FAMILY,
    "font.size": BASE_POINTS,
    "text.parse_math": False,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.labelsize": SMALL_POINTS,
    "axes.edgecolor": GRID,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": SMALL_POINTS,
    "ytick.labelsize": SMALL_POINTS,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "lines.solid_capstyle": "butt",
    "path.simplify_threshold": 0.25,
    "figure.facecolor": PAPER,
    "svg.fonttype": "none",
}


def is_wide(size: Size) -> bool:
    """Tell whether a figure has the width of a page, whatever its height."""
    return size[0] > COLUMN[0]


def platform_colours(names: Sequence[str]) -> dict[str, str]:
    """Give each platform its colour by its place in the report; past 27 they come again."""
    return dict(zip(names, cycle(PLATFORMS), strict=False))


def component_colours(components: Iterable[str]) -> dict[str, str]:
    """Give each component a colour of its family: the work first, then the box, then its waste."""
    left = {family: cycle(colours) for family, colours in _FAMILIES.items()}
    in_order = sorted(components, key=lambda component: list(left).index(_family(component)))
    return {component: next(left[_family(component)]) for component in in_order}


def _family(component: str) -> str:
    kind = component.partition(".")[0]
    if kind in _WASTE:
        return "waste"
    return kind if kind in _FAMILIES else "boundary"


def readable_on(colour: str) -> str:
    """Give the colour of text that reads well on a coloured ground."""
    red, green, blue = to_rgb(colour)
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return ON_LIGHT if light > _LIGHT else ON_DARK
