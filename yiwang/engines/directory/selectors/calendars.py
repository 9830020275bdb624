"""Reading working calendars: a year day by day, and why a deadline is when it is. Calendars are public."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from yiwang.engines.directory.calendars import working_calendar
from yiwang.engines.directory.models import Calendar, CalendarDay, CalendarYear
from yiwang.engines.directory.spec import Limit
from yiwang.engines.working_time.api import Deadline, Interval, counted, explained

HOLIDAY, MAKE_UP, WORKDAY, WEEKEND = "holiday", "make_up", "workday", "weekend"
KINDS = {HOLIDAY: "放假", MAKE_UP: "调休上班", WORKDAY: "工作日", WEEKEND: "周末"}


@dataclass(frozen=True, slots=True)
class Day:
    """One date: what it is, the holiday it belongs to and by whose notice; `is_provisional` while that may change."""

    on: date
    kind: str
    name: str = ""
    source: str = ""
    is_provisional: bool = False

    @property
    def is_working(self) -> bool:
        return self.kind in (WORKDAY, MAKE_UP)


@dataclass(frozen=True, slots=True)
class Year:
    """A year: its weeks by month (Monday first, None outside the month), and where its notice comes from."""

    number: int
    months: tuple[tuple[tuple[Day | None, ...], ...], ...]
    is_published: bool
    source: str
    edition: str
    office_hours: str

    @property
    def days(self) -> list[Day]:
        return [day for month in self.months for week in month for day in week if day is not None]

    @property
    def workday_count(self) -> int:
        return sum(day.is_working for day in self.days)


def calendar_titles() -> list[tuple[str, str]]:
    """(key, title) of every calendar."""
    return list(Calendar.objects.values_list("key", "title"))


def published_years(key: str = "default") -> list[int]:
    """Years whose notice is in force."""
    return sorted(working_calendar(key).published)


def calendar_year(year: int, key: str = "default") -> Year:
    """A year of a calendar; ConfigurationError for an unknown calendar. At most three SQL statements."""
    days = CalendarDay.objects.filter(calendar_id=key, on__year=year).values_list("on", "source")
    sources, found = dict(days), working_calendar(key)
    notice = CalendarYear.objects.filter(calendar_id=key, year=year).first()

    def day(on: date) -> Day:
        fact = found.special.get(on)
        plain = WORKDAY if on.weekday() < 5 else WEEKEND
        kind = plain if fact is None else MAKE_UP if fact.is_working else HOLIDAY
        return Day(on, kind, fact.name if fact else "", sources.get(on, ""), found.is_uncertain(on))

    weeks = months.Calendar().monthdatescalendar
    rows = tuple(
        tuple(tuple(day(on) if on.month == month else None for on in week) for week in weeks(year, month))
        for month in range(1, 13)
    )
    edition = (notice.source, notice.edition) if notice else ("", "")
    return Year(year, rows, year in found.published, *edition, found.hours.text)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline, every stretch of time up to it, and how much of that was counted."""

    deadline: Deadline
    intervals: tuple[Interval, ...]
    counted: timedelta

    @property
    def summary(self) -> str:
        """How much was counted: dates for a statutory limit, time for all others."""
        if self.deadline.unit == "statutory_day":
            return gettext("计入%(count)s个工作日") % {"count": sum(one.is_counted for one in self.intervals)}
        seconds = self.counted.total_seconds()
        values = {"hours": f"{seconds / 3600:g}", "seconds": f"{seconds:,.0f}"}
        return gettext("计入%(hours)s小时（%(seconds)s秒）") % values


def explain(start: datetime, limit: Limit, key: str = "default") -> Explanation:
    """When a limit that begins at `start` (an aware datetime) ends, with reasons."""
    deadline = working_calendar(key).add(start, limit)
    found = explained(deadline)
    return Explanation(deadline, tuple(found), counted(found))
