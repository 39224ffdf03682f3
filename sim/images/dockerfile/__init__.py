"""A Dockerfile read as BuildKit reads it: instructions as written, and stages ready to be built."""

from sim.images.dockerfile.commands import (
    Argument,
    Command,
    Copy,
    Environment,
    Metadata,
    Mount,
    Run,
    Stage,
    WorkFolder,
)
from sim.images.dockerfile.files import read_dockerfile
from sim.images.dockerfile.parsing import parse
from sim.images.dockerfile.stages import stages
from sim.images.dockerfile.tree import Dockerfile, Heredoc, Instruction

__all__ = [
    "Argument",
    "Command",
    "Copy",
    "Dockerfile",
    "Environment",
    "Heredoc",
    "Instruction",
    "Metadata",
    "Mount",
    "Run",
    "Stage",
    "WorkFolder",
    "parse",
    "read_dockerfile",
    "stages",
]
