"""Sweeps whose numbers are worked out by hand, and those that are hard to draw."""

import math
from dataclasses import replace

from report.swept import (
    GIB,
    MadeSweep,
    Place,
    Rule,
    chance,
    numbers,
    sizes,
    swept,
    table,
    words,
)

COUNT = "groups.web.count"
BOTH = ("container", "vm")
SPREAD = (-0.1, 0.0, 0.1)
"""What one of three runs differs by: with t = 4.303 the interval is ± 4.303 · 0.1 / √3, ± 0.248."""


def later() -> MadeSweep:
    """At 10 and at 100 instances, a VM starts 3.1 s later than a container, give or take 0.1."""

    def value(place: Place, platform: str, run: int) -> dict[str, float]:
        base = float(str(place[COUNT])) / 100 + run
        return {"startup_mean_s": base + (3.1 + SPREAD[run] if platform == "vm" else 0.0)}

    return swept([numbers(COUNT, 10, 100)], BOTH, value, replications=3)


def turning() -> MadeSweep:
    """Up to 37 instances [35, 39] a VM holds less, and above it more; a tie at 40."""

    def value(place: Place, platform: str, run: int) -> dict[str, float]:
        count = float(str(place[COUNT]))
        gib = count if platform == "vm" else 37.0
        noise = 8.0 * SPREAD[run] if count == 40 else SPREAD[run] / 10  # ± 1.99 GiB is more than 3
        return {"memory_gross_bytes": (gib + (2 * noise if platform == "vm" else 0.0)) * GIB}

    made = swept([numbers(COUNT, 10, 20, 40, 100)], BOTH, value, replications=3)
    return crossed(made, ("memory_gross_bytes", COUNT, "vm", "container", 37.0, 35.0, 39.0))


def crossed(made: MadeSweep, *found: tuple[object, ...]) -> MadeSweep:
    """A sweep with crossings: metric, others, along, first, second, value, low, high."""
    along = found[0][-6]
    others = [axis.name for axis in made.axes if axis.name != along]
    rows = [(*row, 0.05, "", "") for row in found]
    return replace(made, crossings=table("crossings", others, rows))


def value_of_four(place: Place, platform: str, run: int) -> dict[str, float]:
    """Four kinds of platform, whose memory and starts grow with the count."""
    kind = [*map(platform.startswith, FOUR), True].index(True) % 4
    count = float(str(place.get(COUNT, 50)))
    each = (0.0, 0.01, 0.12, 0.4)[kind] + float(str(place.get("host.memory_bytes", GIB))) / GIB / 64
    factor = chance(place, platform, run)
    if kind == 3 and count > 100:
        raise ValueError("the host has no memory left for another machine")
    return {
        "memory_gross_bytes": (0.2 * (4 - kind) + count * each) * GIB * factor,
        "startup_mean_s": (0.2, 0.5, 0.7, 9.0)[kind] * max(1.0, count / 16) * factor,
        "cpu_utilization": min(1.0, count / 300 * factor),
    }


FOUR = ("process", "container-docker", "microvm-firecracker", "vm-qemu")
MANY = tuple(f"{name}-with-a-long-name-{place}th" for place, name in enumerate(FOUR * 7))[:27]


def grid() -> MadeSweep:
    """Four platforms over counts and sizes; one fails where the count is large."""
    axes = [numbers(COUNT, 1, 5, 20, 50, 200), sizes("host.memory", 32, 64, 128)]
    made = swept(axes, FOUR, value_of_four)
    others = (32 * GIB, 64 * GIB, 128 * GIB)
    return crossed(
        made,
        *(("memory_gross_bytes", at, COUNT, FOUR[2], FOUR[1], 30.0 - 5 * n, 28.0 - 5 * n,
           32.0 - 5 * n) for n, at in enumerate(others)),
    )  # fmt: skip


def one_point() -> MadeSweep:
    """A design of a single point."""
    return swept([numbers(COUNT, 50)], FOUR, value_of_four)


def one_platform() -> MadeSweep:
    """Nobody to compare with."""
    axes = [numbers(COUNT, 1, 10, 100), sizes("host.memory", 32, 64)]
    return swept(axes, FOUR[:1], value_of_four)


def no_numbers() -> MadeSweep:
    """Axes of words alone."""
    axes = [words("placement", "spread", "pack"), words("page_cache", "warm", "cold", "lukewarm")]
    return swept(axes, FOUR, value_of_four)


def all_failed() -> MadeSweep:
    """Every run failed."""

    def value(place: Place, platform: str, run: int) -> dict[str, float]:
        raise ValueError(f"no {platform} can be had")

    return swept([numbers(COUNT, 1, 10)], BOTH, value, metrics=("memory_gross_bytes",))


