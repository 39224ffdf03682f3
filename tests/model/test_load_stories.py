"""Stories of requests and of courses: how many are answered, how many lost, and what they ask for.

A request takes 10 core-ms, always the same, on one thread, and nothing else.
"""

import pytest
from model.worlds import (
    MB,
    Run,
    Spec,
    container,
    group,
    image,
    layer,
    machine,
    platform,
    run,
    scenario,
    workload,
)


def server(**serve: object) -> Spec:
    """A workload that answers."""
    answers = {"compute": "10 core-ms", "variation": 0, "packets": 0, "order": "in-turn"}
    return workload(serve=answers | serve)


def loaded(load: Spec, of: Spec | None = None, on: Spec | None = None, **more: object) -> Run:
    """One server under a load on a host of one core, for 100 s."""
    limits: Spec = more.pop("limits", {})  # type: ignore[assignment]
    policy = {key: more.pop(key) for key in ("restart", "back_off") if key in more}
    web = group(1, of or server(), load=load, limits=limits, **policy)
    return run(scenario(on, groups={"web": web}, **more))


def total(story: Run, column: str) -> float:
    return float(story.result.requests[column].sum())


# Closed


def test_one_client_sends_as_often_as_its_pause_and_the_answer_allow() -> None:
    """90 ms of thought and 10 of work: ten a second. What it waits for is the 10 ms."""
    story = loaded({"clients": 1, "think": "90 ms"})
    assert total(story, "done_fluid") == pytest.approx(1000)
    assert story.metrics["requests_done"] == pytest.approx(1000, rel=0.1)
    assert story.metrics["request_p99_s"] == pytest.approx(0.010)
    assert story.metrics["cpu_net_core_s"] == pytest.approx(10, rel=0.01)


def test_a_round_trip_is_part_of_what_a_client_waits_for() -> None:
    """40 ms of thought, 50 ms on the way, 10 of work: as often, and 60 ms for each."""
    story = loaded({"clients": 1, "think": "40 ms", "round_trip": "50 ms"}, server(packets=2))
    assert total(story, "done_fluid") == pytest.approx(1000)
    assert story.metrics["request_mean_s"] == pytest.approx(0.060, rel=0.1)


def test_a_request_of_many_packets_goes_there_and_back_as_often() -> None:
    """Five exchanges of 10 ms each way, 2 ms of a boundary, and 10 of work: 70 ms."""
    wall = platform("u", u=machine(crossings={"network": {"latency": "2 ms"}}))
    story = loaded({"clients": 1, "round_trip": "10 ms"}, server(packets=10), wall)
    assert story.metrics["request_mean_s"] == pytest.approx(0.070, rel=0.05)


def test_where_a_load_does_not_say_it_host_and_workload_tell_the_time_of_an_exchange() -> None:
    """30 ms between host and clients, and 20 of the client's own, besides 10 of work."""
    away: Spec = {"clients": {"round_trip": "30 ms"}}
    story = loaded({"clients": 1}, server(packets=2, client="20 ms"), host=away)
    assert story.metrics["request_mean_s"] == pytest.approx(0.060, rel=0.1)


def test_threads_that_are_woken_cost_cpu_where_there_are_other_cores() -> None:
    """10 ms of work and two exchanges: on two cores half of 4 ms more each, on one none."""
    network = {"wake": "4 core-ms", "latency": "1 ms", "overlap": 0}
    for cores, cost in ((1, 0.010), (2, 0.014)):
        wall = platform("u", u=machine(cpu=f"{cores} cores", crossings={"network": network}))
        each = server(packets=4, order="by-core", threads=8)
        story = loaded({"rate": "10 / s"}, each, wall, host={"cores": "2 cores"})
        assert story.metrics["request_cost_core_s"] == pytest.approx(cost)


def test_system_calls_may_cost_more_inside_or_less() -> None:
    """10 ms of work and three calls in each of two exchanges: 1 ms more each, or 1 ms less."""
    for what, cost in (("compute", 0.016), ("spared", 0.004)):
        wall = platform("u", u=machine(crossings={"call": {what: "1 core-ms"}}))
        story = loaded({"rate": "10 / s"}, server(packets=4, calls=3), wall)
        assert story.metrics["request_cost_core_s"] == pytest.approx(cost)


