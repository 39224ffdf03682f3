"""Page cache inside guests is told where it is much of what is held."""

from report.stated import Made, stated

from sim.report.answer import details

GIB = 2.0**30


def caching(inside: float, host: float = 12.0) -> Made:
    """A VM that holds 40 GiB, so many of them cache inside; a container whose host caches."""
    metrics = {
        "vm": {"memory_gross_bytes": 40 * GIB, "page_cache_bytes": 1 * GIB},
        "box": {"memory_gross_bytes": 4 * GIB, "page_cache_bytes": host * GIB},
    }
    rows = [("vm", "memory", "boundary.guest-cache", inside * GIB, "bytes"),
            ("vm", "memory", "net.private", (40 - inside) * GIB, "bytes"),
            ("box", "memory", "net.private", 4 * GIB, "bytes")]  # fmt: skip
    return stated(metrics, components=rows)


def test_much_cache_inside_guests_is_told_beside_the_host_s_own():
    assert details(caching(18)) == [
        "18 of 40 GiB on vm are page cache inside guests, which the host cannot take back; the "
        "host's own page cache, 12 GiB on box, is free to go and not counted."
    ]


def test_a_tenth_is_not_much_and_a_little_more_is():
    assert details(caching(4)) == []
    assert details(caching(4.1))[0].startswith("4.1 of 40 GiB on vm are")


def test_of_a_host_without_cache_nothing_is_said():
    found = caching(18, host=0)
    found.summary.loc[found.summary["metric"] == "page_cache_bytes", "mean"] = 0.0
    assert details(found)[0].endswith("which the host cannot take back.")
