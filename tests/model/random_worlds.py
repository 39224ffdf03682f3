"""Random scenarios, small and odd: whatever a file may say, on hosts that are often too small."""

from __future__ import annotations

from typing import cast

from hypothesis import strategies as st
from model.worlds import Spec, image, layer, scenario

from sim.spec.scenario import Scenario

HORIZON = 20_000.0

_BASE = layer("8 MB", "2 MB", kind="os")
_NODE = layer("12 MB", "5 MB", kind="runtime")
IMAGES = [
    image("alpha", base=_BASE, node=_NODE, a=layer("3 MB")),
    image("beta", base=_BASE, node=_NODE, b=layer("30 MB", "10 MB")),
    image("gamma", c=layer("1 MB", "0 B")),
    image("guest", base=_BASE, linux=layer("40 MB", "20 MB", kind="os")),
]

sizes = st.sampled_from(["0 B", "1 MB", "5 MB", "17 MB"])
works = st.sampled_from(["0 core-s", "100 core-ms", "1 core-s", "3 core-s"])
waits = st.sampled_from(["0 s", "0 s", "100 ms", "1 s"])
shares = st.sampled_from(["0 %", "0 %", "30 %"])


def _some(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[Spec]:
    """A mapping with any of these keys."""
    return st.fixed_dictionaries({}, optional=parts)


locks = _some(linear=st.just("10 core-ms"), quadratic=st.just("1 core-ms")).flatmap(
    lambda grows: st.sampled_from(["mounts", "rtnl"]).map(lambda name: {"name": name, **grows})
)
phases = _some(
    lock=locks,
    wait=waits,
    read=sizes,
    compute=works,
    threads=st.integers(1, 3),
    write=sizes,
    rounds=st.integers(1, 3),
)
holdings = _some(private=sizes, shared=sizes, per_memory=st.just("1.5 %"))
files = st.fixed_dictionaries(
    {"kind": st.sampled_from(["outside", "layers", "disk"])},
    optional={
        "guest": st.just(IMAGES[-1]),
        "provision": st.sampled_from(["copy", "clone"]),
        "cache": st.sampled_from(["host", "direct"]),
        "parallel": st.integers(1, 3),
        "unpack": st.sampled_from(["10 MB/s", "50 MB/s"]),
        "writable": sizes,
    },
)
block = _some(latency=st.just("1 ms"), serial=st.just("3 ms"), compute=st.just("1 core-ms"))
crossings = _some(
    block=block, cpu=_some(**{"compute": st.just(1.5), "system-calls": st.just(1.25)})
)
daemons = _some(
    memory=st.fixed_dictionaries({"engine": holdings}), cpu=st.just("0.05 cores"), files=sizes
)
boundaries = st.fixed_dictionaries(
    {
        "kernel": st.sampled_from(["own", "shared"]),
        "scope": st.sampled_from(["instance", "instance", "host", 2, 3]),
        "provision": st.sampled_from(["ahead", "on-demand", "on-demand"]),
        "files": files,
    },
    optional={
        "size": st.fixed_dictionaries(
            {
                "cpu": st.sampled_from(["0.5 cores", "2 cores"]),
                "memory": st.sampled_from(["60 MB", "200 MB", "50 %"]),
            }
        ),
        "reserve": st.sampled_from(["touch", "full"]),
        "variation": shares,
        "footprint": _some(early=holdings, make=holdings),
        "interior": _some(kernel=holdings, boot=holdings),
        "daemon": daemons,
        "port": _some(footprint=holdings, create=phases),
        "create": _some(make=phases, mount=phases),
        "boot": _some(boot=phases),
        "idle": st.just("0.02 cores"),
        "crossings": crossings,
    },
)


def _platforms(name: str) -> st.SearchStrategy[Spec]:
    stacks = st.lists(boundaries, max_size=3)
    return stacks.map(
        lambda stack: {
            "name": name,
            "boundaries": {f"b{depth}": boundary for depth, boundary in enumerate(stack)},
        }
    )


arrivals = st.sampled_from(
    [
        {"at": "0 s"},
        {"at": "2500 ms"},
        {"every": "700 ms"},
        {"poisson": "1 / s"},
        {"ramp": "4 s"},
        {"times_s": [0.0, 0.0, 1.5, 30.0, 30.0]},
    ]
)
runs = st.fixed_dictionaries({"compute": works})


def _workloads(run: st.SearchStrategy[Spec | None]) -> st.SearchStrategy[Spec]:
    return st.fixed_dictionaries(
        {
            "name": st.just("work"),
            "title": st.just("Work"),
            "image": st.sampled_from(IMAGES[:3]),
            "work": st.sampled_from(["compute", "system-calls"]),
            "start": st.fixed_dictionaries({"compute": works, "read": sizes}),
            "memory": st.fixed_dictionaries({"private": sizes, "mapped": sizes, "kernel": sizes}),
            "run": run,
        },
        optional={
            "variation": shares,
            "steady": _some(
                cpu=st.just("0.01 cores"), read=st.just("10 kB/s"), write=st.just("1 kB/s")
            ),
        },
    )


def _groups(run: st.SearchStrategy[Spec | None]) -> st.SearchStrategy[Spec]:
    return st.fixed_dictionaries(
        {"workload": _workloads(run), "count": st.integers(1, 5), "arrive": arrivals},
        optional={
            "limits": _some(
                cpu=st.sampled_from([0.5, 2]), memory=st.sampled_from(["25 MB", "80 MB"])
            ),
            "publish": st.lists(
                st.sampled_from([80, "8080:80", "9090:90"]), max_size=2, unique=True
            ),
        },
    )


def _hosts() -> st.SearchStrategy[Spec]:
    return st.fixed_dictionaries(
        {
            "cores": st.sampled_from(["1 cores", "3 cores"]),
            "memory": st.sampled_from(["40 MB", "150 MB", "1 GB"]),
        },
        optional={
            "speed": st.just(1.5),
            "switching": st.just("5 %"),
            "disk": _some(capacity=st.sampled_from(["50 MB", "200 MB"])),
            "link": _some(round_trip=st.just("50 ms")),
        },
    )


@st.composite
def worlds(draw: st.DrawFn, *, all_end: bool = False, most_hosts: int = 4) -> Scenario:
    """A random scenario of up to four hosts and three groups; all of its workloads may end."""
    run = runs if all_end else st.none() | runs
    groups = draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), _groups(run), min_size=1))
    on = draw(_platforms("one"))
    if draw(st.booleans()):
        mix = {name: draw(st.sampled_from([on, draw(_platforms("two"))])) for name in groups}
        on = {"name": "mix", "mix": mix}
    names = st.lists(st.sampled_from(["alpha", "beta", "guest"]), unique=True)
    return scenario(
        on,
        host=draw(_hosts()),
        hosts=draw(st.integers(1, most_hosts)),
        placement=draw(st.sampled_from(["spread", "pack"])),
        horizon=cast("float", f"{HORIZON} s"),
        groups=groups,
        images=draw(st.sampled_from(["present", "absent"]) | names),
        page_cache=draw(st.sampled_from(["warm", "cold"])),
        registry=draw(st.none() | st.just({"bandwidth": "12 MB/s"})),
    )
