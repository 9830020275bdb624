"""Points, memory and map against the cases themselves: nothing lost, nothing double, nobody sees too much."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection

from tests.small_district import BEGIN, DISTRICT, ELSEWHERE, HERE
from yiwang.engines.cases.api import act, open_case
from yiwang.engines.cases.models import Case, Token
from yiwang.engines.cockpit.map import store
from yiwang.engines.cockpit.map.choosing import in_box, narrowed, overdue, seen, sight
from yiwang.engines.cockpit.map.clusters import box_of, marks
from yiwang.engines.cockpit.map.columns import Columns, _refreshed, columns
from yiwang.engines.cockpit.map.models import CaseChange, CasePoint
from yiwang.engines.cockpit.map.store import catch_up_all, rebuild
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.worklists.api import page, read_search
from yiwang.kernel.clock import frozen, now

COUNT = 60
_ROWS = """SELECT p.case_id, x, y, d.text, v.text, r.text, k.text, status, opened, due, closed FROM cockpit_casepoint p
JOIN cockpit_word d ON d.id = division JOIN cockpit_word v ON v.id = village JOIN cockpit_word r ON r.id = version
JOIN cockpit_word k ON k.id = category ORDER BY p.case_id"""


def rows():
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def filled(small_district):
    """Cases of both towns and of none, half of them without a step, some far behind their limit."""
    chance = random.Random(7)
    catch_up_all()
    for number in range(COUNT):
        place = (
            {"address": "路口"}
            if number % 10 == 9
            else {
                "longitude": chance.uniform(112.81, 113.29),
                "latitude": chance.uniform(22.81, 23.29),
                "address": "路口",
            }
        )
        at = now() - timedelta(days=chance.choice([0, 1, 40]), minutes=number)
        data = {"category": chance.choice(["lamp", "road"]), "description": f"第{number}件", "place": place}
        case = open_case(SYSTEM, "city_incident.incident", data, at=at)
        if number % 4 == 0:
            act(SYSTEM, case.id, "cancel", arguments={"reason": "重复"})
        if number % 20 == 10:
            catch_up_all()


def test_catching_up_ends_where_a_rebuild_ends(filled, db, monkeypatch):
    assert CaseChange.objects.exists(), "the trigger told nothing"
    catch_up_all()
    caught = rows()
    gone = Case.objects.order_by("id").first().id
    Token.objects.filter(case_id=gone).delete()
    Case.objects.filter(id=gone).delete()
    catch_up_all()
    assert CasePoint.objects.get(case_id=gone).status == 9
    rebuild()
    assert rows() == [row for row in caught if row[0] != gone]
    assert len(caught) == COUNT
    with frozen(BEGIN):
        assert catch_up_all() == 0
    CaseChange.objects.bulk_create(CaseChange(case_id=id) for id in Case.objects.values_list("id", flat=True))
    monkeypatch.setattr(store, "FAR_BEHIND", 10)
    assert store.catch_up(5) == COUNT - 1, "far behind, everything is made anew"
    assert not CaseChange.objects.exists()


def test_what_a_reader_has_got_stays_while_newer_values_are_read(filled, db):
    """A page counts over the columns for some milliseconds; another thread of the process reads what is new meanwhile."""
    catch_up_all()
    held = _refreshed(Columns())
    before = held.size, dict(held.words), list(held.texts), {name: held[name].tolist() for name in held.arrays}
    act(SYSTEM, Case.objects.filter(status="open").first().id, "cancel", arguments={"reason": "重复"})
    place = {"longitude": 112.9, "latitude": 23.0, "address": "路口"}
    open_case(SYSTEM, "city_incident.incident", {"category": "waste", "description": "一堆垃圾", "place": place})
    catch_up_all()
    newer = _refreshed(held)
    assert newer.size == held.size + 1 and "waste" in newer.words
    assert (newer["status"][: held.size] != held["status"]).sum() == 1
    assert before == (held.size, held.words, held.texts, {name: held[name].tolist() for name in held.arrays})
    assert _refreshed(newer) is newer


ASKED = [
    {},
    {"status": "open"},
    {"status": "closed"},
    {"status": "cancelled"},
    {"category": "lamp"},
    {"due": "overdue"},
    {"due": "today"},
    {"type": "city_incident.incident", "status": "running"},
    {"area": ELSEWHERE},
    {"area": f"{HERE}001", "category": "road"},
    {"opened_from": str(now().date() - timedelta(days=3))},
    {"opened_to": str(now().date() - timedelta(days=3))},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize(
    "who", [f"{DISTRICT}-supervisor", f"{HERE}-dispatcher", f"{ELSEWHERE}-dispatcher", f"{HERE}-handler-water"]
)
def test_the_map_and_the_list_show_the_same_cases(filled, db, who, asked):
    actor = actor_for(User.objects.get(username=who))
    known = columns(at_once=True)
    search = read_search({"box": "all", **asked})
    mask = narrowed(known, seen(known, sight(actor)), search)
    expected = {row.id for row in page(actor, search, size=500).rows}
    ids = dict(CasePoint.objects.values_list("number", "case_id"))
    assert {ids[place + 1] for place in mask.nonzero()[0].tolist()} == expected
    for box in (box_of(112, 22, 114, 24), box_of(112.8, 22.8, 113.0, 23.1), box_of(113.2, 23.2, 113.21, 23.21)):
        for zoom in (3, 9.4, 12, 18):
            inside = in_box(known, mask, box)
            shown = marks(known, inside.nonzero()[0], overdue(known, now()), box, zoom)
            assert sum(mark.cases for mark in shown) == int(inside.sum())
            assert sum(mark.late for mark in shown) == int((inside & overdue(known, now())).sum())
    placed = Case.objects.filter(id__in=expected, longitude__range=(112.8, 113.0), latitude__range=(22.8, 23.1)).count()
    assert int(in_box(known, mask, box_of(112.8, 22.8, 113.0, 23.1)).sum()) == placed
