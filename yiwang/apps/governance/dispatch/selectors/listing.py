"""One list of a centre: urgent first, then the nearest limit; with why each came back or rose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from yiwang.apps.governance.dispatch.asked import Asked, Place, read_place, write_place
from yiwang.apps.governance.dispatch.selectors.counting import CONDITIONS, Counts, counts
from yiwang.apps.governance.dispatch.selectors.queue import Flags, Numbers, Queue, instant, microseconds, read_queue
from yiwang.apps.governance.dispatch.selectors.statements import TASKS
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import now

SIZE = 25
_LATER = 1 << 60
"""Microseconds beyond any limit: what is not urgent comes that much later."""
_ROWS = f"""SELECT page.rank, page.due, page.id, c.number, c.title, c.area, cases_address(c.data), c.status,
c.data ->> 'level', c.data ->> 'unit', c.stage, c.memory ? 'is_supervised',
(c.memory ->> 'urged_count')::int, coalesce(c.data ->> 'risen', ''), rise.at,
coalesce((SELECT sum(value::int) FROM jsonb_each_text(c.memory -> 'returned')), 0)::int,
back.actor_name, back.reason,
c.memory #>> '{{visited,ruling,1}}', (c.memory #>> '{{visited,ruling,2}}')::timestamptz,
helpers.late, person.name, standing.organisation, clock.is_stopped, clock.is_provisional
FROM unnest(%(ids)s::uuid[], %(ranks)s::int[], %(dues)s::timestamptz[]) AS page(id, rank, due)
JOIN cases_case AS c ON c.id = page.id AND c.status IN ('open', 'suspended')
LEFT JOIN LATERAL (SELECT entry.actor_name, entry.payload::jsonb #>> '{{arguments,reason}}' AS reason
    FROM trust_journal AS entry WHERE entry.stream = c.id AND entry.kind = 'case.send_back'
    ORDER BY entry.sequence DESC LIMIT 1) AS back ON c.memory ? 'returned'
LEFT JOIN LATERAL (SELECT entry.at FROM trust_journal AS entry WHERE entry.stream = c.id AND entry.kind = 'case.fire'
    AND (entry.payload LIKE '%%"to_town"%%' OR entry.payload LIKE '%%"to_district"%%')
    ORDER BY entry.sequence DESC LIMIT 1) AS rise ON c.data ? 'risen'
LEFT JOIN LATERAL (SELECT array_agg(t.organisation ORDER BY t.no) AS late FROM cases_token AS t
    WHERE t.case_id = c.id AND t.node = 'assist' AND t.status IN ({TASKS}) AND t.due_at < %(now)s) AS helpers ON true
LEFT JOIN LATERAL (SELECT t.no, t.assignee, t.organisation FROM cases_token AS t
    WHERE t.case_id = c.id AND t.status IN ({TASKS})
    ORDER BY (coalesce(t.due_at, page.due) = page.due) DESC, t.no LIMIT 1) AS standing ON true
LEFT JOIN LATERAL (SELECT due.is_stopped, due.is_provisional FROM cases_due AS due
    WHERE due.case_id = c.id AND due.token = standing.no AND due.kind = 'task' LIMIT 1) AS clock ON true
LEFT JOIN directory_user AS person ON person.id = standing.assignee
ORDER BY page.rank, page.due, page.id"""


@dataclass(frozen=True, slots=True)
class Listed:
    """An incident in work: where it stands, its nearest limit, and what the centre must know of its way."""

    place: Place
    id: UUID
    number: str
    title: str
    area: str
    address: str
    status: str
    level: str
    unit: str
    steps: tuple[str, ...]
    is_supervised: bool
    urged: int
    risen: str
    risen_at: datetime | None
    returns: int
    returned_by: str
    returned_because: str
    ruled_by: str
    ruled_at: datetime | None
    late_helpers: tuple[int, ...]
    assignee_name: str
    organisation: int | None
    is_stopped: bool
    is_provisional: bool

    @property
    def is_urgent(self) -> bool:
        return self.place.rank == 0

    @property
    def due(self) -> datetime | None:
        """None without a limit."""
        return self.place.due if self.place.due.year < 9999 else None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and places of the neighbouring pages, '' without one."""

    rows: tuple[Listed, ...]
    before: str
    after: str


