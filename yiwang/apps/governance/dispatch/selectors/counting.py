"""What a centre's queue comes to: by step, by list, and by the centres below it; SQL for `listing.console`.

The figures follow the filters of the page. The step chosen narrows the list and not these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from yiwang.apps.governance.dispatch.asked import Asked, steps
from yiwang.apps.governance.dispatch.centres import DISTRICT, TOWN
from yiwang.apps.governance.dispatch.selectors.statements import CONDITIONS, FAR

_STEP = f"""SELECT 'step', node, count(*), count(*) FILTER (WHERE is_late),
count(*) FILTER (WHERE status = 'open' AND due >= %(now)s AND due <= %(midnight)s),
count(*) FILTER (WHERE assignee IS NULL),
nullif(min(due) FILTER (WHERE status = 'open'), {FAR}) FROM task GROUP BY node"""
_PER_CASE = f"""case_in_list AS MATERIALIZED (SELECT id, min({{column}}) AS below, bool_or(is_late) AS is_late,
bool_or(is_returned) AS is_returned, max(risen) AS risen, min(due) FILTER (WHERE status = 'open') AS due,
{", ".join(f"bool_or({condition}) AS in_{name}" for name, condition in CONDITIONS.items())} FROM task GROUP BY id)"""
_BELOW = f"""SELECT 'below', coalesce(below, ''), count(*), count(*) FILTER (WHERE is_late),
count(*) FILTER (WHERE risen > 0), count(*) FILTER (WHERE is_returned), nullif(min(due), {FAR})
FROM case_in_list GROUP BY 2"""
_LISTS = f"""SELECT 'list', one.name, one.cases, 0, 0, 0, NULL::timestamptz FROM (
SELECT {", ".join(f"count(*) FILTER (WHERE in_{name}) AS in_{name}" for name in CONDITIONS)} FROM case_in_list) AS told
CROSS JOIN LATERAL (VALUES {", ".join(f"('{name}', told.in_{name})" for name in CONDITIONS)}) AS one(name, cases)"""
FIGURE = "figure(kind, name, first, second, third, fourth, due)"
"""One row of `figures`."""
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


def per_case(asked: Asked) -> str:
    """The common table expression that `figures` read: each incident once, with the lists it is in."""
    return _PER_CASE.format(column=_COLUMNS.get(asked.centre.kind, "NULL::text"))


def figures(asked: Asked) -> str:
    """The statement of all figures, one in a row."""
    parts = [_STEP, _LISTS, *([_BELOW] if asked.centre.kind in _COLUMNS else [])]
    return " UNION ALL ".join(parts)


def told_counts(text: str | None) -> Counts:
    """What the rows of `figures`, as JSON objects, tell."""
    told: list[list[Any]] = [list(row.values()) for row in orjson.loads(text or "[]")]
    rows = [(*row[:6], datetime.fromisoformat(row[6]) if row[6] else None) for row in told]
    order = list(steps())
    found = [Step(*row[1:]) for row in rows if row[0] == "step"]
    found.sort(key=lambda one: (order.index(one.key) if one.key in order else len(order), one.key))
    below = [Below(*row[1:]) for row in rows if row[0] == "below"]
    below.sort(key=lambda one: (-one.late, -one.cases, one.key))
    return Counts(tuple(found), tuple(below), {row[1]: row[2] for row in rows if row[0] == "list"})
