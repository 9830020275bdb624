"""The map over 1,000,000 cases of one year: processor time of one view, with and without filters, near and far.

Beside it what one would write first: the same view as one GROUP BY over the cases in PostgreSQL, and every row of the
view fetched through the ORM and gathered in Python. All three must count the same.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks import _machine
from benchmarks.desk_lists import Figure, fill, used
from yiwang.engines.cases.models import Case
from yiwang.engines.cockpit.map.columns import columns
from yiwang.engines.cockpit.map.store import catch_up_all, rebuild
from yiwang.engines.directory.api import User
from yiwang.project.terminal import say

CASES, REQUESTS = 1_000_000, 40
_DISTRICT = {"west": 112.7, "south": 22.7, "east": 113.4, "north": 23.4, "zoom": 10.5}
_BLOCKS = {"west": 113.0, "south": 23.0, "east": 113.03, "north": 23.02, "zoom": 15}
_ALL = {"status": ""}
_FILTERED = {"status": "closed", "type": "city_incident.incident", "category": "manhole", "opened_from": "2026-03-01"}
_CELL = 45 / 2**10.5
"""Degrees of a 64-pixel cell; the plain ways may use plain degrees."""
_GROUPED = """SELECT floor(longitude / %s), floor(latitude / %s), count(*), count(*) FILTER (WHERE status = 'open'
AND due_at < now()), avg(longitude), avg(latitude) FROM cases_case WHERE starts_with(division, '440605')
AND type = 'city_incident.incident' AND longitude BETWEEN 112.7 AND 113.4 AND latitude BETWEEN 22.7 AND 23.4
GROUP BY 1, 2"""


def _grouped() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED, [_CELL, _CELL])
        return sum(row[2] for row in cursor.fetchall())


def _in_python() -> int:
    inside = Case.objects.filter(
        division__startswith="440605", type="city_incident.incident", longitude__range=(112.7, 113.4),
        latitude__range=(22.7, 23.4),
    )  # fmt: skip
    cells = Counter(
        (int(longitude / _CELL), int(latitude / _CELL))
        for longitude, latitude in inside.values_list("longitude", "latitude").iterator(chunk_size=20_000)
    )
    return sum(cells.values())


def _timed(act: Any) -> tuple[float, int]:
    """Milliseconds of processor time of one run, ours and PostgreSQL's, and what it answered."""
    server, database = time.process_time(), _machine.database()
    answer = act()
    return (time.process_time() - server + _machine.database() - database) * 1000, answer


def measure() -> list[Figure]:
    """Fill, build, and look."""
    fill(1, CASES)
    built, _ = _timed(rebuild)
    loaded, known = _timed(lambda: columns(at_once=True))
    say(f"  built in {built / 1000:.1f} s, loaded in {loaded / 1000:.1f} s, {known.size:,} cases in memory")
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="440605-supervisor"))

    def view(**asked: Any) -> int:
        answer = client.get("/cockpit/map/view/", asked).json()
        assert sum(one["properties"]["cases"] for one in answer["features"]) == answer["total"]
        return int(answer["total"])

    plain, counted = _timed(_grouped)
    slow, fetched = _timed(_in_python)
    assert counted == fetched == view(**_DISTRICT, **_ALL) == CASES, "the three ways count differently"
    Case.objects.filter(number__endswith="7777").update(category="lamp")
    changed, behind = _timed(catch_up_all)
    name = f"map, {CASES // 1000:,} k cases"
    whole = used(lambda: view(**_DISTRICT, **_ALL), REQUESTS)
    return [
        (f"{name}, whole district: CPU of a view", whole, "ms", "GROUP BY over the cases", plain),
        (f"{name}, whole district: CPU of a view, once more", whole, "ms", "ORM rows gathered in Python", slow),
        (f"{name}, district, 4 filters: CPU", used(lambda: view(**_DISTRICT, **_FILTERED), REQUESTS), "ms", "", None),
        (f"{name}, some blocks with points: CPU", used(lambda: view(**_BLOCKS, **_ALL), REQUESTS), "ms", "", None),
        (f"{name}, in work only: CPU", used(lambda: view(**_DISTRICT), REQUESTS), "ms", "", None),
        ("map: rows of 1 M cases made anew, CPU", built / 1000, "s", "", None),
        ("map: 1 M cases into the memory of a process, CPU", loaded / 1000, "s", "", None),
        (f"map: catching up with {behind:,} changed cases, CPU", changed, "ms", "", None),
    ]  # fmt: skip
