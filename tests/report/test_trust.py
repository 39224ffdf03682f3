"""What a report says of how well such things were predicted."""

import math

from report.made import Made
from report.stated import stated

from sim.report.trust import trusted, unmeasured

NONE = (0, 0, math.nan, math.nan, math.nan)
ROWS = [
    ("", "", "memory", 40, 9, 0.061, 0.2, 0.6),
    ("a", "vm-qemu", "memory", 12, 5, 0.04, 0.2, 0.22),
    ("b", "vm-cloud", "memory", *NONE),
]


def test_a_cell_tells_the_median_and_of_how_many_and_its_note_the_worst():
    table = trusted(stated({"a": {}, "b": {}}, trust=ROWS)).table
    assert table.columns == ("platform", "memory")
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["all of the catalog", "6 % (40)"],
        ["a", "4 % (12)"],
        ["b", "none"],
    ]
    assert table.rows[1][1].note == (
        "12 measurements of vm-qemu from 5 sources; nine of ten within 20 %, "
        "the worst off by 22 %"
    )


def test_platforms_that_nobody_measured_are_named():
    found = stated({"a": {}, "b": {}}, trust=ROWS)
    assert [*unmeasured(found)] == ["Of b there is no measurement to judge by."]
    assert trusted(found).note.endswith("Of b there is no measurement to judge by.")


def test_where_the_catalog_was_not_judged_nothing_is_said(two: Made):
    assert not trusted(two).table.rows
    assert not [*unmeasured(two)]
