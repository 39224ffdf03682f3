"""Loads, limits of memory, merging and faults in a scenario: what they become, what is refused."""

from pathlib import Path

import pytest
from scenario_files import FULL, SMALL, faults_in, write

from sim.catalog.scenario import load
from sim.spec.load import Course
from sim.spec.parts import read_parts
from sim.spec.run_checks import loads_served
from sim.spec.scenario import Load, Scenario
from sim.spec.statement import stated

MiB = 2**20
MUTE = SMALL.replace("web-node", "{extends: web-node, serve: null}")
BRIEF = SMALL.replace("web-node", "{extends: web-node, run: {compute: 1 core-s}}")


def _scenario(folder: Path, text: str) -> Scenario:
    return load(write(folder, text))


def _platform(given: str) -> str:
    return SMALL.replace("process", given, 1)


def _merging(scenario: Scenario, group: str = "web") -> list[str]:
    walls = scenario.platforms[0].of(group).boundaries.values()
    return [wall.ram.merging for wall in walls]


def test_what_a_run_brings_is_read_as_it_is_written(tmp_path: Path) -> None:
    scenario = _scenario(tmp_path, FULL)
    web, cache = scenario.groups["web"], scenario.groups["cache"]

    assert web.load is not None
    assert (web.load.clients, web.load.think, web.load.round_trip) == (3, 1.0, 200e-6)
    assert (web.load.rate, web.load.clients_on) == (None, "host")
    assert (web.limits.memory_high, web.limits.cpu_period) == (400 * MiB, 0.05)
    assert (web.restart, cache.restart) == ("no", "on-failure")
    assert (cache.back_off.first, cache.back_off.most, cache.back_off.reset) == (1, 30, 10)
    assert cache.load == Load(trace=Course(times_s=[0, 60], values=[5, 0.5]))
    assert cache.memory == Course(times_s=[10, 90.5], values=[50e6, 90e6])
    assert [(fault.at, fault.every, fault.kind) for fault in scenario.faults[:2]] == [
        (300.0, None, "host-kernel-panic"),
        (None, 240.0, "guest-kernel-panic"),
    ]
    assert [fault.instance or fault.host for fault in scenario.faults] == [0, "web/1", None]


def test_without_a_word_nothing_is_asked_nothing_breaks_and_nothing_starts_anew(
    tmp_path: Path,
) -> None:
    scenario = _scenario(tmp_path, SMALL)
    group = scenario.groups["web"]

    assert (group.load, group.cpu, group.memory, scenario.faults) == (None, None, None, [])
    assert (group.restart, group.limits.memory_high, group.limits.swap) == ("no", None, None)
    assert (group.limits.cpu_period, group.limits.cpu_weight) == (0.1, 100)


def test_ksm_switches_merging_of_each_kernel_of_its_own(tmp_path: Path) -> None:
    """A machine has RAM to merge; the container in it has none of its own."""
    nested = "{vm: vm-qemu.vm, container: container-docker.container}"
    text = _platform(f"{{name: n, ksm: on, boundaries: {nested}}}")

    assert _merging(_scenario(tmp_path, text)) == ["on", "off"]


@pytest.mark.parametrize(
    "given",
    [
        "vm-qemu-ksm",
        "{extends: vm-qemu-ksm, name: v}",
        "{name: v, boundaries: {a: vm-qemu-ksm.vm}}",
    ],
)
def test_a_platform_of_the_catalog_that_merges_does_so_in_whole_and_in_part(
    given: str, tmp_path: Path
) -> None:
    assert _merging(_scenario(tmp_path, _platform(given))) == ["on"]


def test_ksm_of_a_mix_is_that_of_its_platforms(tmp_path: Path) -> None:
    text = _platform("{name: m, ksm: on, web: vm-qemu, cache: container-docker}")
    scenario = _scenario(tmp_path, text + "  cache: {workload: redis, count: 1}\n")

    assert (_merging(scenario), _merging(scenario, "cache")) == (["on"], ["off"])


def test_ksm_is_what_its_boundaries_say_once_loaded(tmp_path: Path) -> None:
    """So what is set over one boundary counts, and a switch set over all of them counts as well."""
    file = write(tmp_path, _platform("{name: v, extends: vm-qemu, ksm: on}"))
    merging = "platforms.v.boundaries.vm.ram.merging"

    assert load(file).platforms[0].ksm is None
    assert _merging(load(file, overrides={merging: "off"})) == ["off"]
    assert _merging(load(file, overrides={"platforms.v.ksm": "off"})) == ["off"]