def test_a_large_read_alone_takes_longer_than_one_among_many() -> None:
    """2 ms for a page, 1 MB at 50 MB/s: 22 ms alone, though the disk moves 100 MB/s."""
    disk = {"operations": "10000 operations/s", "bandwidth": "100 MB/s", "latency": "2 ms"}
    reader = server(compute="1 core-us", read="1 MB", data="9 GB")
    host: Spec = {"memory": "20 MB", "disk": {**disk, "single": "50 MB/s"}}
    story = loaded({"clients": 1}, reader, host=host)
    assert story.metrics["request_mean_s"] == pytest.approx(0.022, rel=0.05)


def test_a_reply_takes_its_time_on_the_link_and_none_within_the_host() -> None:
    """500 kB at 10 MB/s are 50 ms, besides the 10 of work."""
    means = [
        loaded({"clients": 1, "think": "40 ms", "clients_on": where}, server(reply="500 kB"))
        .metrics["request_mean_s"]
        for where in ("network", "host")
    ]
    assert means == pytest.approx([0.060, 0.010], rel=1e-6)


def test_many_clients_are_answered_as_fast_as_the_core_allows() -> None:
    """Twenty would send 200 a second; 100 are answered, and nobody is lost."""
    story = loaded({"clients": 20, "think": "90 ms"})
    assert story.metrics["throughput_per_s"] == pytest.approx(100, rel=0.01)
    assert story.metrics["requests_lost"] == 0
    assert story.metrics["cpu_net_core_s"] == pytest.approx(100, rel=0.01)


def test_clients_of_one_who_is_down_wait_and_lose_nothing() -> None:
    crash = {"at": "40 s", "kind": "instance-crash", "instance": "web/0"}
    again: Spec = {"restart": "always", "back_off": {"first": "10 s"}}
    story = loaded({"clients": 1, "think": "90 ms"}, faults=[crash], **again)
    assert total(story, "done_fluid") == pytest.approx(900)
    assert story.metrics["requests_lost"] == 0


# Open


def test_a_stream_that_can_be_answered_is_answered() -> None:
    """50 a second are half of the core; by M/D/1 each takes 10 ms and waits 5."""
    story = loaded({"rate": "50 / s"})
    assert total(story, "offered") == pytest.approx(5000)
    assert story.metrics["requests_done"] == pytest.approx(5000, abs=250)
    assert story.metrics["cpu_net_core_s"] == pytest.approx(50)
    assert story.metrics["request_mean_s"] == pytest.approx(0.015, rel=0.05)


@pytest.mark.parametrize(
    ("on", "limits", "most"),
    [
        (None, {}, 100),
        (platform("c", c=container()), {"cpu": 0.5}, 50),
        (platform("v", vm=machine(cpu="0.2 cores")), {}, 20),
    ],
)
def test_one_that_is_too_much_is_answered_as_far_as_it_can_be_and_the_rest_is_lost(
    on: Spec | None, limits: Spec, most: int
) -> None:
    """200 a second; a core answers 100. At most 50 are inside, and what comes then is lost."""
    story = loaded({"rate": "200 / s"}, server(queue=50), on, limits=limits)
    assert story.metrics["throughput_per_s"] == pytest.approx(most, rel=0.02)
    assert story.metrics["requests_lost"] == pytest.approx((200 - most) * 100, rel=0.03)
    assert story.metrics["cpu_net_core_s"] == pytest.approx(most, rel=0.01)


def test_one_that_is_absurd_does_not_hang() -> None:
    story = loaded({"rate": "10000000 / s"}, server(queue=10))
    assert story.metrics["throughput_per_s"] == pytest.approx(100, rel=0.02)
    assert total(story, "offered") == pytest.approx(1e9)
    assert story.metrics["requests_lost"] == pytest.approx(1e9, rel=0.01)


