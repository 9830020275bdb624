"""Periods of Chinese civil time: day, week, month, quarter, year, and any two days; with the ones before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from django.utils.translation import gettext

from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import InvalidInput

KINDS: Mapping[str, str] = MappingProxyType(
    {"day": "日", "week": "周", "month": "月", "quarter": "季度", "year": "年", "custom": "自定义"}
)
_CUSTOM = re.compile(r"(\d{4}-\d\d-\d\d)~(\d{4}-\d\d-\d\d)\Z")
_LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Period:
    """Whole days from `first` to `last`, both inside."""

    kind: str
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), CHINA)

    @property
    def ends(self) -> datetime:
        """The instant after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), CHINA)

    @property
    def code(self) -> str:
        """How addresses name it: `month:2021-10-01`, `custom:2021-10-03~2021-10-09`."""
        days = f"{self.first}~{self.last}" if self.kind == "custom" else str(self.first)
        return f"{self.kind}:{days}"

    @property
    def is_over(self) -> bool:
        return self.ends <= now()

    @property
    def cutoff(self) -> datetime:
        """As of when its figures are counted: its end, or now while it lasts."""
        return min(self.ends, now())

    @property
    def title(self) -> str:
        titles = {
            "day": gettext("{first:%Y-%m-%d}"),
            "month": gettext("{first.year} 年 {first.month} 月"),
            "quarter": gettext("{first.year} 年第 {quarter} 季度"),
            "year": gettext("{first.year} 年"),
        }
        text = titles.get(self.kind, gettext("{first:%Y-%m-%d} 至 {last:%Y-%m-%d}"))
        return text.format(first=self.first, last=self.last, quarter=(self.first.month + 2) // 3)

    @property
    def before(self) -> Period:
        """The period just before, for 环比: for any two days as many days before them."""
        if self.kind == "custom":
            length = self.last - self.first + timedelta(days=1)
            return Period("custom", self.first - length, self.last - length)
        return period_of(self.kind, self.first - timedelta(days=1))

    @property
    def year_before(self) -> Period:
        """The same period of the year before, for 同比; a week is compared with the one 52 weeks before."""
        if self.kind == "week":
            return period_of("week", self.first - timedelta(weeks=52))
        if self.kind in ("day", "custom"):
            return Period(self.kind, _year_before(self.first), _year_before(self.last))
        return period_of(self.kind, _year_before(self.first))

    @property
    def after(self) -> Period | None:
        """The one that follows, unless it lies in the future."""
        if self.kind == "custom":
            return None
        following = period_of(self.kind, self.last + timedelta(days=1))
        return following if following.begins <= now() else None


def _year_before(day: date) -> date:
    """The same day a year before; the 29th of February falls on the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def period_of(kind: str, day: date) -> Period:
    """The period of this kind that holds the day; weeks begin on Monday."""
    if kind == "day":
        return Period(kind, day, day)
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    if kind == "month":
        return Period(kind, day.replace(day=1), _next_month(day) - timedelta(days=1))
    if kind == "quarter":
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return Period(kind, first, _next_month(first + timedelta(days=62)) - timedelta(days=1))
    return Period("year", date(day.year, 1, 1), date(day.year, 12, 31))


def today() -> date:
    """The present day in China."""
    return now().astimezone(CHINA).date()


def read_period(code: str) -> Period:
    """The period an address names; the present month without one. InvalidInput says what is wrong with it."""
    kind, _, days = (code or f"month:{today()}").partition(":")
    if kind not in KINDS:
        raise _wrong()
    found = _CUSTOM.match(days)
    try:
        if found:
            period = Period("custom", date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        else:
            period = period_of(kind, date.fromisoformat(days or str(today())))
    except ValueError:
        raise _wrong() from None
    if period.first > period.last or period.last - period.first > _LONGEST or not 2000 <= period.first.year <= 9000:
        raise _wrong()
    return period


def _wrong() -> InvalidInput:
    message = "统计时段无法识别。"
    return InvalidInput(
        [{"path": "period", "code": "PERIOD", "message": message}], message, next_step="请重新选择起止日期，最长十年。"
    )


def months_up_to(period: Period, count: int) -> list[Period]:
    """The last `count` months up to the one in which the period ends or stands now, oldest first."""
    found = [period_of("month", min(period.last, max(today(), period.first)))]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]
