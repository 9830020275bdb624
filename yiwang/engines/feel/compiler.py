"""Syntax tree to closures: each node becomes one Python function of the scope, chosen once, run many times."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from yiwang.engines.feel import syntax as s
from yiwang.engines.feel.builtins import BUILTINS
from yiwang.engines.feel.kinds import conjunction, equal, in_range, kind_of, less, less_or_equal
from yiwang.engines.feel.limits import null
from yiwang.engines.feel.operators import NUMERIC, arithmetic, member, negated
from yiwang.engines.feel.values import Range

Scope = dict[str, Any]
Code = Callable[[Scope], Any]
Compile = Callable[[Any], Code]

_HANDLERS: dict[type[s.Node], Compile] = {}
INPUT = "?"
"""The name under which a unary test finds the value it tests."""


def handles(kind: type[s.Node]) -> Callable[[Compile], Compile]:
    """Register the compile function of a node class."""

    def register(function: Compile) -> Compile:
        _HANDLERS[kind] = function
        return function

    return register


def compile_node(node: s.Node) -> Code:
    return _HANDLERS[type(node)](node)


@handles(s.Literal)
def _literal(node: s.Literal) -> Code:
    value = node.value
    return lambda scope: value


@handles(s.Name)
def _name(node: s.Name) -> Code:
    name, builtin = node.name, BUILTINS.get(node.name)

    def look(scope: Scope) -> Any:
        try:
            return scope[name]
        except KeyError:
            return builtin if builtin is not None else null(f"没有名为“{name}”的数据")

    return look


@handles(s.ListOf)
def _list(node: s.ListOf) -> Code:
    items = [compile_node(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


@handles(s.ContextOf)
def _context(node: s.ContextOf) -> Code:
    entries = [(name, compile_node(value)) for name, value in node.entries]

    def make(scope: Scope) -> Any:
        inner, made = dict(scope), {}
        for name, code in entries:
            made[name] = inner[name] = code(inner)
        return made

    return make


@handles(s.RangeOf)
def _range(node: s.RangeOf) -> Code:
    start = compile_node(node.start) if node.start else None
    end = compile_node(node.end) if node.end else None
    start_included, end_included, sign = node.start_included, node.end_included, node.sign

    def make(scope: Scope) -> Any:
        low = start(scope) if start else None
        high = end(scope) if end else None
        if start and end and type(low) is not type(high) and low is not None and high is not None:
            return null(f"区间两端类型不同：{kind_of(low)} 与 {kind_of(high)}")
        return Range(low, high, start_included, end_included, sign)

    return make


_COMPARERS: dict[str, Callable[[Any, Any], bool | None]] = {
    "=": equal,
    "!=": lambda left, right: None if (same := equal(left, right)) is None else not same,
    "<": less,
    "<=": less_or_equal,
    ">": lambda left, right: less(right, left),
    ">=": lambda left, right: less_or_equal(right, left),
}


@handles(s.Compare)
def _compare(node: s.Compare) -> Code:
    left, right, comparer = compile_node(node.left), compile_node(node.right), _COMPARERS[node.operator]
    return lambda scope: comparer(left(scope), right(scope))


@handles(s.Arithmetic)
def _arithmetic(node: s.Arithmetic) -> Code:
    operator, numeric = node.operator, NUMERIC[node.operator]
    left, right = compile_node(node.left), compile_node(node.right)

    def run(scope: Scope) -> Any:
        one, other = left(scope), right(scope)
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return numeric(one, other)
            except DecimalException:
                return null(f"{one} {operator} {other} 没有有限的结果")
        return arithmetic(operator, one, other)

    return run


@handles(s.Negate)
def _negate(node: s.Negate) -> Code:
    operand = compile_node(node.operand)
    return lambda scope: negated(operand(scope))


@handles(s.Logic)
def _logic(node: s.Logic) -> Code:
    operands = [compile_node(operand) for operand in node.operands]
    decides = node.operator == "or"

    def run(scope: Scope) -> Any:
        is_open = False
        for operand in operands:
            value = operand(scope)
            if value is decides:
                return decides
            if value is not (not decides):
                is_open = True
        return None if is_open else not decides

    return run


@handles(s.Between)
def _between(node: s.Between) -> Code:
    value, low, high = compile_node(node.value), compile_node(node.low), compile_node(node.high)

    def run(scope: Scope) -> Any:
        middle = value(scope)
        return conjunction(less_or_equal(low(scope), middle), less_or_equal(middle, high(scope)))

    return run


@handles(s.If)
def _if(node: s.If) -> Code:
    condition, then, otherwise = compile_node(node.condition), compile_node(node.then), compile_node(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


@handles(s.Path)
def _path(node: s.Path) -> Code:
    source, name = compile_node(node.source), node.name
    return lambda scope: member(source(scope), name)


def matches(value: Any, against: Any) -> Any:
    """Whether a value passes a test without operator: equal, within the range, or one of the list."""
    if type(against) is Range:
        return in_range(value, against) if type(value) is not Range else equal(value, against)
    if type(against) is list:
        return _matches_list(value, against)
    return equal(value, against)


def _matches_list(value: Any, against: list[Any]) -> bool | None:
    if type(value) is list and equal(value, against):
        return True
    found: bool | None = False
    for item in against:
        one = matches(value, item) if type(item) is Range else equal(value, item)
        if one is True:
            return True
    return found


def _test(test: s.Test) -> Callable[[Any, Scope], bool | None]:
    """One unary test as a function of the tested value and the scope."""
    if test.operator == "-":
        return lambda value, scope: True
    operand = compile_node(test.operand)
    if test.operator:
        comparer = _COMPARERS[test.operator]
        return lambda value, scope: comparer(value, operand(scope))
    if _mentions_input(test.operand):
        return lambda value, scope: _as_condition(value, operand({**scope, INPUT: value}))

    if isinstance(test.operand, s.Compare | s.Logic | s.Call | s.Between | s.In | s.Quantified):
        return lambda value, scope: _as_verdict(value, operand(scope))
    return lambda value, scope: matches(value, operand(scope))


def _as_verdict(value: Any, result: Any) -> bool | None:
    """A cell may say what holds, whatever the tested value is: true passes."""
    return True if result is True and type(value) is not bool else matches(value, result)


def _as_condition(value: Any, result: Any) -> bool | None:
    return result if isinstance(result, bool) else matches(value, result)


def _mentions_input(node: s.Node) -> bool:
    from yiwang.engines.feel.free import free_names

    return INPUT in free_names(node)


def compile_tests(node: s.Tests) -> Callable[[Any, Scope], bool | None]:
    """Unary tests as a function of the tested value and the scope: true when one of them passes."""
    tests = [_test(test) for test in node.tests]
    negated_tests = node.negated

    def run(value: Any, scope: Scope) -> bool | None:
        result: bool | None = False
        for test in tests:
            one = test(value, scope)
            if one is True:
                return not negated_tests
            if one is None:
                result = None
        return result if result is None or not negated_tests else not result

    return run


@handles(s.Tests)
def _tests(node: s.Tests) -> Code:
    tests = compile_tests(node)
    return lambda scope: tests(scope.get(INPUT), scope)


@handles(s.In)
def _in(node: s.In) -> Code:
    value, tests = compile_node(node.value), compile_tests(node.tests)
    return lambda scope: tests(value(scope), scope)
