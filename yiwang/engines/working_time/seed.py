"""The seed of the default calendar: what the package `chinesecalendar` knows of past notices. No database."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.metadata import version

from yiwang.engines.working_time.calculator import WorkingCalendar
from yiwang.engines.working_time.table import SpecialDay

SEED_SOURCE = "国务院办公厅历年节假日安排通知，经 chinesecalendar 软件包"


@lru_cache(maxsize=1)
def seed_days() -> dict[date, SpecialDay]:
    """Every holiday and make-up workday the package knows."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    def fact(is_working: bool, name: str) -> SpecialDay:
        return SpecialDay(is_working, Holiday(name).chinese)

    return {on: fact(False, name) for on, name in holidays.items()} | {
        on: fact(True, name) for on, name in workdays.items()
    }


def seed_years() -> range:
    """The years the package covers without a gap."""
    years = {on.year for on, fact in seed_days().items() if (on.month, on.day) == (1, 1) and not fact.is_working}
    return range(min(years), max(years) + 1)


def seed_edition() -> str:
    """Which package, which version."""
    return f"chinesecalendar {version('chinesecalendar')}"


@lru_cache(maxsize=1)
def seed_calendar() -> WorkingCalendar:
    """The seed as a calendar of its own."""
    return WorkingCalendar(seed_days(), seed_years())
