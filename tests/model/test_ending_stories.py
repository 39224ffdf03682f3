"""Stories of main processes that end by themselves, are stopped, paused, started again, removed."""

from __future__ import annotations

import math

import pytest
from model.worlds import Run, Spec, container, group, machine, platform, run, scenario, workload

from sim.model.standing import standing

BARE = platform()
BOX = platform("c", c=container())
GUEST = platform("v", vm=machine(shutdown={"services": {"wait": "2 s", "compute": "1 core-s"}}))
STOP = {"at": "50 s", "do": "stop"}


def handled(takes: str, status: int = 0) -> Spec:
    """A workload whose main process handles SIGTERM."""
    return workload(main={"handler": {"takes": takes, "status": status}})


def story(on: Spec, of: Spec | None = None, *commands: Spec, **more: object) -> Run:
    """One instance of a workload, to which somebody does these things, for 100 s."""
    return run(scenario(on, groups={"web": group(1, of, commands=[*commands], **more)}))


def ends(told: Run) -> tuple[str, float, float]:
    """The state of the only instance, when it ended, and its exit status."""
    row = told.result.instances.iloc[0]
    return row["state"], row["exited_s"], row["exit_status"]


def happened(told: Run) -> list[tuple[float, str, str]]:
    """What was noted: when, what and why."""
    events = told.result.events
    return list(zip(events["time_s"], events["event"], events["detail"], strict=True))


def test_process_1_without_a_handler_takes_the_whole_grace_and_is_killed() -> None:
    """SIGTERM at 50 s is spared it; SIGKILL comes 10 s later, unless somebody says otherwise."""
    assert ends(story(BOX, None, STOP)) == ("exited", 60.0, 137)
    assert ends(story(BOX, None, STOP | {"grace": "3 s"})) == ("exited", 53.0, 137)
    assert ends(story(BOX, None, STOP | {"grace": "0 s"})) == ("exited", 50.0, 137)


def test_anybody_else_without_a_handler_ends_at_once() -> None:
    """A bare process, and one whose container has an init of its own."""
    assert ends(story(BARE, None, STOP)) == ("exited", 50.0, 143)
    init = platform("c", c=container(init="own"))
    assert ends(story(init, None, STOP)) == ("exited", 50.0, 143)


def test_who_is_process_1_is_read_off_the_walls() -> None:
    """Behind hardware an init is, in a container in a machine the main process; in gVisor too."""
    inside = platform("k", vm=machine(), c=container())
    sandbox = platform("s", s=machine(wall="system-call"))
    only_program = platform("u", vm=machine(init="main"))
    statuses = [ends(story(on, None, STOP))[2] for on in (GUEST, inside, sandbox, only_program)]
    assert statuses == [143, 137, 137, 137]


@pytest.mark.parametrize("on", [BARE, BOX], ids=["bare", "container"])
def test_a_handler_takes_its_time_and_leaves_its_own_status(on: Spec) -> None:
    assert ends(story(on, handled("4 s"), STOP)) == ("exited", 54.0, 0)
    assert ends(story(on, handled("4 s", 7), STOP)) == ("exited", 54.0, 7)


def test_a_handler_that_takes_longer_than_the_grace_is_cut_short() -> None:
    assert ends(story(BOX, handled("40 s"), STOP)) == ("exited", 60.0, 137)
    assert ends(story(BOX, handled("10 s", 3), STOP)) == ("exited", 60.0, 3)


def test_a_guest_shuts_down_after_its_main_process() -> None:
    """At once with 143, then 2 s of waiting and 1 core-s on its one core."""
    told = story(GUEST, None, STOP)
    assert ends(told) == ("exited", 53.0, 143)
    assert told.metrics["memory_gross_bytes"] == 0
    assert told.metrics["cpu_gross_core_s"] == pytest.approx(1.0)


def test_a_shutdown_that_outlasts_the_grace_is_cut_short_by_pulling_the_plug() -> None:
    """2.5 s after the request: half of the core-second is done by then."""
    told = story(GUEST, None, STOP | {"grace": "2500 ms"})
    assert ends(told) == ("exited", 52.5, 137)
    assert told.metrics["cpu_gross_core_s"] == pytest.approx(0.5)


