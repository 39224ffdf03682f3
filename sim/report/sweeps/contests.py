"""What it is called to have less of a metric than another, or most of it, with the number."""

import math
from typing import NamedTuple

from sim.report.estimates import Estimate
from sim.report.wording import METRIC_SHARES, metric_name, number, scale
from sim.spec.metrics import most_wins

_GROUPS = "groups."
_LONG = 600.0


class Words(NamedTuple):
    """How to say that a platform has less or more than another, and what the best of all does.

    `{}` is where the amount goes; without one the words stand alone.
    """

    less: str
    more: str
    best: str
    opposite: str = "more"
    """What the less becomes on the other side of a crossing."""


_WORDS = {
    "startup_mean_s": Words("starts {} sooner", "starts {} later", "starts soonest", "later"),
    "startup_p50_s": Words("has half of them ready {} sooner", "has half of them ready {} later",
                           "has half of them ready soonest", "later"),
    "startup_p95_s": Words("has 95 % ready {} sooner", "has 95 % ready {} later",
                           "has 95 % ready soonest", "later"),
    "startup_p99_s": Words("has 99 % ready {} sooner", "has 99 % ready {} later",
                           "has 99 % ready soonest", "later"),
    "all_ready_s": Words("has all ready {} sooner", "has all ready {} later",
                         "has all ready soonest", "later"),
    "memory_gross_bytes": Words("holds {} less memory", "holds {} more memory",
                                "holds least memory"),
    "memory_tare_bytes": Words("adds {} less memory", "adds {} more memory", "adds least memory"),
    "memory_peak_bytes": Words("holds {} less memory at its peak",
                               "holds {} more memory at its peak",
                               "holds least memory at its peak"),
    "memory_per_instance_bytes": Words("holds {} less memory an instance",
                                       "holds {} more memory an instance",
                                       "holds least memory an instance"),
    "cpu_gross_core_s": Words("takes {} less of the CPU", "takes {} more of the CPU",
                              "takes least of the CPU"),
    "cpu_tare_core_s": Words("adds {} less CPU time", "adds {} more CPU time",
                             "adds least CPU time"),
    "disk_gross_bytes": Words("fills {} less disk", "fills {} more disk", "fills least disk"),
    "request_mean_s": Words("answers {} sooner", "answers {} later", "answers soonest", "later"),
    "steady_throughput_per_s": Words("answers {} less", "answers {} more", "answers most"),
    "request_p99_s": Words("answers 99 % {} sooner", "answers 99 % {} later",
                           "answers 99 % soonest", "later"),
    "throughput_per_s": Words("answers {} less", "answers {} more", "answers most"),
    "build_first_s": Words("builds {} sooner", "builds {} later", "builds soonest", "later"),
}  # fmt: skip


def plain(metric: str) -> str:
    """The metric of the catalog that a metric of one group is of."""
    return metric.rpartition(".")[2] if metric.startswith(_GROUPS) else metric


def name_of(metric: str) -> str:
    """Call a metric in a sentence: `memory gross`, `startup mean of web`."""
    return f"{metric_name(plain(metric))}{_whose(metric)}"


def words_for(metric: str) -> Words:
    """Give the words for a metric; of one that has none of its own, words that fit any."""
    of, name = _whose(metric), metric_name(plain(metric))
    best = f"has {'most' if most_wins(metric) else 'least'} {name}"
    any_metric = Words(f"has {{}} less {name}", f"has {{}} more {name}", best)
    found = _WORDS.get(plain(metric), any_metric)
    less, more, best = (f"{words}{of}" for words in found[:3])
    return Words(less, more, best, found.opposite)


def _whose(metric: str) -> str:
    """The group that a metric is of, where it is not of all of them."""
    group = metric.removeprefix(_GROUPS).rpartition(".")[0] if metric != plain(metric) else ""
    return f" of {group}" if group else ""


def said(words: str, found: Estimate, metric: str, than: str = "") -> str:
    """Say a difference without its sign, with its interval: `starts 3.1 s sooner [2.9, 3.3]`."""
    told, bracket = measured(found, metric, "percentage points")
    whole = " ".join(words.format(told).split())
    return " ".join(filter(None, (whole, than and f"than {than}", bracket)))


def unsigned(found: Estimate) -> Estimate:
    """A difference as an amount: what is below 0 with its interval turned round."""
    if found.mean >= 0:
        return found
    return Estimate(-found.mean, -found.high, -found.low, found.n, found.unit)


def measured(found: Estimate, metric: str, share: str = "%") -> tuple[str, str]:
    """Say a mean, and its interval in the same unit: `3.1 s`, `[2.9, 3.3]`.

    Where there is no interval its words are empty; `share` is the unit of shares.
    """
    size, unit = (0.01, share) if plain(metric) in METRIC_SHARES else _unit_of(found)
    told = f"{number(found.mean / size)} {unit}".rstrip()
    if math.isnan(found.low) or math.isnan(found.high):
        return told, ""
    return told, f"[{number(found.low / size)}, {number(found.high / size)}]"


def _unit_of(found: Estimate) -> tuple[float, str]:
    """The unit of a mean: seconds stay seconds for some minutes, so that ends can be compared."""
    largest = abs(found.mean) or max(abs(found.low), abs(found.high))
    if found.unit == "s" and 1.0 <= largest < _LONG:
        return 1.0, "s"
    return scale(0.0 if math.isnan(largest) else largest, found.unit)


def with_interval(found: Estimate, metric: str) -> str:
    """Say a mean with its interval, if it has one: `3.1 s [2.9, 3.3]`."""
    return " ".join(filter(None, measured(found, metric)))
