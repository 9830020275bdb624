"""就近派单: who could take an incident, the nearest idle one first. For those who may give tasks to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yiwang.apps.governance.dispatch.incidents import FIELD, HANDLING, TYPE, VILLAGE_UNIT
from yiwang.apps.governance.dispatch.nearness import NEARNESS, Nearness, Ranked, Spot, Standing
from yiwang.apps.governance.dispatch.selectors.statements import TASKS
from yiwang.engines.cases.api import CaseView, case_view, has_verb
from yiwang.engines.directory.api import Actor, Holder, district_code, holders_of, organisation_for
from yiwang.engines.gathering.api import STANDS_ALONE
from yiwang.engines.processes.api import Token
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed

_RECENT = 40
"""Of the newest incidents somebody had a part in, so many are searched for the last place worked at."""
_STANDING = f"""SELECT person.id,
(SELECT count(*) FROM cases_token AS t JOIN cases_case AS c ON c.id = t.case_id
    WHERE t.assignee = person.id AND t.status IN ({TASKS}) AND c.id <> %(case)s AND c.status = 'open'
    AND {STANDS_ALONE}),
last.longitude, last.latitude, last.at
FROM unnest(%(people)s::bigint[]) AS person(id)
LEFT JOIN LATERAL (
    SELECT c.longitude, c.latitude, (done.value ->> 2)::timestamptz AS at
    FROM (SELECT i.case_id FROM cases_involvement AS i WHERE i.party = 'u' || person.id
        ORDER BY i.opened_at DESC, i.case_id DESC LIMIT %(recent)s) AS near
    JOIN cases_case AS c ON c.id = near.case_id AND c.longitude IS NOT NULL AND c.latitude IS NOT NULL
    CROSS JOIN LATERAL jsonb_each(coalesce(c.memory -> 'visited', '{{}}')) AS done
    WHERE done.key = ANY(%(steps)s) AND (done.value ->> 0)::bigint = person.id
    ORDER BY at DESC LIMIT 1) AS last ON true"""
"""Tasks in hand other than this one; the place of the last incident where the person completed a step on the spot."""


@dataclass(frozen=True, slots=True)
class Responder:
    """One who could take it. `has_it`: the task is theirs already."""

    holder: Holder
    ranked: Ranked
    has_it: bool


@dataclass(frozen=True, slots=True)
class Responders:
    """Who could take the lead's task. `task` is None before it is dispatched: then they are a preview.

    `is_known` is False while neither level nor unit are, so that nobody can be named.
    """

    view: CaseView
    task: Token | None
    rows: tuple[Responder, ...]
    is_known: bool

    @property
    def is_placed(self) -> bool:
        return _place(self.view) is not None


def may_send(view: CaseView) -> bool:
    """Whether the reader gives tasks to others: only then are colleagues' whereabouts theirs to know."""
    return view.graph.type == TYPE and has_verb(view.actor, "transfer", view.graph, view.case.division)


def responders(actor: Actor, case_id: UUID, rule: Nearness = NEARNESS) -> Responders:
    """Holders of the handling role for the incident's place and unit, ranked; NotFound or NotAllowed for others."""
    view = case_view(actor, case_id)
    if not may_send(view):
        raise NotAllowed
    task = handling_task(view)
    role, organisation = _wanted(view, task)
    if not role or organisation is None:
        return Responders(view, task, (), is_known=False)
    holders = {one.id: one for one in holders_of(role, view.case.division, organisation)}
    at = now()
    ranked = rule.ranked(_standing(view, list(holders)), _place(view), at)
    assignee = task.assignee if task is not None else None
    rows = [Responder(holders[one.standing.person], one, one.standing.person == assignee) for one in ranked]
    return Responders(view, task, tuple(rows), is_known=True)


def handling_task(view: CaseView) -> Token | None:
    """The lead's open task, on whatever level."""
    keys = set(HANDLING.values())
    tasks = (token for token in view.state.open_tasks() if view.graph.nodes[token.node].key in keys)
    return next(tasks, None)


def _wanted(view: CaseView, task: Token | None) -> tuple[str, int | None]:
    """Role and organisation of who handles it: of the task, or as the matrix would have it sent now."""
    if task is not None:
        return task.role, task.organisation
    data = view.state.data
    level, unit = str(data.get("level") or "town"), str(data.get("unit") or "")
    node = view.graph.by_key.get(HANDLING.get(level, ""))
    name = {"village": VILLAGE_UNIT, "district": f"{unit}@{district_code()}" if unit else ""}.get(level, unit)
    if view.state.status != "open" or node is None or not name:
        return "", None
    return node.role, organisation_for(view.case.area or view.case.division, name)


def _place(view: CaseView) -> tuple[float, float] | None:
    longitude, latitude = view.case.longitude, view.case.latitude
    return None if longitude is None or latitude is None else (longitude, latitude)


def _standing(view: CaseView, people: list[int]) -> list[Standing]:
    values: dict[str, Any] = {"people": people, "case": view.id, "recent": _RECENT, "steps": list(FIELD)}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, values)
        rows: list[tuple[int, int, float | None, float | None, datetime | None]] = cursor.fetchall()
    return [Standing(person, held, _spot(x, y, at)) for person, held, x, y, at in rows]


def _spot(longitude: float | None, latitude: float | None, at: datetime | None) -> Spot | None:
    return Spot(longitude, latitude, at) if longitude is not None and latitude is not None and at is not None else None
