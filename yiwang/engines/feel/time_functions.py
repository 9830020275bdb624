"""Built-in functions on dates, times and durations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yiwang.engines.feel.limits import null
from yiwang.engines.feel.numbers import whole
from yiwang.engines.feel.signatures import builtin
from yiwang.engines.feel.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    months_between,
    valid_date,
)
from yiwang.engines.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from yiwang.engines.feel.values import from_python
from yiwang.kernel import clock

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _read(value: Any, text: str, what: str) -> Any:
    return null(f"“{text[:40]}”不是{what}") if value is None else value


builtin("date", "from: string")(lambda text: _read(parse_date(text), text, "日期"))
builtin("date", "from: date")(lambda day: day)
builtin("date", "from: date and time")(lambda moment: moment.date)
builtin("time", "from: string")(lambda text: _read(parse_time(text), text, "时间"))
builtin("time", "from: time")(lambda clock_time: clock_time)
builtin("time", "from: date and time")(lambda moment: moment.time)
builtin("date and time", "from: string")(lambda text: _read(parse_date_time(text), text, "日期时间"))
builtin("date and time", "from: date and time")(lambda moment: moment)
builtin("date and time", "date: date, time: time")(DateTime)
builtin("date and time", "date: date and time, time: time")(lambda moment, time: DateTime(moment.date, time))
builtin("duration", "from: string")(lambda text: _read(parse_duration(text), text, "时长"))
builtin("duration", "from: days and time duration|years and months duration")(lambda span: span)


@builtin("date", "year: number, month: number, day: number")
def _date(year: Decimal, month: Decimal, day: Decimal) -> Any:
    parts = [whole(part) for part in (year, month, day)]
    made = None if None in parts else valid_date(*[part or 0 for part in parts])
    return _read(made, f"{year}-{month}-{day}", "日期")


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration")
def _time(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None) -> Any:
    hours, minutes = whole(hour), whole(minute)
    seconds = int(offset.nanos // SECOND) if offset else 0
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        return null("时、分、秒超出范围")
    if abs(seconds) > 18 * 3600:
        return null("时区偏移超出范围")
    nanos = (hours * 3600 + minutes * 60) * SECOND + int(second * SECOND)
    return Time(nanos, Zone(offset=seconds) if offset is not None else None)


@builtin("years and months duration", "from: date, to: date")
def _months(start: Date, end: Date) -> MonthsDuration:
    return MonthsDuration(months_between(start, end))


@builtin("years and months duration", "from: date|date and time, to: date|date and time")
def _months_of_moments(start: Any, end: Any) -> MonthsDuration:
    one = start.date if isinstance(start, DateTime) else start
    other = end.date if isinstance(end, DateTime) else end
    return MonthsDuration(months_between(one, other))


def _week(day: Date) -> int:
    """ISO 8601 week number: the week belongs to the year its Thursday is in."""
    thursday = day.ordinal() - day.weekday() + 4
    for year in (day.year + 1, day.year, day.year - 1):
        first = Date(year, 1, 1).ordinal()
        if thursday >= first:
            return (thursday - first) // 7 + 1
    return 0


def _declare(name: str, read: Any) -> None:
    builtin(name, "date: date")(read)
    builtin(name, "date: date and time")(lambda moment: read(moment.date))


_declare("day of year", lambda day: Decimal(day.day_of_year()))
_declare("day of week", lambda day: _DAYS[day.weekday() - 1])
_declare("month of year", lambda day: _MONTHS[day.month - 1])
_declare("week of year", lambda day: Decimal(_week(day)))
builtin("now")(lambda: from_python(clock.now().astimezone(clock.CHINA)))
builtin("today")(lambda: from_python(clock.now().astimezone(clock.CHINA).date()))
