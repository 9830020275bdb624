"""The work list over HTTP with 100,000 and with 1,000,000 cases of one year: processor time of server and database.

Ten times the cases in the same year and towns: no filter gets rarer, so the larger figure is not flattered. Beside it
the plain way on the same tables: ORM filters, a count, an OFFSET page, and each row's task and people when it is drawn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.test import Client

from benchmarks import _machine
from benchmarks._filling import rows_first
from yiwang.engines.cases.api import published, register_apps
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import User, display_code, name_of
from yiwang.engines.directory.loading import load_district
from yiwang.engines.directory.seed import seed_staff
from yiwang.kernel.clock import now
from yiwang.project.terminal import say

Figure = tuple[str, float, str, str, float | None]
SIZES = (100_000, 1_000_000)
REQUESTS = 60
_CATEGORIES = ["manhole", "road", "lamp", "waste", "water", "other"]
_PLACES = ["小学门口", "市场东侧", "公交站旁", "工业园路口", "村口牌坊处", "公园北门", "医院对面"]
_SENTENCES = [
    "人行道井盖缺失", "路面坑洼", "路灯连续三晚不亮", "堆放垃圾无人清运", "雨后积水", "护栏松动", "井盖破损",
    "公交站牌倾斜", "排水口堵塞", "路灯闪烁", "地砖松动",
]  # fmt: skip
_CASES = """INSERT INTO cases_case (id, number, division, area, version_id, type, title, category, status, outcome,
stage, data, memory, next_token, next_scope, next_clock, sequence, head, opened_at, changed_at, closed_at, due_at,
longitude, latitude, words)
SELECT made.id, number, division, area, %(version)s, %(type)s, title, category, CASE WHEN is_open THEN 'open' ELSE
'closed' END, CASE WHEN is_open THEN '' ELSE 'closed' END, CASE WHEN is_open THEN stage ELSE '' END, data,
jsonb_build_object('visited', jsonb_build_object('dispatch', jsonb_build_array(worker, 't', opened_at))),
4, 1, 3, 5, '', opened_at, opened_at + interval '1 day',
CASE WHEN is_open THEN NULL ELSE opened_at + interval '1 day' END,
opened_at + interval '7 days', 112.85 + random() * 0.35, 22.8 + random() * 0.5,
cases_words(cases_searchable(title, data))
FROM (
    SELECT gen_random_uuid() AS id, area,
    to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || lpad(i::text, 7, '0') AS number,
    left(area, 9) AS division, place || sentence AS title, category, opened_at, i %% 50 = 0 AS is_open, worker,
    (ARRAY['accept', 'dispatch', 'handle', 'verify'])[1 + i / 50 %% 4] AS stage,
    jsonb_build_object('category', category, 'description', place || sentence, 'place', jsonb_build_object(
    'division', area, 'longitude', 113.1, 'latitude', 23.1, 'address', village || road || i %% 99 || '号')) AS data
    FROM (
        SELECT i, (%(villages)s::text[])[1 + (i * 7919) %% %(count)s] AS area,
        (%(names)s::text[])[1 + (i * 7919) %% %(count)s] AS village,
        (%(workers)s::bigint[])[1 + i %% cardinality(%(workers)s::bigint[])] AS worker,
        (%(categories)s::text[])[1 + i %% 6] AS category, (%(places)s::text[])[1 + i / 6 %% 7] AS place,
        (%(sentences)s::text[])[1 + i / 42 %% 11] AS sentence,
        (ARRAY['大道', '中路', '一路', '东街', '文化广场'])[1 + i %% 5] AS road,
        %(now)s::timestamptz - random() * interval '365 days' AS opened_at
        FROM generate_series(%(first)s::bigint, %(last)s) AS i) AS drawn) AS made"""
_PARTS = (
    """INSERT INTO cases_token (case_id, no, division, type, node, scope, status, since, flow, role, assignee, host,
    came_from, due_at)
    SELECT c.id, 3, c.division, c.type, c.stage, 0, 'open', c.opened_at, '', 'city_incident.' || (CASE c.stage
    WHEN 'accept' THEN 'acceptor' WHEN 'dispatch' THEN 'dispatcher' WHEN 'handle' THEN 'handler' ELSE 'inspector' END),
    NULL, 0, '', c.opened_at + interval '2 days' FROM cases_case AS c WHERE c.status = 'open' AND NOT EXISTS (
    SELECT 1 FROM cases_token AS t WHERE t.case_id = c.id)""",
    """INSERT INTO cases_due (case_id, no, division, token, kind, node, amount, unit, started_at, due_at,
    is_provisional, next_at, next_share, mark, ledger, is_stopped)
    SELECT t.case_id, 1 + clock, t.division, clock * 3, CASE clock WHEN 0 THEN 'case' ELSE 'task' END, t.node, '5',
    'working_day', t.since, t.since + interval '7 days', false, t.since, 80, 1, '[]', false
    FROM cases_token AS t, generate_series(0, 1) AS clock WHERE NOT EXISTS (
    SELECT 1 FROM cases_due AS d WHERE d.case_id = t.case_id)""",
    """INSERT INTO cases_involvement (party, case_id, is_watching, opened_at)
    SELECT 'u' || (memory -> 'visited' -> 'dispatch' ->> 0), id, false, opened_at FROM cases_case
    ON CONFLICT DO NOTHING""",
)
_LOADED_LAST = ["case_words", "case_by_category", "case_by_type", "involvement_by_party"]


def _insert(values: dict[str, Any]) -> None:
    """Half of the cases on a connection of its own: the halves use both processors."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CASES, values)
    finally:
        connection.close()


