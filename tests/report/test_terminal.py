"""The comparison in a terminal of 80 columns, with and without colour and UTF-8."""

import io
import re

import pytest
from report.made import Made
from report.stated import stated
from rich.console import Console

from sim.report.answer import answer
from sim.report.terminal import print_comparison

WIDTH = 80


def printed(comparison: Made, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="\n")
    print_comparison(comparison, Console(file=stream, width=WIDTH, no_color=True))
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    "which",
    ["four", "ten", "failing", "alone", "storm", "pressed", "clients", "ten_pressed"],
)
def test_every_line_fits_and_every_platform_is_there(which: str, request: pytest.FixtureRequest):
    comparison = request.getfixturevalue(which)
    text = printed(comparison)
    assert max(map(len, text.splitlines())) <= WIDTH
    unbroken = "".join(line.split("  ")[0].strip() for line in text.splitlines())
    for platform in comparison.scenario.platforms:
        assert platform.name in unbroken


@pytest.mark.parametrize("which", ["ten", "pressed", "ten_pressed"])
def test_no_cell_is_cut_and_no_number_parts_from_its_unit(which: str, request):
    text = printed(request.getfixturevalue(which))
    assert "…" not in text
    assert not re.search(r"(^|\W)\d[\d.,]*\n(%|s|ms|MiB|GiB|core-s)\b", text)


def test_of_many_platforms_only_the_ratios_to_the_first_are_told(ten: Made, four: Made):
    assert "Times as much as process" in printed(ten)
    assert "95 % interval" not in printed(ten)
    assert "95 % interval" in printed(four)


def test_it_ends_with_the_answer(four: Made):
    said = " ".join(printed(four).split())
    assert said.endswith(" ".join(answer(four)))


def test_letters_that_the_terminal_lacks_become_near_ones(four: Made):
    text = printed(four, "ascii")
    assert "50 x web-node" in text
    assert "?" not in text.replace("for the work?", "")


def test_a_title_is_text_and_no_markup():
    text = printed(stated({"a": {}}, changes={"title": "[red]Fleet[/red] [link=x]"}))
    assert "[red]Fleet[/red] [link=x]" in text


def test_a_difference_whose_interval_covers_0_is_a_tie_and_others_have_their_interval():
    rows = [
        ("startup_mean_s", "b", "a", 0.1, -0.05, 0.25, 10, "s", 1.1),
        ("memory_gross_bytes", "b", "a", 2.0**30, 0.9 * 2**30, 1.1 * 2**30, 10, "bytes", 2.0),
    ]
    lines = printed(stated({"a": {}, "b": {}}, differences=rows)).splitlines()
    start = next(line for line in lines if "start-up mean" in line)
    memory = next(line for line in lines if "memory gross " in line and "+" in line)
    assert start.split() == ["b", "start-up", "mean", "tie", "-50", "to", "+250", "ms", "1.1"]
    assert memory.split()[2:] == ["+1", "GiB", "+0.9", "to", "+1.1", "GiB", "2.0"]


def test_one_run_says_that_it_has_no_interval(kinds_in_one_run: Made):
    assert "one run: none" in printed(kinds_in_one_run)


def test_objectives_are_judged_in_words(four: Made):
    text = printed(four)
    assert "start-up p99 < 2 s" in text
    assert "s, missed" in text
    assert "Every stated objective is met by process and container-docker, not by" in text


def test_a_bound_that_has_its_unit_gets_no_other():
    rows = [("a", "startup_p99_s", bound, 1.0, True) for bound in ("< 2", "< 2 min")]
    text = printed(stated({"a": {}}, objectives=rows))
    assert "platform  start-up p99 < 2 s  start-up p99 < 2 min\n" in text
    assert "a                   1 s, met              1 s, met\n" in text


def test_what_binds_is_said_with_shares_largest_first():
    rows = [
        ("a", "start-up", "cpu", 0.617, "", ""),
        ("a", "start-up", "locks", 0.38, "", ""),
        ("a", "start-up", "disk", 0.003, "", ""),
        ("a", "use", "disk", 0.2, "", ""),
        ("a", "use", "memory", 0.427, "", ""),
    ]
    text = printed(stated({"a": {}}, binding=rows))
    assert "a         CPU 62 %, locks 38 %   memory                43 %" in text


def test_assumed_numbers_are_counted_first():
    rows = [
        ("a", "host.cores", 16.0, "cores", "k", "measured", ""),
        ("a", "x.y", 1.0, "s", "k", "assumed", ""),
        ("b", "x.y", 1.0, "s", "k", "assumed", ""),
    ]
    text = printed(stated({"a": {}, "b": {}}, assumptions=rows))
    assert "It leans on 2 numbers: 1 assumed, 1 measured." in text


def test_why_instances_were_lost_is_told_once_a_reason():
    columns = ("ready_s", "exited_s")
    rows = [
        ("a", 0, "web", f"web/{n}", 0, 0.0, *(float("nan") for _ in columns), "oom-killed",
         f"out of memory: the limit of web/{n} has 5 MiB left of the 9 MiB needed")
        for n in range(3)
    ]  # fmt: skip
    text = printed(stated({"a": {}}, instances=rows, replications=1))
    assert "What went wrong" in text
    assert text.count("the limit of an instance has 5 MiB") == 1
    assert re.search(r"the limit of an instance.* 3\n", text)
    assert "web/1" not in text


def test_a_platform_that_lost_instances_is_not_compared() -> None:
    whole, short = ({"instances_ready": ready, "memory_gross_bytes": 9.0} for ready in (3, 2))
    rows = [("memory_gross_bytes", "b", "a", -4.0, -5.0, -3.0, 10, "bytes", 0.5)]
    text = printed(stated({"a": whole, "b": short}, differences=rows))
    assert "Not compared with a, since not as many became ready: b." in text
    assert "-4 B" not in text


def test_what_happened_is_told_and_where_each_wins(pressed: Made, four: Made) -> None:
    told = ("What the load meets", "How long requests take", "Memory under pressure",
            "Who was killed first", "What broke", "Where each wins")  # fmt: skip
    lines = printed(pressed).splitlines()
    assert [line for line in lines if line in told] == list(told)
    assert not set(printed(four).splitlines()) & set(told)
