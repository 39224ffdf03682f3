"""What newcomers wrote, and every word that they are told: place, value, problem, remedy."""

from pathlib import Path

import pytest
from scenario_files import SMALL, faults_in, write

from sim.catalog.scenario import load
from sim.errors import ScenarioError

VM = "[{{name: n, extends: vm-qemu, boundaries: {{vm: {}}}}}]"
CROSSING = "4:86: platforms.n.boundaries.vm.crossings.cpu.compute: "
FACTOR = "; write 0.1 to 1000; 1 is native, 1.05 is 5 % more"
OWN_HOST = "{name: mine, title: Mine, cores: 4, memory: 8 GiB}"
MEMORY = (
    "'memory_gross_bytes', 'memory_net_bytes', 'memory_tare_bytes', 'memory_fixed_tare_bytes', "
    "'memory_per_instance_bytes', 'memory_peak_bytes' or 'memory_merged_bytes'"
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # names
        (
            "process",
            "kata",
            "4:13: platforms.0: 'kata' is no platform of the catalog; "
            "did you mean 'kata-clh', 'kata-firecracker', 'kata-qemu' or 'kata-template'?",
        ),
        (
            "process",
            "Docker",
            "4:13: platforms.0: 'Docker' is no platform of the catalog; did you mean "
            "'container-docker', 'container-docker-host-net', 'container-docker-linux-4', "
            "'docker-desktop-mac' or 'docker-desktop-windows'?",
        ),
        (
            "process",
            "postgres",
            "4:13: platforms.0: 'postgres' is no platform of the catalog; known: container-crun, "
            "container-docker, container-docker-host-net, container-docker-linux-4, "
            "container-lazy, container-lxd, container-lxd-minimal, container-podman, "
            "container-runc, container-runsc, containers-in-vms, docker-desktop-mac, …; "
            "`tare list platforms` shows all",
        ),
        # keys
        (
            "[process]",
            VM.format("{crossings: {cpu: {syscalls: 2}}}"),
            "4:77: platforms.n.boundaries.vm.crossings.cpu.syscalls: 'syscalls' is no key here; "
            "did you mean 'system-calls'?",
        ),
        (
            "[process]",
            VM.format("{crossings: {cpu: {everything: 2}}}"),
            "4:77: platforms.n.boundaries.vm.crossings.cpu.everything: 'everything' is no key "
            "here; write compute or memory-bound or system-calls",
        ),
        (
            "version",
            "restart: no\nversion",
            "1:1: restart: 'restart' is no key here; "
            "it belongs into a group: groups.NAME.restart",
        ),
        (
            "version",
            "cpu: 2\nversion",
            "1:1: cpu: 'cpu' is no key here; it belongs into a group: groups.NAME.cpu",
        ),
        (
            "count: 2",
            "count: 2, horizon: 1 s",
            "7:39: groups.web.horizon: 'horizon' is no key here; "
            "it belongs into the scenario: horizon",
        ),
        (
            "web-node",
            "{extends: web-node, count: 4}",
            "7:39: groups.web.workload.count: 'count' is no key here; "
            "it belongs into a group: groups.NAME.count",
        ),
        # numbers
        (
            "count: 2",
            "count: '4'",
            "7:36: groups.web.count: '4' is not a whole number; write 4, without quotes",
        ),
        (
            "count: 2",
            "count: four",
            "7:36: groups.web.count: 'four' is not a whole number; write a number such as 5",
        ),
        (
            "cloud-2c-8g",
            "{extends: cloud-2c-8g, memory: 8 GB RAM}",
            "3:38: host.memory: 'GB RAM' is not a unit for a size; did you mean 8 GB?",
        ),
        # what a boundary may be
        (
            "[process]",
            VM.format("{crossings: {cpu: {compute: 0.09}}}"),
            CROSSING + "0.09 times the CPU time of native is beyond any platform" + FACTOR,
        ),
        (
            "[process]",
            VM.format("{crossings: {cpu: {compute: 1001}}}"),
            CROSSING + "1001 times the CPU time of native is beyond any platform" + FACTOR,
        ),
        (
            "[process]",
            VM.format("{wall: namespace}"),
            "4:65: platforms.n.boundaries.vm.wall: with kernel: own, the wall is no namespace, "
            "which shares the kernel around it; "
            "write wall: hardware, wall: system-call, or kernel: shared",
        ),
        (
            "[process]",
            VM.format("{kernel: shared, wall: hardware}"),
            "4:81: platforms.n.boundaries.vm.wall: with kernel: shared, the wall is no hardware, "
            "which needs a kernel of its own; write kernel: own, or wall: namespace",
        ),
        # loads
        (
            "count: 2",
            "count: 2, load: 200 / s",
            "7:45: groups.web.load: '200 / s' is not a mapping; write {rate: 200 / s}",
        ),
        (
            "count: 2",
            "count: 2, load: 200",
            "7:45: groups.web.load: 200 is not a mapping; write {rate: 200 / s}",
        ),
        (
            "count: 2",
            "count: 2, load: high",
            "7:45: groups.web.load: 'high' is not a mapping; write {rate: 20 / s}",
        ),
        (
            "count: 2",
            "count: 2, load: {trace: day.csv}",
            "7:45: groups.web.load: the trace 'day.csv' is not a mapping; "
            "write {trace: {trace: day.csv, column: NAME}}",
        ),
        (
            "count: 2",
            "count: 2, load: {trace: our day.csv, column: rps}",
            "7:45: groups.web.load: the trace 'our day.csv' is not a mapping; "
            "write {trace: {trace: 'our day.csv', column: rps}}",
        ),
        # objectives
        (
            "version",
            "objectives: {p99: < 2}\nversion",
            "1:14: objectives.p99: 'p99' is no metric; "
            "did you mean 'startup_p99_s' or 'request_p99_s'?",
        ),
        (
            "version",
            "objectives: {memory_gross_bytes: '< 80 %'}\nversion",
            "1:34: objectives.memory_gross_bytes: '< 80 %' does not say 80 % of what; "
            'write "< 80 % of host memory"',
        ),
        (
            "version",
            "objectives: {disk_tare_bytes: '<= 80 %'}\nversion",
            "1:31: objectives.disk_tare_bytes: '<= 80 %' does not say 80 % of what; "
            'write "<= 80 % of host disk"',
        ),
        (
            "version",
            "objectives: {cpu_gross_core_s: '< 80 %'}\nversion",
            "1:32: objectives.cpu_gross_core_s: '< 80 %' does not say 80 % of what; "
            'write "< 80 % of host cpu"',
        ),
        (
            "version",
            "objectives: {cpu_utilization: '< 80 %'}\nversion",
            "1:31: objectives.cpu_utilization: '< 80 %' does not say 80 % of what; "
            'write a bare number, as in "< 0.8"',
        ),
        (
            "version",
            "objectives: {startup_p99_s: '< 80 %'}\nversion",
            "1:29: objectives.startup_p99_s: '< 80 %' does not say 80 % of what; "
            "write a bound in s",
        ),
    ],
)
def test_the_one_thing_that_is_wrong(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in SMALL
    assert faults_in(tmp_path, SMALL.replace(old, new, 1)) == [told]


@pytest.mark.parametrize(
    ("bound", "told"),
    [
        ("'< 80%'", "'< 80%' does not say 80 % of what; write \"< 80 % of host memory\""),
        ("5", '5 is not an objective; write "< 2 s", "= 0" or "< 90 % of host memory"'),
    ],
)
def test_an_objective_of_no_metric_is_told_with_what_its_bound_does_wrong(
    bound: str, told: str, tmp_path: Path
) -> None:
    assert faults_in(tmp_path, f"objectives: {{memory: {bound}}}\n{SMALL}") == [
        f"1:14: objectives.memory: 'memory' is no metric; did you mean {MEMORY}?",
        f"1:22: objectives.memory: {told}",
    ]


def test_a_host_of_ones_own_may_take_from_another_what_it_lacks(tmp_path: Path) -> None:
    assert faults_in(tmp_path, SMALL.replace("cloud-2c-8g", OWN_HOST)) == [
        "3:7: host: 'disk' is missing; add disk: {capacity: …, bandwidth: …, operations: …}",
        "3:7: host: 'link' is missing; add link: {bandwidth: …, round_trip: …, window: …}",
        "3:7: host: 'memory_in_use' is missing; add memory_in_use: a size, in MiB say, "
        "or write {extends: server-16c-64g, …} for the rest",
    ]


def test_a_factor_may_be_as_low_as_a_unikernels_and_as_high_as_an_emulators(
    tmp_path: Path,
) -> None:
    factors = "{crossings: {cpu: {compute: 0.1, system-calls: 1000}}}"
    (platform,) = load(write(tmp_path, SMALL.replace("[process]", VM.format(factors)))).platforms

    cpu = platform.boundaries["vm"].crossings.cpu
    assert (cpu["compute"].value, cpu["system-calls"].value) == (0.1, 1000)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("platforms.0", "platforms, whose items go by name, has no '0'; known: process"),
        (
            "faults.first.at",
            "faults, whose items go by number, from 0, has no 'first'; known: 0, 1",
        ),
    ],
)
def test_items_are_named_by_set_as_they_are_in_faults(said: str, told: str, tmp_path: Path) -> None:
    faults = "faults: [{at: 1 s, kind: host-loss}, {at: 2 s, kind: host-loss}]\n"
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, SMALL + faults), overrides={said: "x"})

    assert str(caught.value) == f"--set {said}: {told}"


