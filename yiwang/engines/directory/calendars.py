"""The working calendar of this deployment, from its table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from yiwang.engines.directory.models import Calendar, CalendarDay, CalendarYear
from yiwang.engines.directory.revisions import Cached
from yiwang.engines.working_time.api import SpecialDay, WorkingCalendar, seed_calendar
from yiwang.kernel.errors import ConfigurationError, did_you_mean


def working_calendar(key: str = "default") -> WorkingCalendar:
    """The calendar with this key as it is now. Before `default` is seeded, the same data straight from the seed.

    An unknown key is a ConfigurationError naming the nearest one.
    """
    return _cached(key).get()


@lru_cache(maxsize=64)
def _cached(key: str) -> Cached[WorkingCalendar]:
    return Cached("calendars", lambda: _load(key))


def _load(key: str) -> WorkingCalendar:
    calendars = {calendar.key: calendar for calendar in Calendar.objects.all()}
    if key not in calendars:
        if key == "default":
            return seed_calendar()
        raise ConfigurationError(f"There is no calendar '{key}'. {did_you_mean(key, calendars)}")
    special: dict[date, SpecialDay] = {}
    published: set[int] = set()
    for step in _chain(calendars, key):
        published.update(CalendarYear.objects.filter(calendar=step).values_list("year", flat=True))
        rows = CalendarDay.objects.filter(calendar=step).values_list("on", "is_working", "name")
        special.update({on: SpecialDay(is_working, name) for on, is_working, name in rows})
    return WorkingCalendar(special, published, calendars[key].office_hours, key)


def _chain(calendars: dict[str, Calendar], key: str) -> Iterable[Calendar]:
    """The base first, so that the special calendar overrides it; a circle of bases is cut where it closes."""
    steps: list[Calendar] = []
    at: str | None = key
    while at is not None and calendars[at] not in steps:
        steps.append(calendars[at])
        at = calendars[at].base_id
    return reversed(steps)
