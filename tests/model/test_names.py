"""Names and ids of instances: given, drawn, and never twice the same."""

import re

from model.worlds import Spec, container, group, platform, scenario, workload

from sim.model.names import told_apart
from sim.records.containers import Container
from sim.simulation import look

BOX = platform("c", c=container(port={"footprint": "1 MB"}))


def listed(groups: Spec, on: Spec = BOX, seed: int = 1) -> list[Container]:
    """What there is after 10 s."""
    return look(scenario(on, groups=groups), 10.0, seed=seed)


def test_names_are_given_or_drawn() -> None:
    groups = {"a": group(1, name="db"), "b": group(2, name="web"), "c": group(40)}
    names = [each.name for each in listed(groups)]
    assert names[:3] == ["db", "web-1", "web-2"]
    assert all(re.fullmatch(r"[a-z]+_[a-z]+[0-9]*", name) for name in names[3:])
    assert len(set(names)) == 43


def test_ids_are_twelve_digits_and_of_their_own() -> None:
    ids = [each.id for each in listed({"a": group(40)})]
    assert all(re.fullmatch(r"[0-9a-f]{12}", each) for each in ids)
    assert len(set(ids)) == 40


def test_names_and_ids_hang_on_the_seed_and_not_on_the_platform_or_the_order() -> None:
    groups = {"a": group(3), "b": group(3, arrive={"at": "5 s"})}
    called = {each.instance: (each.name, each.id) for each in listed(groups)}
    elsewhere = listed({"b": groups["b"], "a": groups["a"]}, platform())
    assert {each.instance: (each.name, each.id) for each in elsewhere} == called
    assert {each.instance: (each.name, each.id) for each in listed(groups, seed=2)} != called


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert list(told_apart(iter(["a", "a", "b", "a"]), set())) == ["a", "a1", "b", "a2"]


def test_what_is_listed_is_as_it_stands_at_that_moment() -> None:
    """What happens just then has happened; what was removed is not listed."""
    ends = workload(main={"after": "10 s", "status": 5, "command": "work --hard"})
    gone = group(1, commands=[{"at": "9 s", "do": "remove"}])
    first, second = listed({"a": group(1, ends), "b": group(1, publish=["81:80"]), "c": gone})
    assert (first.standing, first.exit_status, first.ended_s) == ("exited", 5, 10.0)
    assert (first.command, first.published) == ("work --hard", ())
    assert (second.standing, second.started_s, second.published) == ("running", 0.0, ((81, 80),))


def test_ports_that_nobody_fixed_are_given_one_after_the_other() -> None:
    groups = {"a": group(2, publish=[80, 443]), "b": group(1, publish=["32769:1"])}
    published = [each.published for each in listed(groups)]
    assert published == [((32768, 80), (32769, 443)), ((32770, 80), (32771, 443)), ()]
