"""三率 and what stands beside them, counted from the appeals themselves. No denominator gives None, never 0 or 100.

Every share is a count over a count, so parts of a table add up to its total, and each leads to its appeals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from django.db import connection

from yiwang.apps.governance.direct_line.posts import SEALED, UNITS
from yiwang.engines.directory.api import Actor, district_code, minimal_prefixes, name_of
from yiwang.kernel.errors import NotAllowed

GROUPS: Mapping[str, str] = MappingProxyType({
    "town": "left(one.division, 9)", "unit": "coalesce(one.data ->> 'unit', '')",
    "month": "to_char(one.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')", "kind": "one.category",
})  # fmt: skip
"""What the appeals of a period may be parted by."""
READERS = frozenset({"direct_line.operator", "direct_line.callback_clerk", "direct_line.line_leader"})
_LATE_MARK = 3
"""Warnings of the acceptance's limit raised: 50, 80 and 100 per cent. The third says it was missed."""
_COUNTED = """SELECT {group} AS part, count(*) FILTER (WHERE is_accepted) AS accepted,
count(*) FILTER (WHERE is_accepted AND is_in_time) AS in_time,
count(*) FILTER (WHERE is_accepted AND is_answered) AS at_once,
count(*) FILTER (WHERE is_ended) AS ended, count(*) FILTER (WHERE is_ended AND NOT is_late) AS on_time,
count(*) FILTER (WHERE resolved IS NOT NULL) AS asked, count(*) FILTER (WHERE resolved) AS resolved,
count(*) FILTER (WHERE grade IS NOT NULL) AS graded, count(*) FILTER (WHERE grade >= 3) AS satisfied,
count(*) FILTER (WHERE returns > 0) AS returned, count(*) FILTER (WHERE is_reopened) AS reopened
FROM (
    SELECT held.*, held.memory -> 'visited' -> 'accept' AS accepting FROM cases_case AS held
    WHERE held.type = ANY(%(types)s) AND held.opened_at >= %(begin)s AND held.opened_at < %(end)s
    AND held.division LIKE ANY(%(divisions)s) AND held.status <> 'cancelled'
) AS one CROSS JOIN LATERAL (SELECT
    one.outcome <> 'refused' AND (one.accepting IS NOT NULL OR EXISTS (
        SELECT 1 FROM cases_due AS due WHERE due.case_id = one.id AND due.node = 'accept' AND due.kind = 'task'
        AND due.mark >= %(late)s)) AS is_accepted,
    one.accepting IS NOT NULL AND coalesce((one.accepting -> 3 ->> 2)::int, 0) < %(late)s AS is_in_time,
    one.outcome = 'answered' AS is_answered,
    one.status = 'closed' AND one.outcome IN ('answered', 'closed') AS is_ended,
    one.closed_at > one.due_at AS is_late,
    (one.data ->> 'resolved')::boolean AS resolved,
    coalesce((one.data ->> 'grade')::int, (one.memory ->> 'rating')::int) AS grade,
    coalesce((one.data ->> 'returns')::int, 0) AS returns,
    coalesce((one.data ->> 'reopened')::boolean, false) AS is_reopened
) AS facts GROUP BY part ORDER BY part"""
_CONNECTED = """SELECT count(*), count(answered_at), count(*) FILTER (WHERE answered_at - rang_at <= '15 s')
FROM direct_line_call WHERE key IS NOT NULL AND rang_at >= %s AND rang_at < %s"""


@dataclass(frozen=True, slots=True)
class Counts:
    """One part of a period. Accepted: not refused, and responded to or already past the response limit."""

    part: str
    accepted: int = 0
    in_time: int = 0
    at_once: int = 0
    ended: int = 0
    on_time: int = 0
    asked: int = 0
    resolved: int = 0
    graded: int = 0
    satisfied: int = 0
    returned: int = 0
    reopened: int = 0

    @property
    def response(self) -> Decimal | None:
        return percent(self.in_time, self.accepted)

    @property
    def first_call(self) -> Decimal | None:
        return percent(self.at_once, self.accepted)

    @property
    def closing(self) -> Decimal | None:
        return percent(self.on_time, self.ended)

    @property
    def resolution(self) -> Decimal | None:
        return percent(self.resolved, self.asked)

    @property
    def satisfaction(self) -> Decimal | None:
        return percent(self.satisfied, self.graded)


def percent(part: int, whole: int) -> Decimal | None:
    """Two decimals, half up; None when there is nothing to divide by."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def may_read(actor: Actor) -> bool:
    """Whether rates are the actor's business: a post of the line over a whole division."""
    return actor.is_system or any(grant.role in READERS for grant in actor.grants)


def _divisions(actor: Actor) -> list[str]:
    if actor.is_system:
        return ["%"]
    return [f"{one}%" for one in minimal_prefixes(g.division for g in actor.grants if g.role in READERS)]


def counted(actor: Actor, group: str, begin: datetime, end: datetime) -> list[Counts]:
    """The appeals received in [begin, end) by part. Sealed ones count only for those who may open them."""
    if not may_read(actor):
        raise NotAllowed
    types = ["direct_line.appeal"] + ["direct_line.sealed"] * bool(actor.scopes(SEALED))
    values: dict[str, Any] = {
        "types": types, "begin": begin, "end": end, "divisions": _divisions(actor), "late": _LATE_MARK,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(group=GROUPS[group]), values)
        return [Counts(*row) for row in cursor.fetchall()]


def total(parts: list[Counts]) -> Counts:
    """All parts together."""
    names = [name for name in Counts.__slots__ if name != "part"]
    return Counts("", *(sum(getattr(one, name) for one in parts) for name in names))


def titled(group: str, part: str) -> str:
    """The part's name for people; '' for what has none, such as appeals of no town."""
    if group == "town":
        return name_of(part) if part != district_code() else ""
    return UNITS.get(part, "") if group == "unit" else part


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls the telephone exchange told of: how many rang, were taken, and within 15 seconds."""

    rang: int
    taken: int
    at_once: int

    @property
    def connected(self) -> Decimal | None:
        return percent(self.taken, self.rang)

    @property
    def quick(self) -> Decimal | None:
        return percent(self.at_once, self.rang)


def calls(actor: Actor, begin: datetime, end: datetime) -> Calls:
    """The same period's calls; all zero where no exchange tells."""
    if not may_read(actor):
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTED, [begin, end])
        return Calls(*cursor.fetchone())
