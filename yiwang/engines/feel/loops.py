"""Closures for loops, filters, functions and calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from yiwang.engines.feel import syntax as s
from yiwang.engines.feel.compiler import Code, Scope, compile_node, handles
from yiwang.engines.feel.conforming import coerce, is_instance
from yiwang.engines.feel.free import free_names
from yiwang.engines.feel.kinds import kind_of, less_or_equal
from yiwang.engines.feel.limits import current, null, tick
from yiwang.engines.feel.numbers import whole
from yiwang.engines.feel.temporal import Date, date_from_ordinal
from yiwang.engines.feel.types import ANY, FeelType, base_type
from yiwang.engines.feel.values import Function, Range

Domain = Callable[[Scope], Iterator[Any] | None]
"""From a scope to the values of a loop variable; None when they are null."""


def span(start: Any, end: Any) -> Any:
    """The whole numbers or days from start to end, in either direction; null for other values."""
    if type(start) is Decimal and type(end) is Decimal:
        low, high = whole(start), whole(end)
        if low is None or high is None:
            return null("循环的区间两端必须是整数")
        step = 1 if high >= low else -1
        return (Decimal(number) for number in range(low, high + step, step))
    if type(start) is Date and type(end) is Date:
        low, high = start.ordinal(), end.ordinal()
        step = 1 if high >= low else -1
        return (date_from_ordinal(number) for number in range(low, high + step, step))
    return null(f"不能从 {kind_of(start)} 循环到 {kind_of(end)}")


def _range_items(bounds: Range) -> Iterator[Any] | None:
    """Items of a range value; an end that is not included is left out."""
    items = span(bounds.start, bounds.end) if less_or_equal(bounds.start, bounds.end) else null("区间的起点大于终点")
    if items is None:
        return None
    outside = [bounds.start] if not bounds.start_included else []
    outside += [bounds.end] if not bounds.end_included else []
    return (item for item in items if item not in outside)


def _domain(iteration: s.Iteration) -> Domain:
    source = compile_node(iteration.source)
    if iteration.end is not None:
        end = compile_node(iteration.end)
        return lambda scope: span(source(scope), end(scope))

    return lambda scope: items_of(source(scope))


def items_of(value: Any) -> Any:
    """What a loop runs over: a list, a range of whole numbers or days, or the one value; None for null."""
    if type(value) is list:
        return iter(value)
    if type(value) is Range:
        return _range_items(value)
    return null("循环的对象是 null") if value is None else iter((value,))


def walk(domains: Sequence[tuple[str, Domain]], scope: Scope, visit: Callable[[Scope], bool]) -> bool | None:
    """Visit every combination; False when `visit` stopped it, None when a domain is null."""
    name, domain = domains[0]
    items = domain(scope)
    if items is None:
        return None
    rest = domains[1:]
    for item in items:
        tick()
        inner = {**scope, name: item}
        result = walk(rest, inner, visit) if rest else visit(inner)
        if result is not True:
            return result
    return True


@handles(s.For)
def _for(node: s.For) -> Code:
    domains = [(iteration.name, _domain(iteration)) for iteration in node.iterations]
    result, needs_partial = compile_node(node.result), "partial" in free_names(node.result)

    def run(scope: Scope) -> Any:
        made: list[Any] = []

        def visit(inner: Scope) -> bool:
            if needs_partial:
                tick(len(made) // 64)
                inner["partial"] = list(made)
            made.append(result(inner))
            return True

        return None if walk(domains, scope, visit) is None else made

    return run


@handles(s.Quantified)
def _quantified(node: s.Quantified) -> Code:
    domains = [(iteration.name, _domain(iteration)) for iteration in node.iterations]
    return quantified(domains, compile_node(node.condition), not node.is_every)


def quantified(domains: Sequence[tuple[str, Domain]], condition: Code, decides: bool) -> Code:
    """`some` is decided by the first true, `every` by the first false."""

    def run(scope: Scope) -> Any:
        is_open, is_sound = False, True

        def visit(inner: Scope) -> bool:
            nonlocal is_open, is_sound
            value = condition(inner)
            is_open = is_open or value is None
            is_sound = is_sound and (value is None or isinstance(value, bool))
            return is_sound and value is not decides

        ended = walk(domains, scope, visit)
        if ended is None or not is_sound:
            return null("循环的对象或条件的值不对")
        if ended is False:
            return decides
        return None if is_open else not decides

    return run


def pick(items: list[Any], position: Decimal) -> Any:
    """The item at a position counted from 1, or from -1 at the end."""
    index = whole(position)
    if index is None or index == 0 or abs(index) > len(items):
        return null(f"列表没有第 {position} 项")
    return items[index - 1 if index > 0 else index]


@handles(s.Filter)
def _filter(node: s.Filter) -> Code:
    source = compile_node(node.source)
    fixed = node.condition.value if isinstance(node.condition, s.Literal) else None
    condition = compile_node(node.condition)

    def run(scope: Scope) -> Any:
        value = source(scope)
        items = value if type(value) is list else [] if value is None else [value]
        if type(fixed) is Decimal:
            return pick(items, fixed)
        return filtered(items, scope, condition)

    return run


def filtered(items: list[Any], scope: Scope, condition: Code) -> Any:
    """Items for which the condition is true; or the item at the position, when the condition is a number."""
    if not items:
        position = condition({**scope, "item": None})
        return pick(items, position) if type(position) is Decimal else []
    kept = []
    for index, item in enumerate(items):
        tick()
        inner = {**scope, "item": item, **item} if type(item) is dict else {**scope, "item": item}
        verdict = condition(inner)
        if verdict is True:
            kept.append(item)
        elif index == 0 and type(verdict) is Decimal:
            return pick(items, verdict)
        elif verdict is not None and verdict is not False:
            return null(f"筛选条件的值是 {kind_of(verdict)}，应为真假或序号")
    return kept


def type_of(node: s.TypeName, named: Callable[[str], FeelType | None] | None = None) -> FeelType | None:
    """The type a name in the text stands for; None when nothing is called so."""
    known = base_type(node.name) or (named(node.name) if named else None)
    if known is not None or node.name not in ("list", "context", "range", "function"):
        return known
    parts = [type_of(part, named) for part in node.parts]
    result = type_of(node.result, named) if node.result else None
    if None in parts or (node.result and result is None):
        return None
    found = tuple(part for part in parts if part is not None)
    if node.names:
        return FeelType("context", members=dict(zip(node.names, found, strict=True)))
    return FeelType(node.name, parts=found, result=result)


NAMED_TYPES = "\0types"
"""The scope entry with the item definitions of the model, a function from name to type."""


@handles(s.InstanceOf)
def _instance_of(node: s.InstanceOf) -> Code:
    value, wanted = compile_node(node.value), node.type

    def run(scope: Scope) -> Any:
        found = type_of(wanted, scope.get(NAMED_TYPES))
        if found is None:
            return null(f"没有名为“{wanted.name}”的类型")
        tested = value(scope)
        if tested is None:
            return found.name == "Null"
        return found.name != "Null" and is_instance(tested, found)

    return run


@handles(s.FunctionOf)
def _function(node: s.FunctionOf) -> Code:
    names = tuple(name for name, _ in node.parameters)
    body = compile_node(node.body) if node.body else None

    def make(scope: Scope) -> Any:
        if body is None:
            return null("不支持外部函数")
        named = scope.get(NAMED_TYPES)
        types = tuple((type_of(wanted, named) or ANY) if wanted else ANY for _, wanted in node.parameters)
        return user_function("function", names, types, body, scope)

    return make


def user_function(
    name: str, names: tuple[str, ...], types: tuple[FeelType, ...], body: Code, scope: Scope, result: FeelType = ANY
) -> Function:
    """A function value over the scope it was made in; arguments that do not fit their type become null."""

    def call(arguments: list[Any]) -> Any:
        if len(arguments) != len(names):
            return null(f"函数 {name} 需要 {len(names)} 个参数，得到 {len(arguments)} 个")
        inner = dict(scope)
        for key, wanted, value in zip(names, types, arguments, strict=True):
            inner[key] = coerce(value, wanted, f"参数 {key}")
            if inner[key] is None and value is not None:
                return None
        run = current.run
        run.enter()
        try:
            return coerce(body(inner), result, f"函数 {name} 的结果")
        finally:
            run.leave()

    return Function(name, names, call, types, result)


def ordered(function: Function, names: tuple[str, ...], values: list[Any]) -> list[Any] | None:
    """Named arguments in the function's own order; None when the names do not fit."""
    if function.bind is not None:
        return function.bind(names, values)
    if sorted(names) != sorted(function.parameters):
        return None
    given = dict(zip(names, values, strict=True))
    return [given[name] for name in function.parameters]


@handles(s.Call)
def _call(node: s.Call) -> Code:
    function, names = compile_node(node.function), node.names
    arguments = [compile_node(argument) for argument in node.arguments]

    def run(scope: Scope) -> Any:
        target = function(scope)
        if type(target) is not Function:
            return null("被调用的不是函数")
        values = [argument(scope) for argument in arguments]
        if not names:
            return target.call(values)
        bound = ordered(target, names, values)
        return null(f"函数 {target.name} 没有参数 {'、'.join(names)}") if bound is None else target.call(bound)

    return run
