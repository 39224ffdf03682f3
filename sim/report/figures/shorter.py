"""The same SVG in fewer bytes: what matplotlib writes, without what no reader of it needs."""

import re
from collections.abc import Iterator
from functools import partial
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from sim.report.figures.style import MUTED, SMALL_POINTS

Step = tuple[str, tuple[int, ...]]
"""A step of a path, from where the last one ended: its letter, and tenths of a point."""

_COMMON = {"font-size": f"{SMALL_POINTS:g}", "fill": MUTED, "stroke-linejoin": "round"}
_UNSAID = {"text-anchor": "start", "stroke-linecap": "butt", **_COMMON}
_POINTED_AT = re.compile(r"#([^\")]+)")
_STEP = re.compile(r"([MLCQz])([^MLCQz]*)")
_DECIMALS = re.compile(r"-?\d+\.\d+")
_NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")
_LITTLE = 0.01
_PLACES = ("x", "y")
_STRAIGHT = ("h", "v", "l")


def shorter(text: str, family: str) -> str:
    """Write an SVG anew: flat, with relative paths, in tenths of a point, in one type.

    What most of its parts have in common is said of the whole, in the last attributes.
    """
    root = ElementTree.fromstring(text)
    for element in root.iter():
        _forget_namespaces(element)
    _draw_in_place(root)
    _forget_idle_clips(root)
    for element in root.iter():
        _shorten(element)
    _forget_names(root)
    root[:] = _flat(root)
    size = {key: root.get(key, "") for key in ("width", "height", "viewBox")}
    root.attrib = {"xmlns": "http://www.w3.org/2000/svg", **size}
    root.attrib |= {"font-family": family, **_COMMON}
    # No text holds such an end of a tag, for its > is escaped.
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>") + "\n"


def _forget_namespaces(element: Element) -> None:
    element.tag = element.tag.rpartition("}")[2]
    element.attrib = {key.rpartition("}")[2]: said for key, said in element.attrib.items()}


def _draw_in_place(root: Element) -> None:
    """Put a shape that is drawn once where it is drawn, and forget one that never is."""
    uses: dict[str, list[Element]] = {}
    for use in root.iter("use"):
        uses.setdefault(use.attrib["href"], []).append(use)
    for shape in root.findall(".//defs/path"):
        drawn = uses.get(f"#{shape.get('id')}", [])
        if len(drawn) == 1:
            _become(drawn[0], shape)
        if len(drawn) <= 1:
            shape.clear()


def _become(use: Element, shape: Element) -> None:
    styles = use.get("style", ""), shape.get("style", "")
    use.tag = "path"
    use.attrib |= {"d": shape.attrib["d"], "style": ";".join(styles)}
    del use.attrib["href"]


def _forget_idle_clips(root: Element) -> None:
    """Take the clip from every shape of which it cuts nothing but half the width of a line."""
    clips = {f"url(#{clip.get('id')})": clip[0] for clip in root.iter("clipPath")}
    for element in root.iter("path"):
        clip = clips.get(element.get("clip-path", ""))
        if clip is not None and _holds(clip, element.get("d", "")):
            del element.attrib["clip-path"]


def _holds(clip: Element, drawn: str) -> bool:
    """Whether all the points of a path are in a rectangle; nothing is in any."""
    numbers = [float(number) for number in _NUMBER.findall(drawn)]
    for side, size, places in (("x", "width", numbers[::2]), ("y", "height", numbers[1::2])):
        low = float(clip.get(side, "nan"))
        high = low + float(clip.get(size, "nan"))
        if not (
            low - _LITTLE <= min(places, default=low) and max(places, default=low) <= high + _LITTLE
        ):
            return False
    return True


def _forget_names(root: Element) -> None:
    """Take the name from every element that no other points at."""
    said = (said for element in root.iter() for said in element.attrib.values())
    named = {name for words in said for name in _POINTED_AT.findall(words)}
    for element in root.iter():
        if element.get("id") not in named:
            element.attrib.pop("id", None)