def test_a_machine_that_others_share_goes_on_when_one_in_it_is_stopped() -> None:
    shared = platform("v", vm=machine(scope=2, shutdown={"services": {"wait": "2 s"}}))
    groups = {"web": group(2, commands=[STOP | {"instance": 0}])}
    told = run(scenario(shared, groups=groups))
    assert told.result.instances["state"].tolist() == ["exited", "ready"]
    assert told.result.instances["exited_s"].tolist()[0] == 50.0


def test_what_is_taken_down_after_a_stop_takes_its_time() -> None:
    box = platform("c", c=container(remove={"network": {"wait": "500 ms"}}))
    assert ends(story(box, None, STOP)) == ("exited", 60.5, 137)
    assert ends(story(box, None, {"at": "50 s", "do": "kill"})) == ("exited", 50.5, 137)


def test_what_is_stopped_is_not_restarted_whatever_its_policy() -> None:
    for policy in ("always", "unless-stopped", "on-failure"):
        told = story(BOX, None, STOP, restart=policy)
        assert ends(told) == ("exited", 60.0, 137)
        assert told.metrics["restarts"] == 0
        assert "downtime_s" not in told.metrics


def test_a_host_that_reboots_starts_what_is_always_to_run_and_not_what_was_stopped() -> None:
    """A panic at 70 s, a reboot of 5 s: with `unless-stopped` it stays stopped."""
    for policy, state in (("always", "ready"), ("unless-stopped", "exited"), ("no", "exited")):
        told = run(
            scenario(
                BOX,
                host={"reboot": "5 s"},
                groups={"web": group(1, restart=policy, commands=[STOP])},
                faults=[{"at": "70 s", "kind": "host-kernel-panic", "host": 0}],
            )
        )
        assert told.result.instances["state"].tolist() == [state]


def test_a_main_process_ends_by_itself_after_its_time_with_its_status() -> None:
    assert ends(story(BARE, workload(main={"after": "20 s", "status": 3}))) == ("exited", 20, 3)
    worked = workload(run="5 core-s", main={"status": 4})
    assert ends(story(BARE, worked)) == ("exited", 5.0, 4)


def test_on_failure_restarts_what_ends_with_another_status_than_0() -> None:
    """3 s each and 0.1, 0.2, 0.4 s of waiting: it has ended at 3, 6.1, 9.3 and 12.7 s."""
    fails = workload(main={"after": "3 s", "status": 1})
    told = story(BARE, fails, restart="on-failure:3")
    assert ends(told) == ("exited", pytest.approx(12.7), 1)
    assert told.metrics["restarts"] == 3
    assert story(BARE, fails, restart="on-failure").metrics["restarts"] > 3
    fine = workload(main={"after": "3 s"})
    assert story(BARE, fine, restart="on-failure").metrics["restarts"] == 0


def test_a_prompt_without_a_terminal_ends_at_once_and_stays_with_one() -> None:
    """After its start of 1 core-s; it was never ready."""
    prompt = workload("1 core-s", private="5 MB", main={"interactive": "on"})
    alone = story(BOX, prompt)
    assert ends(alone) == ("exited", 1.0, 0)
    assert alone.metrics["instances_ready"] == 0
    at_it = story(BOX, prompt, terminal="on")
    assert at_it.result.instances["state"].tolist() == ["ready"]
    assert story(BOX, prompt, restart="always").metrics["restarts"] > 5


def test_a_pause_keeps_work_off_the_processor_and_loses_none_of_it() -> None:
    """20 core-s, paused from 10 to 40 s: done at 50 s, with status 0."""
    commands = ({"at": "10 s", "do": "pause"}, {"at": "40 s", "do": "unpause"})
    told = story(BOX, workload(run="20 core-s"), *commands)
    assert ends(told) == ("exited", 50.0, 0)
    assert told.metrics["cpu_gross_core_s"] == pytest.approx(20)


def test_who_is_paused_leaves_the_processor_to_others() -> None:
    """Two share a core from 0 s; one is paused from 10 to 20 s: then both have 15 of 30 core-s."""
    groups = {
        "a": group(1, workload(run="30 core-s"), commands=[{"at": "10 s", "do": "pause"}]),
        "b": group(1, workload(run="15 core-s")),
    }
    told = run(scenario(BARE, groups=groups))
    assert told.result.instances["exited_s"].tolist()[1] == pytest.approx(20.0)
    assert told.result.instances["state"].tolist() == ["paused", "exited"]