def test_loads_and_faults_are_set_by_path(tmp_path: Path) -> None:
    """Where there is no load, a part of one begins it; a fault is walked by its number."""
    quiet = {"groups.web.workload.serve.compute": "1 core-ms", "groups.web.load.rate": "5 / s"}
    asked = load(write(tmp_path, SMALL), overrides=quiet).groups["web"].load
    assert asked is not None
    assert (asked.rate, asked.clients) == (5.0, None)

    whole = {"groups.web.load.clients": 9, "faults.0.at": "90 s", "faults.1.instance": "cache/0"}
    scenario = load(write(tmp_path, FULL), overrides=whole)
    busy = scenario.groups["web"].load
    assert busy is not None
    assert (busy.clients, busy.think) == (9, 1.0)
    assert [fault.at for fault in scenario.faults] == [90.0, None, None]
    assert scenario.faults[1].instance == "cache/0"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # loads
        ("2}", "2, load: {}}", "7:45: groups.web.load: no sources of requests stand here; write o"),
        ("2}", "2, load: {rate: 1 / s, clients: 3}}", "2 sources of requests stand here; write"),
        ("2}", "2, load: {rate: 1 / s, think: 1 s}}", "only clients think; write clients, or take"),
        ("2}", "2, load: {rate: 0 / s}}", "7:52: groups.web.load.rate: 0 is too little here; writ"),
        ("2}", "2, load: {rate: 5 s}}", "groups.web.load.rate: 5 s is a duration, not a rate"),
        (
            "2}",
            "2, load: {clients: 0}}",
            "groups.web.load.clients: 0 is too small; write 1 or more",
        ),
        ("2}", "2, load: {rat: 1 / s}}", "'rat' is no key here; did you mean 'rate'?"),
        ("version", "requests_in_detail: -1\nversion", "1:21: requests_in_detail: -1 is too small"),
        # courses
        ("2}", "2, cpu: {}}", "7:44: groups.web.cpu: this is no course over time; write {trace: f"),
        ("2}", "2, cpu: {trace: a.csv}}", "groups.web.cpu: this is no course over time; write {tr"),
        ("2}", "2, cpu: {times_s: [1], values: [1, 2]}}", "this is no course over time; write {tr"),
        ("2}", "2, cpu: {times_s: [1, 1], values: [2, 2]}}", "its times are not in order; sort it"),
        ("2}", "2, cpu: {times_s: [1], values: [-2]}}", "groups.web.cpu.values.0: -2 is too small"),
        ("2}", "2, memory: 5 MiB}", "7:47: groups.web.memory: '5 MiB' is not a mapping; write {tr"),
        # limits, restarts and victims
        (
            "2}",
            "2, limits: {memory: 1 GiB, memory_high: 2 GiB}}",
            "7:76: groups.web.limits.memory_high: 2 GiB is never reached, above the limit of 1 GiB"
            "; write 1 GiB or less",
        ),
        ("2}", "2, limits: {cpu_weight: 0}}", "limits.cpu_weight: 0 is too small; write 1 or mor"),
        ("2}", "2, limits: {cpu_period: 0 s}}", "limits.cpu_period: 0 is too little here; write"),
        (
            "2}",
            "2, back_off: {first: 2 min}}",
            "7:49: groups.web.back_off: the first wait, 2 min, is longer than the most, 1 min; "
            "write most: 2 min, or a shorter first",
        ),
        ("2}", "2, back_off: {first: 0 s}}", "groups.web.back_off.first: 0 is too little here; w"),
        ("2}", "2, oom_adjust: -1001}", "groups.web.oom_adjust: -1001 is too small; write -1,000"),
        # hosts
        (
            "cloud-2c-8g",
            "{extends: cloud-2c-8g, swap: 1 TiB, disk: {capacity: 100 GiB}}",
            "3:36: host.swap: 1 TiB is more than the host's disk of 100 GiB, on which it lies; "
            "write 100 GiB or less",
        ),
        ("cloud-2c-8g", "{extends: cloud-2c-8g, overcommit: on}", "write heuristic or never or al"),
        # memory of boundaries
        (
            "process",
            "{extends: process, name: p, ksm: on}",
            "4:13: platforms.p: ksm is for kernels of their own, and here is none; take ksm out",
        ),
        (
            "process",
            "{extends: vm-qemu, ksm: true}",
            "ksm: true does not fit here; write on or off",
        ),
        (
            "process",
            "{extends: vm-qemu, ksm: on, boundaries: {vm: {ram: {backing: shared}}}}",
            "4:64: platforms.vm-qemu.boundaries.vm.ram: shared memory cannot be merged; write "
            "backing: anonymous, or merging: off",
        ),
        (
            "process",
            "{extends: container-docker, boundaries: {container: {ram: {balloon: on}}}}",
            "platforms.container-docker.boundaries.container.ram: ram belongs to a kernel, and this"
            " boundary shares the one around; write kernel: own, or take ram out",
        ),
        (
            "process",
            "{name: m, web: {extends: container-docker, boundaries: {container: {swap: 1 GiB}}}}",
            "4:87: platforms.m.mix.web.boundaries.container.swap: swap belongs to a kernel",
        ),
    ],
)
def test_a_fault_is_told_at_its_place_with_a_remedy(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    assert old in SMALL
    faults = faults_in(tmp_path, SMALL.replace(old, new, 1))

    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("{kind: host-loss}", "faults.0: no times stand here; write one of at, every, poisson"),
        ("{at: 1 s, every: 1 s, kind: host-loss}", "faults.0: 2 times stand here; write one of"),
        ("{at: 1 s}", "'kind' is missing; add kind: instance-crash or guest-kernel-panic or"),
        ("{at: 1 s, kind: host-los}", "8:26: faults.0.kind: 'host-los' does not fit here; did you"),
        (
            "{at: 2 min, kind: host-loss}",
            "8:15: faults.0.at: 2 min is after the horizon; write 1 min or less, or a longer horiz",
        ),
        (
            "{every: 1 us, kind: host-loss}",
            "8:18: faults.0.every: it breaks about 60,000,000 times within 1 min; 10,000 are the",
        ),
        ("{poisson: 2000 / s, kind: host-loss}", "faults.0.poisson: it breaks about 120,000 times"),
        (
            "{at: 1 s, kind: host-loss, host: 1}",
            "8:43: faults.0.host: there is no host 1: hosts is 1, and the first is 0; write 0 or l",
        ),
        (
            "{at: 1 s, kind: host-loss, instance: web/0}",
            "8:10: faults.0: host-loss has no instance; write host: …, or leave it open",
        ),
        ("{at: 1 s, kind: instance-crash, host: 0}", "instance-crash has no host; write instance:"),
        (
            "{at: 1 s, kind: instance-crash, instance: web}",
            "8:52: faults.0.instance: 'web' is not an instance; write GROUP/NUMBER, as in web/0",
        ),
        ("{at: 1 s, kind: instance-crash, instance: wbe/0}", "'wbe' is no group; did you mean 'we"),
        (
            "{at: 1 s, kind: instance-crash, instance: web/2}",
            "there is no web/2: count is 2, and the first is web/0; write web/1 or less, or a",
        ),
    ],
)
def test_a_fault_that_cannot_strike_is_told(fault: str, told: str, tmp_path: Path) -> None:
    (said,) = faults_in(tmp_path, f"{SMALL}faults: [{fault}]\n")

    assert told in said


