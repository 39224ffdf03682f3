"""What `--vary PATH=…` says: values of an axis in turn, or a range from one to another."""

import re

from sim.errors import UsageError
from sim.spec.document import Tree
from sim.spec.reader import read_yaml_text

_END = r"[-+.\d][^:,]*?"
_RANGE = re.compile(rf"(?P<low>{_END})\s*\.\.\s*(?P<high>{_END})\s*(?P<words>(:\s*\w+\s*)*)")
_EXAMPLES = "write groups.web.count=10,50,100 or host.memory='32 GiB..256 GiB:log:4'"


def read_vary(said: str) -> tuple[str, Tree]:
    """Read `PATH=V1,V2,…`, or `PATH=LOW..HIGH`, after which `:log` and `:STEPS` may stand.

    A comma in brackets or quotes parts no values. Raises UsageError and ScenarioError.
    """
    path, equals, levels = (part.strip() for part in said.partition("="))
    if not (path and equals and levels):
        raise UsageError(f"--vary {said} is not PATH=VALUES", _EXAMPLES)
    if ends := _RANGE.fullmatch(levels):
        return path, _range(said, *ends.group("low", "high", "words"))
    return path, read_yaml_text(f"[{levels}]", f"--vary {path}").tree


def _range(said: str, low: str, high: str, words: str) -> Tree:
    found: dict[str, Tree] = {"from": _end(low), "to": _end(high)}
    for word in (each.strip() for each in words.split(":")[1:]):
        if word in ("linear", "log"):
            found["scale"] = word
        elif word.isdecimal():
            found["steps"] = int(word)
        else:
            raise UsageError(f"--vary {said}: {word!r} is neither a scale nor steps", _EXAMPLES)
    return found


def _end(text: str) -> Tree:
    return read_yaml_text(text, "--vary").tree
