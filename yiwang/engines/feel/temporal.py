"""Dates, times and durations as FEEL means them.

Years run from -999999999 to 999999999 and seconds have nine decimals, which Python's own types cannot hold; a time may
carry a zone by name or by offset, or none. Python's types come in and go out at the edge (`values.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
"""Nanoseconds."""
DAY = 86_400 * SECOND
YEAR_LIMIT = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone, or None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by IANA name, or by offset in seconds east of UTC."""

    name: str | None = None
    offset: int | None = None

    def offset_at(self, day: Date, nanos: int) -> int:
        """Seconds east of UTC at this local date and time of day."""
        if self.offset is not None:
            return self.offset
        zone = zone_named(self.name or "UTC")
        # Years Python cannot hold take the rules of the same year in the Gregorian 400-year round.
        year = day.year if 1 < day.year < 9999 else 2000 + day.year % 400
        moment = datetime(year, day.month, day.day, tzinfo=zone) + timedelta(microseconds=nanos // 1000)
        offset = moment.utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    def fixed_offset(self) -> int | None:
        """The offset when it does not depend on the date."""
        if self.offset is not None:
            return self.offset
        return 0 if self.name in ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z") else None


@dataclass(frozen=True, slots=True, order=True)
class Date:
    year: int
    month: int
    day: int

    def ordinal(self) -> int:
        """Days since 1970-01-01 in the proleptic Gregorian calendar."""
        year = self.year - (self.month <= 2)
        era = year // 400
        year_of_era = year - era * 400
        day_of_year = (153 * (self.month + (-3 if self.month > 2 else 9)) + 2) // 5 + self.day - 1
        return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468

    def weekday(self) -> int:
        """1 is Monday, 7 Sunday."""
        return (self.ordinal() + 3) % 7 + 1

    def day_of_year(self) -> int:
        return self.ordinal() - Date(self.year, 1, 1).ordinal() + 1


def date_from_ordinal(ordinal: int) -> Date | None:
    """The date so many days after 1970-01-01; None beyond the year limit."""
    shifted = ordinal + 719_468
    era, day_of_era = divmod(shifted, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = shifted_month + (3 if shifted_month < 10 else -9)
    year = year_of_era + era * 400 + (month <= 2)
    return valid_date(year, month, day_of_year - (153 * shifted_month + 2) // 5 + 1)


def valid_date(year: int, month: int, day: int) -> Date | None:
    if -YEAR_LIMIT <= year <= YEAR_LIMIT and 1 <= month <= 12 and 1 <= day <= month_days(year, month):
        return Date(year, month, day)
    return None


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, and perhaps a zone."""

    nanos: int
    zone: Zone | None = None

    def clock(self) -> tuple[int, int, int]:
        seconds = self.nanos // SECOND
        return seconds // 3600, seconds // 60 % 60, seconds % 60

    def offset(self) -> int | None:
        return None if self.zone is None else self.zone.fixed_offset()

    def sort_key(self) -> int:
        """Nanoseconds since midnight UTC; a time without zone counts as UTC."""
        return self.nanos - (self.offset() or 0) * SECOND


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time

    def offset(self) -> int | None:
        zone = self.time.zone
        return None if zone is None else zone.offset_at(self.date, self.time.nanos)

    def instant(self) -> int:
        """Nanoseconds since 1970 UTC; a value without zone counts as UTC."""
        return self.date.ordinal() * DAY + self.time.nanos - (self.offset() or 0) * SECOND


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """Days and time: nanoseconds, signed."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """Years and months: months, signed."""

    months: int


def add_months(value: Date, months: int) -> Date | None:
    """The same day `months` later, or that month's last day."""
    total = value.year * 12 + value.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return valid_date(year, month, min(value.day, month_days(year, month)))


def add_nanos(value: DateTime, nanos: int) -> DateTime | None:
    """Later by a days-and-time duration on the local clock of the value."""
    days, rest = divmod(value.time.nanos + nanos, DAY)
    day = date_from_ordinal(value.date.ordinal() + days)
    return None if day is None else DateTime(day, Time(rest, value.time.zone))


def months_between(start: Date, end: Date) -> int:
    """Whole months from start to end, towards zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
