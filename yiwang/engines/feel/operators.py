"""FEEL's arithmetic between any two values, and properties of values reached by a path."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from yiwang.engines.feel.kinds import kind_of
from yiwang.engines.feel.limits import VALUE_TEXT_LIMIT, account, null
from yiwang.engines.feel.numbers import CONTEXT
from yiwang.engines.feel.temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    add_months,
    add_nanos,
    date_from_ordinal,
)
from yiwang.engines.feel.values import Range


def _join(left: str, right: str) -> Any:
    if len(left) + len(right) > VALUE_TEXT_LIMIT:
        return null(f"文字超过 {VALUE_TEXT_LIMIT} 个字符")
    return account(left + right)


def _date_plus_days(day: Date, span: DaysDuration) -> Date | None:
    return date_from_ordinal(day.ordinal() + span.nanos // DAY)


def _moment_plus_months(moment: DateTime, span: MonthsDuration) -> DateTime | None:
    day = add_months(moment.date, span.months)
    return None if day is None else DateTime(day, moment.time)


def _time_plus(clock: Time, span: DaysDuration) -> Time:
    return Time((clock.nanos + span.nanos) % DAY, clock.zone)


_ADD: dict[tuple[type, type], Callable[[Any, Any], Any]] = {
    (str, str): _join,
    (Date, DaysDuration): _date_plus_days,
    (Date, MonthsDuration): lambda day, span: add_months(day, span.months),
    (DateTime, DaysDuration): lambda moment, span: add_nanos(moment, span.nanos),
    (DateTime, MonthsDuration): _moment_plus_months,
    (Time, DaysDuration): _time_plus,
    (DaysDuration, DaysDuration): lambda one, other: DaysDuration(one.nanos + other.nanos),
    (MonthsDuration, MonthsDuration): lambda one, other: MonthsDuration(one.months + other.months),
}


def _swapped(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda right, left: operation(left, right)


_ADD |= {(right, left): _swapped(plus) for (left, right), plus in _ADD.items() if left is not right}


def _as_moment(value: Any) -> Any:
    return DateTime(value, Time(0, Zone(offset=0))) if type(value) is Date else value


def _moments_apart(left: Any, right: Any) -> Any:
    left, right = _as_moment(left), _as_moment(right)
    if (left.time.zone is None) != (right.time.zone is None):
        return null("一个时间带时区、一个不带，无法相减")
    return DaysDuration(left.instant() - right.instant())


def _times_apart(left: Time, right: Time) -> Any:
    if (left.zone is None) != (right.zone is None):
        return null("一个时间带时区、一个不带，无法相减")
    return DaysDuration(left.sort_key() - right.sort_key())


_SUBTRACT: dict[tuple[type, type], Callable[[Any, Any], Any]] = {
    (Date, Date): _moments_apart,
    (DateTime, DateTime): _moments_apart,
    (Date, DateTime): _moments_apart,
    (DateTime, Date): _moments_apart,
    (Time, Time): _times_apart,
    (Date, DaysDuration): lambda day, span: date_from_ordinal(day.ordinal() + (-span.nanos) // DAY),
    (Date, MonthsDuration): lambda day, span: add_months(day, -span.months),
    (DateTime, DaysDuration): lambda moment, span: add_nanos(moment, -span.nanos),
    (DateTime, MonthsDuration): lambda moment, span: _moment_plus_months(moment, MonthsDuration(-span.months)),
    (Time, DaysDuration): lambda clock, span: Time((clock.nanos - span.nanos) % DAY, clock.zone),
    (DaysDuration, DaysDuration): lambda one, other: DaysDuration(one.nanos - other.nanos),
    (MonthsDuration, MonthsDuration): lambda one, other: MonthsDuration(one.months - other.months),
}


def _scaled(amount: int, factor: Decimal) -> int:
    return int(CONTEXT.multiply(Decimal(amount), factor))


def _shared(amount: int, divisor: Decimal) -> int:
    return int(CONTEXT.divide(Decimal(amount), divisor))


_MULTIPLY: dict[tuple[type, type], Callable[[Any, Any], Any]] = {
    (DaysDuration, Decimal): lambda span, factor: DaysDuration(_scaled(span.nanos, factor)),
    (MonthsDuration, Decimal): lambda span, factor: MonthsDuration(_scaled(span.months, factor)),
    (Decimal, DaysDuration): lambda factor, span: DaysDuration(_scaled(span.nanos, factor)),
    (Decimal, MonthsDuration): lambda factor, span: MonthsDuration(_scaled(span.months, factor)),
}
_DIVIDE: dict[tuple[type, type], Callable[[Any, Any], Any]] = {
    (DaysDuration, Decimal): lambda span, divisor: DaysDuration(_shared(span.nanos, divisor)),
    (MonthsDuration, Decimal): lambda span, divisor: MonthsDuration(_shared(span.months, divisor)),
    (DaysDuration, DaysDuration): lambda one, other: CONTEXT.divide(Decimal(one.nanos), Decimal(other.nanos)),
    (MonthsDuration, MonthsDuration): lambda one, other: CONTEXT.divide(Decimal(one.months), Decimal(other.months)),
}
NUMERIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": CONTEXT.power,
}
_OTHER = {"+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE, "**": {}}


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """`left operator right` for any values; null where the pair has no such operation or no finite result."""
    try:
        if type(left) is Decimal and type(right) is Decimal:
            return NUMERIC[operator](left, right)
        operation = _OTHER[operator].get((type(left), type(right)))
        if operation is not None:
            return operation(left, right)
    except DecimalException:
        return null(f"{left} {operator} {right} 没有有限的结果")
    except (OverflowError, ValueError):
        return null(f"{kind_of(left)} {operator} {kind_of(right)} 的结果超出范围")
    return null(f"{kind_of(left)} 与 {kind_of(right)} 不能做“{operator}”运算")


def negated(value: Any) -> Any:
    if type(value) is Decimal:
        return value.copy_negate() if value else value
    if type(value) is DaysDuration:
        return DaysDuration(-value.nanos)
    if type(value) is MonthsDuration:
        return MonthsDuration(-value.months)
    return null(f"{kind_of(value)} 不能取负")


def _offset(seconds: int | None) -> DaysDuration | None:
    return None if seconds is None else DaysDuration(seconds * SECOND)


def _zone_name(clock: Time) -> str | None:
    return None if clock.zone is None else clock.zone.name


def _trunc(value: int, unit: int) -> int:
    return value // unit if value >= 0 else -(-value // unit)


_DATE: dict[str, Callable[[Date], Any]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday()),
    "hour": lambda day: Decimal(0),
    "minute": lambda day: Decimal(0),
    "second": lambda day: Decimal(0),
    "time offset": lambda day: DaysDuration(0),
    "timezone": lambda day: "UTC",
}
_TIME: dict[str, Callable[[Time], Any]] = {
    "hour": lambda clock: Decimal(clock.clock()[0]),
    "minute": lambda clock: Decimal(clock.clock()[1]),
    "second": lambda clock: Decimal(clock.clock()[2]),
    "time offset": lambda clock: _offset(clock.offset()),
    "timezone": _zone_name,
}


def _of_date(read: Callable[[Date], Any]) -> Callable[[DateTime], Any]:
    return lambda moment: read(moment.date)


def _of_time(read: Callable[[Time], Any]) -> Callable[[DateTime], Any]:
    return lambda moment: read(moment.time)


_DATE_TIME: dict[str, Callable[[DateTime], Any]] = {
    **{name: _of_date(read) for name, read in _DATE.items()},
    **{name: _of_time(read) for name, read in _TIME.items()},
    "time offset": lambda moment: _offset(moment.offset()),
}
_DAYS: dict[str, Callable[[DaysDuration], Any]] = {
    "days": lambda span: Decimal(_trunc(span.nanos, DAY)),
    "hours": lambda span: Decimal(_trunc(span.nanos, 3600 * SECOND) - _trunc(span.nanos, DAY) * 24),
    "minutes": lambda span: Decimal(_trunc(span.nanos, 60 * SECOND) - _trunc(span.nanos, 3600 * SECOND) * 60),
    "seconds": lambda span: Decimal(_trunc(span.nanos, SECOND) - _trunc(span.nanos, 60 * SECOND) * 60),
}
_MONTHS: dict[str, Callable[[MonthsDuration], Any]] = {
    "years": lambda span: Decimal(_trunc(span.months, 12)),
    "months": lambda span: Decimal(span.months - _trunc(span.months, 12) * 12),
}
_RANGE: dict[str, Callable[[Range], Any]] = {
    "start": lambda bounds: bounds.start,
    "end": lambda bounds: bounds.end,
    "start included": lambda bounds: bounds.start_included,
    "end included": lambda bounds: bounds.end_included,
}
_PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: _DATE_TIME,
    DaysDuration: _DAYS,
    MonthsDuration: _MONTHS,
    Range: _RANGE,
}


def member(value: Any, name: str) -> Any:
    """`value.name`: an entry of a context, a property, or both over the items of a list."""
    kind = type(value)
    if kind is dict:
        if name in value:
            return value[name]
        return null(f"上下文中没有“{name}”")
    if kind is list:
        return [member(item, name) for item in value]
    properties = _PROPERTIES.get(kind)
    if properties is not None and name in properties:
        return properties[name](value)
    return null(f"{kind_of(value)} 没有“{name}”")
