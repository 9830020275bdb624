"""An oracle for deadlines that knows nothing of our tables: one flag for every minute of nine years.

Days come from the package's own `is_workday`, office hours are written out, and time passes minute by minute.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
from chinese_calendar import is_workday

from yiwang.kernel.clock import CHINA

BEGIN = datetime(2018, 1, 1, tzinfo=CHINA)
DAYS = (date(2027, 1, 1) - BEGIN.date()).days
DAY_MINUTES = 24 * 60
CLOSING = 17 * 60 + 30
OFFICE = ((9 * 60, 12 * 60), (14 * 60, CLOSING))
UNIT_MINUTES = {"urgent_hour": 60, "calendar_day": DAY_MINUTES, "working_hour": 60, "working_day": 390}
Pauses = list[tuple[int, int]]
"""Minutes from which to which the clock stands still."""


def minute_of(at: datetime) -> int:
    return int((at - BEGIN).total_seconds()) // 60


def instant_of(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


@lru_cache
def ticks(unit: str) -> np.ndarray:
    """For each minute: does it use up the limit? A statutory day is used up by the midnight that begins it."""
    worked = np.array([is_workday(BEGIN.date() + timedelta(days=day)) for day in range(DAYS)])
    minutes = np.zeros((DAYS, DAY_MINUTES), dtype=bool)
    if unit in ("urgent_hour", "calendar_day"):
        minutes[:] = True
    elif unit == "statutory_day":
        minutes[worked, 0] = True
    else:
        for opens, closes in OFFICE:
            minutes[worked, opens:closes] = True
    return minutes.reshape(-1)


def burnt(unit: str, start: int, pauses: Pauses, length: int) -> np.ndarray:
    """The flags of `length` minutes from the start on, without those in a pause."""
    late = unit == "statutory_day"  # The date on which a clock starts or resumes is not counted.
    flags = ticks(unit)[start + late : start + late + length].copy()
    for begins, ends in pauses:
        flags[max(begins - start, 0) : max(ends - start, 0)] = False
    return flags


def deadline(unit: str, start: int, amount: int, pauses: Pauses) -> int:
    """The minute at which `amount` units are used up."""
    left, length = amount * UNIT_MINUTES.get(unit, 1), 20 * DAY_MINUTES
    while True:
        spent = np.flatnonzero(burnt(unit, start, pauses, length))
        if len(spent) >= left:
            break
        length *= 2
    last = start + int(spent[left - 1])
    if unit == "statutory_day":
        return (last + 1) // DAY_MINUTES * DAY_MINUTES + CLOSING
    return last + 1


def used(unit: str, start: int, pauses: Pauses, at: int) -> int:
    """Units' minutes (statutory: days) used up by minute `at`."""
    return int(burnt(unit, start, pauses, max(at - start, 0)).sum())
