"""Leads, visits, records, history, coverage and the written year, on the small district."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import orjson
import pytest
import shapely
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.small_district import HERE
from yiwang.apps.governance.patrol import ledger
from yiwang.apps.governance.patrol.models import (
    CellLead,
    CellMonth,
    PatrolRecord,
    PossibleMiss,
    Upload,
    Visit,
    VisitedPlace,
)
from yiwang.apps.governance.patrol.refusals import KeyReused, LeadStands
from yiwang.apps.governance.patrol.selectors.coverage import Period, coverage
from yiwang.apps.governance.patrol.selectors.plans import led_cells
from yiwang.apps.governance.patrol.selectors.visits import unrectified
from yiwang.apps.governance.patrol.services.cell_months import count_months
from yiwang.apps.governance.patrol.services.leads import appoint_lead, end_lead
from yiwang.apps.governance.patrol.services.misses import compare_all, judge
from yiwang.apps.governance.patrol.services.records import settle_record
from yiwang.apps.governance.patrol.services.reports import Report, receive
from yiwang.apps.governance.patrol.year import write_year
from yiwang.engines.cases.api import open_case
from yiwang.engines.cockpit.api import Question, answer, indicators, read_period
from yiwang.engines.datahub.api import refresh
from yiwang.engines.directory.api import ANONYMOUS, SYSTEM, User, actor_for, import_boundaries, locate
from yiwang.engines.trust.api import verify
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound

Case = apps.get_model("cases.Case")
pytestmark = pytest.mark.usefixtures("small_district", "db")
CELL = f"{HERE}0010001"
NOON = china(2021, 9, 28, 12)


@pytest.fixture
def worker():
    return actor_for(User.objects.get(username=f"{HERE}001-grid_worker"))


@pytest.fixture
def supervisor():
    return actor_for(User.objects.get(username=f"{HERE}-patrol_supervisor"))


@pytest.fixture
def place():
    return VisitedPlace.objects.create(
        kind="enterprise", risk="high", name="顺兴铝材厂", address="大道1号", longitude=112.9, latitude=23.0, cell=CELL,
        registered_on=date(2021, 1, 1), due_on=date(2021, 9, 28),
    )  # fmt: skip


OPEN = {
    "presence": "open", "exits_clear": True, "equipment_good": True, "wiring_good": True, "vehicles_indoors": False,
    "living_inside": False, "chemicals_stored": True, "machines_guarded": True, "surroundings_clean": True, "people": 12,
}  # fmt: skip
SERIOUS = {**OPEN, "exits_clear": False, "hazards": ["exit_blocked"], "severity": "serious", "rectify_by": "2021-09-30"}


def sent(place, form=OPEN, at=NOON, **more):
    facts = {"key": uuid4(), "kind": "visit", "taken_at": at, "sent_at": at, "longitude": 112.9, "latitude": 23.0}
    return Report(**{**facts, "accuracy": 12.0, "form": form, "place": place.pk, **more})


def test_the_seed_gives_every_cell_one_lead_and_ten_places():
    cells = {CELL, "4406051210010001"}
    assert set(CellLead.objects.values_list("cell", flat=True)) == cells
    for place in VisitedPlace.objects.all():
        assert locate(place.longitude, place.latitude) == place.cell
    assert VisitedPlace.objects.count() == 10 * len(cells)


def test_a_second_lead_is_refused_until_the_first_has_ended(worker, supervisor):
    with pytest.raises(LeadStands, match=worker.name):
        appoint_lead(supervisor, CELL, worker.user_id, date(2021, 9, 1))
    with pytest.raises(NotAllowed):
        appoint_lead(supervisor, "4406051210010001", worker.user_id, date(2021, 9, 1))
    end_lead(supervisor, CELL, date(2021, 9, 1))
    with pytest.raises(InvalidInput):
        appoint_lead(supervisor, CELL, supervisor.user_id, date(2021, 9, 1))
    with pytest.raises(LeadStands):
        appoint_lead(supervisor, CELL, worker.user_id, date(2021, 8, 31))
    appoint_lead(supervisor, CELL, worker.user_id, date(2021, 9, 1))
    assert CellLead.objects.filter(cell=CELL).count() == 2


def test_a_cell_that_overlaps_its_neighbour_is_refused_with_the_place_and_size():
    parts = {"0001": (112.8, 22.8, 112.95, 23.3), "0002": (112.94, 22.8, 113.05, 23.3)}
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"{HERE}001{key}", "name": f"{key}号网格"},
            "geometry": orjson.loads(shapely.to_geojson(shapely.box(*box))),
        }
        for key, box in parts.items()
    ]
    content = orjson.dumps({"type": "FeatureCollection", "features": features})
    with pytest.raises(InvalidInput) as refused:
        import_boundaries(SYSTEM, content, level="cell", coordinates="wgs84", source="测绘")
    assert any("重叠" in one["message"] and "㎡" in one["message"] for one in refused.value.errors)


def test_a_visit_is_recorded_in_three_systems_once_however_often_it_is_sent(worker, supervisor, place):
    report = sent(place)
    with frozen(NOON):
        first = receive(worker, report)
    with frozen(NOON + timedelta(hours=1)):
        again = receive(worker, replace(report, sent_at=NOON + timedelta(hours=1)))
    assert first["state"] == "accepted" and first["records"] == ["fire", "safety", "grid"]
    assert again == {**first, "is_repeated": True}
    assert Visit.objects.filter(place=place).count() == 1
    records = {row.system: row for row in PatrolRecord.objects.filter(visit_id=report.key)}
    assert set(records) == {"fire", "safety", "grid"} and records["safety"].content["staff_count"] == 12
    place.refresh_from_db()
    assert (place.due_on, place.people) == (date(2021, 10, 5), 12)
    for _ in range(2):
        settle_record(supervisor, report.key, "fire", "confirmed", "XF-1")
    with pytest.raises(InvalidInput):
        settle_record(supervisor, report.key, "fire", "sent", "XF-1")
    with pytest.raises(NotFound):
        settle_record(worker, report.key, "grid", "sent", "")
    after = dict(PatrolRecord.objects.filter(visit_id=report.key).values_list("system", "status"))
    assert after == {"fire": "confirmed", "safety": "ready", "grid": "ready"}
    with pytest.raises(KeyReused), frozen(NOON):
        receive(worker, replace(report, form={**OPEN, "people": 13}))
    assert Visit.objects.get(pk=report.key).form["people"] == 12


def test_a_serious_finding_opens_one_incident_and_a_wrong_form_keeps_nothing(worker, supervisor, place):
    report = sent(place, SERIOUS)
    with frozen(NOON):
        answer, again = receive(worker, report), receive(worker, report)
    case = Case.objects.get(number=answer["number"])
    assert again["number"] == answer["number"] and Case.objects.filter(title__contains=place.name).count() == 1
    assert "疏散通道堵塞" in case.data["description"] and case.area == CELL
    assert (case.data["source"], case.data["origin"]) == ("patrol", str(report.key))
    place.refresh_from_db()
    assert place.due_on == date(2021, 9, 30), "what must be put right is looked at again on its day"
    with frozen(NOON):
        assert [row.pk for row in unrectified(supervisor, HERE, "").rows] == [report.key]
    with frozen(NOON + timedelta(days=2)):
        receive(worker, sent(place, at=NOON + timedelta(days=2)))
        assert not unrectified(supervisor, HERE, "").rows
    wrong = sent(place, {**OPEN, "hazards": ["wiring"]})
    with pytest.raises(InvalidInput) as refused, frozen(NOON):
        receive(worker, wrong)
    assert [one["path"] for one in refused.value.errors] == ["severity", "rectify_by"]
    assert not Upload.objects.filter(key=wrong.key).exists()


def test_check_in_is_judged_by_place_hour_and_whether_it_was_there_before(worker, place):
    outside = sent(place, longitude=113.3, accuracy=20.0)
    night = sent(place, at=china(2021, 9, 28, 23))
    noon, again = sent(place), sent(place, at=NOON + timedelta(hours=3))
    evening = china(2021, 9, 28, 23, 30)
    with frozen(evening):
        states = [receive(worker, replace(one, sent_at=evening)) for one in (outside, night, noon, again)]
    assert [one["state"] for one in states] == ["refused", "refused", "accepted", "duplicate"]
    assert (
        "网格外" in states[0]["message"] and "7时至22时" in states[1]["message"] and worker.name in states[3]["message"]
    )
    assert PatrolRecord.objects.filter(visit__place=place).count() == 3
    assert [row.reason for row in Visit.objects.filter(status="refused").order_by("taken_at")] == ["outside", "hours"]


def test_a_report_of_three_days_ago_counts_for_its_own_day_and_a_wrong_clock_is_corrected(worker, place):
    with frozen(NOON + timedelta(days=3)):
        receive(worker, sent(place, sent_at=NOON + timedelta(days=3, hours=-2)))
    visit = Visit.objects.get(place=place)
    assert visit.is_late and visit.skew == 7200 and visit.taken_at == NOON + timedelta(hours=2)
    with pytest.raises(InvalidInput, match="30"), frozen(NOON + timedelta(days=40)):
        receive(worker, sent(place, sent_at=NOON + timedelta(days=40)))


def test_nobody_visits_where_they_have_no_post(place):
    elsewhere = actor_for(User.objects.get(username="440605121001-grid_worker"))
    for stranger in (elsewhere, ANONYMOUS):
        with pytest.raises(NotFound), frozen(NOON):
            receive(stranger, sent(place))


def test_history_tells_of_a_visit_changed_removed_or_slipped_in(worker, place):
    later = NOON + timedelta(days=2)
    reports = [replace(sent(place, at=NOON + timedelta(hours=22 * number)), sent_at=later) for number in range(3)]
    with frozen(later):
        for report in reports:
            receive(worker, report)
    assert ledger.faults_in(CELL[:12]) == []
    assert verify().fault is None
    Visit.objects.filter(pk=reports[0].key).update(finding="ordinary")
    Visit.objects.filter(pk=reports[2].key).delete()
    faults = ledger.faults_in(CELL[:12])
    assert faults == [f"{reports[0].key} 与账本不符", f"{reports[2].key} 已被删除"]


def test_a_citizens_report_after_a_clean_visit_is_a_possible_miss(worker, supervisor, place):
    told = {
        "category": "waste",
        "description": "路边垃圾",
        "place": {"longitude": 112.9, "latitude": 23.0, "address": "大道"},
    }
    with frozen(NOON):
        receive(worker, sent(place))
    with frozen(NOON + timedelta(hours=5)):
        case = open_case(ANONYMOUS, "city_incident.incident", told)
        receive(worker, sent(place, SERIOUS, at=NOON + timedelta(hours=5)))
    with frozen(NOON + timedelta(days=3)):
        open_case(ANONYMOUS, "city_incident.incident", told)
    (miss,) = PossibleMiss.objects.all()
    refresh()
    assert compare_all() == 0, "the facts say the same as the listener"
    PossibleMiss.objects.all().delete()
    assert compare_all() == 1
    (miss,) = PossibleMiss.objects.all()
    assert (miss.case_id, miss.visit.place_id) == (case.id, place.pk)
    judge(supervisor, miss.id, "confirmed", "现场可见")
    miss.refresh_from_db()
    assert (miss.status, miss.judged_by) == ("confirmed", supervisor.name)


def test_a_year_is_written_with_everything_in_it_and_coverage_reconciles(supervisor):
    begin, end = china(2021, 1, 1), china(2022, 1, 1)
    written = list(write_year("440605", begin, end, 0.001))[-1]
    assert written == pytest.approx(530, rel=0.15)
    assert list(write_year("440605", begin, end, 0.001)) == []
    done = Visit.objects.filter(status="done")
    assert done.exclude(finding="").count() / done.count() == pytest.approx(130 / 530, abs=0.06)
    assert Visit.objects.filter(is_late=True).exists() and Visit.objects.filter(status="refused").exists()
    assert PatrolRecord.objects.filter(visit__in=done).count() >= done.count()
    for village in {cell[:12] for cell in Visit.objects.values_list("cell", flat=True)}:
        assert ledger.faults_in(village) == []
    assert verify().fault is None
    period = Period(date(2021, 6, 1), date(2021, 7, 1))
    (town,), (village,), (cell,) = (coverage(supervisor, code, period) for code in ("440605", HERE, f"{HERE}001"))
    assert (town.code, village.code, cell.code) == (HERE, f"{HERE}001", CELL)
    assert replace(town, code="") == replace(village, code="") == replace(cell, code="")
    june = Visit.objects.filter(cell=CELL, taken_at__gte=china(2021, 6, 1), taken_at__lt=china(2021, 7, 1))
    assert months()[CELL, date(2021, 6, 1)].date() >= date(2021, 5, 31) and len(months()) == 2 * 12
    with frozen(china(2022, 1, 1, 12)):
        assert count_months() == 2, "the new month; the old ones are counted"
        CellMonth.objects.filter(month=date(2021, 3, 1)).delete()
        CellMonth.objects.filter(month=date(2021, 5, 1), cell=CELL).delete()
        assert count_months() == 2, "a month nobody counted; May was, and gets no more cells"
    assert cell.visits == june.filter(status="done").count() > 0
    visited = set(june.filter(status="done").values_list("place_id", flat=True))
    assert 0 < cell.covered <= len(visited) and cell.missed == cell.due - cell.covered


def months():
    return {(row.cell, row.month): row.visited_at for row in CellMonth.objects.all()}


def test_every_cell_has_a_row_for_each_month_visited_or_not(worker, place):
    other = "4406051210010001"
    with frozen(NOON):
        receive(worker, sent(place))
        assert months() == {(CELL, date(2021, 9, 1)): NOON}, "at once"
        CellMonth.objects.all().delete()
        assert count_months() == 4 and count_months() == 0, "August, because a phone may still tell of it, and September"
    september, august = date(2021, 9, 1), date(2021, 8, 1)
    assert months() == {(CELL, september): NOON, (CELL, august): None, (other, september): None, (other, august): None}
    with frozen(NOON + timedelta(days=1)):
        receive(worker, sent(place, at=NOON - timedelta(days=20), sent_at=NOON + timedelta(days=1)))
        assert months()[CELL, september] == NOON - timedelta(days=20), "a late report of an earlier visit"
        receive(worker, sent(place, at=NOON + timedelta(days=1), longitude=113.1))
        first = china(2021, 9, 1, 9)
        receive(worker, sent(place, at=first, sent_at=NOON + timedelta(days=1)))
        assert count_months() == 0 and months()[CELL, september] == first, "a month begins at midnight in China"
    assert months()[other, september] is None, "a visit that is refused covers nothing"
    refresh()
    keys = [key for key in indicators() if key.endswith(".covered_area_rate")]
    for name, expected in (("2021-08-01", (0, 2, Decimal("0.00"))), ("2021-09-01", (1, 2, Decimal("50.00")))):
        period = read_period(f"month:{name}")
        found = answer(SYSTEM, Question(tuple(keys), (period,))).figure(*keys)
        assert (found.numerator, found.denominator, found.value) == expected
    client = Client()
    client.force_login(User.objects.get(username="440605-assessor"))
    page = client.get("/governance/performance/indicators/covered_area_rate/facts/?period=month:2021-09-01")
    shown = page.content.decode()
    assert "大沥镇 大沥镇第一社区 1号网格" in shown and "2021-09-01" in shown
    assert not any(str(one.id) in shown for one in CellMonth.objects.all()), "nobody reads a row's own id"


def photo():
    content = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(content, "JPEG")
    return SimpleUploadedFile("a.jpg", content.getvalue(), "image/jpeg")


def test_the_door_for_programs_and_the_pages(place, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username=f"{HERE}001-grid_worker"))
    plan = client.get("/api/patrol/plan").json()
    assert str(place.pk) in {one["id"] for one in plan["places"]} and plan["cells"][0]["code"] == CELL
    headers = {"X-CSRFToken": plan["token"]}
    uploaded = client.post("/api/attachments", {"file": photo()}, headers=headers).json()["id"]
    body = {
        "key": str(uuid4()), "kind": "visit", "place": str(place.pk), "taken_at": NOON.isoformat(), "sent_at": NOON.isoformat(),
        "longitude": 112.9, "latitude": 23.0, "accuracy": 9, "form": {**OPEN, "photos": [uploaded]},
    }  # fmt: skip
    with frozen(NOON):
        refused = client.post("/api/patrol/reports", body, "application/json")
        answers = [client.post("/api/patrol/reports", body, "application/json", headers=headers) for _ in range(2)]
        other = client.post("/api/patrol/reports", {**body, "longitude": 112.91}, "application/json", headers=headers)
    assert refused.status_code == 401
    assert [(one.status_code, one.json()["state"], one.json()["is_repeated"]) for one in answers] == [
        (200, "accepted", False), (200, "accepted", True),
    ]  # fmt: skip
    assert (other.status_code, other.json()["code"]) == (409, "KEY_REUSED")
    supervisor = Client()
    supervisor.force_login(User.objects.get(username=f"{HERE}-patrol_supervisor"))
    assert supervisor.get(f"/forms/attachments/{uploaded}").status_code == 200
    for address, words in (
        (f"/governance/patrol/visits/{body['key']}/", "市消防四化平台"), (f"/governance/patrol/cells/{CELL}/", place.name),
        (f"/governance/patrol/villages/{CELL[:12]}/", "无重叠、无空白"), ("/governance/patrol/records/?system=safety", place.name),
        (f"/governance/patrol/?division={HERE}&period=quarter", "第一社区"), ("/governance/patrol/odd/", "漏巡"),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            answer = supervisor.get(address)
        assert words in answer.content.decode(), address
        assert len(queries) <= 16, (address, len(queries))


def test_a_cell_is_led_until_the_day_the_lead_ends(worker, supervisor):
    with frozen(NOON):
        end_lead(supervisor, CELL, date(2021, 10, 1))
        assert led_cells(worker) == [CELL]
    with frozen(china(2021, 10, 1, 8)):
        assert led_cells(worker) == []


@pytest.mark.parametrize(
    ("kind", "moment"),
    [("overdue", "2021-09-28T10:00:00"), ("refused", "2021-09-28T10:00:00"), ("miss", "2021-09-28"), ("overdue", "x")],
)
def test_a_page_key_written_by_hand_is_not_found(kind, moment):
    client = Client()
    client.force_login(User.objects.get(username=f"{HERE}-patrol_supervisor"))
    address = "/governance/patrol/odd/"
    assert client.get(address, {"kind": kind, "after": f"{moment}_{uuid4()}"}).status_code == 404
