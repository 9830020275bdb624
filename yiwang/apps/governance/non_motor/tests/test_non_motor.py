"""Electric bicycles: repeats over plates and owners, steps taken once, alarms, lists, hot spots by hand."""

from __future__ import annotations

import io
from datetime import date, timedelta
from math import pi

import numpy as np
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.apps.governance.non_motor.density import BANDWIDTH, compared, ground_of, kernels
from yiwang.apps.governance.non_motor.models import Accident, Alarm, Measure, Ownership, Violation
from yiwang.apps.governance.non_motor.scenario import MIX
from yiwang.apps.governance.non_motor.selectors.reading import hot_spots
from yiwang.apps.governance.non_motor.services.alarms import alarmed
from yiwang.apps.governance.non_motor.services.importing import NotAList, import_list
from yiwang.apps.governance.non_motor.services.violations import Seen, climb, plain_plate, record, told_owner
from yiwang.engines.cases.api import act
from yiwang.engines.directory.api import User, actor_for
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed

Case, Party = apps.get_model("cases.Case"), apps.get_model("directory.Party")
NOON = china(2021, 10, 12, 12)
CHEN, LI = ("陈志强", "11010519491231002X"), ("李丽华", "440524188001010014")


@pytest.fixture
def officer(small_district, db):
    Violation.objects.all().delete()
    with frozen(NOON):
        yield actor_for(User.objects.get(username=f"{HERE}-bicycle_officer"))


def seen(plate, day=0, **more):
    facts = {"kind": "red_light", "source": "police", "at": NOON - timedelta(days=day), "longitude": 112.9}
    return Seen(plate=plate, **{**facts, "latitude": 23.0, **more})


def steps():
    return list(Measure.objects.order_by("at").values_list("step", "nth"))


def test_shares_and_plates():
    assert sum(MIX.values()) == 100
    assert plain_plate(" 粤e·12345 ") == "粤E12345"
    with pytest.raises(InvalidInput):
        plain_plate("12")


def test_two_plates_of_one_owner_count_together_and_each_step_comes_once(officer):
    told_owner(officer, "粤E11111", *CHEN, date(2021, 1, 1), HERE)
    told_owner(officer, "粤E22222", *CHEN, date(2021, 1, 1), HERE)
    for plate, day in (("粤E11111", 40), ("粤E22222", 30), ("粤E11111", 20), ("粤E22222", 10), ("粤E11111", 1)):
        record(officer, seen(plate, day))
    assert steps() == [("remind", 1), ("interview", 2), ("penalty", 3), ("transfer", 5)]
    assert Violation.objects.values("offender").distinct().count() == 1
    assert climb(Violation.objects.order_by("-at").first()) is None, "a step taken is not taken again"
    case = Case.objects.get(pk=Measure.objects.get(step="interview").case_id)
    assert case.data["place"]["division"].startswith(HERE) and CHEN[0] not in str(case.data) + case.title
    assert CHEN[1] not in str(list(Party.objects.values_list("id_number_masked", "name")))


def test_a_sold_bicycle_leaves_its_past_with_the_seller(officer):
    record(officer, seen("粤E33333", 60, owner_name=CHEN[0], owner_number=CHEN[1]))
    told_owner(officer, "粤E33333", *LI, date(2021, 9, 1), HERE)
    bought, earlier = record(officer, seen("粤E33333", 10)), record(officer, seen("粤E33333", 55))
    assert (bought.name_masked, earlier.name_masked) == ("李**", "陈**")
    assert sorted(steps()) == [("interview", 2), ("remind", 1), ("remind", 1)]
    old = record(officer, seen("粤E44444", 400))
    assert record(officer, seen("粤E44444", 1)).offender == old.offender == "p:粤E44444"
    assert Measure.objects.filter(offender="p:粤E44444").count() == 2, "a year later the ladder begins again"
    assert set(Measure.objects.filter(offender="p:粤E44444").values_list("step", flat=True)) == {"remind"}


def test_a_measure_goes_its_way_and_others_may_not_record_here(officer):
    record(officer, seen("粤E55555", 2, reference="A1"))
    assert record(officer, seen("粤E55555", 2, reference="A1")).measure.step == "remind"
    record(officer, seen("粤E55555", 1))
    measure = Measure.objects.get(step="interview")
    for node, data in (
        ("notify", {"way": "phone", "is_reached": True}), ("interview", {"has_come": True, "said": "承诺改正"}),
    ):  # fmt: skip
        token = apps.get_model("cases.Token").objects.get(case_id=measure.case_id, status="open")
        assert token.node == node
        case = act(officer, measure.case_id, "complete", token=token.no, arguments={"data": data})
    assert (case.state.status, case.state.outcome) == ("closed", "interviewed")
    with pytest.raises(NotAllowed):
        record(actor_for(User.objects.get(username=f"{ELSEWHERE}-bicycle_officer")), seen("粤E55555"))
    with pytest.raises(InvalidInput, match="将来"):
        record(officer, seen("粤E55555", -1))


