"""What isolation costs at a glance: who shares a kernel with how many, and what that takes."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from report import canvas
from report.canvas import boxes, misplaced
from report.made import Made
from report.stated import stated

from sim.report.figures.style import COLUMN, WIDE, Size

MIB = 2.0**20
OUTSIDE = {"files": {"kind": "outside"}, "scope": "instance"}
VM, CONTAINER = {"kernel": "own", **OUTSIDE}, {"kernel": "shared", **OUTSIDE}
STACKS = {
    "bare": {},
    "vm": {"vm": VM},
    "boxed": {"container": CONTAINER},
    "node": {"vm": {**VM, "scope": 16}, "container": CONTAINER},
    "small": {"vm": VM},
}
NOTHING: Mapping[str, object] = MappingProxyType({})
EACH = {"bare": 10.0, "vm": 80.0, "boxed": 12.0, "node": 20.0, "small": 40.0}
"""The memory of an instance, in MiB."""


def five(
    held: Mapping[str, Mapping[str, float]] = NOTHING,
    stacks: Mapping[str, object] = STACKS,
    mixes: Mapping[str, object] = NOTHING,
    **metrics: float,
) -> Made:
    """Fifty instances on each of five platforms."""
    found = {
        name: {"memory_per_instance_bytes": each * MIB, "startup_p50_s": each / 10, **metrics}
        | dict(held.get(name, {}))
        for name, each in EACH.items()
    }
    platforms = [
        {"name": name, "mix": mixes[name]} if name in mixes else {"name": name, "boundaries": walls}
        for name, walls in stacks.items()
    ]
    return stated(found, replications=1, changes={"platforms": platforms})


def figure_of(comparison: Made, size: Size = WIDE) -> Figure:
    figure = canvas.figure_of("at-a-glance", comparison, size)
    assert figure is not None
    return figure


def test_the_title_tells_what_a_kernel_of_its_own_costs_at_least():
    said = "A kernel of its own costs an instance 4.0 times the memory: 40 MiB on small against "
    assert figure_of(five()).get_label() == f"{said}10 MiB on bare"


def test_where_an_instance_holds_nothing_no_ratio_is_told():
    assert figure_of(five({"bare": {"memory_per_instance_bytes": 0.0}})).get_label() == (
        "Isolation costs an instance up to 80 MiB"
    )


def test_equal_isolation_is_told_apart_by_memory_alone():
    alike = {name: {"vm": VM} for name in STACKS}
    said = "An instance holds 8.0 times the memory: 80 MiB on vm against "
    assert figure_of(five(stacks=alike)).get_label() == f"{said}10 MiB on bare"


def test_a_mix_counts_those_that_share_most(drawn: list[Text]):
    mix = {"web": {"name": "inside", "boundaries": {"vm": {**VM, "scope": 16}}}}
    texts = [text for text, _ in boxes(figure_of(five(mixes={"node": mix})), drawn)]
    assert "16, hardware" in texts


def test_the_least_isolated_come_first_and_of_these_the_lightest():
    names = [label.get_text() for label in figure_of(five()).axes[0].get_yticklabels()]
    assert names == ["bare", "boxed", "node", "small", "vm"]


def test_each_value_is_written_and_what_nobody_asked_for_has_no_panel(drawn: list[Text]):
    texts = [text for text, _ in boxes(figure_of(five()), drawn)]
    assert {"50, no wall", "50, namespace", "16, hardware", "1, hardware"} <= set(texts)
    assert {"10 MiB", "1 s", "80 MiB", "8 s"} <= set(texts)
    assert "CPU a request" not in texts
    texts = [text for text, _ in boxes(figure_of(five(request_cost_core_s=0.002)), drawn)]
    assert {"CPU a request", "2 ms"} <= set(texts)


@pytest.mark.parametrize("size", [WIDE, COLUMN], ids=["wide", "column"])
def test_nothing_overlaps_or_is_cut(size: Size, drawn: list[Text]):
    figure = figure_of(five(request_cost_core_s=0.002), size)
    assert not list(misplaced(figure, drawn))


def test_fewer_than_five_platforms_need_no_glance(four: Made):
    assert canvas.figure_of("at-a-glance", four) is None
