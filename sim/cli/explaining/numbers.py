"""The numbers of an entry, each with its place, and as rows that say what it rests on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import get_args

from sim.catalog.entries import resolved_entry
from sim.catalog.loader import Kind, sources
from sim.catalog.models import model_of
from sim.cli.explaining.layout import Line
from sim.cli.explaining.meanings import Place, meaning
from sim.spec.document import Tree, child, is_cited
from sim.spec.quantity import DEFAULT, Evidence
from sim.units import DATA_RATE, DIMENSIONS, SIZE, format_quantity, parse_quantity

_NONE: Mapping[str, str] = MappingProxyType({})
_MOST_DIGITS = 6
_INDENT, _DEEPER = 4, 6
_GRADES = (
    "Vendor: as its maker says. Derived: from measurements, by arithmetic. Calibrated: fitted to "
    "them. Assumed: judgement, which nothing here has measured."
)


@dataclass(frozen=True)
class Number:
    """A number of an entry: its place, its value as the file has it, what it rests on."""

    place: Place
    value: str
    source: str
    evidence: str
    note: str

    def within(self, prefix: Place) -> bool:
        """Whether its place is there, or below."""
        return self.place[: len(prefix)] == prefix


@cache
def numbers_of(kind: Kind, name: str) -> tuple[Number, ...]:
    """All numbers of an entry of the catalog; not those of images in it, nor what nobody states."""
    tree = model_of(kind, name).model_dump(mode="json")
    written = dict(resolved_entry(kind, name))
    if kind == "images":
        return tuple(_numbers({"layers": tree["layers"]}, written, ()))
    return tuple(_numbers(tree, written, ()))


def numbers_written(tree: Mapping[str, Tree], place: Place = ()) -> Iterator[Number]:
    """The numbers that an entry states itself, as its file has them."""
    for key, value in tree.items():
        if is_cited(value):
            yield _number((*place, key), value, value)
        elif isinstance(value, dict):
            yield from numbers_written(value, (*place, key))


def of_boundary(numbers: Iterable[Number], name: str) -> Iterator[Number]:
    """Those of one boundary, with their places in it."""
    prefix = ("boundaries", name)
    for number in numbers:
        if number.within(prefix):
            rest = number.place[len(prefix) :]
            yield Number(rest, number.value, number.source, number.evidence, number.note)


def _numbers(tree: Mapping[str, Tree], written: Tree, place: Place) -> Iterator[Number]:
    for key, value in tree.items():
        here = (*place, key)
        if not isinstance(value, dict) or "layers" in value:
            continue
        if not is_cited(value):
            yield from _numbers(value, child(written, key), here)
        elif value["source"] != DEFAULT:
            yield _number(here, value, child(written, key))


def _number(place: Place, cited: Tree, written: Tree) -> Number:
    source, evidence, note = (child(cited, each) for each in ("source", "evidence", "note"))
    return Number(
        place, _as_written(cited, written), str(source), str(evidence), str(note or "").strip()
    )


def _as_written(number: Tree, written: Tree) -> str:
    """The value as its file has it, unless that is all digits."""
    authored = child(written, "value")
    text = str(child(number, "value") if authored is None else authored)
    amount, _, unit = text.partition(" ")
    if len(amount) <= _MOST_DIGITS:
        return text
    dimension = next(each for each in DIMENSIONS if each.factor(unit) is not None)
    value = parse_quantity(text, dimension)
    return file_size(value) if dimension == SIZE else format_quantity(value, dimension)


def file_size(value: float) -> str:
    """Bytes on a disk or a wire, which people count in powers of ten."""
    return format_quantity(value, DATA_RATE).removesuffix("/s")


def amount(value: float, unit: str) -> str:
    """An amount of base units, as people read it."""
    return format_quantity(value, next(each for each in DIMENSIONS if each.base == unit))


def rows(
    numbers: Sequence[Number],
    prefix: Place,
    subject: Kind,
    *,
    titles: Mapping[str, str] = _NONE,
    words: Mapping[str, str] = _NONE,
) -> Iterator[Line]:
    """A row for each number below a place, by groups; what a kind is good for is said once.

    `titles` are those of groups that read otherwise than their names; `words` fill what the
    meanings leave open.
    """
    here = [number for number in numbers if number.within(prefix)]
    fields = [_field(number, prefix) for number in here]
    widths = _longest(fields), _longest(number.value for number in here)
    group, told = "", set[str]()
    for number, field in zip(here, fields, strict=True):
        if (now := _group(number, prefix)) != group:
            group = now
            yield from _group_title(group, titles)
        said = meaning(subject, number.place, words)
        yield from _row(number, field, _once(said, told), widths, bool(group))


def _once(said: str, told: set[str]) -> str:
    """A phrase, unless it was told before."""
    if said in told:
        return ""
    told.add(said)
    return said


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0) + 2


def _group_title(group: str, titles: Mapping[str, str]) -> Iterator[Line]:
    if group:
        yield Line(titles.get(group, _words(group)), indent=_INDENT, hang=2)


def _row(
    number: Number, field: str, said: str, widths: tuple[int, int], is_in_group: bool
) -> Iterator[Line]:
    first, second = widths
    indent = _DEEPER if is_in_group else _INDENT
    basis = f"{number.evidence}, {number.source}"
    yield Line(f"{field:<{first}}{number.value:<{second}}{basis}", "number", indent, first)
    if said:
        yield Line(f"→ {said}", "plain", indent + first, 2)
    if number.note:
        yield Line(number.note, "note", indent + first)


def _group(number: Number, prefix: Place) -> str:
    """What a number is one of several of: a phase, a holding; nothing is beside a phase's lock."""
    rest = number.place[len(prefix) :]
    return rest[0] if len(rest) > 1 and rest[0] != "lock" else ""


