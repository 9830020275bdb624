"""New deadlines for every open clock after a calendar change: a million in seconds, by columns instead of by rows.

Clocks that never stopped are read as fixed-width binary rows, computed as arrays, and only those that moved are written
back. The few with stops or extensions are derived one by one from their ledgers. The journal gets one entry with the
count; each new deadline follows from calendar and ledger, so nothing is lost by not telling each case.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from yiwang.engines.cases.models import Outbox
from yiwang.engines.cases.store.tables import Cursor, open_cursor
from yiwang.engines.directory.api import SYSTEM, CalendarChanged, WorkingCalendar, working_calendar
from yiwang.engines.directory.spec import UNITS, Limit
from yiwang.engines.processes.api import Clock, clocks, limit_of
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now

KIND = "retime"
_EPOCH = np.datetime64("2000-01-01", "us")
_NEVER = np.iinfo(np.int64).min + 1
_RUNNING = ("working_hour", "working_day", "statutory_day")
_WIDTHS = (
    ("case", "S16"), ("no", ">i4"), ("token", ">i4"), ("started", ">i8"), ("due", ">i8"), ("provisional", "?"),
    ("share", ">i2"),
)  # fmt: skip
_LIMITS = "SELECT DISTINCT unit, amount FROM cases_due WHERE unit = ANY(%s) AND amount <> '0'"
_READ = """COPY (SELECT case_id, no, CASE kind WHEN 'timer' THEN -1 ELSE token END, started_at, due_at, is_provisional,
next_share FROM cases_due
WHERE unit = '{unit}' AND amount = '{amount}' AND ledger = '[]'::jsonb
AND substring(case_id::text, 36) {half} '8') TO STDOUT (FORMAT BINARY)"""
_HOLD = """CREATE TEMP TABLE retimed (
case_id uuid, no int4, token int4, due_at timestamptz, is_provisional bool, next_at timestamptz) ON COMMIT DROP"""
_WRITE = (
    """UPDATE cases_due AS old SET due_at = new.due_at, is_provisional = new.is_provisional,
    next_at = NULLIF(new.next_at, '-infinity') FROM retimed AS new
    WHERE old.case_id = new.case_id AND old.no = new.no""",
    """UPDATE cases_token AS old SET due_at = new.due_at FROM retimed AS new
    WHERE old.case_id = new.case_id AND old.no = new.token AND new.token > 0""",
    """UPDATE cases_case AS old SET due_at = new.due_at FROM retimed AS new
    WHERE old.id = new.case_id AND new.token = 0""",
)
_LEDGERS = """SELECT case_id, no, CASE kind WHEN 'timer' THEN -1 ELSE token END, amount,
unit, started_at, due_at, is_provisional, next_at, next_share, ledger, is_stopped, kind
FROM cases_due WHERE ledger <> '[]'::jsonb AND unit = ANY(%s)"""


def ask_for(event: CalendarChanged) -> None:
    """A calendar changed: the worker retimes after the change is stored."""
    at = now()
    facts = {"calendar": event.calendar, "from_on": str(event.from_on), "to_on": str(event.to_on)}
    Outbox.objects.create(kind=KIND, payload=facts, next_at=at, created_at=at)


def carry_out(row: Outbox) -> None:
    """The outbox's part."""
    retime_all(row.payload)


def retime_all(reason: dict[str, Any] | None = None) -> int:
    """Derive every open deadline anew; the number that moved."""
    calendar = working_calendar()
    limits = _limits()
    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(_half, calendar, limits, half) for half in ("<", ">=")]
        moved = sum(half.result() for half in halves)
    with transaction.atomic():
        moved += _from_ledgers(calendar)
        trust.append("deadlines", "deadlines.retimed", {"moved": moved, **(reason or {})}, actor=SYSTEM)
    return moved


def _limits() -> list[Limit]:
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS, [list(_RUNNING)])
        limits = [limit_of({"amount": amount, "unit": unit}) for unit, amount in cursor.fetchall()]
    return [limit for limit in limits if limit is not None]


