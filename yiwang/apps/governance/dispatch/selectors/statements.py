"""The SQL every list of the console begins with: the running incidents of a centre and their open tasks.

A centre of a division reads the actor's reach (`worklists.Sight`), so that no address widens what posts allow; one of
an organisation reads the tasks given to that organisation. Merged incidents are worked with their main one.
"""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.dispatch.asked import Asked
from yiwang.apps.governance.dispatch.incidents import TYPE
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.gathering.api import STANDS_ALONE
from yiwang.engines.processes.api import PERSONAL
from yiwang.engines.worklists.api import SHARDS, catalogue, sight_of
from yiwang.kernel.clock import CHINA, now

FAR = "'9999-01-01 00:00:00+00'::timestamptz"
TASKS = ", ".join(f"'{status}'" for status in sorted(PERSONAL))
_OF_DIVISION = """seen AS MATERIALIZED (SELECT DISTINCT c.id FROM reach JOIN cases_case AS c
ON c.division = reach.division AND c.type = reach.type AND (reach.version IS NULL OR c.version_id = reach.version)
WHERE c.status IN ('open', 'suspended'))"""
_OF_ORGANISATION = f"""seen AS MATERIALIZED (SELECT DISTINCT t.case_id AS id FROM cases_token AS t
WHERE t.organisation = %(organisation)s AND t.type = %(type)s AND t.status IN ({TASKS}))"""
_STANDING = f"""standing AS MATERIALIZED (SELECT c.id, c.division, c.status, c.data ->> 'level' AS level,
c.data ->> 'unit' AS unit,
coalesce(c.data ->> 'urgency' = 'urgent' OR c.data #>> '{{{{facts,is_urgent}}}}' = 'true', false) AS is_urgent,
coalesce((c.data ->> 'risen')::numeric, 0) AS risen,
coalesce(c.memory #> '{{{{returned}}}}' <> '{{{{}}}}', false) AS is_returned,
coalesce(c.memory -> 'visited' ? 'ruling', false) AS is_ruled
FROM seen JOIN cases_case AS c ON c.id = seen.id
WHERE c.status IN ('open', 'suspended') AND {STANDS_ALONE} AND {{filters}}),
task AS MATERIALIZED (SELECT s.*, t.no, t.node, t.assignee, coalesce(t.due_at, {FAR}) AS due,
s.status = 'open' AND t.due_at < %(now)s AS is_late
FROM standing AS s JOIN cases_token AS t ON t.case_id = s.id AND t.status IN ({TASKS}) {{own}})"""
CONDITIONS = {
    "all": "true",
    "urgent": "is_urgent",
    "risen": "risen >= %(risen_from)s",
    "returned": "is_returned AND NOT is_ruled",
    "ruling": "node = 'ruling'",
    "ruled": "is_ruled",
    "late_helpers": "node = 'assist' AND is_late",
}
"""What of the tasks each list holds; a case is in a list when one of its tasks is."""
_FILTERS = {
    "level": "c.data ->> 'level' = %(level)s", "unit": "c.data ->> 'unit' = %(unit)s",
    "category": "c.category = %(category)s", "town": "c.division = %(town)s",
}  # fmt: skip


def beginning(actor: Actor, asked: Asked) -> tuple[str, dict[str, Any]]:
    """`WITH … seen, standing, task` for the centre and filters of a page, with its parameters."""
    centre, at = asked.centre, now()
    values: dict[str, Any] = {
        **asked.filters, "now": at, "type": TYPE, "risen_from": centre.risen_from,
        "midnight": at.astimezone(CHINA).replace(hour=23, minute=59, second=59, microsecond=999_999),
    }  # fmt: skip
    filters = " AND ".join(text for name, text in _FILTERS.items() if getattr(asked, name)) or "true"
    if centre.organisation is not None:
        standing = _STANDING.format(filters=filters, own="AND t.organisation = %(organisation)s")
        return f"WITH {_OF_ORGANISATION}, {standing}", values | {"organisation": centre.organisation}
    area = asked.town or centre.division
    sight = sight_of(actor, catalogue(), type=TYPE, area="" if area == district_code() else area)
    shards = "" if sight.is_exact else f"{SHARDS}, "
    standing = _STANDING.format(filters=filters, own="")
    return f"WITH RECURSIVE {shards}{sight.sql}, {_OF_DIVISION}, {standing}", sight.parameters(actor) | values
