"""Deadlines in Chinese official working time. Pure: no database, no clock.

Units. `urgent_hour` and `calendar_day` run on the wall clock. `working_hour` and `working_day` run only inside office
hours of working days; a working day is as long as one day's office hours. `statutory_day` counts dates: the day of the
start is not counted and the limit ends when business ends on the last day (民法典 第二百零一条, 第二百零三条).
A result that leans on a day no published notice covers is provisional; it is computed as if weekdays were worked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yiwang.engines.working_time.spec import UNITS, Limit
from yiwang.engines.working_time.table import (
    DAY,
    EPOCH_DAY,
    HOUR,
    SECOND,
    DayTable,
    OfficeHours,
    SpecialDay,
    Whole,
)
from yiwang.engines.working_time.table import is_uncertain as _is_uncertain
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import UserError, did_you_mean

DEFAULT_OFFICE_HOURS = "09:00-12:00,14:00-17:30"
_EPOCH = datetime(1970, 1, 1, tzinfo=CHINA)
_MICROSECOND = timedelta(microseconds=1)
_WALL = ("urgent_hour", "calendar_day")
_LAST_YEAR = 9998


class LimitTooLong(UserError):
    code, message, next_step = "LIMIT_TOO_LONG", "时限过长，超出日历可计算的范围。", "请核对时限的数值和单位。"


@lru_cache(1024)
def to_microseconds(instant: datetime) -> int:
    """Chinese civil microseconds since 1970 of an aware datetime; ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a deadline needs an aware datetime; use yiwang.kernel.clock")
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The aware datetime, in Chinese time."""
    return _EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, whether the limit runs in it, and why (or why not), in Chinese."""

    start: datetime
    end: datetime
    is_counted: bool
    reason: str
    is_provisional: bool = False


class Deadline(NamedTuple):
    """When a limit ends. `is_provisional`: a calendar not yet published may move it."""

    at: datetime
    is_provisional: bool
    start: datetime
    unit: str
    calendar: WorkingCalendar


