"""From a YAML file to a plain tree and the place of every value, or to all that is wrong with it.

JSON is YAML as well. Nothing in a file is ever run.
"""

import os
from typing import cast

import yaml

from sim.errors import Fault, ScenarioError, TareError
from sim.spec.document import Document, Path, Place, Scalar, Tree, dotted
from sim.spec.events import node_events, place_of
from sim.spec.scalars import check_collection_tag, scalar_value
from sim.spec.source_text import check_text, text_of_file

_MOST_FAULTS = 100


def read_yaml(path: str | os.PathLike[str]) -> Document:
    """Read a YAML file of at most 4 MiB of UTF-8.

    Raises ScenarioError for a file that is missing, unreadable, not YAML or against the rules.
    """
    file = os.fspath(path)
    return read_yaml_text(text_of_file(file), file)


def read_yaml_text(text: str, name: str) -> Document:
    """Read a YAML text as if it stood in a file of this name.

    Raises ScenarioError with all faults of the text; one of syntax or size ends it at once.
    """
    text = text.removeprefix("\ufeff")
    check_text(text, name)
    events = node_events(text, name)
    document = _Composer(name, events).document() if events else None
    if document is None or document.tree is None:
        raise ScenarioError([Fault("it is empty", "`tare new` writes a first one", file=name)])
    return document


class _Composer:
    """Builds the tree of a document and collects its faults.

    It recurses into collections, which the event stream has assured to nest no more than 64 deep.
    """

    def __init__(self, file: str, events: list[yaml.Event]) -> None:
        self._file = file
        self._events = events
        self._next = 0
        self._values: dict[Path, Place] = {}
        self._keys: dict[Path, Place] = {}
        self._faults: list[Fault] = []

    def document(self) -> Document:
        tree = self._value(())
        if self._faults:
            raise ScenarioError(self._faults)
        return Document(self._file, tree, self._values, self._keys)

    def _value(self, path: Path) -> Tree:
        event = self._take()
        self._values[path] = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        self._check_tag(event, path)
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._map(path)

    def _list(self, path: Path) -> list[Tree]:
        items: list[Tree] = []
        while not self._ends():
            items.append(self._value((*path, len(items))))
        return items

    def _map(self, path: Path) -> dict[str, Tree]:
        entries: dict[str, Tree] = {}
        while not self._ends():
            key = self._key(path)
            entries[key] = self._value((*path, key))
        return entries

    def _key(self, path: Path) -> str:
        event = self._take()
        if not isinstance(event, yaml.ScalarEvent):
            self._blame(event, path, "a list or a mapping is a key here", "write a text as the key")
            raise ScenarioError(self._faults)
        key = str(event.value)
        self._check_key(event, (*path, key))
        self._keys.setdefault((*path, key), self._place(event))
        return key

    def _check_key(self, event: yaml.ScalarEvent, path: Path) -> None:
        first = self._keys.get(path)
        if first is not None:
            problem = f"the key stands at {first.line}:{first.column} already"
            self._blame(event, path, problem, "keep one of the two")
        elif event.value == "<<" and not event.style:
            remedy = "share values by `extends`, or by an alias as the whole value"
            self._blame(event, path, "merge keys are not read", remedy)
        elif not isinstance(self._scalar(event, path), str):
            self._blame(event, path, "this key is not text", f"put it in quotes: '{event.value}'")

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Scalar:
        try:
            return scalar_value(event)
        except TareError as error:
            self._blame(event, path, error.problem, error.remedy)
            return str(event.value)

    def _check_tag(self, event: yaml.CollectionStartEvent, path: Path) -> None:
        try:
            check_collection_tag(event)
        except TareError as error:
            self._blame(event, path, error.problem, error.remedy)

    def _blame(self, event: yaml.Event, path: Path, problem: str, remedy: str) -> None:
        place = self._place(event)
        self._faults.append(Fault(problem, remedy, **place._asdict(), path=dotted(path)))
        if len(self._faults) >= _MOST_FAULTS:
            raise ScenarioError(self._faults)

    def _place(self, event: yaml.Event) -> Place:
        return place_of(event, self._file)

    def _take(self) -> yaml.ScalarEvent | yaml.CollectionStartEvent:
        """The next event, where a value or a key begins: `_ends` has taken the ends."""
        self._next += 1
        return cast("yaml.ScalarEvent | yaml.CollectionStartEvent", self._events[self._next - 1])

    def _ends(self) -> bool:
        ends = isinstance(self._events[self._next], yaml.CollectionEndEvent)
        self._next += ends
        return ends
