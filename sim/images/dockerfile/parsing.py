"""From the text of a Dockerfile to its instructions, with all that is wrong told at once."""

import dataclasses
from collections.abc import Callable, Mapping
from itertools import islice

from sim.errors import Fault, ScenarioError, did_you_mean, shown
from sim.images.dockerfile import words
from sim.images.dockerfile.checks import refusals
from sim.images.dockerfile.heredocs import announced
from sim.images.dockerfile.lines import Lines, read_directives, too_long
from sim.images.dockerfile.refusal import Refusal, placed
from sim.images.dockerfile.tree import Dockerfile, Heredoc, Instruction
from sim.images.dockerfile.words import Words, parts_of

MOST = 2_000
"""How many instructions are read; no image has room for the layers of a tenth of them."""

MOST_FAULTS = 100
"""After how many faults the rest of a file is not looked at."""

_FORMS: Mapping[str, Callable[[str], Words]] = {
    "ADD": words.list_or_json,
    "CMD": words.shell_or_json,
    "COPY": words.list_or_json,
    "ENTRYPOINT": words.shell_or_json,
    "EXPOSE": words.words_between_spaces,
    "FROM": words.words_between_spaces,
    "HEALTHCHECK": words.health,
    "MAINTAINER": words.whole_text,
    "RUN": words.shell_or_json,
    "SHELL": words.shell_or_json,
    "STOPSIGNAL": words.whole_text,
    "USER": words.whole_text,
    "VOLUME": words.list_or_json,
    "WORKDIR": words.whole_text,
}
_WITH_ESCAPES = ("ARG", "ENV", "LABEL")
KEYWORDS = (*sorted([*_FORMS, *_WITH_ESCAPES, "ONBUILD"]),)
"""The instructions that there are."""

_WITH_HEREDOCS = ("ADD", "COPY", "RUN")


def parse(text: str, file: str) -> Dockerfile:
    """Read the text of a Dockerfile. Raises ScenarioError with all that is wrong in it.

    `file` is its name for messages.
    """
    lines = Lines(text)
    directives, faults = read_directives(lines.all, file)
    faults += too_long(lines.all, file)
    lines.escape = directives.get("escape", lines.escape)
    instructions: list[Instruction] = []
    has_begun = False
    while len(faults) < MOST_FAULTS and (found := lines.statement()):
        instruction, refused = _instruction(*found, lines)
        instructions.append(instruction)
        refused = refused or list(islice(refusals(instruction, has_begun), MOST_FAULTS))
        has_begun = has_begun or instruction.keyword == "FROM"
        faults += [placed(each, instruction, file, lines.all) for each in refused]
        faults += _too_many(instructions, file)
    _raise(faults if has_begun else faults or [_nothing(file)])
    return Dockerfile(file, directives, tuple(instructions), tuple(lines.all))


def _nothing(file: str) -> Fault:
    return Fault("no image is made here", "begin with FROM and an image", file=file)


def _raise(faults: list[Fault]) -> None:
    """Tell all faults in the order of their lines, if there are any."""
    if faults:
        raise ScenarioError(sorted(faults, key=lambda fault: fault.line or 0))


def _too_many(instructions: list[Instruction], file: str) -> list[Fault]:
    """The fault of the first instruction that is one too many."""
    if len(instructions) != MOST + 1:
        return []
    problem = f"over {MOST} instructions stand in this file"
    return [Fault(problem, "join some", file=file, line=instructions[-1].line, column=1)]


def _instruction(line: int, text: str, lines: Lines) -> tuple[Instruction, list[Refusal]]:
    """One instruction with the documents below it, and what makes no sense in how it is written."""
    refused: list[Refusal] = []
    try:
        found = _written(line, text, lines.escape)
    except Refusal as refusal:
        found, refused = Instruction(_likely(text), line, lines.number, text), [refusal]
    documents: list[Heredoc] = []
    try:
        documents += _documents(found, lines)
    except Refusal as refusal:
        refused.append(refusal)
    return _ended(found, lines.number, tuple(documents)), refused


def _likely(text: str) -> str:
    """The keyword of a refused line; what is none may well be RUN, with a document below it."""
    keyword = parts_of(text).keyword
    return keyword if keyword in KEYWORDS else "RUN"


def _ended(found: Instruction, last_line: int, heredocs: tuple[Heredoc, ...]) -> Instruction:
    trigger = found.trigger and _ended(found.trigger, last_line, heredocs)
    return dataclasses.replace(found, last_line=last_line, heredocs=heredocs, trigger=trigger)


def _documents(found: Instruction, lines: Lines) -> list[Heredoc]:
    """Take the documents that an instruction announces. Raises Refusal for one without an end."""
    holder = found.trigger or found
    if holder.keyword not in _WITH_HEREDOCS or holder.is_json or "<<" not in found.original:
        return []
    documents: list[Heredoc] = []
    for heredoc in announced(found.original):
        content = lines.document(heredoc)
        if content is None:
            remedy = f"write {heredoc.name} alone on the line after its last"
            raise Refusal(f"the document {shown(heredoc.name)} never ends", remedy, "<<")
        documents.append(dataclasses.replace(heredoc, content=content))
    return documents


def _written(line: int, text: str, escape: str, may_wait: bool = True) -> Instruction:
    """An instruction as it stands in a joined line. Raises Refusal where it has no form."""
    keyword, flags, rest = parts_of(text)
    trigger = None
    if keyword == "ONBUILD" and rest and may_wait:
        trigger = _written(line, rest, escape, may_wait=False)
        found = Words((trigger.keyword, *trigger.words), trigger.is_json)
    else:
        found = _words(keyword, rest, escape)
    return Instruction(keyword, line, line, text, flags, *found, trigger=trigger)


def _words(keyword: str, rest: str, escape: str) -> Words:
    if keyword == "ARG":
        return words.quoted_words(rest, escape)
    if keyword in ("ENV", "LABEL"):
        return words.names_and_values(rest, escape, keyword)
    if keyword == "ONBUILD":
        return words.whole_text(rest)
    if keyword not in _FORMS:
        remedy = did_you_mean(keyword, KEYWORDS)
        raise Refusal(f"there is no instruction {shown(keyword)}", remedy)
    return _FORMS[keyword](rest)