def test_a_service_that_is_paused_uses_nothing() -> None:
    steady = workload(steady={"cpu": "0.5 cores", "write": "1 MB/s"})
    commands = ({"at": "20 s", "do": "pause"}, {"at": "60 s", "do": "unpause"})
    told = story(BOX, steady, *commands)
    assert told.metrics["cpu_net_core_s"] == pytest.approx(0.5 * 60)
    assert told.metrics["disk_written_bytes"] == pytest.approx(60e6, rel=1e-3)


def test_what_a_paused_process_waits_for_passes_and_is_taken_up_later() -> None:
    """It is to end after 20 s, at which it is paused: it ends once it goes on."""
    commands = ({"at": "10 s", "do": "pause"}, {"at": "40 s", "do": "unpause"})
    assert ends(story(BOX, workload(main={"after": "20 s"}), *commands)) == ("exited", 40.0, 0)
    commands = ({"at": "5 s", "do": "pause"}, {"at": "15 s", "do": "unpause"})
    assert ends(story(BOX, workload(main={"after": "20 s"}), *commands)) == ("exited", 20.0, 0)


def test_a_stop_lets_a_paused_process_handle_its_signal() -> None:
    told = story(BOX, handled("1 s"), {"at": "40 s", "do": "pause"}, STOP)
    assert ends(told) == ("exited", 51.0, 0)


def test_what_was_stopped_starts_again_as_if_for_the_first_time() -> None:
    """A start of 2 s, a stop from 50 to 60 s, a start at 70 s: ready again at 72 s."""
    told = story(BOX, workload("2 core-s", private="9 MB"), STOP, {"at": "70 s", "do": "start"})
    assert happened(told) == [
        (2.0, "ready", ""),
        (50.0, "stop", ""),
        (60.0, "exited", "with status 137"),
        (70.0, "start", ""),
        (72.0, "ready", ""),
    ]
    assert told.metrics["memory_gross_bytes"] == 9_000_000
    assert told.metrics["instances_started"] == 1


def test_commands_that_cannot_be_done_say_why_and_change_nothing() -> None:
    """A container that is made until 20 s is neither stopped nor paused before."""
    box = platform("c", c=container(create={"unpack": {"wait": "20 s"}}))
    commands = [
        {"at": "1 s", "do": "stop"},
        {"at": "2 s", "do": "pause"},
        {"at": "3 s", "do": "unpause"},
        {"at": "30 s", "do": "start"},
        {"at": "40 s", "do": "pause"},
        {"at": "41 s", "do": "pause"},
    ]
    told = story(box, None, *commands)
    assert [(event, detail) for _, event, detail in happened(told)] == [
        ("stop", "its main process did not run"),
        ("pause", "its main process did not run"),
        ("unpause", "it was not paused"),
        ("ready", ""),
        ("start", "it had not ended"),
        ("pause", ""),
        ("pause", "it was paused already"),
    ]


def test_a_stop_while_it_waits_for_its_restart_keeps_it_down() -> None:
    """It ends at 5 s and would begin again at 25 s; its status stays."""
    fails = workload(main={"after": "5 s", "status": 9})
    back_off = {"first": "20 s"}
    told = story(BARE, fails, {"at": "10 s", "do": "stop"}, restart="always", back_off=back_off)
    state, _, status = ends(told)
    assert (state, status, told.metrics["restarts"]) == ("exited", 9, 0)


def test_what_is_removed_is_killed_and_gone() -> None:
    told = story(BOX, None, {"at": "50 s", "do": "remove"}, {"at": "60 s", "do": "start"})
    assert ends(told) == ("exited", 50.0, 137)
    assert [event for _, event, _ in happened(told)] == ["ready", "remove", "exited"]


def test_a_crash_leaves_139_and_a_kill_for_memory_137() -> None:
    crash = {"at": "50 s", "kind": "instance-crash", "instance": "web/0"}
    told = run(scenario(BOX, faults=[crash]))
    assert told.result.instances["exit_status"].tolist() == [139]
    told = run(scenario(BOX, groups={"web": group(2, workload(private="600 MB"))}))
    instances = told.result.instances
    assert instances[instances["state"] == "oom-killed"]["exit_status"].tolist() == [137]


