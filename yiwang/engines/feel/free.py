"""The names a syntax tree takes from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from yiwang.engines.feel import syntax as s

_NONE: frozenset[str] = frozenset()


def free_names(node: s.Node) -> frozenset[str]:
    """Names not bound inside the tree itself. Names in a filter are counted though an item may supply them."""
    return frozenset(name.name for name in name_nodes(node))


def name_nodes(node: s.Node, bound: frozenset[str] = _NONE) -> Iterator[s.Name]:
    """Every mention of a free name, in order of the text."""
    if isinstance(node, s.Name):
        if node.name not in bound:
            yield node
        return
    for child, inner in _BINDERS.get(type(node), _children)(node, bound):
        yield from name_nodes(child, inner)


_Parts = Iterator[tuple[s.Node, frozenset[str]]]
"""Child nodes, each with the names bound for it."""


def _children(node: s.Node, bound: frozenset[str]) -> _Parts:
    for field in fields(node):
        value = getattr(node, field.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, s.Node):
                yield child, bound


def _context(node: s.ContextOf, bound: frozenset[str]) -> _Parts:
    for name, value in node.entries:
        yield value, bound
        bound |= {name}


def _function(node: s.FunctionOf, bound: frozenset[str]) -> _Parts:
    if node.body is not None:
        yield node.body, bound | {name for name, _ in node.parameters}


def _filter(node: s.Filter, bound: frozenset[str]) -> _Parts:
    yield node.source, bound
    yield node.condition, bound | {"item"}


def _loop(node: s.For | s.Quantified, bound: frozenset[str]) -> _Parts:
    for iteration in node.iterations:
        yield iteration.source, bound
        if iteration.end is not None:
            yield iteration.end, bound
        bound |= {iteration.name}
    yield (node.result, bound | {"partial"}) if isinstance(node, s.For) else (node.condition, bound)


_BINDERS: dict[type[s.Node], Callable[..., _Parts]] = {
    s.ContextOf: _context,
    s.FunctionOf: _function,
    s.Filter: _filter,
    s.For: _loop,
    s.Quantified: _loop,
}