@pytest.mark.parametrize(("start", "restart", "lost"), [(0, "always", 500), (5, "always", 750)])
def test_what_is_sent_while_nobody_answers_is_lost(start: int, restart: str, lost: int) -> None:
    """50 a second, and 10 s until the restart, to which the start comes."""
    crash = {"at": "40 s", "kind": "instance-crash", "instance": "web/0"}
    of = server() | {"start": {"compute": f"{start} core-s"}}
    story = loaded(
        {"rate": "50 / s"}, of, restart=restart, back_off={"first": "10 s"}, faults=[crash]
    )
    assert story.result.instances["downtime_s"][0] == pytest.approx(10 + start)
    assert story.metrics["requests_lost"] == pytest.approx(lost)
    assert total(story, "offered") == pytest.approx(50 * (100 - start))


def test_what_is_sent_after_the_last_life_is_lost() -> None:
    crash = {"at": "40 s", "kind": "instance-crash", "instance": "web/0"}
    story = loaded({"rate": "50 / s"}, faults=[crash])
    assert story.metrics["requests_lost"] == pytest.approx(50 * 60)
    assert story.metrics["requests_done"] == pytest.approx(50 * 40, abs=150)


def test_a_neighbour_leaves_less_and_answers_take_longer() -> None:
    """0.6 of the core to another of the same weight: 0.4 are left, which is 40 a second of 50."""
    quiet = loaded({"rate": "30 / s"})
    web = group(1, server(), load={"rate": "30 / s"})
    noise = group(1, workload(steady={"cpu": "0.6 cores"}))
    noisy = run(scenario(groups={"web": web, "noise": noise}))
    assert noisy.metrics["requests_done"] == pytest.approx(3000, abs=200)
    assert noisy.metrics["request_mean_s"] > 1.5 * quiet.metrics["request_mean_s"]
    assert noisy.metrics["cpu_gross_core_s"] == pytest.approx(90, rel=0.01)


def test_each_platform_gets_the_same_requests() -> None:
    """The n-th gap is that of the n-th request, whatever serves it."""
    one = loaded({"rate": "50 / s"})
    other = loaded({"rate": "50 / s"}, on=platform("v", vm=machine(cpu="1 cores")))
    assert one.result.requests["done"].tolist() == other.result.requests["done"].tolist()


# Courses


def test_a_load_follows_its_course() -> None:
    """10 a second for 50 s and 60 from then on: 500 + 3000, at 10 core-ms each."""
    story = loaded({"trace": {"times_s": [0, 50], "values": [10, 60]}})
    assert total(story, "offered") == pytest.approx(3500)
    assert story.metrics["cpu_net_core_s"] == pytest.approx(35)
    requests = story.result.requests
    early = requests[requests["start_s"] < 50]["done"].sum()
    assert early == pytest.approx(500, abs=75)
    assert requests["done"].sum() - early == pytest.approx(3000, abs=170)


def test_a_course_may_change_within_a_window_and_come_to_rest() -> None:
    """Windows are of 1 s: 100 a second for 0.25 s, nothing for 50, then 40 a second."""
    story = loaded({"trace": {"times_s": [0, 0.25, 50.25], "values": [100, 0, 40]}})
    assert total(story, "offered") == pytest.approx(25 + 40 * 49.75)
    assert story.metrics["cpu_net_core_s"] == pytest.approx(0.25 + 0.4 * 49.75)


def test_work_follows_its_course_and_may_rest() -> None:
    """0.2 of a core for 30 s, none for 30, 0.8 for 40: 6 + 0 + 32 core-s."""
    course = {"times_s": [0, 30, 60], "values": [0.2, 0, 0.8]}
    for on in (None, platform("v", vm=machine())):
        story = run(scenario(on, groups={"web": group(1, cpu=course)}))
        assert story.metrics["cpu_net_core_s"] == pytest.approx(38)
        assert story.metrics["cpu_gross_core_s"] == pytest.approx(38)


