"""What a disk holds at every moment: each distinct layer once, and what instances have written."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model.worlds import MB, Run, Spec, container, group, image, layer, platform, run, scenario
from model.worlds import workload as a_workload

from sim.model.bundle import Bundle
from sim.model.engine import Engine
from sim.model.meters import Meters
from sim.model.store import Store
from sim.resources.space import Space

SIZES = {"base": 40, "libraries": 25, "runtime": 60, "tools": 10, "site": 5}
TRIED = settings(max_examples=25, deadline=None, derandomize=True)


def _image(name: str, layers: list[str]) -> Spec:
    return image(name, **{each: layer(f"{SIZES[each]} MB", f"{SIZES[each]} MB") for each in layers})


images = st.lists(st.sampled_from(list(SIZES)), min_size=1, max_size=4, unique=True)
groups = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(images, st.integers(1, 4), st.sampled_from([0, 7]), st.sampled_from(["0 s", "3 s"])),
    min_size=1,
)
lazies = st.sampled_from([None, {"read": "20 %", "span": "2 MB"}])


def _run(
    asked: Mapping[str, tuple[list[str], int, int, str]], lazy: Spec | None, present: bool
) -> Run:
    """Containers of these images, each of which copies up so many MB, runs 4 s, and is gone."""
    files = {"kind": "layers", "writable": "1 MB", "unpack": "80 MB/s", "parallel": 2}
    on = platform("c", c=container(files=files | ({"lazy": lazy} if lazy else {})))
    made = {
        name: group(
            count,
            a_workload(
                "0 core-s",
                brings=_image(name, layers),
                run="4 core-s",
            )
            | {"start": {"compute": "0 core-s", "copy_up": f"{copied} MB"}},
            arrive={"at": at},
        )
        for name, (layers, count, copied, at) in asked.items()
    }
    return run(scenario(on, groups=made, images="present" if present else "absent"))


@contextmanager
def _counted() -> Iterator[list[tuple[int, int]]]:
    """Count what is kept, written and deleted, apart from the books, at each moment."""
    layers: dict[str, int] = {}
    written: dict[Hashable, int] = {}
    found: list[tuple[int, int]] = []

    def keep(store: Store, bundle: Bundle, number: int, part: float = 1.0) -> None:
        kept(store, bundle, number, part)
        each = bundle.layers[number]
        layers[each.content] = max(layers.get(each.content, 0), int(part * each.unpacked))

    def write(space: Space, owner: Hashable, component: str, size: int) -> None:
        wrote(space, owner, component, size)
        written[owner] = written.get(owner, 0) + size

    def delete(space: Space, owner: Hashable) -> None:
        deleted(space, owner)
        written.pop(owner, None)

    def observe(meters: Meters, engine: Engine, now: float) -> None:
        observed(meters, engine, now)
        held = engine.machine.store.space.used
        found.append((held, sum(layers.values()) + sum(written.values())))

    kept, wrote, deleted, observed = Store.keep, Space.write, Space.delete, Meters.observe
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "keep", keep)
        patch.setattr(Space, "write", write)
        patch.setattr(Space, "delete", delete)
        patch.setattr(Meters, "observe", observe)
        yield found


@TRIED
@given(groups, lazies, st.booleans())
def test_a_disk_holds_distinct_layers_and_what_is_written_at_every_moment(
    asked: Mapping[str, tuple[list[str], int, int, str]], lazy: Spec | None, present: bool
) -> None:
    with _counted() as moments:
        story = _run(asked, lazy, present)
    assert moments
    assert all(held == counted for held, counted in moments)
    distinct = {each for layers, *_ in asked.values() for each in layers}
    whole = sum(SIZES[each] for each in distinct) * MB
    assert story.metrics["disk_gross_bytes"] == whole  # all instances are gone by now
    assert max(held for held, _ in moments) >= whole


@TRIED
@given(groups, lazies)
def test_each_distinct_layer_comes_once_however_many_ask_for_it(
    asked: Mapping[str, tuple[list[str], int, int, str]], lazy: Spec | None
) -> None:
    distinct = {each for layers, *_ in asked.values() for each in layers}
    pulled = _run(asked, lazy, present=False).metrics["pulled_bytes"]
    assert pulled == pytest.approx(sum(SIZES[each] for each in distinct) * MB, abs=100)
