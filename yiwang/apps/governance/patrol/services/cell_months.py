"""Which cells were visited in which month: a row for each cell, also for those where nobody went (区域覆盖率).

A fact table follows what changes, and a cell nobody visits changes nothing: so every month begins with a row for each
cell. All of it follows from visits and divisions and may be counted anew at any time.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Min

from yiwang.apps.governance.patrol.check_in import OLDEST
from yiwang.apps.governance.patrol.models import Visit
from yiwang.engines.directory.api import division_names, level_of
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.ids import new_id

_MONTHS = (Path(__file__).parent / "cell_months.sql").read_text(encoding="utf-8")


def month_of(at: datetime) -> date:
    """First day of its month in Chinese civil time."""
    return at.astimezone(CHINA).date().replace(day=1)


def count_months() -> int:
    """Rows of every cell now in force, of each month a phone may still report of; how many were new or became another.

    Months of before that were never counted are counted too, such as those of the time before there was this table, or
    while no worker ran.
    """
    recent = now() - OLDEST
    first = Visit.objects.filter(status="done").aggregate(at=Min("taken_at"))["at"] or recent
    return write_months(month_of(min(first, recent)), month_of(now()), month_of(recent))


def write_months(first: date, last: date, recent: date) -> int:
    """The same for the months from `first` to `last`, all first days; those before `recent` only when never counted: a
    cell that is new today was not missed in a month long past."""
    cells = [code for code in division_names() if level_of(code) == "cell"]
    facts: dict[str, Any] = {"cells": cells, "first": first, "last": last, "recent": recent}
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, facts)
        changed: int = cursor.rowcount
    return changed


def note_visit(cell: str, taken_at: datetime) -> None:
    """A valid visit was written: its cell counts as visited in that month from the earliest of them on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO patrol_cellmonth (id, cell, month, visited_at, is_counted) VALUES (%s, %s, %s, %s, false)"
            " ON CONFLICT (cell, month) DO UPDATE SET visited_at = excluded.visited_at"
            " WHERE patrol_cellmonth.visited_at IS NULL OR patrol_cellmonth.visited_at > excluded.visited_at",
            [new_id(), cell, month_of(taken_at), taken_at],
        )
