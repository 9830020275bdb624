"""What other engines may call of working time."""

from __future__ import annotations

from yiwang.engines.working_time.calculator import Deadline, Interval, WorkingCalendar
from yiwang.engines.working_time.explaining import counted, explained
from yiwang.engines.working_time.limit_texts import read_limit, read_start
from yiwang.engines.working_time.notices import Notice, read_notice
from yiwang.engines.working_time.seed import SEED_SOURCE, seed_calendar, seed_days, seed_edition, seed_years
from yiwang.engines.working_time.table import BRIDGE_FROM, OfficeHours, SpecialDay

__all__ = [
    "BRIDGE_FROM",
    "SEED_SOURCE",
    "Deadline",
    "Interval",
    "Notice",
    "OfficeHours",
    "SpecialDay",
    "WorkingCalendar",
    "counted",
    "explained",
    "read_limit",
    "read_notice",
    "read_start",
    "seed_calendar",
    "seed_days",
    "seed_edition",
    "seed_years",
]
