"""What the catalog's numbers give by hand, against the measurements that they were fitted to."""

import heapq
import random

import pytest

from sim.catalog.models import model_of
from sim.spec.crossing import NetworkCrossing
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.platform import Boundary, Holding, Platform
from sim.spec.workload import Serving, Workload

GIB = 2.0**30
MB = 1e6


def host(name: str) -> Host:
    found = model_of("hosts", name)
    assert isinstance(found, Host)
    return found


def boundary(platform: str, name: str) -> Boundary:
    found = model_of("platforms", platform)
    assert isinstance(found, Platform)
    return found.boundaries[name]


def serving(workload: str) -> Serving:
    found = model_of("workloads", workload)
    assert isinstance(found, Workload) and found.serve is not None
    return found.serve


# Equal pages


def alike(holding: Holding, memory: float) -> float:
    """What of a holding is equal in all guests with so much memory, below the threshold."""
    assert memory <= holding.threshold.value or not holding.above.value
    return holding.alike.value * private(holding, memory)


def private(holding: Holding, memory: float) -> float:
    return holding.private.value + holding.per_memory.value * memory


def files_of_boot(guest: Boundary) -> float:
    """File contents that a boot leaves in the guest's page cache, equal in all of them."""
    return sum(phase.read.value for phase in guest.boot.values())


def test_ten_equal_guests_with_a_database_save_what_a_wiki_measured() -> None:
    guest = boundary("vm-qemu-ksm", "vm")
    mysql = model_of("workloads", "mysql")
    assert isinstance(mysql, Workload) and guest.ram.merging == "on"

    memory = mysql.memory
    each = (
        files_of_boot(guest)
        + max(memory.mapped.value, mysql.start.read.value)
        + sum(alike(holding, GIB) for holding in guest.interior.values())
        + memory.alike.value * memory.private.value
    )

    assert each == pytest.approx(277 * MB, rel=0.01)
    assert (10 - 1) * each == pytest.approx(2500 * MB, rel=0.15)


def test_twenty_small_guests_shrink_as_those_of_kata_did() -> None:
    guest, memory = boundary("microvm-firecracker", "vm"), GIB / 2
    files = files_of_boot(guest)
    equal = files + sum(alike(holding, memory) for holding in guest.interior.values())
    share = equal / (files + sum(private(holding, memory) for holding in guest.interior.values()))
    vmm = boundary("vm-qemu", "vm").footprint["vmm"].private.value

    before = 135 * MB  # Kata has the same QEMU around a small guest; only the guest is merged
    after = before - (20 - 1) / 20 * share * (before - vmm)

    assert share == pytest.approx(0.86, abs=0.01)
    assert after == pytest.approx(48 * MB, rel=0.15)


# Requests in a closed loop


def throughput(clients: int, delay: float, wake: float, work: float) -> float:
    """Requests a second of one thread that wakes for all who wait, then answers them in turn."""
    draw, done, now = random.Random(1), 0, 0.0
    coming = [draw.expovariate(1 / delay) for _ in range(clients)]
    heapq.heapify(coming)
    while done < 20_000:
        now = max(now, coming[0])
        waiting = sum(time <= now for time in coming)
        for _ in range(waiting):
            heapq.heappop(coming)
        now += wake
        for _ in range(waiting):
            now += draw.expovariate(1 / work)
            heapq.heappush(coming, now + draw.expovariate(1 / delay))
        done += waiting
    return done / now


def native(workload: str) -> float:
    """Core-seconds of a request on the reference core, its packets included."""
    serve = serving(workload)
    return serve.compute.value + serve.packets.value * serve.per_packet.value


def redis(clients: int, crossing: NetworkCrossing, factor: float) -> float:
    """GETs a second on the host of these rows, where network and client take 52 us."""
    serve, here = serving("redis"), host("x3650-16c-256g")
    latency, overlap = crossing.latency.value, crossing.overlap.value
    work = native("redis") * factor + serve.packets.value * crossing.compute.value
    away = here.clients.round_trip.value + serve.client.value
    wake = (1 - overlap) * latency
    return throughput(clients, away + overlap * latency, wake, work / here.speed.value)


@pytest.mark.parametrize(
    ("platform", "inside", "measured"),
    [
        ("container-docker-host-net", "container", [16_003, 111_705, 116_057]),
        ("container-docker", "container", [12_767, 73_947, 83_317]),
        ("vm-qemu", "vm", [9_390, 56_887, 98_702]),
    ],
)
def test_redis_answers_as_many_as_were_measured_on_each_path(
    platform: str, inside: str, measured: list[int]
) -> None:
    crossings = boundary(platform, inside).crossings
    factor = crossings.cpu["compute"].value

    found = [redis(clients, crossings.network, factor) for clients in (1, 10, 120)]

    assert found == pytest.approx(measured, rel=0.04)


def test_nat_leads_a_guest_with_few_clients_and_the_guest_leads_with_many() -> None:
    nat = boundary("container-docker", "container").crossings
    guest = boundary("vm-qemu", "vm").crossings

    def lead(clients: int) -> float:
        return redis(clients, nat.network, nat.cpu["compute"].value) / redis(
            clients, guest.network, guest.cpu["compute"].value
        )

    assert lead(1) > 1.2 and lead(10) > 1.2 and lead(120) < 0.9


def test_local_traffic_to_a_published_port_goes_at_less_than_half() -> None:
    container, serve = boundary("container-docker", "container"), serving("redis")
    assert container.port is not None
    packets = serve.packets.value
    in_line = native("redis") + packets * container.crossings.network.compute.value
    proxy = packets * container.port.local.aside.value

    ratio = native("redis") / max(in_line, proxy)

    assert ratio == pytest.approx(117_744 / 264_270, rel=0.01)


def test_pages_of_nginx_fill_a_core_as_measured() -> None:
    assert 1.5 / native("nginx") == pytest.approx(175_556, rel=0.02)


def test_sixteen_gets_in_a_packet_fill_a_core_as_measured() -> None:
    serve = serving("redis")
    assert 1.5 / (serve.compute.value + serve.per_packet.value / 8) == pytest.approx(
        2_439_000, rel=0.01
    )


def test_the_image_of_nginx_has_the_size_that_is_pulled_and_unpacked() -> None:
    image = model_of("images", "nginx")
    assert isinstance(image, Image)
    layers = image.layers.values()
    assert sum(layer.compressed.value for layer in layers) == pytest.approx(68_507_108, rel=0.001)
    assert sum(layer.unpacked.value for layer in layers) == pytest.approx(192_385_289, rel=0.001)
