"""Why a part of a Dockerfile is refused, and where in the file that part stands."""

from collections.abc import Sequence

from sim.errors import Fault
from sim.images.dockerfile.tree import Instruction


class Refusal(Exception):
    """A part that cannot be: what is wrong, what would be right, and the word that is meant.

    Without a word, the whole instruction is meant.
    """

    def __init__(self, problem: str, remedy: str = "", word: str = "") -> None:
        super().__init__(problem, remedy, word)
        self.problem = problem
        self.remedy = remedy
        self.word = word


def placed(refusal: Refusal, instruction: Instruction, file: str, lines: Sequence[str]) -> Fault:
    """Turn the refusal of an instruction into a fault with its file, line and column."""
    line, column = _position(refusal.word, instruction, lines)
    return Fault(refusal.problem, refusal.remedy, file=file, line=line, column=column)


def _position(word: str, instruction: Instruction, lines: Sequence[str]) -> tuple[int, int]:
    """Where a word stands in an instruction; where that begins, if it is not found as it is."""
    for number in range(instruction.line, instruction.last_line + 1) if word else ():
        found = lines[number - 1].find(word)
        if found >= 0:
            return number, found + 1
    first = lines[instruction.line - 1]
    return instruction.line, len(first) - len(first.lstrip()) + 1
