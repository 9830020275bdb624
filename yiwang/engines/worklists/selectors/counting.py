"""Figures above the lists: how much waits in each box, what is late, and a person's saved filters; one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from yiwang.engines.directory.api import Actor
from yiwang.engines.worklists.selectors.catalogue import catalogue
from yiwang.engines.worklists.selectors.conditions import TASK_DUE
from yiwang.engines.worklists.selectors.lists import BOUND
from yiwang.engines.worklists.selectors.search import BOXES, Search, end_of
from yiwang.engines.worklists.selectors.statements import PERSONAL_SQL, Box, Walk, beginning
from yiwang.kernel.clock import CHINA, now

COUNTED = tuple(box for box in BOXES if box != "all")
"""What is all in reach is searched, not counted."""
_LATE = f"""(SELECT array[count(*) FILTER (WHERE {TASK_DUE} < %(now)s AND c.status = 'open'),
count(*) FILTER (WHERE {TASK_DUE} >= %(now)s AND {TASK_DUE} < %(midnight)s)]
FROM cases_token AS t JOIN cases_case AS c ON c.id = t.case_id
WHERE t.assignee = %(me)s AND t.status IN ({PERSONAL_SQL}))"""
_SAVED = """(SELECT coalesce(json_agg(json_build_array(id, name, query) ORDER BY position, name), '[]')::text
FROM worklists_savedfilter WHERE user_id = %(me)s)"""


class Saved(NamedTuple):
    """A search a person keeps: `query` is the text behind the question mark of its address."""

    id: UUID
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of each box up to BOUND + 1; of the actor's own tasks those overdue and still due today; saved filters."""

    boxes: Mapping[str, int]
    overdue: int
    today: int
    saved: tuple[Saved, ...]


def counts(actor: Actor) -> Counts:
    """What the actor's boxes hold."""
    known = catalogue()
    boxes = [Box(actor, Search(box=name), known) for name in COUNTED]
    figures = [f"(SELECT count(*) FROM ({box.rows(Walk(BOUND + 1, is_count=True))}) AS counted)" for box in boxes]
    at = now()
    parameters: dict[str, Any] = {"now": at, "midnight": end_of(at.astimezone(CHINA).date())}
    for box in boxes:
        parameters |= box.parameters
    with connection.cursor() as cursor:
        cursor.execute(f"{beginning(boxes)} SELECT {', '.join((*figures, _LATE, _SAVED))}", parameters)
        *found, late, saved = cursor.fetchone()
    kept = tuple(Saved(UUID(id), name, query) for id, name, query in orjson.loads(saved))
    return Counts(dict(zip(COUNTED, found, strict=True)), late[0], late[1], kept)
