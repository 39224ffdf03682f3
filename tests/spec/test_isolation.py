"""What walls keep apart, on stacks of the catalog's kinds; counts are out of 100 instances."""

import pytest

from sim.spec.isolation import isolation, kernel_shared_by
from sim.spec.platform import Platform

SHARED = {"kernel": "shared", "files": {"kind": "layers"}}
OWN = {"kernel": "own", "files": {"kind": "outside"}}


@pytest.mark.parametrize(
    ("boundaries", "wall", "together"),
    [
        ([], "none", 100),
        ([SHARED], "namespace", 100),
        ([OWN | {"wall": "system-call"}], "system-call", 1),
        ([OWN], "hardware", 1),
        ([OWN | {"scope": 16}, SHARED], "hardware", 16),
        ([OWN | {"scope": "host"}, SHARED], "hardware", 100),
        ([OWN | {"scope": 500}, SHARED], "hardware", 100),
        ([OWN | {"scope": "host"}, SHARED, OWN], "hardware", 1),
        ([SHARED, OWN | {"scope": "host"}], "hardware", 1),  # each in a container of its own
        ([OWN, SHARED | {"scope": 16}], "hardware", 1),
    ],
)
def test_a_stack_tells_its_strongest_wall_and_who_shares_a_kernel(
    boundaries: list[dict[str, object]], wall: str, together: int
) -> None:
    walls = {f"wall{number}": boundary for number, boundary in enumerate(boundaries)}
    platform = Platform.model_validate({"name": "p", "boundaries": walls})
    assert isolation(platform) == wall
    assert kernel_shared_by(platform, 100) == together
