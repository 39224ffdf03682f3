"""How a report says a number, a list, a ratio: the same words on every page."""

import math
import re
from collections import Counter
from collections.abc import Iterable

from sim.spec.metrics import SWEPT
from sim.spec.scenario import Scenario
from sim.units import DATA_RATE, DIMENSIONS, NUMBER, SIZE, format_quantity

_DIMENSION_OF_UNIT = {dimension.base: dimension for dimension in DIMENSIONS} | {
    "bytes": SIZE,
    "bytes/s": DATA_RATE,
    "": NUMBER,
}
METRIC_SHARES = {"cpu_utilization", "build_cached_share", "drift_share"}
"""The metrics that are read as shares of one."""
_MOST_WORKLOADS_NAMED = 3
CREDITS = {"credit.merged": "merged", "credit.swapped": "swapped out"}
"""What the parts are called that are taken off gross memory."""

_SHOWN_WHOLE = 9.95
_SHOWN_IN_FULL = 999.5
_SMALL_SHARE, _SMALLEST_SHARE = 0.01, 0.0001
_SHOWN_CLOSELY = 1.095
_ABBREVIATIONS = {"startup": "start-up", "cpu": "CPU", "oom": "OOM", "pss": "PSS"}
_GLUED = re.compile(r"(\b\d[\d.,]*(?: /)?) (?=\S)")
_GLUE = "\N{NO-BREAK SPACE}"
_TIMES = "\N{MULTIPLICATION SIGN}"
_NEAR_LETTERS = str.maketrans({_TIMES: "x", "\N{MICRO SIGN}": "u", "\N{EN DASH}": "-", "…": "..."})


def amount(value: float, unit: str) -> str:
    """Say a number of some unit: `12.9 GiB`, `1 min 4 s`, `50`."""
    return format_quantity(value, _DIMENSION_OF_UNIT.get(unit, NUMBER))


def metric_amount(metric: str, value: float) -> str:
    """Say a metric's value in the unit that people read it in."""
    if metric in METRIC_SHARES:
        return percent(value)
    return amount(value, SWEPT[metric].unit if metric in SWEPT else "")


def scale(largest: float, unit: str) -> tuple[float, str]:
    """Find the unit in which numbers up to the largest read well: its size, and its name."""
    dimension = _DIMENSION_OF_UNIT.get(unit, NUMBER)
    for name in reversed(dimension.ladder):
        size = float(dimension.factor(name) or 1)
        if abs(largest) >= size:
            return size, name
    return 1.0, dimension.base


