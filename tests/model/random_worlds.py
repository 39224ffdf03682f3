"""Random scenarios, small and odd: whatever a file may say, on hosts that are often too small.

Calm ones come to rest: nothing breaks, grows, is restarted, swapped, merged or asked by clients.
"""

from __future__ import annotations

from typing import cast

from hypothesis import strategies as st
from model.worlds import MB, Spec, image, layer, scenario

from sim.spec.scenario import Scenario

HORIZON = 20_000.0

_BASE = layer("8 MB", "2 MB", kind="os")
_NODE = layer("12 MB", "5 MB", kind="runtime", path="/bin/node")
_NEWER = layer("15 MB", "6 MB", kind="runtime", path="/bin/node")
IMAGES = [
    image("alpha", base=_BASE, node=_NODE, a=layer("3 MB")),
    image("beta", base=_BASE, node=_NODE, b=layer("30 MB", "10 MB")),
    image("gamma", c=layer("1 MB", "0 B"), newer=_NEWER),
    image("guest", base=_BASE, linux=layer("40 MB", "20 MB", kind="os")),
]

sizes = st.sampled_from(["0 B", "1 MB", "5 MB", "17 MB"])
works = st.sampled_from(["0 core-s", "100 core-ms", "1 core-s", "3 core-s"])
waits = st.sampled_from(["0 s", "0 s", "100 ms", "1 s"])
shares = st.sampled_from(["0 %", "0 %", "30 %"])


def _some(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[Spec]:
    """A mapping with any of these keys."""
    return st.fixed_dictionaries({}, optional=parts)


locks = _some(
    linear=st.just("10 core-ms"), quadratic=st.just("1 core-ms"), linear_wait=st.just("10 ms")
).flatmap(
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
        "provision": st.sampled_from(["copy", "clone", "thin"]),
        "cache": st.sampled_from(["host", "direct", "mapped"]),
        "parallel": st.integers(1, 3),
        "unpack": st.sampled_from(["10 MB/s", "50 MB/s"]),
        "writable": sizes,
        "mirror": st.just("off"),
        "lazy": _some(read=st.just("30 %"), span=st.just("2 MB"), rest=st.just("never")),
        "made": st.just("start"),
        "convert": st.just("40 MB/s"),
    },
)
registries = st.none() | _some(
    bandwidth=st.just("1 MB/s"),
    connection=st.just("700 kB/s"),
    round_trip=st.sampled_from(["0 s", "1 s"]),
    requests=st.just("1 / s"),
    allows=st.just({"pulls": 2, "per": "1 h"}),
    mirror=_some(bandwidth=st.just("2 MB/s"), holds=st.just("nothing")),
)
block = _some(latency=st.just("1 ms"), serial=st.just("3 ms"), compute=st.just("1 core-ms"))
crossings = _some(
    block=block, cpu=_some(**{"compute": st.just(1.5), "system-calls": st.just(1.25)})
)
daemons = _some(
    memory=st.fixed_dictionaries({"engine": holdings}), cpu=st.just("0.05 cores"), files=sizes
)
calm_boundaries = st.fixed_dictionaries(
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
kernels = _some(
    ram=_some(
        merging=st.just("on"), balloon=st.just("on"), reporting=st.sampled_from(["0 s", "50 s"])
    ),
    swap=st.sampled_from(["10 MB", "50 %"]),
)
"""What a boundary with a kernel of its own may say besides."""


def _with_kernel(boundary: Spec) -> st.SearchStrategy[Spec]:
    if boundary["kernel"] == "shared":
        return st.just(boundary)
    return kernels.map(lambda more: {**boundary, **more})


def _platforms(name: str, *, calm: bool) -> st.SearchStrategy[Spec]:
    boundaries = calm_boundaries if calm else calm_boundaries.flatmap(_with_kernel)
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


growths = st.fixed_dictionaries(
    {"rate": st.sampled_from(["10 kB/s", "1 MB/s"])},
    optional={"most": st.sampled_from(["2 MB", "40 MB"])},
)
lives = _some(
    active=st.just("50 %"),
    alike=st.just("70 %"),
    rewrites=st.just("10 kB/s"),
    growth=growths,
    processes=st.integers(2, 3),
)
"""What the memory of a workload may do besides."""

serving = st.fixed_dictionaries(
    {"compute": st.just("100 core-ms"), "queue": st.just(5)},
    optional={
        "order": st.just("in-turn"),
        "threads": st.just(3),
        "reply": st.just("1 kB"),
        "read": st.just("100 kB"),
        "write": st.just("10 kB"),
        "data": st.just("20 MB"),
    },
)
busy = _some(cpu=st.just("0.3 cores"), read=st.just("10 kB/s"), write=st.just("1 kB/s"))


@st.composite
def _workloads(draw: st.DrawFn, run: st.SearchStrategy[Spec | None], *, calm: bool) -> Spec:
    found = draw(_calm_workloads(run))
    if calm:
        return found
    memory = {**cast("Spec", found["memory"]), **draw(lives)}
    return {**found, "memory": memory, "serve": draw(serving), "steady": draw(busy)}


def _calm_workloads(run: st.SearchStrategy[Spec | None]) -> st.SearchStrategy[Spec]:
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


courses = st.lists(st.sampled_from([0.0, 0.5, 2.0]), min_size=1, max_size=3).map(
    lambda values: {"times_s": [100.0 * n for n, _ in enumerate(values)], "values": values}
)
more_limits = _some(
    cpu=st.sampled_from([0.5, 2]),
    cpu_weight=st.sampled_from([50, 1000]),
    memory=st.sampled_from(["25 MB", "80 MB"]),
    memory_high=st.sampled_from(["5 MB", "20 MB"]),
    swap=st.sampled_from(["0 B", "10 MB"]),
)
loads = st.sampled_from(
    [
        {"rate": "2 / min"},
        {"rate": "100 / s"},
        {"clients": 3, "think": "100 s"},
        {"trace": {"times_s": [0, 900], "values": [0.1, 0.0]}},
    ]
)
restarts = st.fixed_dictionaries(
    {
        "restart": st.sampled_from(["always", "on-failure"]),
        "back_off": st.just({"first": "50 s", "most": "1000 s"}),
    }
)


@st.composite
def _groups(
    draw: st.DrawFn, run: st.SearchStrategy[Spec | None], *, calm: bool, all_end: bool
) -> Spec:
    found = draw(_calm_groups(_workloads(run, calm=calm)))
    if calm:
        return found
    more = draw(
        _some(
            limits=more_limits,
            load=loads,
            cpu=courses,
            memory=courses.map(_in_megabytes),
            oom_adjust=st.sampled_from([-1000, -500, 500]),
        )
    )
    return {**found, **more, **({} if all_end else draw(st.just({}) | restarts))}


def _in_megabytes(course: dict[str, list[float]]) -> Spec:
    return {**course, "values": [10 * MB * value for value in course["values"]]}


def _calm_groups(workloads: st.SearchStrategy[Spec]) -> st.SearchStrategy[Spec]:
    return st.fixed_dictionaries(
        {"workload": workloads, "count": st.integers(1, 5), "arrive": arrivals},
        optional={
            "limits": _some(
                cpu=st.sampled_from([0.5, 2]), memory=st.sampled_from(["25 MB", "80 MB"])
            ),
            "publish": st.lists(
                st.sampled_from([80, "8080:80", "9090:90"]), max_size=2, unique=True
            ),
        },
    )


pressed_hosts = _some(
    swap=st.sampled_from(["20 MB", "45 MB"]),
    overcommit=st.sampled_from(["always", "never"]),
    merging=st.just({"pages": 50, "pause": "10 ms"}),
    reboot=st.just("5 s"),
)
faults = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(
                ["instance-crash", "guest-kernel-panic", "host-kernel-panic", "host-loss"]
            )
        }
    ).flatmap(
        lambda kind: st.sampled_from(
            [
                {"at": "0 s"},
                {"at": "300 ms"},
                {"at": "3 s"},
                {"at": "3 s"},
                {"at": "500 s"},
                {"every": "3000 s"},
                {"poisson": "1 / h"},
            ]
        ).map(lambda when: {**kind, **when})
    ),
    max_size=4,
)


