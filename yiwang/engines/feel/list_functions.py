"""Built-in functions on lists and contexts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from functools import cmp_to_key
from typing import Any

from yiwang.engines.feel.kinds import equal, less
from yiwang.engines.feel.limits import null, tick
from yiwang.engines.feel.numbers import whole
from yiwang.engines.feel.signatures import builtin
from yiwang.engines.feel.values import Function


def _has(items: Iterable[Any], wanted: Any) -> bool:
    for item in items:
        tick()
        if item is wanted or (type(item) is type(wanted) and equal(item, wanted) is True):
            return True
    return False


def _distinct(items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in items:
        if not _has(kept, item):
            kept.append(item)
    return kept


def _concatenate(lists: list[Any]) -> list[Any]:
    made: list[Any] = []
    for part in lists:
        part = part if type(part) is list else [part]
        tick(len(part))
        made += part
    return made


def _flatten(items: list[Any]) -> list[Any]:
    made: list[Any] = []
    for item in items:
        tick()
        if type(item) is list:
            made += _flatten(item)
        else:
            made.append(item)
    return made


def _index(items: list[Any], position: Decimal, extra: int = 0) -> Any:
    """The Python index of a FEEL position; null outside the list."""
    number = whole(position)
    if number is None or number == 0 or not -len(items) <= number <= len(items) + extra:
        return null(f"列表没有第 {position} 项")
    return number - 1 if number > 0 else len(items) + number


def _extreme(items: list[Any], is_better: Any) -> Any:
    if not items:
        return None
    best = items[0]
    for item in items:
        verdict = is_better(item, best)
        if verdict is None:
            return None
        best = item if verdict else best
    return best


builtin("min", "list: list...")(lambda items: _extreme(items, less))
builtin("max", "list: list...")(lambda items: _extreme(items, lambda one, best: less(best, one)))
builtin("count", "list: list")(lambda items: Decimal(len(items)))
builtin("list contains", "list: list, element: any")(_has)
builtin("distinct values", "list: list")(_distinct)
builtin("union", "list: any***")(lambda lists: _distinct(_concatenate(lists)))
builtin("concatenate", "list: any***")(_concatenate)
builtin("flatten", "list: list")(_flatten)
builtin("reverse", "list: list")(lambda items: items[::-1])


@builtin("append", "list: any***")
def _append(arguments: list[Any]) -> Any:
    items = arguments[0]
    if items is None:
        return None
    items = items if type(items) is list else [items]
    tick(len(items))
    return [*items, *arguments[1:]]


@builtin("sublist", "list: list, start position: number, length?: number")
def _sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> Any:
    first, count = _index(items, start), len(items) if length is None else whole(length)
    if first is None or count is None or count < 1 or (length is not None and first + count > len(items)):
        return null("子列表的起点或长度超出范围")
    return items[first : first + count]


@builtin("insert before", "list: list, position: number, newItem: any")
def _insert_before(items: list[Any], position: Decimal, item: Any) -> Any:
    index = _index(items, position)
    tick(len(items))
    return None if index is None else [*items[:index], item, *items[index:]]


@builtin("remove", "list: list, position: number")
def _remove(items: list[Any], position: Decimal) -> Any:
    index = _index(items, position)
    tick(len(items))
    return None if index is None else items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: any")
def _replace_at(items: list[Any], position: Decimal, item: Any) -> Any:
    index = _index(items, position.to_integral_value(ROUND_DOWN))
    tick(len(items))
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def _replace_matching(items: list[Any], match: Function, new: Any) -> Any:
    if len(match.parameters) != 2:
        return null("match 函数必须有两个参数")
    verdicts = [match.call([item, new]) for item in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return null("match 函数的结果不是真假值")
    return [new if verdict else item for item, verdict in zip(items, verdicts, strict=True)]


@builtin("index of", "list: list, match: any")
def _index_of(items: list[Any], wanted: Any) -> list[Decimal]:
    return [Decimal(index) for index, item in enumerate(items, 1) if _has((item,), wanted)]


@builtin("duplicate values", "list: list")
def _duplicate_values(items: list[Any]) -> list[Any]:
    return _distinct([item for index, item in enumerate(items) if _has(items[:index], item)])


@builtin("sort", "list: list, precedes?: function")
def _sort(items: list[Any], precedes: Function | None = None) -> Any:
    if precedes is not None and len(precedes.parameters) != 2:
        return null("排序函数必须有两个参数")

    def order(left: Any, right: Any) -> int:
        tick()
        if precedes is None:
            return -1 if less(left, right) else 1 if less(right, left) else 0
        return -1 if precedes.call([left, right]) is True else 1 if precedes.call([right, left]) is True else 0

    return sorted(items, key=cmp_to_key(order))


@builtin("get value", "m: context, key: string")
def _get_value(context: dict[str, Any], key: str) -> Any:
    return context[key] if key in context else null(f"上下文中没有“{key}”")


@builtin("get value", "m: context, key: list")
def _get_value_at(context: Any, keys: list[Any]) -> Any:
    if not keys:
        return null("键的列表是空的")
    for key in keys:
        if type(context) is not dict or type(key) is not str or key not in context:
            return null(f"上下文中没有“{key}”")
        context = context[key]
    return context


@builtin("get entries", "m: context")
def _get_entries(context: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def _context(entries: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for entry in entries:
        is_entry = type(entry) is dict and type(entry.get("key")) is str and "value" in entry
        if not is_entry or entry["key"] in made:
            return null("条目应当各有不同的 key 和 value")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def _context_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    tick(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def _context_put_at(context: Any, keys: list[Any], value: Any) -> Any:
    if not keys or type(keys[0]) is not str or type(context) is not dict:
        return null("键应当是文字的列表，且逐层都是上下文")
    if len(keys) == 1:
        return _context_put(context, keys[0], value)
    inner = _context_put_at(context.get(keys[0], {}), keys[1:], value)
    return None if inner is None else _context_put(context, keys[0], inner)


@builtin("context merge", "contexts: list")
def _context_merge(contexts: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for context in contexts:
        if type(context) is not dict:
            return null("列表中有不是上下文的内容")
        tick(len(context))
        made |= context
    return made