def test_an_alarm_is_one_incident_however_often_it_is_sent(officer):
    chief = actor_for(User.objects.get(username=f"{DISTRICT}-bicycle_chief"))
    first, is_new = alarmed(chief, "lift-7:1001", "lift", NOON, 112.9, 23.0, "绿景小区3栋")
    again, is_second = alarmed(chief, "lift-7:1001", "lift", NOON, 112.9, 23.0, "绿景小区3栋")
    assert (is_new, is_second) == (True, False) and again.case_id == first.case_id
    case = Case.objects.get(pk=first.case_id)
    assert (case.type, case.data["class_code"], case.data["source"]) == ("city_incident.incident", "E0601", "sensor")
    blocked, _ = alarmed(chief, "lift-7:1002", "passage", NOON, 112.9, 23.0, "绿景小区3栋")
    assert Case.objects.get(pk=blocked.case_id).data["class_code"] == "E0602"
    with pytest.raises(NotAllowed):
        alarmed(officer, "x", "lift", NOON, 112.9, 23.0, "绿景小区3栋")
    assert Alarm.objects.count() == Case.objects.filter(type="city_incident.incident").count() == 2


VIOLATIONS = ("文书编号", "车牌", "违法行为", "违法时间", "经度", "纬度", "地点", "车主", "身份证号")
ACCIDENTS = ("事故编号", "事故时间", "经度", "纬度", "伤亡情况", "受伤人数")


def _book(rows, headings=VIOLATIONS):
    book, content = Workbook(), io.BytesIO()
    book.active.append(["某大队名单"])
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_list_is_kept_row_by_row_and_once(officer):
    good = ["W1", "粤E66666", "逆行", "2021-10-01 08:30", 112.9, 23.0, "狮山大道", *CHEN]
    rows = [
        good, ["W2", "粤E66666", "飞车", "2021-10-01 08:30", 112.9, 23.0], ["W3", "粤E66666", "逆行", "昨天", 112.9, 23.0],
        ["W4", "粤E66666", "逆行", "2021/10/02 09:00", 113.15, 23.0], ["W5", "", "逆行", "2021-10-01 08:30", 112.9, 23.0],
    ]  # fmt: skip
    report = import_list(officer, _book(rows))
    assert (report.kept, report.known) == (1, 0)
    assert [(number, why[:4]) for number, _, why in report.left_out] == [
        (4, "不认识的"), (5, "读不懂时"), (6, "您没有办"), (7, "缺少车牌"),
    ]  # fmt: skip
    assert (import_list(officer, _book(rows)).kept, import_list(officer, _book(rows)).known) == (0, 1)
    assert Violation.objects.get().name_masked == "陈**"
    with pytest.raises(NotAList):
        import_list(officer, "甲,乙\n1,2\n".encode("gb18030"))
    with pytest.raises(NotAList):
        import_list(officer, b"plate," + b"x" * 200_000)


def test_a_row_that_is_odd_hinders_no_other(officer):
    odd = ["W1", "粤E66666", "逆行", "2021-10-02 08:30", NOON.replace(tzinfo=None), 23.0]
    report = import_list(officer, _book([odd, ["W2", "粤E66666", "逆行", "2021-10-02 08:30", 112.9, 23.0]]))
    assert report.kept == 1 and [why for *_, why in report.left_out] == ["经纬度不是数。"]


def test_a_list_may_tell_the_newest_first(officer):
    rows = [
        [f"W{day}", "粤E66666", "逆行", f"2021-10-{day:02d} 08:30", 112.9, 23.0, "狮山大道", *CHEN] for day in (9, 5, 2)
    ]
    report = import_list(officer, _book(rows))
    assert (report.kept, report.left_out) == (3, [])
    assert Ownership.objects.get().from_on == date(2021, 10, 2)
    assert Violation.objects.values("offender").distinct().count() == 1
    with pytest.raises(Conflict):
        told_owner(officer, "粤E66666", *LI, date(2021, 10, 1), HERE)


def test_a_list_of_accidents_is_kept_once_each_for_the_hot_spots(officer):
    Accident.objects.all().delete()
    rows = [
        ["S1", "2021-10-01 08:30", 112.9, 23.0, "有人受伤", 2], ["S2", "2021-10-01 08:30", 112.9, 23.0, "很重"],
        ["S3", "2021-10-01 08:30", 113.15, 23.0, "轻微"], ["", "2021-10-01 08:30", 112.9, 23.0, "轻微"],
        ["S4", "2021-10-01 08:30", 112.9, 23.0, "轻微", "很多"],
    ]  # fmt: skip
    report = import_list(officer, _book(rows, ACCIDENTS))
    assert [(number, name, why[:4]) for number, name, why in report.left_out] == [
        (4, "S2", "不认识的"), (5, "S3", "您没有办"), (6, "", "缺少事故"), (7, "S4", "受伤人数"),
    ]  # fmt: skip
    kept = Accident.objects.get()
    assert (kept.reference, kept.severity, kept.hurt, kept.division) == ("S1", "injury", 2, f"{HERE}0010001")
    again = import_list(officer, _book(rows[:1], ACCIDENTS))
    assert (report.kept, again.kept, again.known) == (1, 0, 1)
    change, before, after, _ = hot_spots(officer, "accident", date(2021, 10, 1), 30)
    assert (before, after) == (0, 1) and change.after.max() > 0
    recorder = actor_for(User.objects.get(username=f"{HERE}-bicycle_recorder"))
    with pytest.raises(NotAllowed):
        import_list(recorder, _book(rows, ACCIDENTS))


