"""The flags that instructions have, and what is wrong with those that are written."""

from collections.abc import Callable, Iterator, Mapping

from sim.errors import did_you_mean, shown
from sim.images.dockerfile import forms
from sim.images.dockerfile.refusal import Refusal
from sim.images.dockerfile.tree import Instruction

_Form = Callable[[str], str]
"""What is wrong with a value, and nothing where it is right."""


def _any_text(_: str) -> str:
    return ""


def _yes_or_no(value: str) -> str:
    return "" if value.lower() in ("true", "false") else "write true, false, or the flag alone"


_PLACING: Mapping[str, _Form] = {
    "chown": _any_text,
    "chmod": _any_text,
    "link": _yes_or_no,
    "exclude": _any_text,
}
_KNOWN: Mapping[str, Mapping[str, _Form]] = {
    "ADD": {**_PLACING, "checksum": _any_text, "keep-git-dir": _yes_or_no, "unpack": _yes_or_no},
    "COPY": {**_PLACING, "from": _any_text, "parents": _yes_or_no},
    "FROM": {"platform": _any_text},
    "HEALTHCHECK": {
        "interval": forms.wrong_duration,
        "timeout": forms.wrong_duration,
        "start-period": forms.wrong_duration,
        "start-interval": forms.wrong_duration,
        "retries": forms.wrong_count,
    },
    "RUN": {
        "mount": _any_text,
        "network": forms.one_of("default", "none", "host"),
        "security": forms.one_of("sandbox", "insecure"),
        "device": _any_text,
    },
}
_REPEATABLE = ("mount", "exclude", "device")
_IGNORING = ("ARG", "STOPSIGNAL")
"""Instructions that BuildKit reads without a look at their flags."""


def values_of(instruction: Instruction) -> Mapping[str, tuple[str, ...]]:
    """What stands in each flag of an instruction; yes-or-no flags alone stand for `true`."""
    found: dict[str, list[str]] = {}
    for flag in instruction.flags:
        name, equals, value = flag.removeprefix("--").partition("=")
        found.setdefault(name, []).append(value if equals else "true")
    return {name: tuple(values) for name, values in found.items()}


def flag_refusals(instruction: Instruction) -> Iterator[Refusal]:
    """What is wrong with the flags of an instruction, one by one."""
    if instruction.keyword in _IGNORING:
        return
    known = _KNOWN.get(instruction.keyword, {})
    seen: set[str] = set()
    for flag in instruction.flags:
        name, equals, value = flag.removeprefix("--").partition("=")
        if name not in known:
            yield _unknown(instruction.keyword, name, known)
        elif name in seen and name not in _REPEATABLE:
            yield Refusal(f"--{name} stands here twice", "keep one of them", f"--{name}")
        else:
            yield from _wrong(name, equals, value, known[name])
        seen.add(name)


def _unknown(keyword: str, name: str, known: Mapping[str, _Form]) -> Refusal:
    names = [f"--{each}" for each in known]
    remedy = did_you_mean(f"--{name}", names) if known else "take it out: it has none"
    return Refusal(f"{keyword} has no flag --{name}", remedy, f"--{name}")


def _wrong(name: str, equals: str, value: str, form: _Form) -> Iterator[Refusal]:
    if not equals and form is _yes_or_no:
        return
    remedy = form(value) if equals else f"write --{name}=VALUE"
    if remedy:
        problem = f"--{name} cannot be {shown(value)}" if equals else f"--{name} has no value"
        yield Refusal(problem, remedy, f"--{name}")
