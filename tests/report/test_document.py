"""The JSON document: the contract's keys, null where there is no interval, never NaN."""

import json

from report.made import Made
from report.stated import stated

from sim.report.document import document, documents


def test_the_document_has_the_contract_s_keys(four: Made):
    found = document(four)
    assert (found["schema"], found["scenario"]) == (1, "web-fleet")
    assert (found["seed"], found["replications"]) == (1, 10)
    assert list(found["platforms"]) == [
        *("process", "container-docker", "microvm-firecracker", "vm-qemu"),
    ]
    platform = found["platforms"]["vm-qemu"]
    assert set(platform["memory_gross_bytes"]) == {"mean", "low", "high", "n", "unit"}
    assert platform["memory_gross_bytes"]["unit"] == "bytes"
    assert platform["groups"]["web"]["instances_ready"]["mean"] == 50.0
    assert platform["hosts"]["0"]["startup_p99_s"]["n"] == 10


def test_one_run_has_null_for_its_interval():
    found = document(stated({"a": {"startup_p99_s": 1.5}}, replications=1))
    assert found["platforms"]["a"]["startup_p99_s"] == {
        "mean": 1.5, "low": None, "high": None, "n": 1, "unit": "s",
    }


def test_a_metric_that_a_platform_lacks_is_absent(failing: Made):
    platforms = document(failing)["platforms"]
    assert "startup_p99_s" in platforms["container-docker"]
    assert "startup_p99_s" not in platforms["vm-qemu"]
    assert platforms["vm-qemu"]["oom_kills"]["mean"] == 0.0


def test_json_reads_it_without_nan_and_numbers_come_back_the_same(alone: Made):
    found = document(alone)
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found


def test_what_is_not_a_number_is_null():
    found = document(stated({"a": {"memory_peak_bytes": (float("inf"), float("nan"), 1.0)}}))
    assert found["platforms"]["a"]["memory_peak_bytes"]["mean"] is None
    assert found["platforms"]["a"]["memory_peak_bytes"]["low"] is None


def test_several_scenarios_stand_in_a_list_and_one_alone(four: Made, alone: Made):
    assert documents([four]) == document(four)
    assert documents([four, alone]) == {
        "schema": 1, "scenarios": [document(four), document(alone)],
    }
