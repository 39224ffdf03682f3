"""Every word that is explained is one that a report shows, and every special one is explained."""

from collections.abc import Iterator

from report.canvas import colours
from report.made import Made
from report.stated import stated
from report.test_images import pulling

from sim.report.glossary import HEADINGS, WORDS
from sim.report.page import Section, section

GIB = 2.0**30
MEMORY = {"gross": 3 * GIB, "tare": 2 * GIB, "fixed_tare": GIB, "per_instance": GIB}

PLAIN = {
    *("group", "metric", "number", "value", "note", "difference", "in use"),
    *("reason, with the numbers of the first", "instances", "restarts"),
    *("at", "fault", "of", "killed first", "why", "start-up p99 < 2 s"),
}
"""Headings that say by themselves what stands below them."""


def headings(said: Section) -> Iterator[str]:
    """The headings of all tables that a section shows."""
    tables = (
        *(said.headline, said.groups, said.objectives, said.failures, said.limits),
        *(said.differences, said.assumptions, *(part.table for part in said.parts)),
    )
    for table in tables:
        if table.rows:
            yield from table.columns


def shown(*comparisons: Made) -> set[str]:
    """The headings of all tables of these comparisons."""
    sections = (section("it", each, [], {}, colours(each)) for each in comparisons)
    return {heading for said in sections for heading in headings(said)}


def test_each_heading_that_is_explained_is_shown_and_each_special_one_is_explained(
    four: Made, failing: Made, clients: Made
) -> None:
    boxed = stated({"a": {f"memory_{name}_bytes": size for name, size in MEMORY.items()}})
    found = shown(four, failing, clients, boxed, pulling())
    assert HEADINGS.keys() <= found
    assert found - {*WORDS, *HEADINGS} == PLAIN


def test_no_heading_is_explained_twice_in_the_same_words() -> None:
    both = WORDS.keys() & HEADINGS.keys()
    assert not [heading for heading in both if WORDS[heading] == HEADINGS[heading]]