def _field(number: Number, prefix: Place) -> str:
    rest = number.place[len(prefix) + bool(_group(number, prefix)) :]
    return _words(" ".join(rest or number.place[-1:]))


def _words(name: str) -> str:
    return name.replace("_", " ")


def grades(numbers: Sequence[Number]) -> str:
    """How many numbers there are of each grade: `7 numbers: 5 measured, 2 assumed`."""
    many = Counter(number.evidence for number in numbers)
    parts = [f"{many[grade]} {grade}" for grade in get_args(Evidence) if many[grade]]
    return f"{len(numbers)} number{'' if len(numbers) == 1 else 's'}: {', '.join(parts)}."


def basis(numbers: Sequence[Number]) -> Iterator[Line]:
    """What numbers rest on: how many of each grade, and their sources with title and place."""
    if not numbers:
        return
    yield Line()
    yield Line("What its numbers rest on", "heading")
    yield Line(grades(numbers), indent=2)
    yield Line(_GRADES, "note", indent=2)
    known = sources()
    for key in sorted({number.source for number in numbers} & known.keys()):
        source = known[key]
        yield Line(f"[{key}] {source.title}. {source.authors_or_publisher}, {source.year}.",
                   indent=2, hang=4)  # fmt: skip
        yield Line(source.where, "note", indent=6)


def heading(kind: str, name: str, title: str, notes: str) -> Iterator[Line]:
    """The head of a page: what has the name, what it is in a line, and what to know of it."""
    yield Line(f"{kind} {name}: {title}" if title else f"{kind} {name}", "title")
    yield from [Line(notes.strip())] if notes else []
    yield Line()


def setting(kind: str, name: str, numbers: Sequence[Number]) -> Iterator[Line]:
    """How a scenario changes one of them, shown on the first."""
    if numbers:
        path = ".".join((kind, *([name] if kind == "platforms" else []), *numbers[0].place))
        yield Line()
        yield Line(f"To change one for a run: --set {path}=…", "note", hang=4)
