"""One list of a centre: urgent first, then the nearest limit; with why each came back or rose. One SQL statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yiwang.apps.governance.dispatch.asked import Asked, Place, read_place, write_place
from yiwang.apps.governance.dispatch.selectors.counting import FIGURE, Counts, figures, per_case, told_counts
from yiwang.apps.governance.dispatch.selectors.statements import CONDITIONS, TASKS, beginning
from yiwang.engines.directory.api import Actor

SIZE = 25
_HITS = """hit AS (SELECT id, CASE WHEN is_urgent THEN 0 ELSE 1 END AS rank, min(due) AS due FROM task
WHERE {condition} AND {step} GROUP BY id, is_urgent),
page AS (SELECT * FROM hit WHERE {behind} ORDER BY rank {order}, due {order}, id {order} LIMIT {size})"""
_ROWS = f"""SELECT page.rank, page.due, page.id, c.number, c.title, c.area, cases_address(c.data), c.status,
c.data ->> 'level', c.data ->> 'unit', c.stage, c.memory ? 'is_supervised',
(c.memory ->> 'urged_count')::int, coalesce(c.data ->> 'risen', ''), rise.at,
coalesce((SELECT sum(value::int) FROM jsonb_each_text(c.memory -> 'returned')), 0)::int,
back.actor_name, back.reason,
c.memory #>> '{{{{visited,ruling,1}}}}', (c.memory #>> '{{{{visited,ruling,2}}}}')::timestamptz,
helpers.late, person.name, standing.organisation, clock.is_stopped, clock.is_provisional
FROM page JOIN cases_case AS c ON c.id = page.id
LEFT JOIN LATERAL (SELECT entry.actor_name, entry.payload::jsonb #>> '{{{{arguments,reason}}}}' AS reason
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
ORDER BY page.rank {{order}}, page.due {{order}}, page.id {{order}}"""


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
    """Figures and list of one page: what both begin with, every running incident of the centre, is read once.

    One SQL statement; NotFound for a place that is none.
    """
    begin, values = beginning(actor, asked)
    reading = Reading(asked, size)
    tables = f"{per_case(asked)}, {FIGURE} AS MATERIALIZED ({figures(asked)}), {reading.tables}"
    told = "(SELECT json_agg(to_json(figure))::text AS figures FROM figure) AS told"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{begin}, {tables} SELECT told.figures, shown.* FROM {told} LEFT JOIN ({reading.rows}) AS shown ON true "
            f"ORDER BY shown.rank {reading.order}, shown.due {reading.order}, shown.id {reading.order}",
            values | reading.values,
        )
        found = cursor.fetchall()
    return told_counts(found[0][0]), reading.page([row[1:] for row in found if row[1] is not None])


class Reading:
    """The list of one page as SQL behind `standing` and `task`; NotFound for a place that is none."""

    def __init__(self, asked: Asked, size: int) -> None:
        self.size, self.is_back = size, bool(asked.before)
        self.place = read_place(asked.before or asked.after) if asked.before or asked.after else None
        self.order = "DESC" if self.is_back else "ASC"
        self.tables = _HITS.format(
            condition=CONDITIONS[asked.list], step="node = %(step)s" if asked.step else "true", order=self.order,
            behind=f"(rank, due, id) {'<' if self.is_back else '>'} (%(rank)s, %(due)s, %(id)s)" if self.place else
            "true", size=size + 1,
        )  # fmt: skip
        self.rows = _ROWS.format(order=self.order)

    @property
    def values(self) -> dict[str, Any]:
        return self.place._asdict() if self.place is not None else {}

    def page(self, rows: list[tuple[Any, ...]]) -> Page:
        found = [_listed(row) for row in rows]
        return _page(found, self.size, is_back=self.is_back, is_first=self.place is None)


def _page(rows: list[Listed], size: int, *, is_back: bool, is_first: bool) -> Page:
    is_full, rows = len(rows) > size, rows[:size]
    if is_back:
        rows.reverse()
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
