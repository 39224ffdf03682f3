"""What came of runs is kept line by line, and a line that was cut short is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import OutputError
from sim.studies.sweeps.journal import Journal
from sim.studies.sweeps.runs import Outcome

ONE = Outcome("0a" * 16, {"cost": 0.1 + 0.2, "nothing": float("inf")}, "", 0.5)
TWO = Outcome("0b" * 16, {}, "it failed", 0.25)


def _kept(folder: Path, *outcomes: Outcome) -> None:
    journal = Journal(folder)
    journal.append(outcomes)
    journal.close()


def test_another_command_finds_what_one_has_kept_to_the_last_bit(tmp_path: Path) -> None:
    _kept(tmp_path, ONE, TWO)
    journal = Journal(tmp_path)
    assert (journal[ONE.key], journal[TWO.key]) == (ONE, TWO)
    assert len(journal) == 2
    assert "0c" * 16 not in journal


def test_a_journal_can_be_read_while_it_is_written_and_after_it_is_closed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([ONE])
    assert journal[ONE.key] == ONE
    journal.append([TWO])
    journal.close()
    assert [journal[key] for key in (ONE.key, TWO.key)] == [ONE, TWO]


def test_each_command_writes_a_file_of_its_own(tmp_path: Path) -> None:
    _kept(tmp_path, ONE)
    _kept(tmp_path, TWO)
    assert [file.name for file in sorted(tmp_path.iterdir())] == [
        "runs-0001.jsonl",
        "runs-0002.jsonl",
    ]
    assert len(Journal(tmp_path)) == 2


def test_a_line_cut_anywhere_is_none_and_the_others_stay(tmp_path: Path) -> None:
    _kept(tmp_path, ONE, TWO)
    file = tmp_path / "runs-0001.jsonl"
    whole = file.read_bytes()
    first = whole.index(b"\n") + 1
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        journal = Journal(tmp_path)
        assert (ONE.key in journal, TWO.key in journal) == (length >= first, False), length


@pytest.mark.parametrize(
    "damage", [b"\0" * 40 + b"\n", b"[1]\n", b"{}\n", b'{"key": 3}\n', b"\xff\n"]
)
def test_what_is_no_outcome_is_passed_over(tmp_path: Path, damage: bytes) -> None:
    _kept(tmp_path, ONE)
    (tmp_path / "aa.jsonl").write_bytes(damage)
    assert Journal(tmp_path)[ONE.key] == ONE


def test_a_full_disk_is_told_with_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append([ONE])
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(journal, "_writer", full)
        with pytest.raises(OutputError, match=r"cannot keep runs.*no space left.*1 runs are kept"):
            journal.append([TWO])
    monkeypatch.undo()
    journal.close()


def test_without_a_folder_outcomes_are_kept_in_memory() -> None:
    journal = Journal(None)
    journal.append([ONE])
    assert journal[ONE.key] == ONE


def test_a_run_that_was_lost_is_tried_again_by_the_next_command_but_not_by_a_merge(
    tmp_path: Path,
) -> None:
    lost = Outcome(TWO.key, {}, "its process was ended", lost=True)
    journal = Journal(tmp_path)
    journal.append([lost])
    journal.close()
    assert journal[TWO.key] == lost
    assert TWO.key not in Journal(tmp_path)
    assert Journal(tmp_path, tries_again=False)[TWO.key] == lost
    _kept(tmp_path, TWO)
    assert Journal(tmp_path, tries_again=False)[TWO.key] == TWO
