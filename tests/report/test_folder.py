"""A report's folder is replaced as a whole or not at all, whatever happens on the way."""

import errno
import json
import os
from pathlib import Path

import pytest

from sim.errors import OutputError
from sim.report.folder import replaced

OURS = json.dumps({"generator": "tare"})


def fill(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(OURS)
    (folder / "index.html").write_text(text)


def write(out: Path, text: str) -> None:
    with replaced(out) as folder:
        fill(folder, text)


def test_a_new_report_appears_with_the_folders_above_it(tmp_path: Path):
    out = tmp_path / "reports" / "fleet"
    write(out, "new")
    assert (out / "index.html").read_text() == "new"
    assert os.listdir(out.parent) == ["fleet"]


def test_a_report_takes_the_place_of_the_one_before_whole(tmp_path: Path):
    out = tmp_path / "fleet"
    write(out, "old")
    (out / "figures").mkdir()
    write(out, "new")
    assert sorted(os.listdir(out)) == ["index.html", "manifest.json"]
    assert (out / "index.html").read_text() == "new"
    assert os.listdir(tmp_path) == ["fleet"]


def test_an_empty_folder_may_be_filled(tmp_path: Path):
    out = tmp_path / "fleet"
    out.mkdir()
    write(out, "new")
    assert (out / "index.html").read_text() == "new"


@pytest.mark.parametrize(
    "stop", [KeyboardInterrupt(), ValueError("a bug"), OSError(errno.ENOSPC, "No space left")]
)
def test_whatever_stops_the_writing_the_old_report_stays(tmp_path: Path, stop: BaseException):
    out = tmp_path / "fleet"
    write(out, "old")
    with pytest.raises((type(stop), OutputError)), replaced(out) as folder:
        fill(folder, "half of the new")
        raise stop
    assert (out / "index.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["fleet"]


def test_a_full_disk_is_told_in_words(tmp_path: Path):
    out = tmp_path / "fleet"
    with pytest.raises(OutputError, match=r"fleet: no space left on device"), replaced(out):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), PermissionError(errno.EACCES, "Denied")])
def test_the_old_report_comes_back_where_the_new_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
):
    out = tmp_path / "fleet"
    write(out, "old")
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise stop
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises((KeyboardInterrupt, OutputError)):
        write(out, "new")
    assert (out / "index.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["fleet"]


def test_a_folder_that_cannot_be_made_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "mkdir", denied)
    with pytest.raises(OutputError, match="permission denied"):
        write(tmp_path / "read-only" / "fleet", "new")


@pytest.mark.parametrize("manifest", [None, "{}", "not JSON", '["generator"]', '{"name": "app"}'])
def test_somebody_s_work_is_never_replaced(tmp_path: Path, manifest: str | None):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.tex").write_text("years")
    if manifest is not None:
        (out / "manifest.json").write_text(manifest)
    with pytest.raises(OutputError, match="not a report of Tare"):
        write(out, "new")
    assert (out / "chapter.tex").read_text() == "years"
    assert not (out / "index.html").exists()


def test_a_file_is_not_replaced_by_a_folder(tmp_path: Path):
    out = tmp_path / "notes.txt"
    out.write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        write(out, "new")
    assert out.read_text() == "mine"


def test_a_folder_below_a_file_is_told_in_words(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="cannot write the report"):
        write(tmp_path / "notes.txt" / "fleet", "new")


def test_a_link_stays_a_link_to_what_is_replaced(tmp_path: Path):
    write(tmp_path / "real", "old")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").read_text() == "new"
