"""A file that cannot be read says why, and where it stops being text."""

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.spec.reader import read_yaml, read_yaml_text


def fault_of_file(path: Path | str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_yaml(path)
    return str(caught.value)


def test_a_file_is_read_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_bytes(b"\xef\xbb\xbftitle: \xed\x95\x9c\r\n")
    document = read_yaml(file)
    assert document.tree == {"title": "한"}
    assert document.file == str(file)
    assert document.values["title",] == (str(file), 1, 8)


def test_a_missing_file_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "web-fleet.yaml").write_text("a: 1")
    fault = fault_of_file(tmp_path / "web-flet.yaml")
    assert fault.endswith(
        f"there is no such file; did you mean {os.path.join(tmp_path, 'web-fleet.yaml')}?"
    )
    assert fault_of_file("nowhere/x.yaml") == (
        "nowhere/x.yaml: there is no such file; `tare new` writes one"
    )


def test_a_folder_a_device_and_an_impossible_name_are_no_files(tmp_path: Path) -> None:
    assert "it is a folder; name a file in it" in fault_of_file(tmp_path)
    assert "it is a device or a pipe" in fault_of_file(os.devnull)
    assert "no file can have this name" in fault_of_file("a\0b")
    assert fault_of_file("x" * 5000 + ".yaml")


def test_an_unreadable_file_says_why(tmp_path: Path) -> None:
    inside_a_file = tmp_path / "a.yaml"
    inside_a_file.write_text("a: 1")
    assert "a.yaml" in fault_of_file(inside_a_file / "b.yaml")


def test_what_is_not_text_is_refused_where_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_bytes("title: é\nname: ".encode() + b"\xff\xfe")
    assert f"{file}:2:7: this is not UTF-8 text; save it as UTF-8" in fault_of_file(file)
    file.write_bytes("title: web".encode("utf-16"))
    assert f"{file}:1:1: this is not UTF-8 text" in fault_of_file(file)
    file.write_bytes(b"\x7fELF\0\0\0")
    assert f"{file}:1:1: the character U+007F does not belong in text" in fault_of_file(file)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_bytes(b"# " + b"x" * 2**22)
    assert "it is over 4 MiB" in fault_of_file(file)
    with pytest.raises(ScenarioError, match="it is over 4 MiB"):
        read_yaml_text("# " + "x" * 2**22, "f.yaml")
