"""Built-in functions on strings, and how values become text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from yiwang.engines.feel.kinds import kind_of
from yiwang.engines.feel.limits import VALUE_TEXT_LIMIT, null, tick
from yiwang.engines.feel.numbers import number_of, number_text
from yiwang.engines.feel.patterns import is_match, replaced, split
from yiwang.engines.feel.signatures import builtin
from yiwang.engines.feel.temporal_text import temporal_text
from yiwang.engines.feel.values import Function, Range


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _range_text(bounds: Range) -> str:
    start = "" if bounds.start is None else inner_text(bounds.start)
    end = "" if bounds.end is None else inner_text(bounds.end)
    if bounds.start is None:
        return f"({'<=' if bounds.end_included else '<'}{end})"
    if bounds.end is None:
        return f"({'>=' if bounds.start_included else '>'}{start})"
    return f"{'[' if bounds.start_included else '('}{start}..{end}{']' if bounds.end_included else ')'}"


def _context_text(value: dict[str, Any]) -> str:
    tick(len(value))
    parts = [f"{key if key.isidentifier() else _quoted(key)}: {inner_text(item)}" for key, item in value.items()]
    return f"{{{', '.join(parts)}}}"


def _list_text(value: list[Any]) -> str:
    tick(len(value))
    return f"[{', '.join(inner_text(item) for item in value)}]"


_TEXTS: dict[str, Callable[[Any], str]] = {
    "Null": lambda value: "null",
    "boolean": lambda value: "true" if value else "false",
    "number": number_text,
    "string": _quoted,
    "list": _list_text,
    "context": _context_text,
    "range": _range_text,
    "function": lambda value: f"function({', '.join(value.parameters)})" if isinstance(value, Function) else "",
}


def inner_text(value: Any) -> str:
    """A value as FEEL would write it, strings in quotes."""
    write = _TEXTS.get(kind_of(value))
    return write(value) if write is not None else temporal_text(value)


@builtin("string", "from: any")
def text_of(value: Any) -> Any:
    """The text of a value, a string being its own; null has none."""
    return value if value is None or type(value) is str else inner_text(value)


@builtin("number", "from: string, grouping separator?: string, decimal separator?: string")
def _number(text: str, grouping: str | None = None, point: str | None = None) -> Any:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        return null("分隔符只能是空格、逗号或句点，且不能相同")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if len(plain) > 10_000 or "_" in plain or plain != plain.strip() or not plain.isascii():
        return null(f"“{text[:40]}”不是数字")
    number = number_of(plain)
    return null(f"“{text[:40]}”不是数字") if number is None else number


builtin("number", "from: number")(lambda number: number)


@builtin("substring", "string: string, start position: number, length?: number")
def _substring(text: str, start: Decimal, length: Decimal | None = None) -> Any:
    first, count = int(start), len(text) if length is None else int(length)
    if first == 0 or (count < 1 and length is not None) or abs(first) > len(text):
        return null("子串的起点或长度超出范围")
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin : begin + count]


builtin("string length", "string: string")(lambda text: Decimal(len(text)))
builtin("upper case", "string: string")(str.upper)
builtin("lower case", "string: string")(str.lower)
builtin("contains", "string: string, match: string")(lambda text, match: match in text)
builtin("starts with", "string: string, match: string")(str.startswith)
builtin("ends with", "string: string, match: string")(str.endswith)
builtin("substring before", "string: string, match: string")(
    lambda text, match: text.partition(match)[0] if match and match in text else ""
)
builtin("substring after", "string: string, match: string")(
    lambda text, match: text.partition(match)[2] if match and match in text else "" if match else text
)
builtin("matches", "input: string, pattern: string, flags?: string")(
    lambda text, pattern, flags=None: is_match(text, pattern, flags)
)
builtin("replace", "input: string, pattern: string, replacement: string, flags?: string")(
    lambda text, pattern, new, flags=None: replaced(text, pattern, new, flags)
)
builtin("split", "string: string, delimiter: string")(split)


@builtin("string join", "list: list, delimiter?: string")
def _string_join(items: list[Any], delimiter: str | None = None) -> Any:
    texts = [item for item in items if item is not None]
    if not all(type(item) is str for item in texts):
        return null("列表中有不是文字的内容")
    if sum(map(len, texts)) + len(texts) * len(delimiter or "") > VALUE_TEXT_LIMIT:
        return null(f"文字超过 {VALUE_TEXT_LIMIT} 个字符")
    return (delimiter or "").join(texts)


builtin("is", "value1: any")(lambda value: False)
builtin("is", "value2: any")(lambda value: False)


@builtin("is", "value1: any, value2: any")
def _is(left: Any, right: Any) -> bool:
    return kind_of(left) == kind_of(right) and inner_text(left) == inner_text(right)
