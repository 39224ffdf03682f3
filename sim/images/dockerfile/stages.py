"""The stages of a Dockerfile that its target needs, with their commands, ready to be built."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sim.errors import Fault, ScenarioError, UsageError, did_you_mean, shown
from sim.images.dockerfile import forms
from sim.images.dockerfile.commands import Command, Stage
from sim.images.dockerfile.expansion import Reading, expanded
from sim.images.dockerfile.flags import values_of
from sim.images.dockerfile.making import made
from sim.images.dockerfile.mounts import mount_fields
from sim.images.dockerfile.refusal import Refusal, placed
from sim.images.dockerfile.scope import Scope, platform_arguments
from sim.images.dockerfile.tree import Dockerfile, Instruction

_SCRATCH = "scratch"
_ABOVE = "take files from one that is above"
_WHOLE_NUMBER = re.compile("[+-]?[0-9]+")


@dataclass(slots=True)
class _Part:
    """A stage on its way: FROM and its instructions, then what these come to."""

    number: int
    begin: Instruction
    body: list[Instruction] = field(default_factory=list)
    base: str = ""
    base_number: int | None = None
    platform: str = ""
    scope: Scope | None = None

    @property
    def name(self) -> str:
        """The name of the stage in small letters, which is empty if it has none."""
        return self.begin.words[2].lower() if self.begin.words[1:] else ""


def stages(
    dockerfile: Dockerfile, arguments: Mapping[str, str] | None = None, target: str = ""
) -> tuple[Stage, ...]:
    """The stages that a target needs, itself the last; without a target, it is the file's last.

    `arguments` are the build arguments. Raises ScenarioError with all that is wrong in what is
    needed, and UsageError for a target that is not there.
    """
    return _Reader(dockerfile, arguments or {}, target).stages()


class _Reader:
    """One reading of a Dockerfile, with the faults found so far."""

    def __init__(self, dockerfile: Dockerfile, given: Mapping[str, str], target: str) -> None:
        self._dockerfile = dockerfile
        self._given = given
        self._target = target
        self._faults: list[Fault] = []
        self._parts: list[_Part] = []
        self._by_name: dict[str, int] = {}
        self._outside: dict[str, str] = {}

    def stages(self) -> tuple[Stage, ...]:
        """All that the target needs, in the order of the file."""
        self._divide()
        last = self._last()
        needed = self._needed(last)
        found = [self._stage(part) for part in self._parts if part.number in needed]
        if self._faults:
            once = dict.fromkeys(self._faults)
            raise ScenarioError(sorted(once, key=lambda fault: fault.line or 0))
        return tuple(found)

    def _refuse(self, refusal: Refusal, instruction: Instruction) -> None:
        fault = placed(refusal, instruction, self._dockerfile.file, self._dockerfile.lines)
        self._faults.append(fault)

    def _divide(self) -> None:
        """Divide the file into global arguments and stages, and find what each is made from."""
        instructions = self._dockerfile.instructions
        last = _Part(0, [each for each in instructions if each.keyword == "FROM"][-1])
        self._outside = platform_arguments(self._given, self._target or last.name)
        for instruction in instructions:
            if instruction.keyword == "FROM":
                self._begin(_Part(len(self._parts), instruction))
            elif self._parts:
                self._parts[-1].body.append(instruction)
            else:
                self._argue(instruction)

    def _argue(self, instruction: Instruction) -> None:
        """Take a global ARG, whose default may hold those before it."""
        for word in instruction.words:
            name, equals, default = word.partition("=")
            try:
                value = self._global_word(default) if equals else None
            except Refusal as refusal:
                self._refuse(refusal, instruction)
                continue
            value = self._given.get(name, value)
            if value is not None:
                self._outside[name] = value

    def _global_word(self, text: str) -> str:
        return expanded(text, self._outside, Reading(self._dockerfile.escape))

    def _begin(self, part: _Part) -> None:
        try:
            part.base = self._base(part.begin)
            part.platform = self._platform(part.begin)
            part.base_number = self._by_name.get(part.base)
            if part.base_number is None and part.base != _SCRATCH:
                self._check_reference(part.base, part.begin.words[0])
        except Refusal as refusal:
            self._refuse(refusal, part.begin)
        self._parts.append(part)
        if part.name:
            self._by_name[part.name] = part.number

    def _base(self, begin: Instruction) -> str:
        base = self._global_word(begin.words[0])
        if not base:
            problem = f"{begin.words[0]} is empty here"
            remedy = "give it a value by an ARG before the first FROM, or a build argument"
            raise Refusal(problem, remedy, begin.words[0])
        return base

    def _platform(self, begin: Instruction) -> str:
        written = values_of(begin).get("platform", ("",))[0]
        platform = self._global_word(written)
        if written and (remedy := forms.wrong_platform(platform)):
            raise Refusal(f"--platform cannot be {shown(platform)}", remedy, "--platform")
        return platform

    def _check_reference(self, reference: str, word: str) -> None:
        if reference.lower() in self._by_name:
            problem = f"the stage {shown(reference.lower())} is named here with capitals"
            raise Refusal(problem, f"write {reference.lower()}", word)
        if remedy := forms.wrong_reference(reference):
            raise Refusal(f"no image can be named {shown(reference)}", remedy, word)

    def _last(self) -> _Part:
        """The stage that is asked for."""
        if not self._target:
            return self._parts[-1]
        number = self._by_name.get(self._target.lower())
        if number is None:
            problem = f"{self._dockerfile.file} has no stage {shown(self._target)}"
            raise UsageError(problem, self._targets())
        return self._parts[number]

    def _targets(self) -> str:
        if not self._by_name:
            return "give one a name: FROM IMAGE AS NAME"
        return did_you_mean(self._target, self._by_name)

    def _needed(self, last: _Part) -> set[int]:
        """The numbers of a stage and of all that it needs; what stands below one is refused."""
        needed, ahead = {last.number}, [last]
        while ahead:
            part = ahead.pop()
            numbers = {self._source(*origin, part) for origin in self._origins(part)}
            numbers.add(part.base_number)
            new = {number for number in numbers if number is not None} - needed
            needed |= new
            ahead += [self._parts[number] for number in new]
        return needed

    def _kept(self, part: _Part) -> list[Instruction]:
        """What the stage that this one is made from keeps for it by ONBUILD."""
        base = [] if part.base_number is None else self._parts[part.base_number].body
        return [each.trigger for each in base if each.trigger is not None]

    def _origins(self, part: _Part) -> Iterator[tuple[Instruction, str]]:
        """What the instructions of a stage take files from, as written."""
        for instruction in [*self._kept(part), *part.body]:
            flags = values_of(instruction)
            mounts = [dict(mount_fields(mount)) for mount in flags.get("mount", ())]
            origins = [*flags.get("from", ()), *(fields.get("from") for fields in mounts)]
            yield from ((instruction, origin) for origin in origins if origin)

    def _source(self, instruction: Instruction, origin: str, part: _Part) -> int | None:
        """The number of the stage that files are taken from, if it is one that can be."""
        try:
            return self._number(part, instruction.keyword == "COPY", origin)
        except Refusal as refusal:
            self._refuse(refusal, instruction)
            return None

    def _number(self, part: _Part, may_count: bool, origin: str) -> int | None:
        """The number of the stage that a name, or a number, stands for. Raises Refusal."""
        if origin != expanded(origin, {}, Reading(self._dockerfile.escape)):
            problem = "--from cannot hold a variable"
            raise Refusal(problem, "name a stage with FROM, where it can", origin)
        number = self._named(origin, may_count)
        if number is None and origin != _SCRATCH and (remedy := forms.wrong_reference(origin)):
            raise Refusal(f"{shown(origin)} is neither a stage nor an image", remedy, origin)
        if number is not None and number >= part.number:
            raise Refusal(f"{shown(origin)} is no stage above this one", _ABOVE, origin)
        return number

    def _named(self, origin: str, may_count: bool) -> int | None:
        if not may_count or not _WHOLE_NUMBER.fullmatch(origin):
            return self._by_name.get(origin.lower())
        number = int(origin[:9])
        if number not in range(len(self._parts)):
            problem = f"there is no stage {origin}"
            raise Refusal(problem, f"the last one is {len(self._parts) - 1}", origin)
        return number

    def _stage(self, part: _Part) -> Stage:
        base = None if part.base_number is None else self._parts[part.base_number].scope
        part.scope = Scope(self._given, self._outside, self._dockerfile.escape, base)
        kept = [
            dataclasses.replace(command, text=f"ONBUILD {command.text}")
            for command in self._commands(part, part.scope, self._kept(part))
        ]
        return Stage(
            number=part.number,
            name=part.name,
            base=part.base,
            platform=part.platform,
            line=part.begin.line,
            commands=(*kept, *self._commands(part, part.scope, part.body)),
            base_number=part.base_number,
        )

    def _commands(
        self, part: _Part, scope: Scope, body: Sequence[Instruction]
    ) -> Iterator[Command]:
        for instruction in body:
            find = partial(self._number, part, instruction.keyword == "COPY")
            try:
                yield from made(instruction, scope, find)
            except Refusal as refusal:
                self._refuse(refusal, instruction)