def console(actor: Actor, asked: Asked, size: int = SIZE) -> tuple[Counts, Page]:
    """Figures and list of one page. Two SQL statements: the queue once for all figures, then the rows shown.

    NotFound for a place that is none.
    """
    place = read_place(asked.before or asked.after) if asked.before or asked.after else None
    queue = read_queue(actor, asked)
    found = _chosen(queue, asked, place, size + 1)
    is_full, is_back = len(found) > size, bool(asked.before)
    rows = _rows(sorted(found[:size])) if found else []
    return counts(queue, asked), _page(rows, is_full=is_full, is_back=is_back, is_first=place is None)


def _chosen(queue: Queue, asked: Asked, place: Place | None, size: int) -> list[Place]:
    """Places of the next `size` incidents of the list from `place` on, the nearest to it first."""
    tasks = CONDITIONS[asked.list](queue, asked)
    if asked.step:
        tasks = tasks & queue.is_at(asked.step)
    due = queue.least(np.where(tasks, queue.due, _LATER))
    keys = due + np.where(queue.is_urgent[queue.starts], 0, _LATER)
    cases = np.flatnonzero(queue.any_of(tasks))
    if place is not None:
        cases = cases[_behind(queue, keys, cases, place, is_back=bool(asked.before))]
    sign = -1 if asked.before else 1
    if len(cases) > size:
        edge = np.partition(keys[cases] * sign, size - 1)[size - 1]
        cases = cases[keys[cases] * sign <= edge]
    firsts = queue.starts[cases]
    order = np.lexsort((queue.low[firsts], queue.high[firsts], keys[cases]))[::sign][:size]
    return [
        Place(int(keys[one] >= _LATER), instant(due[one]), queue.id_at(queue.starts[one])) for one in cases[order]
    ]


def _behind(queue: Queue, keys: Numbers, cases: Numbers, place: Place, *, is_back: bool) -> Flags:
    """Which of these incidents come after the place, or before it."""
    key, high, low = microseconds(place.due) + place.rank * _LATER, place.id.int >> 64, place.id.int & (1 << 64) - 1
    firsts, known = queue.starts[cases], keys[cases]
    highs, lows = queue.high[firsts], queue.low[firsts]
    later: Flags = (known > key) | (known == key) & ((highs > high) | (highs == high) & (lows > low))
    here: Flags = (known == key) & (highs == high) & (lows == low)
    return ~(later | here) if is_back else later


def _rows(places: list[Place]) -> list[Listed]:
    """The incidents at these places, in the order of places; one that has just ended is left out."""
    ranks, dues, ids = ([one[part] for one in places] for part in range(3))
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"now": now(), "ids": ids, "ranks": ranks, "dues": dues})
        return [_listed(row) for row in cursor.fetchall()]


def _page(rows: list[Listed], *, is_full: bool, is_back: bool, is_first: bool) -> Page:
    if not rows:
        return Page((), "", "")
    has_before, has_after = (is_full, True) if is_back else (not is_first, is_full)
    before = write_place(rows[0].place) if has_before else ""
    return Page(tuple(rows), before, write_place(rows[-1].place) if has_after else "")


def _listed(row: tuple[Any, ...]) -> Listed:
    names = (
        "number", "title", "area", "address", "status", "level", "unit", "steps", "is_supervised", "urged", "risen",
        "risen_at", "returns", "returned_by", "returned_because", "ruled_by", "ruled_at", "late_helpers",
        "assignee_name", "organisation", "is_stopped", "is_provisional",
    )  # fmt: skip
    given: Mapping[str, Any] = dict(zip(names, row[3:], strict=True))
    texts = ("address", "level", "unit", "returned_by", "returned_because", "ruled_by", "assignee_name")
    return Listed(
        place=Place(row[0], row[1], row[2]), id=row[2],
        **{
            **given, **{name: given[name] or "" for name in texts},
            "steps": tuple(given["steps"].split(",")) if given["steps"] else (), "urged": given["urged"] or 0,
            "late_helpers": tuple(one for one in given["late_helpers"] or () if one is not None),
            "is_stopped": bool(given["is_stopped"]) or given["status"] == "suspended",
            "is_provisional": bool(given["is_provisional"]),
        },
    )  # fmt: skip
