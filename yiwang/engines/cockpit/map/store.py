"""Keep the points up with the cases: what changed, set by set, or everything anew; both end in the same rows.

One row is locked for the time of a catch-up, so turns are committed in their order and a reader that knows turn n has
only to ask for what is later than n.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from yiwang.engines.cockpit.map import statements as sql

BATCH, FAR_BEHIND = 20_000, 200_000
"""Cases of one transaction, about a second of work; changes beyond them that make a rebuild the shorter way."""


def catch_up(batch: int = BATCH) -> int:
    """Write the rows of cases that changed, at most `batch` of them; how many. The first call builds everything."""
    with connection.cursor() as cursor:
        cursor.execute(sql.IS_BEHIND)  # Most seconds nothing is, and then nothing is written.
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.LOCK)
        state = cursor.fetchone()
        if state is None:
            return _build(cursor)
        cursor.execute(sql.TAKE, [batch])
        ids = cursor.fetchone()[0]
        if len(ids) == batch and _is_far_behind(cursor):
            return _build(cursor)
        if ids:
            values = {"ids": ids, "turn": state[0] + 1}
            _write(cursor, sql.CHANGED, values)
            cursor.execute(sql.REMOVE, values)
            cursor.execute(sql.ADVANCE, [values["turn"]])
        return len(ids)


def _is_far_behind(cursor: Any) -> bool:
    """Whether making everything anew is quicker, as after a year was replayed."""
    cursor.execute("SELECT count(*) FROM (SELECT FROM cockpit_casechange LIMIT %s) AS rest", [FAR_BEHIND])
    return bool(cursor.fetchone()[0] >= FAR_BEHIND)


def catch_up_all() -> int:
    """Catch up until nothing is behind."""
    total = 0
    while count := catch_up():
        total += count
    return total


def rebuild() -> int:
    """Make every row anew, in one transaction; how many cases there are. A million take about ten seconds."""
    with transaction.atomic(), connection.cursor() as cursor:
        return _build(cursor)


def _build(cursor: Any) -> int:
    """What was behind is forgotten first: whoever changes a case from now on writes a change this does not delete."""
    cursor.execute(sql.BEGIN)
    cursor.execute(sql.LOCK)
    turn = cursor.fetchone()[0] + 1
    cursor.execute("DELETE FROM cockpit_casechange")
    cursor.execute(sql.EMPTY)
    count = _write(cursor, sql.ALL, {"turn": turn})
    cursor.execute(sql.RENEW, [turn])
    return count


def _write(cursor: Any, of: str, values: dict[str, Any]) -> int:
    """Words first, then rows; how many rows are new."""
    cursor.execute(sql.WORDS.format(of=of), values)
    if of != sql.ALL:
        cursor.execute(sql.UPDATE.format(of=of), values)
    cursor.execute(sql.INSERT.format(of=of), values)
    return int(cursor.rowcount)
