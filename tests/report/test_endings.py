"""What a report tells of states at the end, of stops, and of what ports cost."""

import pytest
from model.worlds import container, group, platform, scenario, workload

from sim.report import endings, parts, published
from sim.studies.compare import compare
from sim.studies.comparison import Comparison

BARE, BOX = platform("bare"), platform("box", c=container(port={"footprint": "2 MB"}))
STOP = {"at": "50 s", "do": "stop"}


def compared(groups: dict[str, object]) -> Comparison:
    """A comparison of both platforms."""
    return compare(scenario(groups=groups, platforms=[BARE, BOX]))


def texts(table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


@pytest.fixture(scope="module")
def told() -> Comparison:
    fails = workload(main={"after": "5 s", "status": 3})
    return compared(
        {
            "a": group(2, commands=[STOP, {"at": "70 s", "do": "start", "instance": 1}]),
            "b": group(1, fails),
            "c": group(1, commands=[{"at": "9 s", "do": "kill"}]),
        }
    )


def test_states_are_counted_with_their_statuses(told: Comparison) -> None:
    table = endings.standings(told)
    assert table.columns == ("group", "bare", "box")
    assert texts(table) == [
        ("a", "1 exited (143), 1 running", "1 exited (137), 1 running"),
        ("b", "1 exited (3)", "1 exited (3)"),
        ("c", "1 exited (137)", "1 exited (137)"),
    ]


def test_it_is_told_how_long_each_took_that_was_asked_to_end(told: Comparison) -> None:
    assert texts(endings.ends(told)) == [
        ("c", "kill at 9 s", "0 s (137)", "0 s (137)"),
        ("a", "stop at 50 s", "0 s (143)", "10 s (137)"),
    ]
    assert list(endings.sentences(told)) == [
        "Stopping an instance takes 0 s on bare and 10 s on box."
    ]


def test_nothing_is_told_where_nobody_is_asked_and_nothing_fails() -> None:
    quiet = compared({"a": group(1, workload(run="1 core-s"))})
    titles = {part.title for part in parts.parts(quiet)}
    assert not titles & {"How they stand at the end", "What was asked to end", "What ports cost"}


def test_ports_are_told_by_their_number() -> None:
    asked = compared({"a": group(1, publish=[80, 81, 82]), "b": group(1, publish=[])})
    table = published.costs(asked)
    assert table.columns == ("group", "ports", "bare", "box")
    assert texts(table) == [
        ("b", "0", "0 s, 0 B", "0 s, 0 B"),
        ("a", "3", "0 s, 0 B", "0 s, 5.72 MiB"),
    ]