class WorkingCalendar:
    """One calendar: special days, the years whose notice is published, and office hours."""

    def __init__(
        self,
        special: Mapping[date, SpecialDay],
        published: Collection[int],
        office_hours: str = DEFAULT_OFFICE_HOURS,
        key: str = "default",
    ) -> None:
        self.key, self.special, self.published = key, dict(special), frozenset(published)
        self.hours = OfficeHours(office_hours)
        self._length = lru_cache(1024)(self._measured)  # Limits repeat; decimals are slow to multiply.
        years = self.published or {2000}
        self._table = self._build(min(years) - 1, max(years) + 3)

    @property
    def day_seconds(self) -> int:
        """Seconds of office time in one working day."""
        return self.hours.total // SECOND

    def is_working(self, day: date) -> bool:
        """Whether this date is worked (see `is_uncertain` for how sure that is)."""
        fact = self.special.get(day)
        return fact.is_working if fact else day.weekday() < 5

    def is_uncertain(self, day: date) -> bool:
        """Whether a notice still to come may change this date."""
        return _is_uncertain(day, self.published)

    def seconds(self, limit: Limit) -> float:
        """The length of a limit on its own clock; a statutory day weighs as much as a working day."""
        return self._length(limit.amount, limit.unit) / SECOND

    def add(self, start: datetime, limit: Limit) -> Deadline:
        """When `limit` ends if it runs from `start` without a stop."""
        return self._add(start, self._length(limit.amount, limit.unit), limit.unit)

    def add_seconds(self, start: datetime, seconds: float, unit: str) -> Deadline:
        """The same for a length on the unit's own clock: what remains after a pause, half of a limit for a warning.

        Statutory seconds are rounded up to whole days. With nothing left the deadline is `start` itself.
        """
        return self._add(start, round(seconds * SECOND), _known(unit))

    def elapsed(self, start: datetime, end: datetime, unit: str) -> float:
        """Seconds that passed on the unit's own clock; adjoining stretches add up; 0 when `end` is before `start`.

        Statutory: working dates after the date of `start` up to that of `end`, times `day_seconds`.
        """
        _known(unit)
        first, last = to_microseconds(start), to_microseconds(end)
        if last <= first:
            return 0.0
        if unit in _WALL:
            return (last - first) / SECOND
        self._reach_day(first // DAY)
        self._reach_day(last // DAY)
        if unit == "statutory_day":
            days, base = self._table.days, self._table.first - 1
            return (days[last // DAY - base] - days[first // DAY - base]) * self.day_seconds
        return (self._position(last) - self._position(first)) / SECOND

    def add_many(
        self, starts: NDArray[Any], amounts: NDArray[Any], unit: str
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """`add` for arrays of UTC `datetime64[us]` and amounts in units; deadlines alike, and which are provisional."""
        length = np.rint(np.asarray(amounts, dtype=np.float64) * self._unit(_known(unit))).astype(np.int64)
        return self._add_many(starts, length, unit)

    def add_seconds_many(
        self, starts: NDArray[Any], seconds: NDArray[Any], unit: str
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """`add_seconds` for arrays."""
        length = np.rint(np.asarray(seconds, dtype=np.float64) * SECOND).astype(np.int64)
        return self._add_many(starts, length, _known(unit))

    # The rest works in microseconds of Chinese civil time.

    def _unit(self, unit: str) -> int:
        return {"urgent_hour": HOUR, "working_hour": HOUR, "calendar_day": DAY}.get(unit, self.hours.total)

    def _measured(self, amount: Any, unit: str) -> int:
        length: int = round(amount * self._unit(unit))
        return length

    def _build(self, from_year: int, to_year: int) -> DayTable:
        return DayTable(self.special, self.published, self.hours, max(from_year, 1900), min(to_year, _LAST_YEAR))

    def _reach_day(self, day: int) -> None:
        """Widen the table until it holds this day."""
        table = self._table
        if table.first <= day < table.end:
            return
        if not 0 < day + EPOCH_DAY < date(_LAST_YEAR, 1, 1).toordinal():
            raise LimitTooLong
        year = date.fromordinal(day + EPOCH_DAY).year
        if year < 1900:
            raise LimitTooLong
        self._table = self._build(min(table.from_year, year - 1), max(table.to_year, year + 1))

    def _reach_total(self, day: int, length: int, per_day: int) -> None:
        """Widen the table so that `length` more fits after `day`: 400 dates are never fewer than 200 working days."""
        last, table = day + 2 * (length // per_day) + 60, self._table
        if table.first <= day and last < table.end:
            return
        self._reach_day(day)
        self._reach_day(last)

    def _position(self, instant: int) -> int:
        """Office microseconds from the table's first day to the instant."""
        table = self._table
        index, time = instant // DAY - table.first, instant % DAY
        return table.worked[index] + (self.hours.worked(time) if table.is_working[index] else 0)

    def _add(self, start: datetime, length: int, unit: str) -> Deadline:
        begin = to_microseconds(start)
        if length <= 0:
            return Deadline(start, False, start, unit, self)
        if unit in _WALL:
            try:
                return Deadline(from_microseconds(begin + length), False, start, unit, self)
            except OverflowError:
                raise LimitTooLong from None
        at, provisional = self._add_dates(begin, length) if unit == "statutory_day" else self._add_office(begin, length)
        return Deadline(from_microseconds(at), provisional, start, unit, self)

    def _add_office(self, begin: int, length: int) -> tuple[int, bool]:
        day, time = divmod(begin, DAY)
        self._reach_total(day, length, self.hours.total)
        table, hours = self._table, self.hours
        first, worked = day - table.first, table.worked
        goal = worked[first] + (hours.worked(time) if table.is_working[first] else 0) + length
        index = bisect_left(worked, goal) - 1
        at = (table.first + index) * DAY + hours.time_at(goal - worked[index])
        return at, table.uncertain[index + 1] > table.uncertain[first]

    def _add_dates(self, begin: int, length: int) -> tuple[int, bool]:
        self._reach_total(begin // DAY, length, self.hours.total)
        table = self._table
        after = begin // DAY - table.first + 1
        index = bisect_left(table.days, table.days[after] - (-length // self.hours.total)) - 1
        return (table.first + index) * DAY + self.hours.close, table.uncertain[index + 1] > table.uncertain[after]

    def _add_many(self, starts: NDArray[Any], length: Whole, unit: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        begin = starts.astype("datetime64[us]").astype(np.int64) + 8 * HOUR
        if unit in _WALL or not len(begin):
            at, provisional = begin + length, np.zeros(len(begin), dtype=np.bool_)
        else:
            at, provisional = self._dates_many(begin, length, unit)
        at = np.where(length <= 0, begin, at)
        return (at - 8 * HOUR).astype("datetime64[us]"), provisional & (length > 0)

    def _dates_many(self, begin: Whole, length: Whole, unit: str) -> tuple[Whole, NDArray[np.bool_]]:
        self._reach_day(int(begin.min()) // DAY)
        self._reach_total(int(begin.max()) // DAY, max(int(length.max()), 0), self.hours.total)
        table, hours = self._table, self.hours
        day = begin // DAY - table.first
        if unit == "statutory_day":
            goal = table.days_array[day + 1] - (-length // hours.total)
            index = np.maximum(np.searchsorted(table.days_array, goal, side="left") - 1, 0)
            uncertain = table.uncertain_array[index + 1] > table.uncertain_array[day + 1]
            return (table.first + index) * DAY + hours.close, uncertain
        worked = table.worked_array
        goal = worked[day] + np.where(table.working_array[day], hours.worked_many(begin % DAY), 0) + length
        index = np.maximum(np.searchsorted(worked, goal, side="left") - 1, 0)
        at = (table.first + index) * DAY + hours.time_at_many(goal - worked[index])
        return at, table.uncertain_array[index + 1] > table.uncertain_array[day]


def _known(unit: str) -> str:
    if unit not in UNITS:
        raise ValueError(f"there is no unit of time '{unit}'. {did_you_mean(unit, UNITS)}")
    return unit