def test_a_course_begins_where_the_time_is_and_not_with_the_life() -> None:
    """It comes at 40 s, within the rest; a restart at 70 s goes on at 0.8."""
    course = {"times_s": [0, 30, 60], "values": [0.2, 0, 0.8]}
    of = group(1, cpu=course, arrive={"at": "40 s"}, restart="always")
    crash = {"at": "70 s", "kind": "instance-crash", "instance": "web/0"}
    story = run(scenario(groups={"web": of}, faults=[crash]))
    assert story.metrics["cpu_net_core_s"] == pytest.approx(0.8 * 39.9)


# Data


def reading(rate: str = "10 / s") -> Run:
    """Requests that read 1 MB each, 10 ms of the disk, of a data set of 100 MB."""
    return loaded({"rate": rate}, server(read="1 MB", data="100 MB"), page_cache="cold")


def test_a_data_set_is_read_once_and_then_comes_from_the_cache() -> None:
    """By 10 MB a second at first, and less as less is missing: exp(-t / 10 s) of it."""
    story = reading()
    assert story.metrics["disk_read_bytes"] == pytest.approx(100 * MB, rel=0.01)
    assert story.metrics["page_cache_bytes"] == pytest.approx(100 * MB, rel=0.01)
    fluid = story.result.requests["fluid_mean_s"]
    assert fluid[0] > 0.018
    assert fluid[99] < 0.0115


def test_the_requests_themselves_are_faster_once_the_cache_is_warm() -> None:
    mean = reading().result.requests["mean_s"]
    assert mean[:3].mean() > 0.018
    assert mean[60:].mean() < 0.012


def test_a_neighbour_that_reads_much_drives_the_data_out() -> None:
    """1 GB: 100 of data and 950 of a neighbour at 50 s. What went is read once more."""
    noisy = group(
        1,
        workload(read="950 MB", brings=image("big", files=layer("950 MB"))),
        arrive={"at": "50 s"},
    )
    web = group(1, server(read="1 MB", data="100 MB"), load={"rate": "10 / s"})
    story = run(scenario(groups={"web": web, "noisy": noisy}, page_cache="cold"))
    assert story.metrics["disk_read_bytes"] > (100 + 950 + 30) * MB
    fluid = story.result.requests["fluid_mean_s"]
    assert fluid[52] > 1.2 * fluid[48]
    assert fluid[99] < 0.0115


def test_who_writes_with_each_request_fills_the_disk_and_loads_it() -> None:
    """50 a second, 100 kB each: 5 MB/s for 100 s."""
    story = loaded({"rate": "50 / s"}, server(write="100 kB"))
    assert story.metrics["disk_written_bytes"] == pytest.approx(500 * MB, rel=0.01)
    assert story.held("disk")["net.data"] == pytest.approx(500 * MB, rel=0.01)


def test_what_a_queue_cannot_take_is_lost_however_few_requests_are_simulated() -> None:
    """200 a second for 100 s, of which a core answers 100; the queue takes the first 2000 more.

    A sample of 1 in 100 never fills it.
    """
    story = loaded({"rate": "200 / s"}, server(queue=2000), requests_in_detail=100)
    assert story.metrics["requests_lost"] == pytest.approx((200 - 100) * 100 - 2000, rel=0.02)


def test_the_data_of_a_service_lies_on_its_disk_as_its_own() -> None:
    story = loaded({"rate": "1 / s"}, server(read="1 kB", data="30 MB"))
    assert story.held("disk")["net.data"] == 30 * MB


def test_a_wall_may_spare_a_part_of_what_packets_take_but_never_all_of_the_work() -> None:
    """2 ms of work and 8 in two packets: half of these are 6 ms; without calls a tenth is left."""
    for crossings, seconds in (
        ({"network": {"spared": "50 %"}}, 0.006),
        ({"call": {"spared": "9 core-ms"}}, 0.001),
    ):
        wall = platform("u", u=machine(crossings=crossings))
        each = server(compute="2 core-ms", per_packet="4 core-ms", packets=2, calls=2)
        story = loaded({"rate": "10 / s"}, each, wall)
        assert story.metrics["request_cost_core_s"] == pytest.approx(seconds)
