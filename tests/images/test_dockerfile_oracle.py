"""Dockerfiles are read as BuildKit's own parser reads them."""

import pytest
from buildkit import ours, theirs
from dockerfiles import DOCKERFILES, WRONG

from sim.errors import ScenarioError


@pytest.mark.parametrize("name", DOCKERFILES)
def test_a_file_is_read_as_buildkit_reads_it(name: str) -> None:
    assert ours(DOCKERFILES[name]) == theirs(DOCKERFILES[name])


@pytest.mark.parametrize("name", WRONG)
def test_what_buildkit_refuses_is_refused(name: str) -> None:
    assert theirs(WRONG[name]) is None
    with pytest.raises(ScenarioError):
        ours(WRONG[name])


def test_there_are_many_of_them() -> None:
    assert len(DOCKERFILES) >= 60