def test_the_density_is_a_gaussian_of_the_right_mass():
    points = np.array([[113.0, 23.0], [113.02, 23.01]])
    ground = ground_of(points, margin=4 * BANDWIDTH)
    one = kernels(points, ground)
    peak = 1e6 / (2 * pi * BANDWIDTH**2)
    assert 0.8 * peak < one[0].max() <= peak
    shrink = np.cos(np.radians(23.005))
    square_kilometres = ground.width * 111.32 * shrink * ground.height * 111.32
    assert one[0].sum() * square_kilometres == pytest.approx(1, abs=0.02), "one event adds one"
    row, column = np.unravel_index(one[0].argmax(), one[0].shape)
    assert (ground.x[column], ground.y[row]) == pytest.approx((113.0, 23.0), abs=0.002)


def test_a_real_change_is_told_from_chance_and_days_are_evened_out():
    rng = np.random.default_rng(3)

    def cloud(x, count):
        return [tuple(one) for one in rng.normal((x, 23.0), 0.001, (count, 2))]

    moved = compared(cloud(113.0, 40), cloud(113.05, 40), (90, 90))
    same = compared(cloud(113.0, 40), cloud(113.0, 40), (90, 90))
    assert moved.chance <= 0.01 < 0.1 < same.chance
    _, column = np.unravel_index(moved.difference.argmax(), moved.difference.shape)
    assert moved.ground.x[column] == pytest.approx(113.05, abs=0.005)
    halved = compared(cloud(113.0, 40), cloud(113.0, 20), (90, 45))
    assert float(halved.after.max()) == pytest.approx(float(halved.before.max()), rel=0.35)
    assert compared([], [], (30, 30)) is None and compared(cloud(113.0, 3), [], (30, 30)).chance == 1


def test_the_pages_are_for_its_people_and_record_on_a_phone(officer):
    client = Client()
    client.force_login(User.objects.get(username=f"{HERE}-bicycle_officer"))
    place = {"place-longitude": "112.9", "place-latitude": "23.0", "place-address": "狮山大道"}
    sent = {"plate": "粤E77777", "kind": "no_helmet", "source": "grid", "at": "2021-10-12T11:00", **place}
    answer = client.post("/governance/non_motor/record/", sent)
    assert answer.status_code == 302
    page = client.get("/governance/non_motor/").content.decode()
    assert "粤E77777" in page and "不戴头盔" in page and Measure.objects.get().number in page
    assert "粤E77777" in client.get(answer["Location"]).content.decode()
    Accident.objects.all().delete()
    Accident.objects.create(
        reference="s1",
        at=NOON - timedelta(days=3),
        longitude=112.9,
        latitude=23.0,
        division=f"{HERE}001",
        severity="slight",
    )
    shown = client.get("/governance/non_motor/hot-spots/?turn=2021-10-01&days=30").content.decode()
    assert "一边没有事件，不能比较" in shown, "one accident after the day, none before"
    assert client.get("/governance/non_motor/hot-spots/?turn=0001-01-01").status_code == 422
    client.force_login(User.objects.get(username=f"{ELSEWHERE}-bicycle_officer"))
    sent |= {"plate": "粤E77778", "place-address": "未写完的地址"}
    refused = client.post("/governance/non_motor/record/", sent)
    assert refused.status_code == 403 and "未写完的地址" in refused.content.decode(), "what was filled in stays"
    assert "粤E77777" not in client.get("/governance/non_motor/").content.decode()
    assert client.get(answer["Location"]).status_code == 404
    client.force_login(User.objects.get(username=f"{HERE}-handler-water"))
    assert client.get("/governance/non_motor/").status_code == 403


def test_an_offender_of_two_towns_is_opened_by_what_each_sees_and_asks_little_of_the_database(officer):
    other = actor_for(User.objects.get(username=f"{ELSEWHERE}-bicycle_officer"))
    for day in (50, 40, 30):
        record(officer, seen("粤E88888", day))
    record(other, seen("粤E88888", 1, longitude=113.15))
    client = Client()
    client.force_login(User.objects.get(username=f"{HERE}-bicycle_officer"))
    page = client.get("/governance/non_motor/offenders/").content.decode()
    newest = Violation.objects.filter(division__startswith=HERE).order_by("-at").first()
    address = f"/governance/non_motor/violations/{newest.pk}/offender/"
    assert address in page, "not by the newer one in the other town"
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(address).content.decode()
    assert "处罚" in shown and sum("non_motor_measure" in one["sql"] for one in queries) == 1
