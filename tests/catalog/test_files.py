"""A host, a platform, a workload or an image may be a file of its own."""

from pathlib import Path

import pytest
from scenario_files import SMALL, write

from sim.catalog.scenario import load
from sim.cli.main import run
from sim.errors import ScenarioError
from sim.spec.host import Host

HOST = """
extends: cloud-2c-8g
name: here
title: The machine in front of you
cores: {value: 3 cores, source: a-look, evidence: measured, note: "nproc"}
x-mine: {read: never}
"""


def on(folder: Path, host: str, scenario: str = SMALL) -> Host:
    return load(write(folder, scenario.replace("cloud-2c-8g", host))).host


@pytest.fixture
def machines(tmp_path: Path) -> Path:
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines/here.yaml").write_text(HOST)
    return tmp_path


@pytest.mark.parametrize("host", ["./machines/here.yaml", "{extends: ./machines/here.yaml}"])
def test_a_host_is_found_from_the_file_that_names_it(machines: Path, host: str) -> None:
    found = on(machines, host)

    assert (found.name, found.cores.value, found.cores.source) == ("here", 3.0, "a-look")
    assert found.disk.latency.source == "tare-assumption"  # of the catalog's, which it extends


def test_what_is_changed_over_a_file_stands_in_the_title(machines: Path) -> None:
    found = on(machines, "{extends: ./machines/here.yaml, memory: 5 GiB}")

    assert found.memory.value == 5 * 2**30
    assert found.title == "The machine in front of you (changed: memory)"


def test_a_file_may_extend_another_beside_it(machines: Path) -> None:
    (machines / "machines/faster.yaml").write_text("extends: ./here.yaml\nspeed: 2\n")

    assert on(machines, "./machines/faster.yaml").speed.value == 2.0


def test_platforms_and_workloads_may_be_files_too(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "{name: ours, boundaries: {box: {extends: container-runc.container, idle: 5 millicores}}}"
    )
    (tmp_path / "job.yaml").write_text("{extends: web-node, start: {compute: 1 core-s}}")
    text = SMALL.replace("web-node", "./job.yaml").replace(
        "platforms: [", "platforms: [./ours.yaml, {extends: ./ours.yaml, name: again}, "
    )

    scenario = load(write(tmp_path, text))

    assert [each.name for each in scenario.platforms][:2] == ["ours", "again"]
    assert scenario.platforms[0].boundaries["box"].idle.value == 0.005
    assert scenario.groups["web"].workload.start.compute.value == 1.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: cloud-2c-9g\n", "here.yaml: extends: 'cloud-2c-9g' is no host of the catalog"),
        ("extends: ./here.yaml\n", "files extend each other"),
        ("cores: [\n", "here.yaml:"),
        ("extends: cloud-2c-8g\ncores: 2 bores\n", "host.cores: 'bores' is not a unit"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_where_it_is_named(
    machines: Path, text: str, said: str
) -> None:
    (machines / "machines/here.yaml").write_text(text)

    with pytest.raises(ScenarioError) as fault:
        on(machines, "{extends: ./machines/here.yaml}")

    assert said in str(fault.value)
    assert ": host" in str(fault.value)


def test_a_file_that_is_not_there_is_a_fault_in_words(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no such file.*it is to hold one of the hosts"):
        on(tmp_path, "./nowhere.yaml")


def test_a_copy_elsewhere_leans_on_no_file(
    machines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = write(machines, SMALL.replace("cloud-2c-8g", "./machines/here.yaml"))
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere/copy.yaml"

    assert run(["new", str(copy), "--from", str(origin)]) == 0

    assert load(copy).host.cores.value == 3.0
    assert "here.yaml" not in copy.read_text(encoding="utf-8")