def fill(first: int, last: int) -> None:
    """Cases number `first` to `last`, as a year of replay leaves them: one in fifty open, with its task and clocks."""
    district = settings.YIWANG["YIWANG_DISTRICT"]
    register_apps()
    if load_district(district) is not None and not settings.DEMO:
        seed_staff(district)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name FROM directory_division WHERE level = 'village' ORDER BY code")
        villages = cursor.fetchall()
    workers = list(User.objects.filter(username__endswith="-dispatcher").values_list("pk", flat=True))
    values = {
        "first": first, "last": last, "now": now(), "version": published()["city_incident.incident"],
        "type": "city_incident.incident", "villages": [code for code, _ in villages], "count": len(villages),
        "names": [name for _, name in villages], "workers": workers, "categories": _CATEGORIES, "places": _PLACES,
        "sentences": _SENTENCES,
    }  # fmt: skip
    middle = (first + last) // 2
    with rows_first(_LOADED_LAST), connection.cursor() as cursor:
        with ThreadPoolExecutor(2) as pool:
            halves = ({"last": middle}, {"first": middle + 1})
            list(pool.map(_insert, [values | half for half in halves]))
        for statement in _PARTS:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case, cases_token, cases_due, cases_involvement")


def used(act: Callable[[], Any], times: int) -> float:
    """Milliseconds of processor time of this process and of PostgreSQL for one run, the mean of many."""
    for _ in range(5):
        act()
    server, database = time.process_time(), _machine.database()
    for _ in range(times):
        act()
    return (time.process_time() - server + _machine.database() - database) / times * 1000


def statements(act: Callable[[], Any]) -> int:
    """How many SQL statements one run sends."""
    act()
    sent: list[str] = []

    def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        act()
    return len(sent)


def address(town: str) -> dict[str, str]:
    """A list with four filters."""
    return {"box": "all", "type": "city_incident.incident", "status": "closed", "category": "manhole", "area": town}


def page_of(client: Client, query: dict[str, str]) -> Callable[[], None]:
    """A request for the list; it must answer with fifty rows."""

    def ask() -> None:
        response = client.get("/work/", query)
        assert response.content.count(b"data-row=") == 50, response.status_code

    return ask


def part_of(client: Client, query: dict[str, str]) -> Callable[[], None]:
    """The same as a browser asks for it when a filter changes: the main region, without the frame around it."""

    def ask() -> None:
        response = client.get("/work/", query, headers={"HX-Request": "true", "HX-Target": "main"})
        assert response.content.count(b"data-row=") == 50, response.status_code

    return ask


def plain_page(town: str) -> Callable[[], None]:
    """The same list as most programs do it: page 20 of a paginator, and what a row shows asked for row by row."""

    def ask() -> None:
        found = Case.objects.filter(
            division__startswith="440605", type="city_incident.incident", status="closed", category="manhole",
            area__startswith=town,
        ).order_by("-opened_at", "-id").defer("words")  # fmt: skip
        pager = Paginator(found, 50)
        for case in pager.page(20):
            names = [User.objects.filter(pk=token.assignee).first() for token in case.token_set.all()]
            str((case.version.title, case.title, names, name_of(case.area), display_code(case.area)))

    return ask


def _measured(cases: int, town: str) -> list[Figure]:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="440605-supervisor"))
    list_page, words = page_of(client, address(town)), page_of(client, {**address(town), "q": "井盖 大道"})
    part = part_of(client, address(town))
    mine, days = {"box": "unit"}, (now() - timedelta(days=90)).date()
    plain = plain_page(town)
    name, rows = "list, 4 filters, 50 rows", f"{cases // 1000:,} k cases"
    sent, plainly = statements(list_page), statements(plain)
    return [
        (f"{name}, {rows}: CPU", used(list_page, REQUESTS), "ms", "plain ORM, OFFSET", used(plain, 10)),
        (f"{name}, {rows}: SQL", float(sent), "statements", "plain ORM, OFFSET", float(plainly)),
        (f"list, 4 filters, {rows}: CPU when a filter changes", used(part, REQUESTS), "ms", "", None),
        (f"list, 4 filters and words, {rows}: CPU", used(words, REQUESTS), "ms", "", None),
        (f"list of the whole district since {days}, {rows}: CPU",
         used(page_of(client, {"box": "all", "opened_from": str(days)}), REQUESTS), "ms", "", None),
        (f"list of my unit, {rows}: CPU", used(page_of(client, mine), REQUESTS), "ms", "", None),
    ]  # fmt: skip


def measure() -> list[Figure]:
    """The list at both sizes, and how much the larger one costs more."""
    figures: list[Figure] = []
    filled = 0
    for cases in SIZES:
        began = time.monotonic()
        fill(filled + 1, cases)
        say(f"  {cases:,} cases after {time.monotonic() - began:.0f} s")
        figures += _measured(cases, "440605124")
        filled = cases
    ratio = figures[len(figures) // 2][1] / figures[0][1]
    return [*figures, ("list, 4 filters: 1 M against 100 k cases", ratio, "times", "", None)]
