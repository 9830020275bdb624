"""A million city incidents by the set: some are really told through the engine, all others are copies of those.

A copy keeps everything its case came to (data, memory, tasks, clocks, who took part, and for running ones the journal);
it has an id and a number of its own, happens at another time of the year and some hundred metres away in the same town.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from operator import attrgetter

from django.db import connection

from benchmarks._filling import rows_first
from yiwang.engines.cases.api import register_apps, sweep_all
from yiwang.engines.directory.api import district_code
from yiwang.engines.directory.loading import load_district
from yiwang.engines.directory.seed import seed_staff
from yiwang.engines.stories.api import Replay
from yiwang.kernel.clock import now
from yiwang.project.demo import seed_apps
from yiwang.project.history import scenarios, whole_cast

TYPE = "city_incident.incident"
YEAR, FRESH = timedelta(days=365), timedelta(days=6)
TOLD, TOLD_FRESH = 0.012, 0.25
"""Shares of the year's incidents that are told: over the whole year, and more densely in its last days."""
RUNNING_EACH = 50
"""One in so many is in work, as in the other benchmarks of lists."""
_PLAN = """CREATE UNLOGGED TABLE bench_copy AS WITH told AS MATERIALIZED (
    SELECT row_number() OVER (PARTITION BY is_running ORDER BY id) - 1 AS place, * FROM (
    SELECT id, opened_at, status IN ('open', 'suspended') AS is_running, coalesce(closed_at, now()) - opened_at AS took
    FROM cases_case WHERE type = %(type)s AND status <> 'suspended' AND number NOT LIKE '%%b%%') AS own),
many AS MATERIALIZED (SELECT is_running, count(*) AS places FROM told GROUP BY 1),
drawn AS MATERIALIZED (
    SELECT i, i %% %(each)s = 0 AS is_running, CASE WHEN i %% %(each)s = 0 THEN i / %(each)s ELSE i END * 7919 AS place,
    CASE WHEN i %% %(each)s = 0 THEN random() * interval '10 hours' ELSE random() * interval '365 days' END AS ago
    FROM generate_series(%(first)s::bigint, %(last)s) AS i)
SELECT i AS no, told.id AS source, is_running, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
|| substr(md5(i::text), 1, 3) || 'a' || substr(md5(i::text), 4, 15))::uuid AS id, at - opened_at AS shift,
to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || 'b' || lpad(i::text, 7, '0') AS number,
(random() - 0.5) * 0.01 AS east, (random() - 0.5) * 0.01 AS north
FROM drawn JOIN many USING (is_running) JOIN told USING (is_running)
CROSS JOIN LATERAL (SELECT now() - took - ago AS at) AS begun WHERE told.place = drawn.place %% many.places"""
_SHIFTED = {"opened_at", "changed_at", "closed_at", "since", "due_at", "started_at", "next_at", "at"}
_CHANGED = {
    "longitude": "told.longitude + copy.east",
    "latitude": "told.latitude + copy.north",
    "number": "copy.number",
}
_COPY = """INSERT INTO {table} ({names}) SELECT {values} FROM bench_copy AS copy JOIN {table} AS told
ON told.{key} = copy.source WHERE copy.no %% 2 = %s AND {which}"""
_TABLES = {
    "cases_case": ("id", "true"), "cases_token": ("case_id", "true"), "cases_due": ("case_id", "true"),
    "cases_involvement": ("case_id", "true"), "trust_journal": ("stream", "copy.is_running"),
}  # fmt: skip
"""Table: (column with the case's id, which copies have rows of their own there)."""
_LOADED_LAST = ["case_words", "case_by_category", "case_by_type", "involvement_by_party", "case_by_opener"]


def tell() -> int:
    """The district with its people and rulebooks, and incidents told through the engine up to now; how many."""
    district = district_code()
    load_district(district)
    register_apps()
    seed_staff(district)
    seed_apps(district)
    end = now()
    scenario, cast = scenarios()["city_incident"], whole_cast()
    told = [
        *scenario.stories("city_incident", cast, begin=end - YEAR, end=end, scale=TOLD),
        *scenario.stories("city_incident", cast, begin=end - FRESH, end=end, scale=TOLD_FRESH, seed=1),
    ]
    done = Replay(iter(sorted(told, key=attrgetter("at"))), end).run()
    sweep_all(now())
    return done.opened


def _statement(table: str) -> str:
    key, which = _TABLES[table]
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        names = [name for (name,) in cursor.fetchall()]
    changed: Mapping[str, str] = {
        **_CHANGED, **{name: f"told.{name} + copy.shift" for name in _SHIFTED}, key: "copy.id",
    }  # fmt: skip
    values = ", ".join(changed.get(name, f'told."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return _COPY.format(table=table, names=listed, values=values, key=key, which=which)


def _half(number: int, statements: list[str]) -> None:
    """Half of the copies on a connection of its own: the halves use both processors."""
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, [number])
    finally:
        connection.close()


def copy(first: int, last: int) -> None:
    """Copies number `first` to `last` of what was told."""
    with rows_first(_LOADED_LAST):
        with connection.cursor() as cursor:
            cursor.execute(_PLAN, {"type": TYPE, "first": first, "last": last, "each": RUNNING_EACH})
        statements = [_statement(table) for table in _TABLES]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda number: _half(number, statements), (0, 1)))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_copy")
        cursor.execute(f"VACUUM ANALYZE {', '.join(_TABLES)}")