def test_a_fault_may_strike_whoever_there_is_until_the_horizon(tmp_path: Path) -> None:
    strikes = "{at: 1 min, kind: instance-crash, instance: web/1}, {at: 0 s, kind: host-loss}"
    faults = _scenario(tmp_path, f"{SMALL}faults: [{strikes}]\n").faults

    assert [(fault.at, fault.instance, fault.host) for fault in faults] == [
        (60.0, "web/1", None),
        (0.0, None, None),
    ]


def test_a_wrong_group_hides_no_fault_of_another(tmp_path: Path) -> None:
    text = SMALL.replace("count: 2", "count: many") + "  cache: {workload: redis, count: 1}\n"
    strikes = "{at: 1 s, kind: instance-crash, instance: cache/1}"
    unsure = "{at: 1 s, kind: instance-crash, instance: web/9}"
    said = faults_in(tmp_path, f"{text}faults: [{strikes}, {unsure}]\n")

    assert [fault.split(": ")[1] for fault in said] == ["groups.web.count", "faults.0.instance"]


def test_a_load_is_for_those_who_say_what_a_request_takes(tmp_path: Path) -> None:
    (said,) = faults_in(tmp_path, MUTE.replace("2}", "2, load: {rate: 1 / s}}"))

    assert said.startswith("7:69: groups.web.load: web-node does not say what a request takes; ")
    assert "write serve: {compute: …} in the workload" in said


def test_those_of_the_catalog_who_serve_are_named(tmp_path: Path) -> None:
    tree = stated(_scenario(tmp_path, MUTE))
    tree["groups"]["web"]["load"] = {"rate": "1 / s"}  # type: ignore[index,call-overload]
    (told,) = loads_served(read_parts(tree), lambda: ["two", "one"])

    assert told.remedy.endswith("or choose of one, two")


def test_work_that_ends_by_itself_takes_no_load(tmp_path: Path) -> None:
    (said,) = faults_in(tmp_path, BRIEF.replace("2}", "2, load: {rate: 1 / s}}"))

    assert "groups.web.load: web-node ends by itself, once it has run, and takes no load;" in said
    assert said.endswith("take load out, or run out of the workload")
