"""Tables as files: tidy, to nine digits, and the same bytes for the same numbers."""

import csv
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from report.made import KINDS, Made, made
from report.stated import stated

from sim.report.tables import (
    HAPPENINGS,
    MOST_INSTANCES,
    MOST_WINDOWS,
    TABLES,
    replications_kept,
    write_tables,
)


def written(folder: Path, **comparisons: Made) -> dict[str, bytes]:
    folder.mkdir()
    hashes = write_tables(comparisons, folder)
    files = {path: (folder / path).read_bytes() for path in hashes}
    assert {path: sha256(content).hexdigest() for path, content in files.items()} == hashes
    return files


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path):
    first = written(tmp_path / "one", web=made(KINDS[:2], replications=2))
    again = written(tmp_path / "two", web=made(KINDS[:2], replications=2))
    assert first == again
    assert {"summary.csv", *(f"tables/{name}.csv" for name in TABLES)} <= set(first)


def test_numbers_have_the_nine_digits_in_which_processors_agree(tmp_path: Path):
    files = written(tmp_path / "r", web=stated({"a": {"startup_p50_s": 0.1 + 0.2}}))
    row = next(line for line in files["summary.csv"].decode().split("\n") if "p50" in line)
    number = "0.3"
    assert row == f"web,a,platform,,startup_p50_s,{number},{number},{number},10,s"


def test_what_does_not_exist_is_empty(tmp_path: Path):
    files = written(tmp_path / "r", web=stated({"a": {"startup_p50_s": 1.0}}, replications=1))
    row = next(line for line in files["summary.csv"].decode().split("\n") if "p50" in line)
    assert row == "web,a,platform,,startup_p50_s,1,,,1,s"


def test_every_frame_comes_back_from_its_table(tmp_path: Path, two: Made):
    two = replace(two, instances=two.instances.query("replication == 0"))
    files = written(tmp_path / "r", web=two)
    for table in TABLES:
        frame = getattr(two, table)
        lines = list(csv.DictReader(files[f"tables/{table}.csv"].decode().splitlines()))
        assert list(lines[0]) == ["scenario", *frame.columns]
        for column in frame.select_dtypes("float"):
            read = [float(line[column] or "nan") for line in lines]
            assert np.allclose(read, frame[column], rtol=1e-5, atol=0.0, equal_nan=True)


def test_lines_end_alike_on_every_system(tmp_path: Path, two: Made):
    for content in written(tmp_path / "r", web=two).values():
        assert b"\r" not in content
        assert content.endswith(b"\n")


def test_scenarios_stand_below_each_other_by_name(tmp_path: Path):
    files = written(tmp_path / "r", x=stated({"a": {}}), y=stated({"b": {}}))
    lines = files["summary.csv"].decode().splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [["x", "a"]] * 2 + [["y", "b"]] * 2


def test_instances_are_cut_to_whole_replications_and_one_is_always_there():
    small = made(KINDS[:1], count=2, replications=3)
    rows = MOST_INSTANCES // 2
    many = pd.DataFrame({"replication": sorted([0, 1, 2] * rows)})
    one = pd.DataFrame({"replication": [0] * (2 * MOST_INSTANCES)})
    assert replications_kept(small) == 3
    assert replications_kept(replace(small, instances=many)) == 2
    assert replications_kept(replace(small, instances=one)) == 1


def test_what_did_not_happen_has_no_table(tmp_path: Path, pressed: Made, two: Made):
    assert not {f"tables/{name}.csv" for name in HAPPENINGS} & set(written(tmp_path / "a", web=two))
    files = written(tmp_path / "b", web=pressed, plain=two)
    for name in HAPPENINGS:
        lines = list(csv.DictReader(files[f"tables/{name}.csv"].decode().splitlines()))
        assert list(lines[0]) == ["scenario", *getattr(pressed, name).columns]
        assert len(lines) == len(getattr(pressed, name))


def test_of_many_windows_those_are_kept_that_tell_most(tmp_path: Path):
    def window(start: int, done: float) -> tuple[object, ...]:
        return ("a", "web", start, start + 1, 1.0, done, done, done, 0.0, 1, *[0.1] * 4)

    busy = [window(n, 777.0 if n == 1234 else 100.0) for n in range(2000)]
    idle = [window(n, 0.0) for n in range(2000, 2100)]
    found = stated({"a": {}}, requests=[*busy, *idle])
    files = written(tmp_path / "r", web=found)
    lines = list(csv.DictReader(files["tables/requests.csv"].decode().splitlines()))
    assert 10 < len(lines) <= MOST_WINDOWS
    assert [line["start_s"] for line in lines if line["done"] == "777"] == ["1234"]
    assert all(float(line["done"]) > 0 for line in lines)
