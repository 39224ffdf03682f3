"""What is wrong in a scenario: each fault at its place, in plain words, with a remedy, and all."""

from pathlib import Path

import pytest
from scenario_files import FULL, SMALL, faults_in, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError

READY = "{name: p, extends: vm-qemu, boundaries: {vm: {boot: {ready: {}}}}}"
HUGE = "{name: h, extends: vm-qemu, boundaries: {vm: {size: {cpu: 4, memory: 16 GiB}}}}"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # wrong units and numbers
        ("1 min", "10", "5:10: horizon: 10 has no unit; write 10 s, or another of"),
        ("1 min", "5 MiB", "5:10: horizon: 5 MiB is a size, not a duration; did you mean 5 min?"),
        ("1 min", "0 s", "5:10: horizon: 0 is too little here; write more than 0"),
        ("1 min", "2 years", "5:10: horizon: 'years' is not a unit for a duration; write 2 s"),
        ("1 min", "400 d", "5:10: horizon: it is longer than a year; write 366 d or less"),
        ("1 min", "-5 s", "5:10: horizon: '-5 s' is negative; write 0 or more"),
        ("count: 2", "count: -2", "7:36: groups.web.count: -2 is too small; write 1 or more"),
        ("count: 2", "count: 2.5", "7:36: groups.web.count: 2.5 is not a whole number; write"),
        ("count: 2", "count: '2'", "7:36: groups.web.count: '2' is not a whole number; write"),
        ("count: 2", "count: yes", "7:36: groups.web.count: 'yes' is not a whole number; write"),
        ("count: 2", "count: 1000001", "7:36: groups.web.count: 1000001 is too large; write 1,0"),
        ("count: 2", f"count: {10**60}", "is too large; write 1,000,000 or less"),
        # names
        ("cloud-2c-8g", "cloud-2c-9g", "3:7: host: 'cloud-2c-9g' is no host of the catalog; did"),
        ("web-node", "web-nod", "7:19: groups.web.workload: 'web-nod' is no workload of the cat"),
        ("process", "proces", "4:13: platforms.0: 'proces' is no platform of the catalog; did you"),
        ("  web:", "  Web 1:", "7:3: groups.'Web 1': 'Web 1' is not a name; write web-1: lower-"),
        ("process", "{name: A b, extends: process}", "4:20: platforms.'A b'.name: 'A b' is not a"),
        ("process", "process, process", "4:22: platforms.process: an earlier platform is named p"),
        ("process", "{name: n, boundaries: {c: a.b}}", "4:39: platforms.n.boundaries.c: 'a' is no"),
        ("  web:", "  title:", "7:3: groups.title: a group cannot be named title, which is a key"),
        ("process", READY, "4:66: platforms.p.boundaries.vm.boot.ready: ready is a moment of"),
        # keys
        ("version: 1\n", "", "1:1: 'version' is missing; add version: 1"),
        ("version: 1", "version: 2", "1:10: version: 2 is not a version that this Tare reads; wr"),
        ("version: 1", "version: true", "1:10: version: true is not a version that this Tare re"),
        (", count: 2", "", "7:8: groups.web: 'count' is missing; add count: 10"),
        ("count:", "cuont:", "7:29: groups.web.cuont: 'cuont' is no key here; did you mean 'cou"),
        ("title:", "name: x\ntitle:", "2:1: name: 'name' is no key here; its file's name names"),
        ("title: Two", "version: 1\ntitle: Two", "2:1: version: the key stands at 1:1 already"),
        # types
        ("[process]", "process", "4:12: platforms: 'process' is not a list; write [ONE, ANOTHER]"),
        ("[process]", "[]", "4:12: platforms: is empty; write one or more"),
        ("title: Two services", "title: 5", "2:8: title: 5 is not text; put it in quotes"),
        ("Two services", "long " * 90, "is too long; 300 characters are the most"),
        ("count: 2", "count: 2, limits: 5", "7:47: groups.web.limits: 5 is not a mapping; write"),
        ("count: 2", "count: 2, publish: [0]", "groups.web.publish.0: 0 is not a port; write 80"),
        ("count: 2", "count: 2, publish: ['80:70000']", "'80:70000' is not a port; write 80"),
        ("count: 2", "count: 2, publish: ['8:80', '8:81']", "port 8 of the host is fixed twice;"),
        ("count: 2", "count: 2, restart: never", "web.restart: 'never' is no restart policy"),
        ("count: 2", "count: 2, restart: 'on-failure:0'", "'on-failure:0' is no restart polic"),
        # commands
        ("count: 2", "count: 2, commands: [{at: 2 min, do: stop}]", "2 min is after the horizon"),
        ("count: 2", "count: 2, commands: [{at: 1 s, do: stop, instance: 2}]", "there is no web/2"),
        ("count: 2", "count: 2, commands: [{at: 1 s, do: kill, grace: 1 s}]", "kill takes no grac"),
        ("count: 2", "count: 2, commands: [{at: 1 s, do: halt}]", "'halt' does not fit here; "),
        (
            "count: 2",
            "count: 2, arrive: {in_flight: 1}, commands: [{at: 1 s, do: start}]",
            "groups.web.commands.0.do: each instance in flight is followed by the next once it has",
        ),
        (
            "count: 2}",
            "count: 2, name: db}\n  other: {workload: nginx, count: 1, name: db}",
            "groups.other.name: the name db is already in use by web; choose another",
        ),
        ("version", "page_cache: warn\nversion", "1:13: page_cache: 'warn' does not fit here; did"),
        ("version", "images: none\nversion", "1:9: images: 'none' does not say which images are"),
        # parts that do not fit each other
        ("count: 2", "count: 2, limits: {memory: 9 GiB}", "9 GiB is more than the host's 8 GiB;"),
        ("count: 2", "count: 2, limits: {cpu: 3}", "3 cores is more than the host's 2 cores; wri"),
        ("process", HUGE, "platforms.h.boundaries.vm.size.memory: 16 GiB is more than the host's"),
        ("process", HUGE, "platforms.h.boundaries.vm.size.cpu: 4 cores is more than the host's 2"),
        ("cloud-2c-8g", "{extends: cloud-2c-8g, memory_in_use: 9 GiB}", "more than the host's 8"),
        ("cloud-2c-8g", "{extends: cloud-2c-8g, cores: 0}", "host.cores: 0 is too little here"),
        ("version", "images: [web-nod]\nversion", "1:10: images.0: 'web-nod' is no image; did yo"),
        ("version", "objectives: {startup_p99: < 2}\nversion", "did you mean 'startup_p99_s'?"),
        ("version", "objectives: {oom_kills: 0}\nversion", '0 is not an objective; write "< 2 s",'),
        (
            "version",
            "objectives: {startup_p99_s: < 2 GiB}\nversion",
            "'< 2 GiB' is in bytes, and startup_p99_s in s; write a bound in s",
        ),
        ("version", "objectives: {startup_p99_s: < 2 apples}\nversion", "has no unit of a metric"),
        ("version", "objectives: {oom_kills: < 1e999}\nversion", "is not an objective; write"),
        (
            "version",
            "objectives: {startup_p99_s: < 5 % of host memory}\nversion",
            "startup_p99_s is no share of the host's memory; write a bound in its own unit",
        ),
        # arrivals
        ("count: 2", "count: 2, arrive: {}", "groups.web.arrive: no patterns stand here; write on"),
        ("count: 2", "count: 2, arrive: {at: 0 s, ramp: 1 s}", "2 patterns stand here; write one"),
        ("count: 2", "count: 2, arrive: {poisson: 0 / min}", "0 is too little here; write more t"),
        ("count: 2", "count: 2, arrive: {trace: t.csv}", "`trace` and `column` go together; write"),
        # mixes
        ("process", "{name: m, wbe: process}", "4:23: platforms.m.wbe: 'wbe' is no key of a pla"),
        ("process", "{name: m, mix: {db: process}}", "platforms.m.mix.db: 'db' is no group; known"),
        ("process", "{name: m, mix: {db: process}}", "the mix has no platform for the group web;"),
        ("process", "{name: m, web: {name: n, web: process}}", "a mix stands in a mix; name one"),
        ("process", "{extends: vm-qemu, web: process}", "a mix has no boundaries of its own; giv"),
    ],
)
def test_a_fault_is_told_at_its_place_with_a_remedy(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    assert old in SMALL
    faults = faults_in(tmp_path, SMALL.replace(old, new, 1))

    assert any(told in fault for fault in faults), faults


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        SMALL.replace("version: 1", "version: 3")
        .replace("cloud-2c-8g", "cloud-2c-9g")
        .replace("horizon: 1 min", "horizon: 10")
        .replace("workload: web-node", "workload: web-nod")
        .replace("count: 2", "cuont: 2, limits: {cpu: 0}")
    ) + "objectives: {startup_p98_s: < 2}\n"
    places = [fault.split(": ")[:2] for fault in faults_in(tmp_path, text)]

    assert places == [
        ["1:10", "version"],
        ["3:7", "host"],
        ["5:10", "horizon"],
        ["7:8", "groups.web"],
        ["7:19", "groups.web.workload"],
        ["7:28", "groups.web.cuont"],
        ["7:52", "groups.web.limits.cpu"],
        ["8:14", "objectives.startup_p98_s"],
    ]