def test_a_port_that_is_taken_leaves_the_second_created_and_is_not_tried_again() -> None:
    """Its container is made, which takes 1 s, and not started; a bare process ends with 1."""
    port = {"create": {"wait": "1 s"}}
    groups = {"web": group(2, publish=["8080:80"], arrive={"every": "10 s"}, restart="always")}
    told = run(scenario(platform("c", c=container(port=port)), groups=groups))
    second = told.result.instances.iloc[1]
    assert (second["state"], second["standing"], second["host"]) == ("failed", "created", 0)
    assert second["reason"] == "port 8080 of the host is already allocated to web/0"
    assert second["exited_s"] == pytest.approx(11.0)
    assert math.isnan(second["exit_status"])
    assert told.metrics["restarts"] == 0
    bare = run(scenario(BARE, groups={"web": group(2, publish=["8080:80"])}))
    assert bare.result.instances["exit_status"].tolist()[1] == 1
    assert bare.result.instances["standing"].tolist() == ["running", "exited"]


def test_a_port_is_free_again_once_its_owner_has_been_stopped() -> None:
    groups = {
        "a": group(1, publish=["80:80"], commands=[STOP]),
        "b": group(1, publish=["80:80"], arrive={"at": "61 s"}),
    }
    told = run(scenario(BOX, groups=groups))
    assert told.result.instances["state"].tolist() == ["exited", "ready"]


def test_nobody_comes_through_to_who_publishes_nothing() -> None:
    """Only where a wall has a network of its own; and not from the host itself."""
    serves = workload(serve={"compute": "1 core-ms"}, steady={"cpu": "0.5 cores"})
    walled = platform("c", c=container(port={"footprint": "1 MB"}))
    lost = {}
    for name, on, publish, clients_on in (
        ("exposed", walled, [], "network"),
        ("published", walled, [80], "network"),
        ("from the host", walled, [], "host"),
        ("nobody said", walled, None, "network"),
        ("no network of its own", BOX, [], "network"),
        ("guest", platform("v", vm=machine()), [], "network"),
    ):
        load = {"rate": "10 / s", "clients_on": clients_on}
        asked = group(1, serves, load=load, **({} if publish is None else {"publish": publish}))
        told = run(scenario(on, groups={"web": asked}))
        lost[name] = told.metrics["requests_lost"]
        if name == "exposed":
            assert told.metrics["throughput_per_s"] == 0
            assert told.metrics["cpu_gross_core_s"] == 0
    assert lost == {
        "exposed": pytest.approx(1000),
        **dict.fromkeys(
            ("published", "from the host", "nobody said", "no network of its own", "guest"), 0
        ),
    }


def test_the_seven_states_are_what_an_engine_calls_them() -> None:
    """Looked at in the middle of each."""
    slow = platform("c", c=container(create={"unpack": {"wait": "10 s"}}, remove={
        "network": {"wait": "10 s"}}))  # fmt: skip
    fails = workload(main={"after": "5 s", "status": 1})
    groups = {
        "a": group(1, commands=[{"at": "30 s", "do": "pause"}, {"at": "60 s", "do": "remove"}]),
        "b": group(1, fails, restart="always", back_off={"first": "20 s"}),
        "c": group(1, workload(main={"handler": {}}), commands=[{"at": "40 s", "do": "stop"}]),
    }
    seen = {}
    for time in (5, 20, 35, 65, 72):
        fleet = run(scenario(slow, groups=groups, horizon=f"{time} s")).fleet
        seen[time] = [standing(instance) for instance in fleet.instances]
    assert seen == {
        5: ["created", "created", "created"],
        20: ["running", "restarting", "running"],
        35: ["paused", "restarting", "running"],
        65: ["removing", "restarting", "exited"],
        72: ["exited", "restarting", "exited"],
    }


def test_nobody_can_end_what_was_on_a_host_that_is_lost() -> None:
    faults = [{"at": "50 s", "kind": "host-loss", "host": 0}]
    told = run(scenario(BOX, faults=faults))
    assert told.result.instances["standing"].tolist() == ["dead"]