WHAT = "indent what belongs together alike, and put text that holds ': ' in quotes"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n  b: c\n   d: 1\n", "3:4: this line is indented by 3, and line 2 above it by 2"),
        ("a:\n  b: 5\n d: 1\n", "3:2: this line is indented by 1, and line 2 above it by 2"),
        ("a:\n  b:\n    c: 1\n\n  # no\n   d: 1\n", "6:4: this line is indented by 3, and li"
         "ne 3 above it by 4"),
        ("a:\n  - b: 1\n   c: 1\n", "3:4: this line is indented by 3, and line 2 above it by 2"),
        ("  a: 1\nb: 2\n", "2:1: this line is indented by 0, and line 1 above it by 2"),
        ("a:\n  - b\n - c\n", "3:2: this line is indented by 1, and line 2 above it by 2"),
    ],
)  # fmt: skip
def test_a_line_that_is_indented_otherwise_is_told_with_the_one_above(
    text: str, told: str, tmp_path: Path
) -> None:
    assert faults_in(tmp_path, text) == [f"{told}; {WHAT}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a:\n  b: why: so\n",
            "2:9: a key and its value cannot stand here; put text that holds ': ' in quotes",
        ),
        (
            "a:\n  - b\n  c: 1\n",
            "3:3: a key stands among the items of a list; "
            "begin it with '- ', or indent it as the key of the list",
        ),
        (
            "a:\n  b: 'it's'\n",
            "2:10: this does not fit what stands above it; "
            "indent it as the keys of the same mapping, and close quotes at the end of a text",
        ),
    ],
)
def test_indentation_is_not_blamed_for_what_else_is_wrong(
    text: str, told: str, tmp_path: Path
) -> None:
    assert faults_in(tmp_path, text) == [told]
