"""The event stream of a YAML text, checked while it flows and before anything is built from it.

A loader that composes as it reads can be made to crash by deep nesting and to fill memory by
aliases of aliases; events alone are harmless, so all limits are kept here.
"""

from typing import NoReturn

import yaml

from sim.errors import Fault, ScenarioError, shown
from sim.spec.document import Place
from sim.spec.syntax import DEEPEST, syntax_fault

MOST_VALUES = 200_000
_MOST_COPIED = 10_000
_MOST_TAG_DIRECTIVES = 100  # the parser's time grows with their square
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def node_events(text: str, file: str) -> list[yaml.Event]:
    """Parse a text into the events of its one document, each alias replaced by what it repeats.

    Collections nest at most 64 deep. Raises ScenarioError for what is not YAML or is too much.
    """
    if text.count("%TAG") > _MOST_TAG_DIRECTIVES:
        raise ScenarioError([Fault("it declares tags without end", "take them out", file=file)])
    stream = _NodeStream(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            stream.take(event)
    except yaml.YAMLError as error:
        raise ScenarioError([syntax_fault(error, text, file)]) from None
    return stream.events


def place_of(event: yaml.Event, file: str) -> Place:
    """Where an event begins; those of an alias begin where the values that it repeats stand."""
    mark = event.start_mark
    assert mark is not None, "the parser marks every event"
    return Place(file, mark.line + 1, mark.column + 1)


class _NodeStream:
    """The events so far, with the anchors among them as ranges of their list."""

    def __init__(self, file: str) -> None:
        self.events: list[yaml.Event] = []
        self._file = file
        self._documents = 0
        self._values = 0
        self._copied = 0
        self._open: list[tuple[str | None, int]] = []
        self._anchors: dict[str, tuple[int, int]] = {}

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, yaml.AliasEvent):
            self._copy(event)
        elif isinstance(event, yaml.NodeEvent):
            self._append(event, event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._append(event, None)

    def _begin_document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse(event, "a second document begins here", "write one document in a file")

    def _append(self, event: yaml.Event, anchor: str | None) -> None:
        self.events.append(event)
        if isinstance(event, yaml.CollectionEndEvent):
            self._remember(*self._open.pop())
            return
        self._count(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append((anchor, len(self.events) - 1))
            self._check_depth(event)
        else:
            self._remember(anchor, len(self.events) - 1)

    def _remember(self, anchor: str | None, start: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (start, len(self.events))

    def _count(self, event: yaml.Event) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            self._refuse(event, f"there are over {MOST_VALUES:,} values", "split the file")

    def _check_depth(self, event: yaml.Event) -> None:
        if len(self._open) > DEEPEST:
            self._refuse(event, f"this nests over {DEEPEST} deep", "nest less")

    def _copy(self, alias: yaml.AliasEvent) -> None:
        start, end = self._range(alias)
        self._copied += end - start
        if self._copied > _MOST_COPIED:
            problem = f"aliases repeat over {_MOST_COPIED:,} values"
            self._refuse(alias, problem, "write the values out, or share them with extends")
        for event in self.events[start:end]:
            self._append(event, None)

    def _range(self, alias: yaml.AliasEvent) -> tuple[int, int]:
        name = alias.anchor
        if any(name == anchor for anchor, _ in self._open):
            self._refuse(alias, f"the alias *{name} stands inside what it repeats", "take it out")
        if name not in self._anchors:
            remedy = f"write &{name} before the value that it repeats, or put the text in quotes"
            self._refuse(alias, f"{shown('*' + str(name))} repeats nothing", remedy)
        return self._anchors[name]

    def _refuse(self, event: yaml.Event, problem: str, remedy: str) -> NoReturn:
        place = place_of(event, self._file)
        raise ScenarioError([Fault(problem, remedy, **place._asdict())])
