"""What walls keep apart, on stacks of the catalog's kinds; counts are out of 100 instances."""

from math import inf

import pytest

from sim.spec.isolation import (
    file_kind,
    file_systems,
    files_owner,
    isolation,
    kernel_owner,
    kernel_shared_by,
    kernels,
)
from sim.spec.platform import Platform

SHARED = {"kernel": "shared", "files": {"kind": "layers"}}
OWN = {"kernel": "own", "files": {"kind": "outside"}}
DISK = {"kernel": "own", "files": {"kind": "disk"}}
VIEW = {"kernel": "shared", "files": {"kind": "outside"}}


def stack(boundaries: list[dict[str, object]]) -> Platform:
    walls = {f"wall{number}": boundary for number, boundary in enumerate(boundaries)}
    return Platform.model_validate({"name": "p", "boundaries": walls})


@pytest.mark.parametrize(
    ("boundaries", "wall", "owner", "together"),
    [
        ([], "none", "host", 100),
        ([SHARED], "namespace", "host", 100),
        ([SHARED | {"scope": 16}], "namespace", "host", 100),
        ([OWN | {"wall": "system-call"}], "system-call", "instance", 1),
        ([OWN], "hardware", "instance", 1),
        ([OWN | {"scope": 16}, SHARED], "hardware", "machine", 16),
        ([OWN | {"scope": "host"}, SHARED], "hardware", "machine", 100),
        ([OWN | {"scope": 500}, SHARED], "hardware", "machine", 100),
        ([OWN | {"scope": "host"}, SHARED, OWN], "hardware", "instance", 1),
        ([OWN | {"scope": 16}, OWN | {"scope": 500}], "hardware", "machine", 16),
        # each in a container of its own
        ([SHARED, OWN | {"scope": "host"}], "hardware", "instance", 1),
        ([OWN, SHARED | {"scope": 16}], "hardware", "instance", 1),
    ],
)
def test_a_stack_tells_its_strongest_wall_and_who_shares_a_kernel(
    boundaries: list[dict[str, object]], wall: str, owner: str, together: int
) -> None:
    platform = stack(boundaries)
    assert isolation(platform) == wall
    assert kernel_owner(platform) == owner
    assert kernel_shared_by(platform, 100) == together


@pytest.mark.parametrize(
    ("boundaries", "most"),
    [
        ([], inf),
        ([DISK | {"scope": "host"}, SHARED], inf),
        ([DISK | {"scope": 500}, SHARED], 500),
        ([DISK], 1),
    ],
)
def test_of_any_number_as_many_share_a_kernel_as_its_scope_lets(
    boundaries: list[dict[str, object]], most: float
) -> None:
    assert kernel_shared_by(stack(boundaries), inf) == most


@pytest.mark.parametrize(
    ("boundaries", "owner", "kind"),
    [
        ([], "host", "outside"),
        ([VIEW], "host", "outside"),
        ([SHARED], "instance", "layers"),
        ([SHARED | {"scope": "host"}, VIEW], "machine", "layers"),
        ([DISK], "instance", "disk"),
        ([DISK | {"scope": 16}, SHARED], "instance", "layers"),
        ([DISK | {"scope": 16}, VIEW], "machine", "disk"),
        ([SHARED, OWN], "instance", "layers"),  # a shared folder in a machine of its own
        # the inner one is for all of a host, but within a machine there is only one instance
        ([DISK, SHARED | {"scope": "host"}], "instance", "layers"),
    ],
)
def test_the_last_that_brings_files_tells_whose_an_instance_sees(
    boundaries: list[dict[str, object]], owner: str, kind: str
) -> None:
    platform = stack(boundaries)
    assert (files_owner(platform), file_kind(platform)) == (owner, kind)


def test_boundaries_are_told_by_what_they_bring_outermost_first() -> None:
    platform = stack([DISK | {"scope": 16}, SHARED, OWN])
    assert kernels(platform) == ["wall0", "wall2"]
    assert file_systems(platform) == ["wall0", "wall1"]
