"""What BuildKit refuses of an instruction before it builds anything: words missing or too many."""

from collections.abc import Callable, Iterator, Mapping

from sim.errors import shown
from sim.images.dockerfile import forms
from sim.images.dockerfile.flags import flag_refusals, values_of
from sim.images.dockerfile.heredocs import heredoc_of
from sim.images.dockerfile.mounts import mount_fields
from sim.images.dockerfile.refusal import Refusal
from sim.images.dockerfile.tree import Instruction

_Check = Callable[[Instruction], Iterator[Refusal]]

_NAMED_BASE = 3
"""How many words FROM has with a name for its stage."""


def refusals(instruction: Instruction, has_begun: bool) -> Iterator[Refusal]:
    """All that is wrong with an instruction as it is written; `has_begun` is false before FROM."""
    keyword = instruction.keyword
    yield from flag_refusals(instruction)
    if not has_begun and keyword not in ("FROM", "ARG"):
        problem = f"{keyword} stands before the first FROM"
        yield Refusal(problem, "begin with FROM and an image")
    yield from _CHECKS.get(keyword, _nothing)(instruction)


def _nothing(_: Instruction) -> Iterator[Refusal]:
    return iter(())


def _some(instruction: Instruction) -> Iterator[Refusal]:
    if not instruction.words:
        yield Refusal(f"{instruction.keyword} says nothing", _EXAMPLES[instruction.keyword])


_EXAMPLES = {
    "ARG": "write ARG NAME or ARG NAME=VALUE",
    "ENV": "write ENV NAME=VALUE",
    "EXPOSE": "write EXPOSE and a port",
    "HEALTHCHECK": "write HEALTHCHECK CMD and a command, or HEALTHCHECK NONE",
    "LABEL": "write LABEL NAME=VALUE",
    "MAINTAINER": "write a name after it, or better LABEL maintainer=NAME",
    "ONBUILD": "write an instruction after it",
    "SHELL": 'write SHELL ["/bin/sh", "-c"]',
    "STOPSIGNAL": "write STOPSIGNAL and a signal",
    "USER": "write USER and a name or a number",
    "VOLUME": "write VOLUME and a path",
    "WORKDIR": "write WORKDIR and a path",
}


def _pairs(instruction: Instruction) -> Iterator[Refusal]:
    yield from _some(instruction)
    names = instruction.words[::2]
    if not all(names):
        yield Refusal(f"{instruction.keyword} has a value without a name", "write NAME=VALUE")


def _arguments(instruction: Instruction) -> Iterator[Refusal]:
    yield from _some(instruction)
    for word in instruction.words:
        if word.startswith("="):
            yield Refusal("ARG has a value without a name", "write ARG NAME=VALUE", word)


def _base(instruction: Instruction) -> Iterator[Refusal]:
    words = instruction.words
    is_named = len(words) == _NAMED_BASE and words[1].lower() == "as"
    if len(words) != 1 and not is_named:
        problem = f"FROM has {len(words)} words where one or three are wanted"
        yield Refusal(problem, "write FROM IMAGE or FROM IMAGE AS NAME")
    elif is_named and (remedy := forms.wrong_stage_name(words[-1])):
        yield Refusal(f"a stage cannot be named {shown(words[-1])}", remedy, words[-1])


def _sources(instruction: Instruction) -> Iterator[Refusal]:
    keyword, words = instruction.keyword, instruction.words
    if len(words) <= 1:
        has = "only a source" if words else "neither a source nor a destination"
        yield Refusal(f"{keyword} has {has}", f"write {keyword} SOURCE DESTINATION")
    elif heredoc_of(words[-1]):
        problem = f"{keyword} cannot copy into a document"
        yield Refusal(problem, "write a path as the last word", words[-1])


def _shell(instruction: Instruction) -> Iterator[Refusal]:
    yield from _some(instruction)
    if instruction.words and not instruction.is_json:
        problem = "SHELL has to be a JSON array"
        yield Refusal(problem, _EXAMPLES["SHELL"], instruction.words[0])


def _health(instruction: Instruction) -> Iterator[Refusal]:
    yield from _some(instruction)
    kind, *command = instruction.words or ("NONE",)
    if kind.upper() == "NONE" and command:
        yield Refusal("HEALTHCHECK NONE has words after it", "take them out", command[0])
    elif kind.upper() == "CMD" and not command:
        yield Refusal("HEALTHCHECK CMD has no command", "write one after CMD")
    elif kind.upper() not in ("NONE", "CMD"):
        problem = f"HEALTHCHECK cannot be {shown(kind)}"
        yield Refusal(problem, "write HEALTHCHECK CMD and a command", kind)


def _volumes(instruction: Instruction) -> Iterator[Refusal]:
    yield from _some(instruction)
    if not all(word.strip() for word in instruction.words):
        yield Refusal("VOLUME has an empty path", "write a path", '""')


def _later(instruction: Instruction) -> Iterator[Refusal]:
    yield from _some(instruction)
    keyword = instruction.words[0] if instruction.words else ""
    trigger = instruction.trigger
    if trigger is None or keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        if keyword:
            yield Refusal(f"ONBUILD cannot keep {keyword.split()[0]} for later", "take it out")
    else:
        yield from refusals(trigger, has_begun=True)


def _mounts(instruction: Instruction) -> Iterator[Refusal]:
    for written in values_of(instruction).get("mount", ()):
        try:
            mount_fields(written)
        except Refusal as refusal:
            yield refusal


_CHECKS: Mapping[str, _Check] = {
    "ADD": _sources,
    "ARG": _arguments,
    "COPY": _sources,
    "ENV": _pairs,
    "EXPOSE": _some,
    "FROM": _base,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _some,
    "ONBUILD": _later,
    "RUN": _mounts,
    "SHELL": _shell,
    "STOPSIGNAL": _some,
    "USER": _some,
    "VOLUME": _volumes,
    "WORKDIR": _some,
}
