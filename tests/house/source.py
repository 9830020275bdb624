"""Reading Python sources for the laws of the house."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def words(name: str) -> list[str]:
    """The words of an identifier in either spelling: `open_case`, `CaseClosed`."""
    return [word.lower() for word in _WORD.findall(name)]


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        yield from (item.id for item in node.targets if isinstance(item, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def defined_names(path: Path) -> Iterator[tuple[str, int]]:
    """Names this file gives to others: functions, parameters, classes, fields, constants; not a framework's Meta."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node.name, node.lineno
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                yield argument.arg, node.lineno
        elif isinstance(node, ast.ClassDef) and node.name != "Meta":
            yield node.name, node.lineno
            yield from ((name, item.lineno) for item in node.body for name in _targets(item))
        elif isinstance(node, ast.Module):
            yield from ((name, item.lineno) for item in node.body for name in _targets(item))


def _docstring_lines(path: Path) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def code_lines(path: Path) -> int:
    """Lines that hold code: no blanks, comments or docstrings."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - _docstring_lines(path))