def test_one_wrong_part_hides_no_contradiction_between_others(tmp_path: Path) -> None:
    """The group lacks its count; its limit is above the host's memory all the same."""
    text = SMALL.replace("count: 2", "limits: {memory: 9 GiB}")

    assert len(faults_in(tmp_path, text)) == 2


def test_a_fault_in_a_base_is_told_in_the_base(tmp_path: Path) -> None:
    base = write(tmp_path, SMALL.replace("1 min", "1 mib"), "base.yaml")
    file = write(tmp_path, "extends: ./base.yaml\ntitle: Two\n")
    with pytest.raises(ScenarioError) as caught:
        load(file)

    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.path) == (str(base), 5, "horizon")


def test_what_contradicts_a_catalog_entry_is_told_where_the_entry_is_named(tmp_path: Path) -> None:
    """The catalog's VMs for containers have 16 GiB, which the cloud server has not."""
    text = SMALL.replace("[process]", "\n  - process\n  - containers-in-vms")

    assert faults_in(tmp_path, text)[0].startswith(
        "6:5: platforms.containers-in-vms.boundaries.vm.size."
    )


def test_groups_that_are_too_many_together(tmp_path: Path) -> None:
    text = SMALL.replace("count: 2", "count: 600000")
    text += "  cache: {workload: redis, count: 600000}\n"

    assert faults_in(tmp_path, text) == [
        "7:3: groups: the groups have 1,200,000 instances together; 1,000,000 are the most"
    ]


