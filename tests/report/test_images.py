"""What starts wait for where images are absent, and where the registry is what all wait for."""

from dataclasses import replace

import pandas as pd
from report.stated import Made, stated

from sim.report.answer import details
from sim.report.images import waits
from sim.spec.registry import Registry

MB = 1e6


def pulling() -> Made:
    """Two platforms that pull, one of them through a mirror, and one that lacks nothing."""
    found = stated(
        {
            "far": {"image_mean_s": 10.0, "image_max_s": 12.0, "pulled_bytes": 100 * MB,
                    "registry_bytes": 100 * MB},
            "near": {"image_mean_s": 2.0, "image_max_s": 3.0, "pulled_bytes": 100 * MB,
                     "registry_bytes": 10 * MB},
            "there": {"pulled_bytes": 0.0},
        }
    )  # fmt: skip
    rows = [("far", "pull", 0, 8.0), ("far", "unpack", 1, 2.0), ("near", "pull", 0, 0.5),
            ("near", "on-demand", 1, 1.5), ("there", "boot", 0, 9.0)]  # fmt: skip
    phases = pd.DataFrame(rows, columns=["platform", "phase", "order", "mean_s"])
    registry = Registry.model_validate({"bandwidth": "10 MB/s"})
    scenario = found.scenario.model_copy(update={"registry": registry})
    return replace(found, phases=phases, scenario=scenario)


def test_waits_are_told_in_their_parts_beside_what_was_sent() -> None:
    table = waits(pulling())
    assert table.columns == (
        *("platform", "image, mean", "image, longest", "until it came", "unpacking"),
        *("reading on demand", "pulled", "registry sent"),
    )
    assert [tuple(cell.text for cell in row) for row in table.rows] == [
        ("far", "10 s", "12 s", "8 s", "2 s", "-", "95.4 MiB", "95.4 MiB"),
        ("near", "2 s", "3 s", "500 ms", "-", "1.5 s", "95.4 MiB", "9.54 MiB"),
        ("there", "-", "-", "-", "-", "-", "0 B", "-"),
    ]


def test_a_registry_that_all_wait_for_is_told() -> None:
    assert details(pulling()) == [
        "The registry needs 10 s to send what far asks of it, at the 10 MB/s that it has for all: "
        "83 % of the longest wait, 12 s."
    ]


def test_what_comes_after_a_start_is_told_apart() -> None:
    found = pulling()
    found.summary.loc[found.summary["metric"] == "image_max_s", "mean"] = 4.0
    assert details(found)[0].endswith("no start waits longer than 4 s, the rest comes later.")


def test_where_no_image_is_absent_nothing_is_said() -> None:
    assert waits(stated({"a": {"pulled_bytes": 0.0}})).rows == ()