def _half(calendar: WorkingCalendar, limits: list[Limit], half: str) -> int:
    """Half of the clocks, on a connection of its own: the two halves use both processors."""
    try:
        with transaction.atomic():
            cursor = open_cursor()
            cursor.execute(_HOLD)
            moved = sum(_retime(cursor, calendar, limit, half) for limit in limits)
            if moved:
                cursor.execute("ANALYZE retimed")
                for statement in _WRITE:
                    cursor.execute(statement)
            return moved
    finally:
        connection.close()


def _retime(cursor: Cursor, calendar: WorkingCalendar, limit: Limit, half: str) -> int:
    assert limit.unit in UNITS
    query = _READ.format(unit=limit.unit, amount=limit.amount, half=half)
    clocks_now = _fixed_rows(b"".join(_copied(cursor, query)))
    if not len(clocks_now):
        return 0
    starts = _EPOCH + clocks_now["started"].astype("i8").astype("timedelta64[us]")
    total = np.full(len(starts), calendar.seconds(limit))
    due, provisional = calendar.add_seconds_many(starts, total, limit.unit)
    share = clocks_now["share"].astype("i8")
    upcoming, _ = calendar.add_seconds_many(starts, total * share / 100, limit.unit)
    upcoming = np.where(share == 100, due, upcoming)
    changed = (due - _EPOCH).astype("i8") != clocks_now["due"].astype("i8")
    changed |= provisional != clocks_now["provisional"]
    _hold(cursor, clocks_now[changed], due[changed], provisional[changed], upcoming[changed], share[changed] == 0)
    return int(changed.sum())


def _copied(cursor: Cursor, query: str) -> Iterator[bytes]:
    with cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


def _layout(columns: tuple[tuple[str, str], ...]) -> np.dtype[Any]:
    """A row of binary COPY without nulls: a field count, then a length before each value."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in columns:
        fields += [(f"{name}_length", ">i4"), (name, kind)]
    return np.dtype(fields)


def _fixed_rows(block: bytes) -> NDArray[Any]:
    """The rows between COPY's 19 opening and 2 closing bytes."""
    return np.frombuffer(block[19:-2], dtype=_layout(_WIDTHS))


def _hold(
    cursor: Cursor, old: NDArray[Any], due: NDArray[Any], provisional: NDArray[Any], upcoming: NDArray[Any], never: Any
) -> None:
    columns = (
        ("case", "S16"), ("no", ">i4"), ("token", ">i4"), ("due", ">i8"), ("provisional", "?"), ("upcoming", ">i8"),
    )  # fmt: skip
    new = np.zeros(len(old), dtype=_layout(columns))
    new["count"] = len(columns)
    for (name, _), length in zip(columns, (16, 4, 4, 8, 1, 8), strict=True):
        new[f"{name}_length"] = length
    for name in ("case", "no", "token"):
        new[name] = old[name]
    new["provisional"] = provisional
    new["due"] = (due - _EPOCH).astype("i8")
    new["upcoming"] = np.where(never, np.iinfo(np.int64).min, (upcoming - _EPOCH).astype("i8"))
    with cursor.copy("COPY retimed FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8) + new.tobytes() + b"\xff\xff")


def _from_ledgers(calendar: WorkingCalendar) -> int:
    """Clocks with stops or extensions, one by one."""
    cursor = open_cursor()
    cursor.execute(_HOLD)
    rows = []
    for row in cursor.read(_LEDGERS, [list(_RUNNING)]):
        case, no, token, amount, unit, started, due, provisional, _, share, ledger, stopped, kind = row
        clock = Clock(
            no, 0, kind, 0, amount, unit, started, due, provisional, None, 0, tuple(map(tuple, ledger)), stopped
        )
        ring = clocks.ring(calendar, clock)
        if (ring.at, ring.is_provisional) != (due, provisional):
            upcoming = None if stopped or share == 0 else clocks.ring(calendar, clock, share).at
            rows.append((case, no, token, ring.at, ring.is_provisional, upcoming))
    with cursor.copy("COPY retimed FROM STDIN") as copy:
        for changed in rows:
            copy.write_row((*changed[:5], changed[5] or "-infinity"))
    for statement in _WRITE:
        cursor.execute(statement)
    return len(rows)
