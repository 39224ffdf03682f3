"""The page of whatever has a name, by its kind."""

from collections.abc import Callable, Iterator, Mapping

from sim.cli.explaining import host, image, metric, platform, source, workload
from sim.cli.explaining.layout import Part

PAGES: Mapping[str, Callable[[str], Iterator[Part]]] = {
    "host": host.page,
    "platform": platform.page,
    "boundary": platform.boundary_page,
    "workload": workload.page,
    "image": image.page,
    "metric": metric.page,
    "source": source.page,
}
"""For each kind of thing, what lays out the page of one by its name."""