def interval(low: float, high: float, unit: str, form: str = "") -> str:
    """Say a 95 % interval in one unit: `1.17 to 1.25 s`; nothing where there is none.

    With the form `+` both ends have their sign; ends that read the same are said once.
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    size, name = scale(max(abs(low), abs(high)), unit)
    ends = dict.fromkeys(number(end / size, form) for end in (low, high))
    return f"{' to '.join(ends)} {name}".rstrip()


def number(value: float, form: str = "") -> str:
    """Say a bare number with three digits, or all before the point: `18.7`, `1,108`."""
    return f"{value:{form},.0f}" if abs(value) >= _SHOWN_IN_FULL else f"{value:{form}.3g}"


def change(value: float, unit: str) -> str:
    """Say a difference with its sign: `+1.5 GiB`."""
    return ("+" if value > 0 else "") + amount(value, unit)


def core_seconds(value: float) -> str:
    """Say CPU time in core-seconds, however many, so that it can be told from its neighbours."""
    return f"{number(value)} core-s"


def percent(share: float) -> str:
    """Say a share of one: `62 %`, and of a small one its first digit alone."""
    if 0 < abs(share) < _SMALLEST_SHARE:
        return f"under {_SMALLEST_SHARE * 100:.2f} %"
    if 0 < abs(share) < _SMALL_SHARE:
        return f"{share * 100:.1g} %"
    return f"{share * 100:.0f} %"


def times(ratio: float) -> str:
    """Say a ratio: `5.4`; one near 1 closely, so that little more is not as much."""
    if ratio < 1:
        return f"{ratio:.2g}"
    if ratio < _SHOWN_CLOSELY:
        return f"{ratio:.2f}"
    return f"{ratio:.1f}" if ratio < _SHOWN_WHOLE else f"{ratio:,.0f}"


def times_as(ratio: float, much: str = "as much") -> str:
    """Say a ratio of at least 1 as prose does: `5.4 times as long`, `4 % longer`."""
    if ratio >= _SHOWN_CLOSELY:
        return f"{times(ratio)} times {much}"
    return f"{percent(ratio - 1)} {'longer' if much == 'as long' else 'more'}"


def listed(words: Iterable[str]) -> str:
    """Join words as prose does: `a, b and c`."""
    *most, last = list(words)
    return f"{', '.join(most)} and {last}" if most else last


def component_name(component: str) -> str:
    """Say a component of memory, CPU or disk: `guest kernel` for `boundary.guest-kernel`."""
    if component in CREDITS:
        return CREDITS[component]
    kind, _, what = component.partition(".")
    words = {"boundary": what, "net": f"net {what}".strip()}.get(kind, f"{kind} {what}".strip())
    return words.replace("-", " ") if kind == "boundary" else words


def resource_name(resource: str) -> str:
    """Say a resource: `CPU`, `disk`."""
    return _ABBREVIATIONS.get(resource, resource)


def metric_name(metric: str) -> str:
    """Say a metric without its unit: `memory gross` for `memory_gross_bytes`."""
    for suffix in ("_bytes", "_core_s", "_per_s", "_s"):
        metric = metric.removesuffix(suffix)
    return " ".join(_ABBREVIATIONS.get(word, word) for word in metric.split("_"))


def mix(scenario: Scenario) -> str:
    """Say what runs: so many times this workload and so many times that one."""
    groups = scenario.groups.values()
    many: Counter[str] = Counter()
    for group in groups:
        many[group.workload.name] += group.count
    if len(many) > _MOST_WORKLOADS_NAMED:
        return f"{instance_count(scenario):,} instances of {len(groups)} groups"
    return listed(f"{count:,} {_TIMES} {name}" for name, count in many.items())


def instance_count(scenario: Scenario) -> int:
    """How many instances the scenario asks for."""
    return sum(group.count for group in scenario.groups.values())


def host_name(scenario: Scenario) -> str:
    """Say where it runs: the host's title, and how many of them."""
    title = scenario.host.title
    return title if scenario.hosts == 1 else f"{scenario.hosts:,} hosts, each: {title}"


def setting(scenario: Scenario) -> str:
    """Say under which conditions the numbers hold, in one line."""
    runs = f"run {scenario.replications:,} times" if scenario.replications > 1 else "run once"
    watched = amount(scenario.horizon, "s")
    changed = ", ".join(f"{path} = {value}" for path, value in settings_of(scenario).items())
    said = f"{mix(scenario)} on {host_name(scenario)}, watched for {watched}, {runs}"
    return f"{said}; set over its file: {changed}" if changed else said


def settings_of(scenario: Scenario) -> dict[str, str]:
    """What was set over the scenario's file, seed and replications apart, which are told anyway."""
    told = {"seed", "replications"}
    return {path: value for path, value in scenario.settings.items() if path not in told}


def unbroken(text: str) -> str:
    """Keep each number on one line with its unit, by spaces that do not break."""
    return _GLUED.sub(lambda found: f"{found[1]} ".replace(" ", _GLUE), text)


def capital(text: str) -> str:
    """Begin a sentence with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def encodable(text: str, encoding: str) -> str:
    """Put text into what a terminal's encoding can show, with near letters for what it cannot."""
    if encoding.lower().startswith("utf"):
        return text
    return text.translate(_NEAR_LETTERS).encode(encoding, "replace").decode(encoding)
