"""What is said first of builds and of what is done by hand, from metrics stated here."""

from dataclasses import replace

import pandas as pd
from report.stated import frame, stated

from sim.report.answer import answer


def test_steps_by_hand_and_machines_that_differ_come_first():
    found = stated(
        {
            "typed": {"person_steps": 300.0, "drift_share": 0.3, "startup_p99_s": 60.0},
            "written": {"person_steps": 100.0, "drift_share": 0.0, "startup_p99_s": 6.0},
        }
    )
    assert answer(found)[0] == (
        "Steps by hand are 100 on written and 300 on typed, 3.0 times as many; machines that "
        "differ from most are 30 % on typed, and none elsewhere."
    )


def test_nobody_differs_where_nothing_slipped():
    found = stated({name: {"person_steps": 9.0, "drift_share": 0.0} for name in ("one", "other")})
    assert answer(found)[0] == "Steps by hand are about 9 on every platform, a tie."


def test_builds_after_a_change_are_told_by_what_is_built():
    platforms = {"layered": (4.0, 16.0), "bare": (17.0, 17.0)}
    found = stated({name: {"startup_p99_s": 1.0} for name in platforms})
    groups = frame(
        "summary",
        [
            (name, "group", group, "build_again_s", *(3 * (seconds,)), 10, "s")
            for name, times in platforms.items()
            for group, seconds in zip(("listed-first", "all-first"), times, strict=True)
        ],
    )
    found = replace(found, summary=pd.concat([found.summary, groups]))
    assert answer(found)[0] == (
        "A build after a change takes 4 s for listed-first and 16 s for all-first on layered; 17 s "
        "whatever is built on bare."
    )
