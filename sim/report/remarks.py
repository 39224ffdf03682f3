"""What a reader should know of each platform before its numbers are used, as the catalog has it."""

from collections.abc import Iterator

from sim.report.comparison import Comparison
from sim.report.wording import listed
from sim.spec.platform import Platform


def remarks(comparison: Comparison) -> list[tuple[str, str]]:
    """Give whose notes and the notes, in the order of the file; the same notes stand once."""
    found: dict[str, list[str]] = {}
    for platform in comparison.scenario.platforms:
        for name, notes in _noted(platform):
            names = found.setdefault(" ".join(notes.split()), [])
            names += [name] if name not in names else []
    return [(listed(names), notes) for notes, names in found.items() if notes]


def _noted(platform: Platform) -> Iterator[tuple[str, str]]:
    """The notes of a platform, and those of what a mix is made of."""
    yield platform.name, platform.notes
    for part in platform.mix.values():
        yield from _noted(part)