def _shorten(element: Element) -> None:
    """Tell an element's style as attributes, its path in steps, its lengths in a digit or two."""
    element.tail = "\n"
    if element.tag != "text":
        element.text = None
    _spell_style_out(element)
    if "d" in element.attrib:
        start = (element.attrib.pop(axis, "0") for axis in "xy")
        element.set("d", _path(element.attrib["d"], [_tenths(number) for number in start]))
    for key, said in list(element.attrib.items()):
        digits = 1 if key in _PLACES else 2
        element.set(key, _DECIMALS.sub(partial(_rounded, digits), said))
        if _is_idle(key, said):
            del element.attrib[key]


def _spell_style_out(element: Element) -> None:
    for rule in filter(None, element.attrib.pop("style", "").split(";")):
        key, _, said = rule.partition(":")
        element.set(key.strip(), said.strip().removesuffix("px"))


def _is_idle(key: str, said: str) -> bool:
    """Whether an attribute says what holds anyway; type and joins are those of the whole."""
    is_default = _UNSAID.get(key) == said or said.startswith("rotate(-0 ")
    return is_default or key in ("font-family", "stroke-linejoin")


def _tenths(number: str) -> int:
    return round(float(number) * 10)


def _rounded(digits: int, number: re.Match[str]) -> str:
    return _written(float(number[0]), digits)


def _written(length: float, digits: int = 1) -> str:
    """A length in as few letters as can be: `-.5`."""
    said = f"{abs(length):.{digits}f}".rstrip("0").rstrip(".").lstrip("0") or "0"
    return f"-{said}" if length < 0 and said != "0" else said


def _path(drawn: str, start: list[int]) -> str:
    """A path as one letter and its numbers after the other, moved to where it starts."""
    (letter, place), *steps = _joined(_steps(drawn))
    moved = tuple(at + by for at, by in zip(place, start, strict=True))
    return "".join(letter + _numbers(numbers) for letter, numbers in ((letter, moved), *steps))


def _numbers(numbers: tuple[int, ...]) -> str:
    return " ".join(_written(number / 10) for number in numbers).replace(" -", "-")


def _steps(drawn: str) -> Iterator[Step]:
    """The steps of a path, each from the end of the one before."""
    here = start = (0, 0)
    for letter, rest in _STEP.findall(drawn):
        numbers = [_tenths(number) for number in rest.split()]
        if letter == "z":
            here = start
            yield "z", ()
            continue
        by = tuple(number - here[place % 2] for place, number in enumerate(numbers))
        here = numbers[-2], numbers[-1]
        if letter == "M":
            start = here
        yield _straight(by) if letter == "L" else (letter.lower(), by)


def _straight(by: tuple[int, ...]) -> Step:
    across, down = by
    return ("h", (across,)) if not down else ("v", (down,)) if not across else ("l", by)


def _joined(steps: Iterator[Step]) -> list[Step]:
    """Steps that go on in the same direction as one, and none that goes nowhere."""
    joined: list[Step] = []
    for letter, numbers in steps:
        last, before = joined[-1] if joined else ("", ())
        if _goes_on((last, before), (letter, numbers)):
            joined[-1] = letter, (before[0] + numbers[0],)
        elif last not in _STRAIGHT or any(numbers) or not numbers:
            joined.append((letter, numbers))
    return joined


def _goes_on(before: Step, after: Step) -> bool:
    """Whether a step along an axis has the direction of the one before."""
    return before[0] == after[0] and after[0] in "hv" and before[1][0] * after[1][0] >= 0


def _flat(parent: Element) -> Iterator[Element]:
    """What is in an element, without groups that say nothing and shapes that show nothing."""
    for child in list(parent):
        is_bare = child.tag in ("g", "defs") and not child.attrib
        if is_bare and not any(kept.get("id") for kept in child):
            yield from _flat(child)
        elif not _is_unseen(child):
            child[:] = _flat(child)
            yield child


def _is_unseen(element: Element) -> bool:
    if element.tag == "style" or (element.tag == "clipPath" and not element.get("id")):
        return True
    is_empty = element.tag == "path" and "d" not in element.attrib
    return is_empty or (element.get("fill") == "none" and "stroke" not in element.attrib)