def test_hundreds_of_faults_are_cut_short(tmp_path: Path) -> None:
    text = SMALL.replace("[process]", "[" + ", ".join(["a"] * 300) + "]")
    faults = faults_in(tmp_path, text)

    assert len(faults) == 101
    assert faults[-1].endswith("200 more faults")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"- 1\n- 2\n", "a scenario is a mapping of keys to values"),
        (b"\x00\x01\x02" * 50, ""),
        (b"\xff\xfe\xfa not text", ""),
        (b"[" * 200_000, ""),
        (b"{a: " * 200_000, ""),
        (b"a: !!python/object/apply:os.system [true]\n", "nothing in a file is run"),
        (
            b"a: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (i + 1, i + 1, b",".join([b"*%c" % i] * 9))
                for i in range(97, 110)
            ),
            "",
        ),
    ],
    ids=["empty", "list", "binary", "not UTF-8", "brackets", "braces", "tag", "bomb"],
)
def test_a_file_that_is_no_scenario_is_refused(content: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_bytes(content)

    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert told in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="folder"):
        load(tmp_path)
    with pytest.raises(ScenarioError, match="no such file"):
        load(tmp_path / "absent.yaml")


def test_the_full_scenario_has_no_fault(tmp_path: Path) -> None:
    assert load(write(tmp_path, FULL)).title == "Every key once"
