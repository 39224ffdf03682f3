"""What a user states that a RUN costs, and what is said of what cannot be."""

from pathlib import Path

import pytest

from sim.catalog.supplies import supplies_for
from sim.errors import ScenarioError
from sim.images.costs import Cost
from sim.images.stating import read_beside, stated_in_comments
from sim.spec.build import Work

FILE = "Dockerfile"


def test_a_comment_above_a_run_states_its_cost() -> None:
    text = (
        "FROM x\n"
        "# tare: compute 3 core-s, download 20 MB, round trips 4, threads 2, write 50 MB\n"
        "# another\n"
        "RUN make\n"
    )
    work = Work(compute=3, download=20_000_000, round_trips=4, threads=2, write=50_000_000)
    assert stated_in_comments(text, FILE) == {4: Cost("stated", work, 50_000_000)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "# tare: compute 3 MB\nRUN a",
            "Dockerfile:1:17: 3 MB is a size, not a quantity of CPU wor",
        ),
        (
            "# tare: compte 1 core-s\nRUN a",
            "Dockerfile:1:9: 'compte' is no part of a cost; did you",
        ),
        ("# tare: compute\nRUN a", "Dockerfile:1:9: 'compute' is not a part and a quantity; write"),
        ("# tare:\nRUN a", "Dockerfile:1:1: nothing is stated; write such as `compute 3 core-s"),
        (
            "# tare: threads 0\nRUN a",
            "Dockerfile:1:17: '0' threads cannot be; write a whole number",
        ),
        ("# tare: wait 1 s, wait 2 s\nRUN a", "Dockerfile:1:9: wait is stated twice; keep one of"),
        ("# tare: write 5 MB\nCOPY . .", "Dockerfile:1:1: no RUN follows this; put it on the line"),
        ("# tare: write -5 MB\nRUN a", "Dockerfile:1:15: '-5 MB' is negative; write 0 or more"),
    ],
)
def test_what_a_comment_gets_wrong_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        stated_in_comments(text, FILE)
    assert str(raised.value).startswith(said)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as raised:
        stated_in_comments("# tare: a 1\nRUN a\n# tare: b 1\nRUN b\n", FILE)
    assert [fault.line for fault in raised.value.faults] == [1, 3]


def test_a_file_beside_states_it_by_how_the_command_begins() -> None:
    beside = read_beside("RUN npm: {compute: 1 core-s}\nnpm ci: {write: 5 MB, threads: 2}", "costs")
    ci, other = beside.cost("npm  ci --omit=dev"), beside.cost("npm test")
    assert ci is not None and ci.written == 5_000_000 and ci.work.threads == 2
    assert other is not None and other.work.compute == 1
    assert beside.cost("make") is None
    beside.check(["npm ci"])
    with pytest.raises(ScenarioError, match=r"costs:2:1: 'npm ci': no RUN begins with 'npm ci'"):
        beside.check(["npm test"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("npm ci: {compute: 3 MB}", "costs:1:19: 'npm ci'.compute: 3 MB is a size"),
        ("make: 5", "costs:1:7: make: 5 is no mapping of parts; write such as"),
        ("make: {x: 1}", "costs:1:11: make.x: 'x' is no part of a cost; known: wait"),
        ("", "costs: it states nothing; write `npm ci: {compute"),
        ("[1]", "costs:1:1: this is no mapping of commands to what they cost"),
    ],
)
def test_what_the_file_gets_wrong_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read_beside(text, "costs")
    assert str(raised.value).startswith(said)


def test_a_file_of_costs_that_is_no_text_is_told_in_words(tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM scratch\n", encoding="utf-8")
    beside = tmp_path / "Dockerfile.costs.yaml"
    beside.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match=r"costs\.yaml.*UTF-8"):
        supplies_for(dockerfile, {}, tmp_path)
    beside.unlink()
    beside.mkdir()
    with pytest.raises(ScenarioError, match=r"costs\.yaml.*folder"):
        supplies_for(dockerfile, {}, tmp_path)
