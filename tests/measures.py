"""The measures of good work, read off the syntax trees of a package: documented, annotated, small.

A rule takes the modules and yields a line for each fault, as those of `house` do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from house import Module, Modules

LINES, BODY, PATHS, NESTING = 320, 40, 8, 3
"""The most lines of a module and of a function's body, paths through it, and blocks in blocks."""

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def undocumented(modules: Modules) -> Iterator[str]:
    """Every public module, class, function and method has a docstring."""
    for module in modules:
        if ast.get_docstring(module.tree) is None:
            yield module.name
        for name, node in _public(module.tree):
            if ast.get_docstring(node) is None:
                yield f"{module.name}.{name}"


def _public(node: ast.AST) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """The public definitions in a module or class; what a function defines is its own affair."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, DEFINITIONS) and not child.name.startswith("_"):
            yield child.name, child
            if isinstance(child, ast.ClassDef):
                yield from ((f"{child.name}.{name}", inner) for name, inner in _public(child))
        elif isinstance(child, BLOCKS):
            yield from _public(child)


def unannotated(modules: Modules) -> Iterator[str]:
    """Every function says what it takes and what it returns."""
    for module, function in functions(modules):
        given = function.args
        rest = [one for one in (given.vararg, given.kwarg) if one is not None]
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]
        bare = [one.arg for one in every if one.annotation is None]
        if function.returns is None or set(bare) - {"self", "cls"}:
            yield f"{module.name}.{function.name}"


def functions(modules: Modules) -> Iterator[tuple[Module, Function]]:
    """All functions of all modules, inner ones and methods included."""
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, FUNCTIONS):
                yield module, node


def long_modules(modules: Modules) -> Iterator[str]:
    """No module is long."""
    for module in modules:
        length = len(module.text.splitlines())
        if length > LINES:
            yield f"{module.name} has {length} lines"


def large_functions(modules: Modules) -> Iterator[str]:
    """No function is long, has many paths through it, or is deeply nested."""
    for module, function in functions(modules):
        for measure, most, what in (
            (body_lines, BODY, "lines"),
            (paths, PATHS, "paths"),
            (nesting, NESTING, "levels of blocks"),
        ):
            found = measure(function)
            if found > most:
                yield f"{module.name}.{function.name} has {found} {what}"


def body_lines(function: Function) -> int:
    """The lines of a function's body, its docstring left out."""
    body = function.body[ast.get_docstring(function) is not None :]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def paths(function: Function) -> int:
    """Cyclomatic complexity: 1, and 1 for each branch, loop, handler, `and`, `or` and filter."""
    return 1 + sum(_branches(node) for node in _own(function))


def _branches(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    branching = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While)
    return isinstance(node, (*branching, ast.ExceptHandler, ast.match_case))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of what it defines."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*DEFINITIONS, ast.Lambda)):
            yield child
            yield from _own(child)


def nesting(function: Function) -> int:
    """How many blocks stand in one another at most; `elif` stands beside its `if`."""
    return _depth(function.body)


def _depth(statements: Sequence[ast.stmt]) -> int:
    blocks = [each for each in statements if isinstance(each, BLOCKS)]
    return max((1 + _inner_depth(block) for block in blocks), default=0)


def _inner_depth(block: ast.stmt) -> int:
    otherwise: list[ast.stmt] = getattr(block, "orelse", [])
    is_elif = isinstance(block, ast.If) and len(otherwise) == 1 and isinstance(otherwise[0], ast.If)
    parts = [getattr(block, "body", []), getattr(block, "finalbody", [])]
    parts += [part.body for name in ("handlers", "cases") for part in getattr(block, name, [])]
    return max(*map(_depth, parts), _depth(otherwise) - is_elif)