def missing() -> MadeSweep:
    """A metric that some platforms do not have at some points."""

    def value(place: Place, platform: str, run: int) -> dict[str, float]:
        found = value_of_four(place, FOUR[0], run)
        if platform == "vm" and place[COUNT] != 10:
            found.pop("startup_mean_s")
        return found

    return swept([numbers(COUNT, 1, 10, 100)], BOTH, value)


def many() -> MadeSweep:
    """Twenty-seven platforms with long names."""
    axes = [numbers(COUNT, 1, 2, 5, 10, 20, 50, 100, 200), sizes("host.memory", 32, 64)]
    return swept(axes, MANY, value_of_four, replications=2)


def five_axes() -> MadeSweep:
    """More axes than a figure has room for."""
    axes = [
        numbers(COUNT, 1, 10, 100),
        sizes("host.memory", 32, 64, 128),
        words("placement", "spread", "pack"),
        numbers("host.disk.latency", 0.001, 0.01, unit="s", suffix="_s"),
        words("page_cache", "warm", "cold"),
    ]
    return swept(axes, BOTH, value_of_four, replications=2)


def single_runs() -> MadeSweep:
    """One run a point, so that there is no interval."""
    axes = [numbers(COUNT, 1, 10, 100), sizes("host.memory", 32, 64)]
    return swept(axes, FOUR[:2], value_of_four, replications=1)


def sampled() -> MadeSweep:
    """Points of a Latin hypercube, no two of which share a value."""
    counts = [float(1 + 7 * n % 97) for n in range(32)]
    memory = [32.0 + 3.0 * (11 * n % 32) for n in range(32)]
    axes = [numbers(COUNT, *counts), sizes("host.memory", *memory)]
    return swept(axes, FOUR, value_of_four, replications=2, design="latin-hypercube")


def one_at_a_time() -> MadeSweep:
    """Each axis by itself, the others as they are first."""
    axes = [numbers(COUNT, 10, 50, 90), sizes("host.memory", 32, 64, 128), words("placement", "a")]
    return swept(axes, FOUR, value_of_four, replications=2, design="one-at-a-time")


def together() -> MadeSweep:
    """Axes that change value by value."""
    axes = [numbers(COUNT, 1, 10, 100), sizes("host.memory", 32, 64, 128)]
    return swept(axes, FOUR, value_of_four, replications=2, design="zip")


def by_rule() -> MadeSweep:
    """Replications by precision, which one mean does not reach."""
    made = later()
    return replace(made, precision=Rule(0.05, "startup_mean_s", 3))


def sensitive() -> MadeSweep:
    """What moves a metric: Sobol' on one platform, Morris on the other, and both ends of each."""
    nan = math.nan
    parts = ("vmm", "guest-kernel", "guest-userland-with-all-of-its-services")
    paths = [f"platforms.vm.boundaries.vm.footprint.{name}" for name in parts]
    sobol = [
        ("memory_gross_bytes", "vm", path, nan, nan, nan, nan, *first, *total, "assumed", "")
        for path, first, total in zip(
            paths,
            ((0.62, 0.58, 0.66), (0.2, 0.15, 0.25), (0.01, -0.02, 0.04)),
            ((0.7, 0.66, 0.74), (0.3, 0.25, 0.35), (0.02, -0.01, 0.05)),
            strict=True,
        )
    ]
    morris = [
        ("memory_gross_bytes", "container", path, *star, sigma * GIB, *[nan] * 6, "vendor", "")
        for path, star, sigma in zip(
            paths,
            ((3 * GIB, 2 * GIB, 4 * GIB), (GIB, nan, nan), (0.0, 0.0, 0.0)),
            (0.5, 0.1, 0.0),
            strict=True,
        )
    ]
    ends = [
        ("memory_gross_bytes", "vm", path, low, high, "bytes", at[0] * GIB, at[1] * GIB, 40 * GIB,
         "bytes", "assumed", reason)
        for path, low, high, at, reason in zip(paths, (1.0, 2.0, 3.0), (2.0, 4.0, 6.0),
                                               ((38, 45), (39, 41), (nan, nan)),
                                               ("", "", "it did not fit"), strict=True)
    ]  # fmt: skip
    return replace(
        turning(),
        sensitivity=table("sensitivity", [], [*sobol, *morris]),
        tornado=table("tornado", [], ends),
    )


STORIES = (
    *(later, turning, grid, one_point, one_platform, no_numbers, all_failed, missing, many),
    *(five_axes, single_runs, sampled, one_at_a_time, together, by_rule, sensitive),
)
"""All of them, by which it is tested what must hold of every sweep."""
