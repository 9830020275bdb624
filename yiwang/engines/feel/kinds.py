"""Which kind a value is, whether two are equal, and which comes first: three-valued, never raising on odd pairs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from yiwang.engines.feel.limits import null, tick
from yiwang.engines.feel.temporal import SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from yiwang.engines.feel.values import Function, Range

KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "Null",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
    Function: "function",
}


def kind_of(value: Any) -> str:
    """The FEEL name of a value's type."""
    return KINDS.get(type(value), "Any")


def _equal_lists(left: list[Any], right: list[Any]) -> bool | None:
    if len(left) != len(right):
        return False
    tick(len(left))
    return _all_equal(zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any]) -> bool | None:
    if left.keys() != right.keys():
        return False
    tick(len(left))
    return _all_equal((value, right[key]) for key, value in left.items())


def _all_equal(pairs: Any) -> bool | None:
    return all(equal(one, other) is True for one, other in pairs)


def _equal_ranges(left: Range, right: Range) -> bool | None:
    return (
        left.sign == right.sign
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def _equal_times(left: Time, right: Time) -> bool | None:
    if (left.zone is None) != (right.zone is None):
        return False
    if left.offset() is None and right.offset() is None and left.zone != right.zone:
        return False
    # The conformance cases (0068) compare the clock's hour, minute and second, not fractions.
    return left.sort_key() // SECOND == right.sort_key() // SECOND


def _equal_date_times(left: DateTime, right: DateTime) -> bool | None:
    if (left.time.zone is None) != (right.time.zone is None):
        return False
    return left.instant() // SECOND == right.instant() // SECOND


_EQUAL: dict[type, Callable[[Any, Any], bool | None]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    Time: _equal_times,
    DateTime: _equal_date_times,
    Function: lambda left, right: left is right,
}


def equal(left: Any, right: Any) -> Any:
    """FEEL's `=`: null only equals null; values of different kinds give null."""
    kind = type(left)
    if kind is type(right):
        check = _EQUAL.get(kind)
        return bool(left == right) if check is None else check(left, right)
    if left is None or right is None:
        return False
    return null(f"不能比较 {kind_of(left)} 与 {kind_of(right)} 是否相等")


_SORT_KEYS: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda value: value,
    str: lambda value: value,
    Date: lambda value: value,
    DaysDuration: lambda value: value.nanos,
    MonthsDuration: lambda value: value.months,
    Time: Time.sort_key,
    DateTime: DateTime.instant,
}


def less(left: Any, right: Any) -> Any:
    """FEEL's `<`; null where the kinds have no order between them."""
    kind = type(left)
    if kind is type(right):
        key = _SORT_KEYS.get(kind)
        if key is not None:
            return bool(key(left) < key(right))
    return null(f"不能比较 {kind_of(left)} 与 {kind_of(right)} 的大小")


def less_or_equal(left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is type(right):
        key = _SORT_KEYS.get(kind)
        if key is not None:
            return bool(key(left) <= key(right))
    return null(f"不能比较 {kind_of(left)} 与 {kind_of(right)} 的大小")


def in_range(value: Any, bounds: Range) -> Any:
    """Whether a value lies in a range; null where it cannot be compared with an end."""
    if not bounds.sign and (bounds.start is None or bounds.end is None):
        return null("区间的一端是 null")
    low: bool | None = True
    high: bool | None = True
    if bounds.start is not None:
        low = less_or_equal(bounds.start, value) if bounds.start_included else less(bounds.start, value)
    if bounds.end is not None:
        high = less_or_equal(value, bounds.end) if bounds.end_included else less(value, bounds.end)
    return conjunction(low, high)


def conjunction(left: Any, right: Any) -> bool | None:
    """Three-valued and."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None
