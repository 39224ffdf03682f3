"""Several scenarios side by side: who is cheapest where, absent things, and the figure of all."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text
from report.canvas import misplaced
from report.made import KINDS, TEN_KINDS, Made, made
from report.stated import ending, stated
from rich.console import Console

from sim.report.across import Across, across, answer, every_platform
from sim.report.figures.across import draw_across, scenarios
from sim.report.figures.files import settings
from sim.report.figures.style import COLUMN, WIDE, Size, platform_colours
from sim.report.terminal import print_across

GIB = 2.0**30


def holding(starts: float = 1.0, **gibibytes: float) -> Made:
    """A scenario whose platforms hold so many GiB, and start within the same time."""
    return stated({
        name: {"memory_gross_bytes": much * GIB, "startup_p99_s": starts}
        for name, much in gibibytes.items()
    })  # fmt: skip


def test_who_is_cheapest_everywhere_is_said_once_and_what_moves_most_is_named() -> None:
    """B holds 6 times A in `one` and 2 times in `two`; c holds 3 and 2 times, which moves less."""
    said = answer({"one": holding(a=1, b=6, c=3), "two": holding(2.0, a=2, b=4, c=4)})
    assert said == [
        "In memory, the cheapest is a in every scenario, with 1 GiB in one and 2 GiB in two.",
        "The first to have 99 % ready is a tie of all in every scenario, within 1 s in one and 2 s "
        "in two.",
        "Against a, b holds 2.0 times the memory in two, and 6.0 times in one.",
    ]


def test_who_is_cheapest_in_some_is_said_with_where() -> None:
    few = {"one": holding(a=1, b=2), "two": holding(a=2, b=1)}
    assert answer(few)[0] == (
        "In memory, the cheapest is a, with 1 GiB in one; b, with 1 GiB in two."
    )
    many = {f"s{number}": holding(a=1, b=2) for number in range(4)} | {"last": holding(a=2, b=1)}
    assert answer(many)[0] == "In memory, the cheapest is a in 4 of 5 scenarios; b in last."
    same = {f"s{number}": holding(a=number + 1, b=9) for number in range(5)}
    assert answer(same)[0] == (
        "In memory, the cheapest is a in every scenario, with 1 GiB in s0 to 5 GiB in s4."
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"a": 1, "b": 3}, {"a": 2, "b": 6}, "b holds about 3.0 times the memory in each of 2 s"),
        ({"a": 4, "b": 1}, {"a": 4, "b": 2}, "b holds 25 % of the memory in one, and 50 % of in"),
        ({"x": 9, "a": 1, "b": 3}, {"y": 9, "a": 1, "b": 6}, "Against a, b holds 3.0 times"),
        ({"a": 1, "b": 3}, {"c": 1, "d": 6}, ""),
    ],
    ids=["alike", "less", "other references", "nothing in common"],
)
def test_a_ratio_is_told_of_two_that_meet_twice(
    first: dict[str, float], second: dict[str, float], said: str
) -> None:
    sentences = answer({"one": holding(**first), "two": holding(**second)})
    assert len(sentences) == (3 if said else 2)
    assert said in sentences[-1]


def test_who_lost_instances_is_not_the_cheapest() -> None:
    """B holds half as much since one of its two was killed."""
    states = ending("a", "running", "running") + ending("b", "running", "oom-killed")
    metrics = {"a": {"memory_gross_bytes": 2 * GIB}, "b": {"memory_gross_bytes": 1 * GIB}}
    lost = stated(metrics, replications=1, instances=states)
    (said,) = answer({"one": lost, "two": lost})
    assert (
        said
        == "In memory, the cheapest is a in every scenario, with 2 GiB in one and 2 GiB in two."
    )


def colours(comparisons: dict[str, Made]) -> dict[str, str]:
    return platform_colours(every_platform(comparisons))


def rows(found: Across) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in found.rows]


def test_what_a_scenario_lacks_is_a_dash_and_what_one_alone_has_is_no_row() -> None:
    one = stated({"a": {"memory_gross_bytes": GIB, "request_p99_s": 1.0}, "b": {}})
    two = stated({"c": {"memory_gross_bytes": 2 * GIB}, "a": {"memory_gross_bytes": 3 * GIB}})
    found = across({"one": one, "two": two})
    assert found.columns == ("metric", "platform", "one", "two")
    assert rows(found) == [
        ("memory gross", "a", "1 GiB", "3 GiB"),
        ("memory gross", "c", "-", "2 GiB"),
        ("ready", "a", "50", "50"),
        ("ready", "b", "50", "-"),
        ("ready", "c", "-", "50"),
    ]
    assert found.rows[0][3].note == "3 GiB; 1.5 times c"
    memory = found.headline["memory gross"]
    assert memory.columns == ("platform", "one", "two")
    assert [cell.text for cell in memory.rows[0]] == ["a", "1 GiB", "3 GiB"]


def test_a_terminal_shows_short_tables_of_80_columns_and_the_answer_last() -> None:
    names = {f"a-scenario-of-some-length-{number}": holding(a=1, b=2 + number)
             for number in range(5)}  # fmt: skip
    stream = io.StringIO()
    print_across(across(names), Console(file=stream, width=80, no_color=True))
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("Across the scenarios: memory gross") < text.index(
        "Across the scenarios: p99"
    )
    last = "Against a, b holds 2.0 times the memory in a-scenario-of-some-length-0, and 6.0 times"
    assert last in " ".join(text.split())


SETS: dict[str, dict[str, Made]] = {
    "two": {"web-fleet": made(replications=2), "storm": made(KINDS[1:], 200, 2)},
    "many": {
        f"scenario-{number}": made(KINDS[number % 3 :], 20 + number, 2) for number in range(6)
    },
    "long names": {
        "a-scenario-with-a-name-that-is-longer-than-a-column-is-wide": made(TEN_KINDS, 50, 2),
        "web": made(KINDS, 50, 2),
    },
    "one platform": {"web": made(KINDS[:1], 5, 1), "again": made(KINDS[:1], 50, 1)},
}


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
@pytest.mark.parametrize("which", SETS)
def test_no_text_of_the_figure_overlaps_or_leaves_it(
    which: str, size: Size, drawn: list[Text]
) -> None:
    with settings("test"):
        figure = scenarios(SETS[which], colours(SETS[which]), size)
        assert figure is not None
        assert not list(misplaced(figure, drawn))
        figure.text(0.03, 0.96, "on top of the title")
        assert list(misplaced(figure, drawn))


def test_the_figure_says_what_it_found_and_has_each_number_once(drawn: list[Text]) -> None:
    one, two = holding(a=1, b=6), holding(a=2, b=4)
    with settings("test"):
        both = {"one": one, "two": two}
        figure = scenarios(both, colours(both), WIDE)
        assert figure is not None
        assert not list(misplaced(figure, drawn))
    texts = [text.get_text() for text in drawn]
    assert figure.get_label() == (
        "Against a, b holds 2.0 times the memory in two, and 6.0 times in one"
    )
    assert [text for text in texts if "GiB" in text] == ["1 GiB", "6 GiB", "2 GiB", "4 GiB"]
    assert "memory" in texts
    assert "memory, log" not in texts


def test_the_figure_comes_in_the_same_bytes_and_a_zero_stands_at_the_beginning() -> None:
    nothing = holding(a=0, b=600)
    both = {"one": nothing, "two": holding(a=1, b=6)}
    (first,), (again,) = (draw_across(both, colours(both)) for _ in range(2))
    assert first == again
    assert "memory, log" in first.wide
    assert "600 GiB" in first.narrow


def test_a_single_scenario_has_no_figure_across() -> None:
    alone = {"one": holding(a=1, b=2)}
    assert not list(draw_across(alone, colours(alone)))


def test_a_report_of_several_scenarios_holds_it(tmp_path: Path) -> None:
    from sim.report.writer import write_report

    web = made(KINDS[:2], count=5, replications=2)
    write_report([web, replace(web, name="again")], tmp_path / "both")
    assert (tmp_path / "both/figures/across.png").is_file()
    page = (tmp_path / "both/index.html").read_text(encoding="utf-8")
    said = "In memory, the cheapest is process in every scenario"
    assert said in page.replace("\xa0", " ")
    assert said in (tmp_path / "both/report.md").read_text(encoding="utf-8")
    write_report([web], tmp_path / "one")
    assert not (tmp_path / "one/figures/across.png").exists()


def test_where_nothing_became_ready_nobody_is_the_cheapest() -> None:
    """In `two` all are still starting, and hold nothing."""
    still = {"memory_gross_bytes": 0.0, "instances_ready": 0.0}
    found = {"one": holding(a=1, b=2), "two": stated({"a": still, "b": still})}
    assert answer(found)[0] == "In memory, the cheapest is a, with 1 GiB in one."
    more = answer({**found, "three": holding(a=1, b=2)})
    assert more[0].startswith("In memory, the cheapest is a in 2 of 3 scenarios, with 1 GiB in o")