def _hosts(*, calm: bool) -> st.SearchStrategy[Spec]:
    hosts = _calm_hosts()
    if calm:
        return hosts
    return st.tuples(hosts, pressed_hosts).map(lambda both: {**both[0], **both[1]})


def _calm_hosts() -> st.SearchStrategy[Spec]:
    return st.fixed_dictionaries(
        {
            "cores": st.sampled_from(["1 cores", "3 cores"]),
            "memory": st.sampled_from(["40 MB", "150 MB", "1 GB"]),
        },
        optional={
            "speed": st.just(1.5),
            "smt": st.just("60 %"),
            "switching": st.just("5 %"),
            "disk": _some(capacity=st.sampled_from(["50 MB", "200 MB"])),
            "link": _some(round_trip=st.just("50 ms")),
        },
    )


@st.composite
def worlds(
    draw: st.DrawFn, *, all_end: bool = False, calm: bool = False, most_hosts: int = 4
) -> Scenario:
    """A random scenario of up to four hosts and three groups; all of its workloads may end."""
    run = runs if all_end else st.none() | runs
    of = _groups(run, calm=calm, all_end=all_end)
    groups = draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), of, min_size=1))
    on = draw(_platforms("one", calm=calm))
    if draw(st.booleans()):
        other = _platforms("two", calm=calm)
        mix = {name: draw(st.sampled_from([on, draw(other)])) for name in groups}
        on = {"name": "mix", "mix": mix}
    names = st.lists(st.sampled_from(["alpha", "beta", "guest"]), unique=True)
    return scenario(
        on,
        host=draw(_hosts(calm=calm)),
        hosts=draw(st.integers(1, most_hosts)),
        placement=draw(st.sampled_from(["spread", "pack"])),
        horizon=cast("float", f"{HORIZON} s"),
        groups=groups,
        images=draw(st.sampled_from(["present", "absent"]) | names),
        page_cache=draw(st.sampled_from(["warm", "cold"])),
        registry=draw(registries),
        faults=[] if calm else draw(faults),
        requests_in_detail=100,
    )
