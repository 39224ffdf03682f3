"""What `docker ps -a` prints, by its rules."""

import pytest

from sim.records.containers import Container
from sim.report.listing import human_duration, lines, listing, newest_first, ports, status

AT = 100.0


def container(**more: object) -> Container:
    """A container that has run since 98 s, made 2 s before."""
    given: dict[str, object] = {
        "id": "0123456789ab", "name": "clever_hopper", "instance": "web/0", "host": 0,
        "image": "nginx", "command": "nginx", "created_s": 96.0, "started_s": 98.0,
        "ended_s": None, "standing": "running", "exit_status": None, "published": (),
        "exposed": (),
    }  # fmt: skip
    return Container(**given | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "Less than a second"),
        (0.99, "Less than a second"),
        (1.9, "1 second"),
        (2, "2 seconds"),
        (59.9, "59 seconds"),
        (60, "About a minute"),
        (119, "About a minute"),
        (120, "2 minutes"),
        (3599, "59 minutes"),
        (3600, "About an hour"),
        (5399, "About an hour"),
        (5400, "2 hours"),
        (47.4 * 3600, "47 hours"),
        (48 * 3600, "2 days"),
        (14 * 86400, "2 weeks"),
        (60 * 86400, "2 months"),
        (2 * 365 * 86400, "2 years"),
    ],
)
def test_durations_are_as_the_engine_says_them(seconds: float, said: str) -> None:
    assert human_duration(seconds) == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Up 2 seconds"),
        ({"standing": "paused"}, "Up 2 seconds (Paused)"),
        ({"standing": "created", "started_s": None}, "Created"),
        ({"standing": "exited", "ended_s": 97.0, "exit_status": 137}, "Exited (137) 3 seconds ago"),
        ({"standing": "restarting", "ended_s": 98.0, "exit_status": 1},
         "Restarting (1) 2 seconds ago"),
        ({"standing": "removing"}, "Removal In Progress"),
        ({"standing": "dead"}, "Dead"),
    ],
)  # fmt: skip
def test_the_status_says_what_it_does_or_how_it_ended(more: dict[str, object], said: str) -> None:
    assert status(container(**more), AT) == said


@pytest.mark.parametrize(
    ("published", "exposed", "said"),
    [
        ((), (), ""),
        ((), (80,), "80/tcp"),
        (((8080, 80),), (), "0.0.0.0:8080->80/tcp"),
        (((3306, 3306),), (33060,), "0.0.0.0:3306->3306/tcp, 33060/tcp"),
        (((3307, 3306),), (33060,), "33060/tcp, 0.0.0.0:3307->3306/tcp"),
        (((80, 80), (81, 81), (83, 83)), (82,), "0.0.0.0:80-81->80-81/tcp, 82/tcp, "
         "0.0.0.0:83->83/tcp"),
        ((), (82, 80, 81, 90), "80-82/tcp, 90/tcp"),
        (((9001, 81), (9000, 80)), (), "0.0.0.0:9000->80/tcp, 0.0.0.0:9001->81/tcp"),
    ],
)  # fmt: skip
def test_ports_lead_where_they_are_published_and_nowhere_else(
    published: tuple[tuple[int, int], ...], exposed: tuple[int, ...], said: str
) -> None:
    assert ports(container(published=published, exposed=exposed)) == said


def test_the_listing_is_laid_out_as_the_engine_does() -> None:
    made = [
        container(name="a", command="docker-entrypoint.sh node", exposed=(80,)),
        container(name="bb", created_s=99.5, standing="created", started_s=None, command="sh"),
    ]
    assert lines(made, AT) == [
        "CONTAINER ID   IMAGE     COMMAND                  CREATED                  STATUS         "
        "PORTS     NAMES",
        '0123456789ab   nginx     "sh"                     Less than a second ago   Created        '
        "          bb",
        '0123456789ab   nginx     "docker-entrypoint.s…"   4 seconds ago            Up 2 seconds   '
        "80/tcp    a",
    ]


def test_nothing_is_listed_under_its_headings() -> None:
    assert lines([], AT) == [
        "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES"
    ]


def test_the_newest_comes_first_and_of_equals_the_last() -> None:
    made = [container(name=name, created_s=time) for name, time in (("a", 1), ("b", 1), ("c", 0))]
    assert [each.name for each in newest_first(made)] == ["b", "a", "c"]


def test_the_document_has_times_as_numbers_and_texts_as_printed() -> None:
    told = listing([container(published=((8080, 80),))], "story", "box", AT)
    assert (told["schema"], told["scenario"], told["platform"], told["at_s"]) == (
        1, "story", "box", AT,
    )  # fmt: skip
    assert told["containers"] == [
        {
            "id": "0123456789ab", "image": "nginx", "command": "nginx", "instance": "web/0",
            "host": 0, "created_s": 96.0, "started_s": 98.0, "ended_s": None, "state": "running",
            "status": "Up 2 seconds", "exit_status": None, "ports": "0.0.0.0:8080->80/tcp",
            "names": "clever_hopper",
        }
    ]  # fmt: skip
