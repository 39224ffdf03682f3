"""How well the model has predicted such things: what a report says of its own reliability."""

from collections.abc import Iterator

from sim.report.comparison import Comparison, platform_names
from sim.report.findings import Cell, Table
from sim.report.frames import rows
from sim.report.parts import Part
from sim.report.wording import listed, percent

TITLE = "How well such things were predicted"

_ALL = "all of the catalog"
_NONE = Cell("none", note="nothing of this kind was measured there")
_NOTE = (
    "How far half of the predictions are off at most, and in brackets how many published "
    "measurements were simulated anew to know it. tare validate --report shows each of them."
)


def trusted(comparison: Comparison) -> Part:
    """A row a platform and a column a kind of thing: how far off predictions have been."""
    frame = comparison.trust
    kinds = list(dict.fromkeys(frame["kind"]))
    names = ["", *platform_names(comparison)]
    cells = {(name, kind): _cell(*row) for name, kind, *row in rows(
        frame, "platform", "kind", "observed", "rows", "sources", "median", "p90", "worst"
    )}  # fmt: skip
    said = ((Cell(name or _ALL), *(cells[name, kind] for kind in kinds)) for name in names)
    table = Table(("platform", *kinds), tuple(said) if kinds else ())
    return Part(TITLE, table, " ".join([_NOTE, *unmeasured(comparison)]))


def _cell(observed: str, count: int, sources: int, median: float, p90: float, worst: float) -> Cell:
    if not count:
        return _NONE
    of = f" of {observed}" if observed else ""
    said = "1 source" if sources == 1 else f"{sources:,} sources"
    note = (
        f"{count:,} measurements{of} from {said}; nine of ten within {percent(p90)}, "
        f"the worst off by {percent(worst)}"
    )
    return Cell(f"{percent(median)} ({count:,})", median, note)


def unmeasured(comparison: Comparison) -> Iterator[str]:
    """Say of which platforms nothing at all was measured."""
    frame = comparison.trust
    if frame.empty:
        return
    counts = frame.groupby("platform", sort=False)["rows"].sum()
    bare = [name for name in platform_names(comparison) if not counts[name]]
    if bare:
        yield f"Of {listed(bare)} there is no measurement to judge by."

