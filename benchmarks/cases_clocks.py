"""A calendar changes under a million open clocks: every deadline derived anew, those that moved stored.

Half a million cases, each with the clock of the case and of one task. A change of one day moves those that span it; new
office hours move all of them, which is the worst there is.
"""

from __future__ import annotations

import time
from datetime import date

from django.db import connection

from benchmarks import _machine
from tests.plain_incident import register_plain_apps
from yiwang.engines.cases.services.retiming import retime_all
from yiwang.engines.cases.services.versions import published
from yiwang.engines.directory.api import SYSTEM, set_day
from yiwang.engines.directory.services.calendars import seed_default_calendar

Figure = tuple[str, float, str, str, float | None]
CASES = 500_000
_FILL = (
    """INSERT INTO cases_case (id, number, division, area, version_id, type, title, category, status, outcome, stage,
    data, memory, next_token, next_scope, next_clock, sequence, head, opened_at, changed_at, due_at)
    SELECT (lpad(to_hex(1614560400000 + i::bigint * 20000), 12, '0') || '7' || substr(md5(i::text), 1, 3) || 'a'
    || substr(md5(i::text), 4, 15))::uuid, 'b' || i, '44060512' || (i %% 7), '', %s, 'city_incident.incident',
    '路灯不亮', 'lamp', 'open', '', 'handle', '{}', '{}', 3, 1, 5, 0, '',
    timestamptz '2021-03-01 09:00+08' + i * interval '20 s', now(), now() FROM generate_series(1, %s) AS i""",
    """INSERT INTO cases_token (case_id, no, division, type, node, scope, status, since, flow, role, host, came_from)
    SELECT id, 1, division, type, 'handle', 0, 'open', opened_at, '', 'city_incident.handler', 0, '' FROM cases_case""",
    """INSERT INTO cases_due (case_id, no, division, token, kind, node, amount, unit, started_at, due_at,
    is_provisional, next_at, next_share, mark, ledger, is_stopped)
    SELECT id, 1 + clock, division, clock, CASE clock WHEN 0 THEN 'case' ELSE 'task' END, 'handle',
    CASE clock WHEN 0 THEN '5' ELSE '3' END, 'working_day', opened_at, opened_at, false, opened_at, 50, 0, '[]', false
    FROM cases_case, generate_series(0, 1) AS clock""",
)


def fill(cases: int) -> None:
    """Open cases by the set, in the tables only: enough for lists and clocks."""
    register_plain_apps()
    with connection.cursor() as cursor:
        cursor.execute(_FILL[0], [published()["city_incident.incident"], cases])
        for statement in _FILL[1:]:
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE cases_case, cases_token, cases_due")


def _retimed(title: str) -> list[Figure]:
    """Wall seconds and processor time of deriving all open deadlines anew."""
    client, database, wall = time.process_time(), _machine.database(), time.perf_counter()
    moved = retime_all()
    wall = time.perf_counter() - wall
    used = time.process_time() - client + _machine.database() - database
    name = f"{2 * CASES / 1e6:g} M open clocks, {title}, {moved:,} moved"
    return [(name, wall, "s", "", None), (f"{name}: CPU per clock", used / (2 * CASES) * 1e6, "µs", "", None)]


def measure() -> list[Figure]:
    """First all deadlines are wrong, as after new office hours; then one working day becomes a holiday."""
    seed_default_calendar(SYSTEM)
    fill(CASES)
    every = _retimed("every deadline moves")
    set_day(SYSTEM, "default", date(2021, 4, 23), is_working=False, name="台风停工", source="区政府通告")
    return [*_retimed("one day becomes a holiday"), *every]
