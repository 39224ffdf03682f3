"""What a command of RUN costs, by the rules of the catalog for the programs that it calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import fsum

from sim.images.counting import Count, count
from sim.images.packages import script_of
from sim.images.shell import Call, calls_of
from sim.images.surroundings import Surroundings, is_within
from sim.spec.build import Work
from sim.spec.cost import Action, Amounts, CostRule

DEFAULT = "default"
"""The rule for programs that no other one is for."""

_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command comes to: the rules that say so, its work, the bytes that its layer holds.

    `left` are these bytes by where they lie, as far as the rules say that.
    """

    rule: str
    work: Work
    written: int
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one action of a command asks for, in plain numbers."""

    rule: str
    wait: float = 0.0
    round_trips: float = 0.0
    download: float = 0.0
    connections: int = 1
    read: float = 0.0
    compute: float = 0.0
    threads: int = 1
    write: float = 0.0
    kept: float = 0.0


@dataclass
class Line:
    """The actions of a line so far, and the bytes that they have left, by path."""

    asked: list[Asked] = field(default_factory=list)
    left: dict[str, float] = field(default_factory=dict)

    def leave(self, path: str, size: float) -> None:
        """More bytes come to lie at a path."""
        self.left[path] = self.left.get(path, 0.0) + size

    def remove(self, path: str) -> None:
        """What lies at a path or below it goes."""
        self.left = {each: size for each, size in self.left.items() if not is_within(each, path)}


def cost_of(command: str, rules: Mapping[str, CostRule], around: Surroundings) -> Cost:
    """What a command of RUN comes to, where it stands."""
    line = Line()
    _Performer(rules, line).perform(calls_of(command), around, 0)
    mounted = around.mounted
    kept = {
        path: size
        for path, size in line.left.items()
        if not any(is_within(path, mount) for mount in mounted)
    }
    names = dict.fromkeys(each.rule for each in line.asked)
    work = _together(line.asked)
    left = {path: round(size) for path, size in kept.items()}
    return Cost(", ".join(names) or DEFAULT, work, round(fsum(kept.values())), left)


def _together(asked: Sequence[Asked]) -> Work:
    """Actions one after another as one piece of work, with as many threads as they have in all."""

    def total(key: str) -> float:
        return fsum(getattr(each, key) for each in asked)

    alone = fsum(each.compute / each.threads for each in asked)
    return Work(
        wait=total("wait"),
        round_trips=total("round_trips"),
        download=round(total("download")),
        connections=max((each.connections for each in asked if each.download), default=1),
        read=round(total("read")),
        compute=total("compute"),
        threads=max(1, round(total("compute") / alone)) if alone else 1,
        write=round(total("write") + total("kept")),
    )


class _Performer:
    """Goes through the calls of a line and collects what they ask for and leave."""

    def __init__(self, rules: Mapping[str, CostRule], line: Line) -> None:
        self._rules = rules
        self._by_program = {name: rule for rule in rules.values() for name in rule.programs}
        self._line = line

    def perform(self, calls: Sequence[Call], around: Surroundings, depth: int) -> None:
        """Perform calls one after another; `cd` changes where the later ones stand."""
        done = [*_done_earlier(around, self._by_program)]
        for call in calls:
            if call.program == "cd" and call.arguments:
                around = around.moved(call.arguments[-1])
            elif call.program == "export":
                around = replace(around, environment={**around.environment, **_pairs(call)})
            elif call.program in ("rm", "rmdir"):
                self._remove(call, around)
            self._call(call, around, depth, done)
            done.append(call)

    def _remove(self, call: Call, around: Surroundings) -> None:
        for name in call.names:
            self._line.remove(around.path(name.removesuffix("/*")))

    def _call(self, call: Call, around: Surroundings, depth: int, done: Sequence[Call]) -> None:
        rule = self._by_program.get(call.program) or self._rules[DEFAULT]
        for action in actions_of(rule, call):
            if action.once and self._was_done(rule, action, done):
                continue
            self._act(rule, action, call, around)
            if action.runs and depth < _DEEPEST:
                script = _script(call, around)
                self.perform(calls_of(script), around, depth + 1)

    def _was_done(self, rule: CostRule, action: Action, done: Sequence[Call]) -> bool:
        return any(
            each.once == action.once
            for call in done
            if self._by_program.get(call.program) is rule
            for each in actions_of(rule, call)
        )

    def _act(self, rule: CostRule, action: Action, call: Call, around: Surroundings) -> None:
        asked = asked_for(rule.name, action, call, count(action.counts, call, around))
        self._line.asked.append(asked)
        if action.empties:
            for path in filter(None, (each.cache for each in rule.actions.values())):
                self._line.remove(around.path(path))
        if asked.write:
            self._line.leave(around.path(_into(action, call)), asked.write)
        if asked.kept:
            self._line.leave(around.path(action.cache), asked.kept)


def _done_earlier(around: Surroundings, known: Mapping[str, CostRule]) -> Iterator[Call]:
    """The calls of earlier commands of the stage, as far as a rule is for their programs."""
    for command in around.earlier:
        yield from (call for call in calls_of(command) if call.program in known)


def actions_of(rule: CostRule, call: Call) -> list[Action]:
    """The actions that a call asks for: those of its words, or else those without words."""
    for word in call.arguments:
        found = [action for action in rule.actions.values() if word in action.words]
        if found:
            return found
        if not word.startswith("-"):
            break
    return [action for action in rule.actions.values() if not action.words]


def asked_for(rule: str, action: Action, call: Call, counted: Count) -> Asked:
    """What an action asks for, with so many things."""
    is_lean = bool({*action.fewer} & {*call.arguments})
    known = action.known | action.lean if is_lean else action.known
    with_others = 1.0 if counted.whole else (action.least if is_lean else action.usual).value
    parts = [(action.fixed, 1.0)]
    for name, number in counted.things.items():
        is_known = name in known
        parts.append((known.get(name, action.each), number * (1.0 if is_known else with_others)))

    def total(key: str) -> float:
        return fsum(_value(amounts, key) * number for amounts, number in parts)

    download = total("download")
    keeps = action.cache and not {*action.keeps_nothing} & {*call.arguments}
    return Asked(
        rule=rule,
        wait=total("wait"),
        round_trips=total("round_trips"),
        download=download,
        connections=action.connections,
        read=total("read"),
        compute=total("compute"),
        threads=action.threads,
        write=total("write"),
        kept=download if keeps else 0.0,
    )


def _into(action: Action, call: Call) -> str:
    """Where an action puts what it writes."""
    said = (after for flag, after in pairwise(call.arguments) if flag in action.into_after)
    return next(said, action.into)


def _value(amounts: Amounts, key: str) -> float:
    found: float = getattr(amounts, key).value
    return found


def _script(call: Call, around: Surroundings) -> str:
    """The script that `npm run NAME`, `yarn NAME` and the like stand for."""
    names = [name for name in call.names if name not in ("run", "run-script")]
    name = names[0] if names else call.program
    return script_of(around.text("package.json"), name)


def _pairs(call: Call) -> dict[str, str]:
    found = (argument.partition("=") for argument in call.arguments)
    return {name: value for name, _, value in found}
