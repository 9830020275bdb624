"""What a centre's queue comes to: by step, by list, and by the centres below it; one SQL statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from yiwang.apps.governance.dispatch.asked import Asked, steps
from yiwang.apps.governance.dispatch.centres import DISTRICT, TOWN
from yiwang.apps.governance.dispatch.selectors.statements import CONDITIONS, FAR, beginning
from yiwang.engines.directory.api import Actor

_STEP = f"""SELECT 'step', node, count(*), count(*) FILTER (WHERE is_late),
count(*) FILTER (WHERE status = 'open' AND due >= %(now)s AND due <= %(midnight)s),
count(*) FILTER (WHERE assignee IS NULL),
nullif(min(due) FILTER (WHERE status = 'open'), {FAR}) FROM task GROUP BY node"""
_BELOW = f"""SELECT 'below', coalesce({{column}}, ''), count(DISTINCT id), count(DISTINCT id) FILTER (WHERE is_late),
count(DISTINCT id) FILTER (WHERE risen > 0), count(DISTINCT id) FILTER (WHERE is_returned),
nullif(min(due) FILTER (WHERE status = 'open'), {FAR}) FROM task GROUP BY 2"""
_LIST = "SELECT 'list', '{name}', count(DISTINCT id), 0, 0, 0, NULL::timestamptz FROM task WHERE {condition}"
_COLUMNS = {DISTRICT: "division", TOWN: "unit"}
"""Below the district are towns; below a town its departments."""


class Step(NamedTuple):
    """Tasks that stand at a step; `due` is the nearest limit, None without one."""

    key: str
    tasks: int
    late: int
    today: int
    free: int
    due: datetime | None


class Below(NamedTuple):
    """Incidents of a centre below: a town's code, or a unit's key ('' while none is chosen)."""

    key: str
    cases: int
    late: int
    risen: int
    returned: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Steps in the order of the flow; centres below, most late ones first; incidents of each list."""

    steps: tuple[Step, ...]
    below: tuple[Below, ...]
    lists: Mapping[str, int]


def counts(actor: Actor, asked: Asked) -> Counts:
    """The figures of a centre, under its filters. The step chosen narrows the list and not these."""
    begin, values = beginning(actor, asked)
    parts = [_STEP, *(_LIST.format(name=name, condition=text) for name, text in CONDITIONS.items())]
    column = _COLUMNS.get(asked.centre.kind)
    if column:
        parts.append(_BELOW.format(column=column))
    with connection.cursor() as cursor:
        cursor.execute(f"{begin} {' UNION ALL '.join(parts)}", values)
        rows = cursor.fetchall()
    order = list(steps())
    found = [Step(*row[1:]) for row in rows if row[0] == "step"]
    found.sort(key=lambda one: (order.index(one.key) if one.key in order else len(order), one.key))
    below = [Below(*row[1:]) for row in rows if row[0] == "below"]
    below.sort(key=lambda one: (-one.late, -one.cases, one.key))
    return Counts(tuple(found), tuple(below), {row[1]: row[2] for row in rows if row[0] == "list"})
