"""The engine, its plain form and the exact one tell the same random stories.

`TARE_ORACLE_STORIES` sets how many seeded stories are told: a few hundred by default, which take
seconds; some thousands before a release.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.exact import ExactRate
from oracle.plain import PlainRate
from oracle.stories import Performance, Story, some_storm, some_story, worst

from sim.resources import cohort
from sim.resources.rate import Rate

STORIES = int(os.environ.get("TARE_ORACLE_STORIES", "240"))
CLOSE = 1e-11
"""The greatest relative difference allowed: a thousandth of the resolution, a hundred roundings."""


def agreement(story: Story) -> float:
    return worst(Performance(Rate, story).run(), Performance(PlainRate, story).run())


def engine_and_plain(random: Random, size: int) -> float:
    return agreement(some_story(random, random.randrange(1, size)))


def test_the_engine_agrees_with_the_plain_form() -> None:
    greatest = max(engine_and_plain(Random(seed), 40) for seed in range(STORIES))
    print(f"greatest difference of engine and plain form in {STORIES} stories: {greatest:.1e}")
    assert greatest < CLOSE


def test_storms_of_equal_machines_agree() -> None:
    seeds = range(STORIES // 4)
    assert max(agreement(some_storm(Random(seed), 8 + seed % 16)) for seed in seeds) < CLOSE


def test_long_stories_agree_too() -> None:
    greatest = max(engine_and_plain(Random(seed), 300) for seed in range(STORIES // 50))
    assert greatest < CLOSE


def test_clocks_that_are_rebased_and_heaps_that_are_compacted_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cohort, "CLOCK_SECONDS", 0.3)
    monkeypatch.setattr(cohort, "SLACK", 0)
    seeds = range(STORIES, STORIES + STORIES // 2)
    assert max(engine_and_plain(Random(seed), 40) for seed in seeds) < CLOSE


def test_plain_and_engine_agree_with_rational_numbers() -> None:
    greatest = 0.0
    for seed in range(STORIES // 4):
        random = Random(seed)
        story = random.choice([some_story, some_storm])(random, random.randrange(1, 16))
        exact = Performance(ExactRate, story).run()
        greatest = max(greatest, worst(Performance(PlainRate, story).run(), exact))
        greatest = max(greatest, worst(Performance(Rate, story).run(), exact))
    print(f"greatest difference from exact: {greatest:.1e}")
    assert greatest < CLOSE


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False), st.integers(2, 25))
def test_any_story_that_hypothesis_thinks_of_agrees(random: Random, size: int) -> None:
    assert engine_and_plain(random, size) < CLOSE
