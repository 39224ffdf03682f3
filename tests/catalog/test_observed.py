"""Files of observations: all that is wrong with one at once, with its line and its column."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.catalog.loader import KINDS, entry, names
from sim.catalog.observed import (
    UNUSED,
    calibrations,
    catalog_observations,
    explanations,
    read_observations,
    unused_rows,
)
from sim.errors import ScenarioError
from sim.spec.document import Tree, child, is_cited
from sim.studies.judging import check, read_checked

HEAD = "id,source,platform,metric,value,unit,started_at_once\n"
GOOD = "a,one,process,duration_s,5,ms,\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "mine.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults(folder: Path, text: str | bytes) -> list[str]:
    """What is said of a file, without the place of the folder."""
    with pytest.raises(ScenarioError) as raised:
        read_checked(written(folder, text))
    return [str(fault).removeprefix(f"{folder}/") for fault in raised.value.faults]


def test_rows_are_read_with_their_lines(tmp_path: Path) -> None:
    rows = read_observations(written(tmp_path, HEAD + GOOD + "b,two,vm-qemu,duration_s,2,s,10\n"))
    assert [(row.line, row.observation.id) for row in rows] == [(2, "a"), (3, "b")]
    assert rows[1].observation.started_at_once == 10


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + GOOD,
        (HEAD + GOOD).replace("\n", "\r\n"),
        (HEAD + GOOD).removesuffix("\n"),
        HEAD + "a , one,process ,duration_s, 5,ms,\n",
    ],
)
def test_how_a_spreadsheet_writes_it_changes_nothing(tmp_path: Path, text: str) -> None:
    (row,) = read_observations(written(tmp_path, text))
    assert (row.observation.id, row.observation.value) == ("a", 5.0)


def test_quotes_hold_commas_and_lines(tmp_path: Path) -> None:
    text = HEAD + 'a,"one, or\ntwo","{extends: vm-qemu, ksm: on}",duration_s,5,ms,\n'
    (row,) = read_observations(written(tmp_path, text))
    assert row.observation.source == "one, or\ntwo"
    assert row.observation.platform == {"extends": "vm-qemu", "ksm": "on"}


def test_all_faults_are_told_at_once_by_line_and_column(tmp_path: Path) -> None:
    rows = (
        "a,one,vm-qemuu,duration_s,5,ms,\n"
        "b,one,process,duration_ms,5,ms,\n"
        "c,one,process,duration_s,five,MiB,two\n"
        "a,one,process,duration_s,5,ms,\n"
        "d,,process,duration_s,5,ms,\n"
        "e,one,process\n"
        "f,one,{extends: vm-qemu,duration_s,5,ms,\n"
    )
    assert faults(tmp_path, HEAD + rows) == [
        "mine.csv:2: platform: 'vm-qemuu' is no platform of the catalog; did you mean 'vm-qemu'?",
        "mine.csv:3: metric: 'duration_ms' does not fit here; did you mean 'duration_s'?",
        "mine.csv:4: started_at_once: 'two' is no count; write a whole number up to 1,000,000",
        "mine.csv:4: value: 'five' is no number; write 3602.6, say",
        "mine.csv:5: id: the name stands in line 2 already; give each row its own",
        "mine.csv:6: source: it is empty; where the measurement stands",
        "mine.csv:7: it has not as many cells as the first line; quote cells with commas",
        "mine.csv:8: platform: the mapping opened with a brace at 1:1 goes wrong here; separate "
        "its entries with ',' and close it with '}'",
    ]


def test_a_wrong_unit_is_told_with_the_nearest(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, HEAD + "a,one,process,duration_s,5,mss,\n")
    assert "'mss' is no unit of what is told here; did you mean 'ms'" in fault


def test_a_fault_inside_of_a_cell_tells_its_place_in_it(tmp_path: Path) -> None:
    text = 'a,one,"{extends: vm-qemu, boundaries: {vm: {kernel: lent}}}",duration_s,5,ms,\n'
    (fault,) = faults(tmp_path, HEAD + text)
    assert fault.startswith("mine.csv:2: platform: boundaries.vm.kernel: 'lent' does not fit here")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.csv:1: it is empty; begin with id,source,"),
        (HEAD, "mine.csv:1: there is no row; write a measurement in each line"),
        (b"\x00\x01\x02\xff\xfe", "mine.csv:1:4: this is not UTF-8 text"),
        (HEAD + "a,o\x00e,process,duration_s,5,ms,\n", "mine.csv:2:4: the character U+0000"),
        (HEAD + 'a,"one,process,duration_s,5,ms,\n', "unexpected end of data; write it as CSV"),
        (HEAD.replace("value", "valeu") + GOOD, "value: the column is missing; the measurement"),
        (HEAD.replace("value", "valeu") + GOOD, "valeu: there is no such column; did you mean"),
        (HEAD.replace("unit", "value") + GOOD, "value: 2 columns have this name; leave one"),
        ((HEAD + GOOD).replace(",", ";"), "no such column; separate cells by commas"),
        ("key: value\nother: [1, 2]\n", "platform: the column is missing"),
    ],
)
def test_what_is_no_file_of_observations_says_so(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    assert any(said in fault for fault in faults(tmp_path, text))


def test_a_file_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, HEAD + GOOD)
    with pytest.raises(ScenarioError, match=r"no such file; did you mean .*mine\.csv\?"):
        read_observations(tmp_path / "mien.csv")
    with pytest.raises(ScenarioError, match="name a file that is there"):
        read_observations(tmp_path / "quite-another.csv")
    with pytest.raises(ScenarioError, match="it is a folder"):
        read_observations(tmp_path)


def test_of_very_many_faults_the_first_hundred_are_told(tmp_path: Path) -> None:
    rows = "".join(f"a{n},one,process,duration_s,five,ms,\n" for n in range(300))
    assert len(faults(tmp_path, HEAD + rows)) == 100


# The catalog's own


def test_the_catalog_s_observations_name_what_there_is() -> None:
    check(catalog_observations())


def test_each_row_of_the_catalog_has_a_name_of_its_own_and_a_known_source() -> None:
    ids = [row.observation.id for row in catalog_observations()]
    assert len(ids) == len(set(ids))


def test_a_row_of_evidence_is_used_or_has_one_of_the_reasons() -> None:
    used = {row.observation.id for row in catalog_observations()}
    assert set(unused_rows().values()) <= set(UNUSED)
    assert not used & set(unused_rows())


def test_calibrations_and_explanations_are_of_rows_that_there_are() -> None:
    used = {row.observation.id for row in catalog_observations()}
    assert set(explanations()) <= used
    for each in calibrations():
        assert set(each.rows) <= used, each.name


def calibrated(tree: Tree, path: str) -> Iterator[str]:
    """The paths at which an entry states a number that was calibrated."""
    if is_cited(tree):
        yield from [path] if child(tree, "evidence") == "calibrated" else []
    elif isinstance(tree, dict):
        for key, inside in tree.items():
            yield from calibrated(inside, f"{path}.{key}")


def test_every_calibrated_number_is_in_one_set_of_at_least_five_rows_for_each() -> None:
    stated = [
        path
        for kind in KINDS
        for name in names(kind)
        for path in calibrated(dict(entry(kind, name)), f"{kind}.{name}")
    ]
    in_sets = [path for each in calibrations() for path in each.numbers]
    assert stated
    assert sorted(in_sets) == sorted(stated)
    for each in calibrations():
        assert len(set(each.rows)) >= 5 * len(each.numbers), each.name


def test_explanations_are_sentences() -> None:
    for name, said in explanations().items():
        assert said.strip()[-1] in ".!?", name

