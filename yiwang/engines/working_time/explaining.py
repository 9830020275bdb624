"""Why a deadline is when it is: each stretch of time from the start on, counted or not, with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext

from yiwang.engines.working_time.calculator import (
    Deadline,
    Interval,
    WorkingCalendar,
    from_microseconds,
    to_microseconds,
)
from yiwang.engines.working_time.spec import UNITS
from yiwang.engines.working_time.table import DAY, EPOCH_DAY

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def explained(deadline: Deadline) -> list[Interval]:
    """Every second from the start to the deadline: adjoining stretches in order, none empty, each with its reason."""
    start, end = to_microseconds(deadline.start), to_microseconds(deadline.at)
    if end <= start:
        return []
    if deadline.unit in ("urgent_hour", "calendar_day"):
        return [
            Interval(
                deadline.start,
                deadline.at,
                True,
                gettext("{unit}昼夜连续计时").format(unit=gettext(UNITS[deadline.unit])),
            )
        ]
    by_day = _dates if deadline.unit == "statutory_day" else _hours
    found = []
    for day in range(start // DAY, end // DAY + 1):
        on = date.fromordinal(day + EPOCH_DAY)
        unsure = deadline.calendar.is_uncertain(on)
        for opens, closes, is_counted, reason in by_day(deadline.calendar, on, day == start // DAY):
            first, last = max(day * DAY + opens, start), min(day * DAY + closes, end)
            if first < last:
                note = _unsure(reason, on) if unsure else reason
                found.append(Interval(from_microseconds(first), from_microseconds(last), is_counted, note, unsure))
    return found


def _unsure(reason: str, on: date) -> str:
    return gettext("{reason}（{year}年底或次年日历未公布，暂按推算）").format(reason=reason, year=on.year)


Piece = tuple[int, int, bool, str]


def _dates(calendar: WorkingCalendar, on: date, is_first: bool) -> Iterator[Piece]:
    """A statutory day is one piece: it counts or it does not."""
    if is_first:
        yield 0, DAY, False, gettext("起算当日不计入")
        return
    working = calendar.is_working(on)
    yield 0, DAY, working, _day_reason(calendar, on)


def _hours(calendar: WorkingCalendar, on: date, is_first: bool) -> Iterator[Piece]:
    reason = _day_reason(calendar, on)
    if not calendar.is_working(on):
        yield 0, DAY, False, reason
        return
    slots = calendar.hours.slots
    yield 0, slots[0][0], False, gettext("夜间，未到上班时间")
    for place, (opens, closes) in enumerate(slots):
        yield opens, closes, True, gettext("{day}办公时间").format(day=reason)
        if place + 1 < len(slots):
            yield closes, slots[place + 1][0], False, gettext("午休")
    yield slots[-1][1], DAY, False, gettext("下班后")


def _day_reason(calendar: WorkingCalendar, on: date) -> str:
    weekday = gettext(_WEEKDAYS[on.weekday()])
    fact = calendar.special.get(on)
    if fact is None:
        return weekday if on.weekday() < 5 else gettext("{weekday}休息").format(weekday=weekday)
    sentence = gettext("{name}调休上班日（{weekday}）") if fact.is_working else gettext("{name}放假（{weekday}）")
    return sentence.format(name=gettext(fact.name), weekday=weekday)


def counted(found: list[Interval]) -> timedelta:
    """The sum of the counted stretches."""
    return sum((item.end - item.start for item in found if item.is_counted), timedelta())
