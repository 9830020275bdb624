"""三率 and what stands beside them, counted from the facts of appeals. No denominator gives None, never 0 or 100.

Every share is a count over a count, so parts of a table add up to its total, and each leads to its appeals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import connection

from yiwang.apps.governance.direct_line import facts
from yiwang.apps.governance.direct_line.posts import UNITS
from yiwang.engines.cockpit.api import percent
from yiwang.engines.datahub.api import table_of
from yiwang.engines.datahub.spec import with_instants
from yiwang.engines.directory.api import Actor, district_code, minimal_prefixes, name_of
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed

TABLE = "direct_line.appeals"

GROUPS: Mapping[str, str] = MappingProxyType({
    "town": "left(area, 9)", "unit": "unit_kind", "kind": "kind",
    "month": "to_char(received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')",
})  # fmt: skip
"""What the appeals of a period may be parted by."""
READERS = frozenset({"direct_line.operator", "direct_line.callback_clerk", "direct_line.line_leader"})
_COUNTED = """SELECT {group} AS part, count(*) FILTER (WHERE {accepted}),
count(*) FILTER (WHERE {accepted} AND is_response_on_time), count(*) FILTER (WHERE {accepted} AND is_answered_at_once),
count(*) FILTER (WHERE {ended}), count(*) FILTER (WHERE {ended} AND closed_at <= due_at),
count(is_resolved), count(*) FILTER (WHERE is_resolved), count(grade), count(*) FILTER (WHERE grade >= 3),
count(*) FILTER (WHERE returns > 0), count(*) FILTER (WHERE is_reopened)
FROM {table} WHERE received_at >= %(begin)s AND received_at < %(end)s AND area LIKE ANY(%(divisions)s)
GROUP BY part ORDER BY part"""
"""Over the facts of appeals (`datasets/appeals.sql`): a year of 425,000 is one walk over narrow rows."""
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


def may_read(actor: Actor) -> bool:
    """Whether rates are the actor's business: a post of the line over a whole division."""
    return actor.is_system or any(grant.role in READERS for grant in actor.grants)


def _divisions(actor: Actor) -> list[str]:
    if actor.is_system:
        return ["%"]
    return [f"{one}%" for one in minimal_prefixes(g.division for g in actor.grants if g.role in READERS)]


def counted(actor: Actor, group: str, begin: datetime, end: datetime) -> list[Counts]:
    """The appeals received in [begin, end) by part, as the facts have them; sealed ones are no facts."""
    if not may_read(actor):
        raise NotAllowed
    accepted = with_instants(facts.ACCEPTED, {"cutoff": "%(cutoff)s"})
    statement = _COUNTED.format(
        group=GROUPS[group], accepted=f"({accepted})", ended=f"({facts.ENDED})", table=table_of(TABLE)
    )
    values: dict[str, Any] = {"begin": begin, "end": end, "divisions": _divisions(actor), "cutoff": now()}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
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
