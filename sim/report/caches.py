"""What of memory is page cache: inside guests it is held, on the host it is free to go."""

from collections.abc import Iterator

from sim.report.comparison import Comparison
from sim.report.estimates import by_platform, of_metric
from sim.report.frames import rows
from sim.report.wording import amount, number, scale

_GUEST_CACHE = "boundary.guest-cache"
_NOTABLE = 0.1


def sentences(comparison: Comparison) -> Iterator[str]:
    """Say how much is page cache inside guests where that is most, if it is much anywhere."""
    platforms = by_platform(comparison.summary)
    gross = of_metric(platforms, "memory_gross_bytes")
    much = {
        name: held
        for name, held in _inside_guests(comparison).items()
        if name in gross and held > _NOTABLE * gross[name].mean
    }
    if much:
        most = max(much, key=much.__getitem__)
        size, unit = scale(gross[most].mean, "bytes")
        share = f"{number(much[most] / size)} of {number(gross[most].mean / size)} {unit}"
        said = f"{share} on {most} are page cache inside guests, which the host cannot take back"
        yield f"{said}{_of_hosts(comparison)}."


def _inside_guests(comparison: Comparison) -> dict[str, float]:
    """The page cache inside guests, by platform, in bytes."""
    frame = comparison.components
    held = frame[(frame["resource"] == "memory") & (frame["component"] == _GUEST_CACHE)]
    return dict(rows(held, "platform", "value"))


def _of_hosts(comparison: Comparison) -> str:
    """The page cache of the hosts on the platform that has most of it."""
    free = of_metric(by_platform(comparison.summary), "page_cache_bytes")
    most = max(free, key=lambda name: free[name].mean, default="")
    if not most or not free[most].mean:
        return ""
    said = f"{amount(free[most].mean, 'bytes')} on {most}, is free to go and not counted"
    return f"; the host's own page cache, {said}"
