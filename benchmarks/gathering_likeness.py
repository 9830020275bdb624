"""Duplicates of a report among 1,000,000 marked cases of a year: processor time of server and database for one search.

Three reports in ten lie in forty busy spots of some 200 m, as they do in a town; one case in fifty is open. Beside it
the plain way on the same tables: every open case of the town read and compared with the standard library's matcher.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import cycle
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks.desk_lists import statements, used
from yiwang.engines.cases.api import published, register_apps
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import User, actor_for
from yiwang.engines.directory.loading import load_district
from yiwang.engines.directory.seed import seed_staff
from yiwang.engines.gathering.api import Facts, likely_same, mark_all, nearby
from yiwang.engines.gathering.likeness import PROPOSALS
from yiwang.kernel.clock import now
from yiwang.project.terminal import say

Figure = tuple[str, float, str, str, float | None]
CASES, SEARCHES, HOT_SPOTS = 1_000_000, 200, 40
TYPE = "city_incident.incident"
_CATEGORIES = ["manhole", "road", "lamp", "waste", "water", "other"]
_PLACES = [
    "小学门口",
    "市场东侧",
    "公交站旁",
    "工业园路口",
    "村口牌坊处",
    "公园北门",
    "医院对面",
    "文化广场",
    "幸福路",
    "河边步道",
]
_SENTENCES = [
    "人行道井盖缺失", "路面坑洼", "路灯连续三晚不亮", "堆放垃圾无人清运", "雨后积水", "护栏松动", "井盖破损",
    "公交站牌倾斜", "排水口堵塞", "路灯闪烁", "地砖松动",
]  # fmt: skip
_FILL = """INSERT INTO cases_case (id, number, division, area, version_id, type, title, category, status, outcome,
stage, data, memory, next_token, next_scope, next_clock, sequence, head, opened_at, changed_at, longitude, latitude)
SELECT gen_random_uuid(), lpad(i::text, 15, '0'), %(town)s, %(town)s || '001', %(version)s, %(type)s, title, category,
CASE WHEN i %% 50 = 0 THEN 'open' ELSE 'closed' END, '', '', jsonb_build_object('description', title, 'place',
jsonb_build_object('longitude', longitude, 'latitude', latitude)), '{}', 2, 1, 1, 1, '', opened_at, opened_at,
longitude, latitude
FROM (
    SELECT i, (%(categories)s::text[])[1 + i %% 6] AS category,
    (%(places)s::text[])[1 + i / 6 %% 10] || (%(sentences)s::text[])[1 + i / 60 %% 11] AS title,
    %(now)s::timestamptz - random() * interval '365 days' AS opened_at,
    CASE WHEN i %% 10 < 3 THEN 112.85 + spot * 0.008 + random() * 0.002 ELSE 112.85 + random() * 0.35 END AS longitude,
    CASE WHEN i %% 10 < 3 THEN 22.9 + spot * 0.007 + random() * 0.002 ELSE 22.9 + random() * 0.3 END AS latitude
    FROM (SELECT i, i / 10 %% %(spots)s AS spot FROM generate_series(1::bigint, %(count)s) AS i) AS counted
) AS made"""


def fill() -> float:
    """The year's cases, and their marks made as the worker makes them; cases marked in a second."""
    district = settings.YIWANG["YIWANG_DISTRICT"]
    register_apps()
    if load_district(district) is not None and not settings.DEMO:
        seed_staff(district)
    values = {
        "town": f"{district}124", "version": published()[TYPE], "type": TYPE, "categories": _CATEGORIES,
        "places": _PLACES, "sentences": _SENTENCES, "now": now(), "spots": HOT_SPOTS, "count": CASES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_case DISABLE TRIGGER USER")
        cursor.execute(_FILL, values)
        cursor.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE cases_case")
        began = time.monotonic()
        marked = mark_all()
        rate = marked / (time.monotonic() - began)
        say(f"  {marked:,} cases marked in {time.monotonic() - began:.0f} s")
        cursor.execute("VACUUM ANALYZE gathering_mark")
    return rate


def reports(rng: random.Random, *, is_hot: bool) -> Iterator[Facts]:
    """Reports of today, in a busy spot or anywhere."""
    while True:
        spot = rng.randrange(HOT_SPOTS)
        east, north = (
            (spot * 0.008 + 0.001, spot * 0.007 + 0.001) if is_hot else (rng.random() * 0.35, rng.random() * 0.3)
        )
        text = rng.choice(_PLACES) + rng.choice(_SENTENCES)
        yield Facts(TYPE, text, now(), 112.85 + east, 22.9 + north, category=rng.choice(_CATEGORIES))


def plainly(facts: Facts, division: str) -> list[Any]:
    """Every open case of the town since the beginning of the span, compared sign by sign."""
    found = Case.objects.filter(division=division, type=TYPE, status="open", opened_at__gte=facts.at - PROPOSALS.span)
    compared = ((SequenceMatcher(None, facts.text, case.title).ratio(), case) for case in found.defer("words"))
    return sorted((pair for pair in compared if pair[0] > 0.5), key=lambda pair: -pair[0])[:5]


def measure() -> list[Figure]:
    """One search, in a busy spot and anywhere, and what the public asks."""
    rate = fill()
    district = settings.YIWANG["YIWANG_DISTRICT"]
    actor = actor_for(User.objects.get(username=f"{district}-supervisor"))
    rng = random.Random(1)
    hot, anywhere = (cycle([next(made) for _ in range(SEARCHES)]) for made in (
        reports(rng, is_hot=True), reports(rng, is_hot=False)
    ))  # fmt: skip
    found = sum(bool(likely_same(actor, next(hot))) for _ in range(SEARCHES))

    def search(asked: Iterator[Facts]) -> Callable[[], Any]:
        return lambda: likely_same(actor, next(asked))

    name, million = "duplicates of a report", f"{CASES // 1000:,} k marks"
    plain = used(lambda: plainly(next(hot), f"{district}124"), 10)
    return [
        (f"{name} in a busy spot, {million}: CPU", used(search(hot), SEARCHES), "ms", "open cases, difflib", plain),
        (f"{name} anywhere, {million}: CPU", used(search(anywhere), SEARCHES), "ms", "open cases, difflib", plain),
        (f"{name}: SQL", float(statements(search(hot))), "statements", "", None),
        (f"{name}: searches that found some", 100.0 * found / SEARCHES, "%", "", None),
        (f"reports nearby for the public, {million}: CPU", used(lambda: nearby(next(hot)), SEARCHES), "ms", "", None),
        ("cases marked after a replay", rate, "a second", "", None),
    ]
