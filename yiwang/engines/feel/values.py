"""The values of FEEL, and the door between them and Python's.

Inside: Decimal, str, bool, None, list, dict, the temporal types, `Range`, `Function`. At the edge ints, floats, dates,
times, timedeltas, tuples, sets and UUIDs become those; on the way out what `datetime` can hold becomes that again.
"""

from __future__ import annotations

import datetime as python
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from yiwang.engines.feel.limits import VALUE_DEPTH_LIMIT, BudgetExceeded, tick
from yiwang.engines.feel.numbers import CONTEXT, number_of
from yiwang.engines.feel.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    zone_named,
)
from yiwang.engines.feel.types import ANY, FeelType


@dataclass(frozen=True, slots=True)
class Range:
    """Values from start to end.

    Made by a comparison such as `(<10)`, which `sign` then names, it is unbounded on one side, the end there None.
    """

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something FEEL can call. `call` takes positional values; `bind` turns names into positions or gives None."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[[list[Any]], Any]
    types: tuple[FeelType, ...] = ()
    result: FeelType = ANY
    bind: Callable[[tuple[str, ...], list[Any]], list[Any] | None] | None = None


def _same(value: Any, depth: int) -> Any:
    return value


def _from_float(value: float, depth: int) -> Any:
    return number_of(repr(value))


def _from_int(value: int, depth: int) -> Any:
    # 110 bits fit into 34 digits; beyond 20,000 bits no FEEL number is meant, and the conversion would be slow.
    if value.bit_length() <= 110:
        return Decimal(value)
    return CONTEXT.create_decimal(value) if value.bit_length() < 20_000 else None


def _from_decimal(value: Decimal, depth: int) -> Any:
    return value if value.is_finite() else None


def _from_list(value: Any, depth: int) -> Any:
    _check(depth, len(value))
    return [from_python(item, depth + 1) for item in value]


def _from_mapping(value: Mapping[Any, Any], depth: int) -> Any:
    _check(depth, len(value))
    return {str(key): from_python(item, depth + 1) for key, item in value.items()}


def _check(depth: int, size: int) -> None:
    tick(size)
    if depth > VALUE_DEPTH_LIMIT:
        raise BudgetExceeded(f"数据嵌套超过 {VALUE_DEPTH_LIMIT} 层")


def _zone_from(value: python.datetime | python.time) -> Zone | None:
    if value.tzinfo is None:
        return None
    name = getattr(value.tzinfo, "key", None)
    if name is not None:
        return Zone(name=str(name))
    offset = value.utcoffset()
    return None if offset is None else Zone(offset=int(offset.total_seconds()))


def _from_time(value: python.time, depth: int) -> Any:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return Time(seconds * SECOND + value.microsecond * 1000, _zone_from(value))


def _from_datetime(value: python.datetime, depth: int) -> Any:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    clock = Time(seconds * SECOND + value.microsecond * 1000, _zone_from(value))
    return DateTime(Date(value.year, value.month, value.day), clock)


def _from_timedelta(value: python.timedelta, depth: int) -> Any:
    return DaysDuration((value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000)


_FROM: dict[type, Callable[[Any, int], Any]] = {
    type(None): _same,
    bool: _same,
    str: _same,
    Date: _same,
    Time: _same,
    DateTime: _same,
    DaysDuration: _same,
    MonthsDuration: _same,
    Function: _same,
    Range: _same,
    Decimal: _from_decimal,
    int: _from_int,
    float: _from_float,
    list: _from_list,
    tuple: _from_list,
    set: _from_list,
    frozenset: _from_list,
    dict: _from_mapping,
    python.datetime: _from_datetime,
    python.date: lambda value, depth: Date(value.year, value.month, value.day),
    python.time: _from_time,
    python.timedelta: _from_timedelta,
    UUID: lambda value, depth: str(value),
}


def from_python(value: Any, depth: int = 0) -> Any:
    """The FEEL value of a Python value; null for what FEEL cannot hold. Raises BudgetExceeded on endless nesting."""
    convert = _FROM.get(type(value))
    if convert is not None:
        return convert(value, depth)
    if isinstance(value, Mapping):
        return _from_mapping(value, depth)
    for kind in (bool, str, int, float, Decimal, python.datetime, python.date, list, tuple):
        if isinstance(value, kind):
            return _FROM[kind](value if kind is not str else str(value), depth)
    return None


def _to_zone(zone: Zone | None) -> python.tzinfo | None:
    if zone is None:
        return None
    if zone.offset is not None:
        return python.timezone(python.timedelta(seconds=zone.offset))
    return zone_named(zone.name or "UTC")


def _to_time(value: Time) -> python.time | Time:
    if value.nanos % 1000:
        return value
    hour, minute, second = value.clock()
    return python.time(hour, minute, second, value.nanos % SECOND // 1000, tzinfo=_to_zone(value.zone))


def _to_date(value: Date) -> python.date | Date:
    return python.date(value.year, value.month, value.day) if 1 <= value.year <= 9999 else value


def _to_datetime(value: DateTime) -> python.datetime | DateTime:
    day, clock = _to_date(value.date), _to_time(value.time)
    if isinstance(day, python.date) and isinstance(clock, python.time):
        return python.datetime.combine(day, clock)
    return value


def _to_timedelta(value: DaysDuration) -> python.timedelta | DaysDuration:
    if value.nanos % 1000 or abs(value.nanos) > 999_999_998 * 86_400 * SECOND:
        return value
    return python.timedelta(seconds=value.nanos // SECOND, microseconds=value.nanos % SECOND // 1000)


_TO: dict[type, Callable[[Any], Any]] = {
    Date: _to_date,
    Time: _to_time,
    DateTime: _to_datetime,
    DaysDuration: _to_timedelta,
}


def to_python(value: Any, depth: int = 0) -> Any:
    """The Python value of a FEEL value.

    Months durations, ranges, functions and what `datetime` cannot hold exactly (years over 9999, nanoseconds) stay.
    """
    kind = type(value)
    if kind is list:
        _check(depth, len(value))
        return [to_python(item, depth + 1) for item in value]
    if kind is dict:
        _check(depth, len(value))
        return {key: to_python(item, depth + 1) for key, item in value.items()}
    convert = _TO.get(kind)
    return value if convert is None else convert(value)
