"""What went wrong: instances that were lost, and comparisons that would not be fair for it."""

import re
from collections import Counter
from collections.abc import Iterator

from sim.report.comparison import Comparison, platform_names
from sim.report.estimates import Metrics, by_platform, estimates, is_as_live, is_comparable
from sim.report.findings import Cell, Table
from sim.report.frames import rows
from sim.report.wording import listed


def failures(comparison: Comparison) -> Table:
    """Why instances failed or were killed: each kind of reason once, with how many it met."""
    frame = comparison.instances
    lost = frame[frame["reason"].fillna("") != ""]
    met: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for platform, instance, reason in rows(lost, "platform", "instance", "reason"):
        told = reason.replace(instance, "an instance")
        kind = platform, re.sub(r"[\d.]+ (\w+)", "", told)
        met[kind] += 1
        first.setdefault(kind, told)
    said = tuple(
        (Cell(kind[0]), Cell(first[kind]), Cell(f"{number / comparison.scenario.replications:.3g}"))
        for kind, number in met.most_common()
    )
    return Table(("platform", "reason, with the numbers of the first", "instances"), said, words=2)


def losing(comparison: Comparison) -> set[str]:
    """Name the platforms that lose requests, or instances that were to answer some."""
    serving = set(comparison.loads["group"])
    groups = estimates(comparison.summary, "group").items()
    short = {platform for (platform, group), of in groups if group in serving and _is_short(of)}
    lost = ((name, of.get("requests_lost")) for name, of in by_platform(comparison.summary).items())
    return short | {name for name, requests in lost if requests and requests.mean > 0}


def _is_short(metrics: Metrics) -> bool:
    """Whether instances of a group never became ready, failed or were killed."""
    asked, ready, *gone = (
        metrics[name].mean if name in metrics else 0.0
        for name in ("instances_started", "instances_ready", "instances_failed", "oom_kills")
    )
    return ready < asked or any(gone)


def incomparable(comparison: Comparison) -> str:
    """Say which platforms are not compared with the first, for they are short of instances."""
    first, *others = platform_names(comparison)
    whole = [name for name in others if is_comparable(comparison, name)]
    short = [name for name in others if name not in whole]
    thinned = [name for name in whole if not is_as_live(comparison, name)]
    return " ".join(
        (
            *_uncompared(f"Not compared with {first}, since not as many became ready", short),
            *_uncompared(
                f"Memory is not compared with {first}, since not as many live on", thinned
            ),
        )
    )


def _uncompared(words: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{words}: {listed(names)}."
