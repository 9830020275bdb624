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
_RUNNING = "c.status IN ('open', 'suspended')"
_OF_DIVISION = f"""c.type = %(type)s AND {_RUNNING} AND c.division = ANY (ARRAY(SELECT division FROM reach))
AND EXISTS (SELECT 1 FROM reach WHERE reach.division = c.division AND reach.type = c.type
AND (reach.version IS NULL OR reach.version = c.version_id))"""
_OF_ORGANISATION = f"""c.id IN (SELECT given.case_id FROM cases_token AS given
WHERE given.organisation = %(organisation)s AND given.type = %(type)s AND given.status IN ({TASKS})) AND {_RUNNING}"""
_STANDING = f"""standing AS MATERIALIZED (SELECT c.id, c.division, c.status, said.level, said.unit,
coalesce(said.urgency = 'urgent' OR said.facts ->> 'is_urgent' = 'true', false) AS is_urgent,
coalesce(said.risen::numeric, 0) AS risen, coalesce(c.memory -> 'returned' <> '{{{{}}}}', false) AS is_returned,
coalesce(c.memory -> 'visited' ? 'ruling', false) AS is_ruled
FROM cases_case AS c CROSS JOIN LATERAL jsonb_to_record(c.data)
    AS said(level text, unit text, urgency text, facts jsonb, risen text)
WHERE {{seen}} AND {STANDS_ALONE} AND {{filters}}),
task AS MATERIALIZED (SELECT s.*, t.no, t.node, t.assignee, coalesce(t.due_at, {FAR}) AS due,
s.status = 'open' AND t.due_at < %(now)s AS is_late
FROM standing AS s JOIN cases_token AS t ON t.case_id = s.id AND t.status IN ({TASKS}) {{own}})"""
"""`data` is read once for each incident: every look into it would unpack it anew."""
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
    "level": "said.level = %(level)s", "unit": "said.unit = %(unit)s",
    "category": "c.category = %(category)s", "town": "c.division = %(town)s",
}  # fmt: skip


def beginning(actor: Actor, asked: Asked) -> tuple[str, dict[str, Any]]:
    """`WITH … standing, task` for the centre and filters of a page, with its parameters."""
    centre, at = asked.centre, now()
    values: dict[str, Any] = {
        **asked.filters, "now": at, "type": TYPE, "risen_from": centre.risen_from,
        "midnight": at.astimezone(CHINA).replace(hour=23, minute=59, second=59, microsecond=999_999),
    }  # fmt: skip
    filters = " AND ".join(text for name, text in _FILTERS.items() if getattr(asked, name)) or "true"
    if centre.organisation is not None:
        own = "AND t.organisation = %(organisation)s"
        standing = _STANDING.format(seen=_OF_ORGANISATION, filters=filters, own=own)
        return f"WITH {standing}", values | {"organisation": centre.organisation}
    area = asked.town or centre.division
    sight = sight_of(actor, catalogue(), type=TYPE, area="" if area == district_code() else area)
    shards = "" if sight.is_exact else f"{SHARDS}, "
    standing = _STANDING.format(seen=_OF_DIVISION, filters=filters, own="")
    return f"WITH RECURSIVE {shards}{sight.sql}, {standing}", sight.parameters(actor) | values
