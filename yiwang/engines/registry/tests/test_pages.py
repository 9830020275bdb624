"""The pages of the registry: who gets in, what stands there, what a form does, how often the database is asked."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.engines.directory.api import SYSTEM, record_party, today
from yiwang.engines.directory.models import CalendarDay, Division, Organisation, Posting, User
from yiwang.engines.trust.models import JournalEntry

pytestmark = [pytest.mark.usefixtures("small_district"), pytest.mark.django_db]
NUMBER = "11010519491231002X"


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def district() -> Client:
    return client_of(f"{DISTRICT}-administrator")


@pytest.fixture
def town() -> Client:
    return client_of(f"{HERE}-town_administrator")


def office(division: str, kind: str = "government") -> Organisation:
    return Organisation.objects.get(division_id=division, kind=kind, parent=None)


def text(answer: Any) -> str:
    return str(answer.content.decode())


LISTS = ["organisations", "staff", "divisions", "calendar", "parties", "calendar_explain"]


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_led_to_the_log_in(name: str) -> None:
    answer = Client().get(reverse(f"directory:{name}"))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("access:log_in"))


@pytest.mark.parametrize("name", LISTS)
def test_each_page_shows_itself_to_the_administrator(district: Client, name: str) -> None:
    answer = district.get(reverse(f"directory:{name}"))
    assert answer.status_code == 200
    assert "<h1>" in text(answer) and "通讯录与日历" in text(answer)


@pytest.mark.parametrize("name", ["organisations", "staff", "parties", "organisation_new", "member_new", "party_new"])
def test_another_role_gets_in_nowhere_it_has_no_business(name: str) -> None:
    answer = client_of(f"{HERE}-dispatcher").get(reverse(f"directory:{name}"))
    assert answer.status_code == 403
    assert "没有办理此操作的权限" in text(answer)


def test_other_roles_read_divisions_and_calendar_without_buttons() -> None:
    clerk = client_of(f"{HERE}-dispatcher")
    for name in ("divisions", "calendar"):
        page = text(clerk.get(reverse(f"directory:{name}")))
        assert "导入" not in page and "/organisations/" not in page


@pytest.mark.parametrize("name", ["organisations", "staff"])
def test_a_list_costs_at_most_six_statements(district: Client, town: Client, name: str) -> None:
    for client in (district, town):
        client.get(reverse(f"directory:{name}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"directory:{name}"))
        asked = [query["sql"][:80] for query in queries if "directory_revision" not in query["sql"]]
        assert len(asked) <= 6, asked


@pytest.mark.parametrize("name", ["divisions", "calendar"])
def test_the_other_lists_too(district: Client, name: str) -> None:
    district.get(reverse(f"directory:{name}"))
    with CaptureQueriesContext(connection) as queries:
        district.get(reverse(f"directory:{name}"))
    asked = [query["sql"][:80] for query in queries if "directory_revision" not in query["sql"]]
    assert len(asked) <= 6, asked  # Caches ask once a second whether they are still right, whoever comes.


def test_a_town_administrator_never_meets_the_other_town(town: Client) -> None:
    other = User.objects.get(username=f"{ELSEWHERE}-town_administrator")
    pages = [text(town.get(reverse(f"directory:{name}"))) for name in ("organisations", "staff")]
    for page in pages:
        assert "狮山镇" in page and "大沥镇" not in page and other.username not in page
    assert town.get(reverse("directory:member", args=[other.pk])).status_code == 404
    assert town.get(reverse("directory:organisation", args=[office(ELSEWHERE).pk])).status_code == 404
    posting = Posting.objects.filter(user=other).first()
    assert posting is not None
    for name, number in (("posting_end", posting.pk), ("member_password", other.pk), ("member_state", other.pk)):
        answer = town.post(reverse(f"directory:{name}", args=[number]), {"reason": "试试", "on": str(today())})
        assert answer.status_code == 404
    other.refresh_from_db()
    assert other.is_active and not other.handed_out_password


def test_pages_follow_by_key(district: Client) -> None:
    rows = Organisation.objects.count()
    assert rows <= 50
    Organisation.objects.bulk_create(Organisation(name=f"站{number}", division_id=HERE) for number in range(60))
    first = text(district.get(reverse("directory:organisations")))
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(district.get(reverse("directory:organisations") + after))
    assert first.count("<tr") + second.count("<tr") >= 60 + rows
    assert not {name for name in (f"站{n}<" for n in range(60)) if name in first and name in second}


def test_words_of_a_list_are_not_those_of_the_search_above_it(town: Client) -> None:
    page = town.get("/directory/organisations/", {"q": "水务"}).content.decode()
    assert page.count('value="水务"') == 1, "in the bar of the list, and not in the search for cases"


def test_a_search_finds_by_part_of_the_name(town: Client) -> None:
    page = text(town.get(reverse("directory:organisations"), {"q": "水务"}))
    assert "狮山镇水务所" in page and "城管办" not in page
    assert "没有记录" in text(town.get(reverse("directory:organisations"), {"q": "%"}))


def test_an_organisation_is_made_and_renamed_by_forms(town: Client) -> None:
    answer = town.post(reverse("directory:organisation_new"), {"name": " ", "division": HERE})
    assert answer.status_code == 422
    assert 'href="#name"' in text(answer) and "请填写名称" in text(answer)
    answer = town.post(reverse("directory:organisation_new"), {"name": "环卫站", "division": ELSEWHERE})
    assert answer.status_code == 422 and not Organisation.objects.filter(name="环卫站").exists()
    answer = town.post(reverse("directory:organisation_new"), {"name": "环卫站", "division": HERE}, follow=True)
    assert "已新增机构“环卫站”" in text(answer)
    row = Organisation.objects.get(name="环卫站")
    town.post(reverse("directory:organisation_rename", args=[row.pk]), {"name": "环境卫生站"})
    row.refresh_from_db()
    assert row.name == "环境卫生站"
    answer = town.post(reverse("directory:department_new", args=[row.pk]), {"name": "一组"}, follow=True)
    assert Organisation.objects.get(name="一组").parent_id == row.pk


def test_what_is_in_use_stays_with_a_sentence(town: Client) -> None:
    answer = town.post(reverse("directory:organisation_state", args=[office(HERE).pk]), {"reason": "撤并"})
    assert answer.status_code == 409
    assert "人在任" in text(answer) and 'href="#act"' in text(answer)


def test_a_new_account_is_shown_its_password_once(town: Client) -> None:
    given = {
        "name": "陈晓敏", "username": "chen.xiaomin", "role": "directory.town_administrator", "division": HERE,
        "organisation": str(office(HERE, "water").pk), "from_on": today().isoformat(),
    }  # fmt: skip
    answer = town.post(reverse("directory:member_new"), given)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    password = text(answer).split("<code>")[1].split("</code>")[0]
    user = User.objects.get(username="chen.xiaomin")
    assert user.check_password(password)
    page = text(town.get(reverse("directory:member", args=[user.pk])))
    assert password not in page and "尚未更换发放的密码" in page
    first = Client()
    first.force_login(user)
    assert first.get(reverse("directory:staff"))["Location"] == reverse("access:password")


def test_every_missing_answer_is_named_at_once(town: Client) -> None:
    answer = town.post(reverse("directory:member_new"), {"from_on": "2026-13-01"})
    for field in ("name", "username", "role", "organisation", "division", "from_on"):
        assert f'href="#{field}"' in text(answer)


def test_a_deputy_is_arranged_and_the_post_ended(town: Client) -> None:
    holder = User.objects.get(username=f"{HERE}-dispatcher")
    deputy = User.objects.get(username=f"{HERE}-acceptor")
    posting = Posting.objects.get(user=holder)
    address = reverse("directory:posting_deputise", args=[posting.pk])
    assert holder.name in text(town.get(address))
    values = {"deputy": str(deputy.pk), "from_on": str(today()), "to_on": str(today()), "reason": "出差"}
    assert "结束日期应晚于开始日期" in text(town.post(address, values))
    answer = town.post(address, values | {"to_on": date(today().year + 1, 1, 1).isoformat()}, follow=True)
    assert "已安排代理" in text(answer)
    assert f"代{holder.name}" in text(town.get(reverse("directory:member", args=[deputy.pk])))
    answer = town.post(reverse("directory:posting_end", args=[posting.pk]), {"on": str(today()), "reason": "调离"})
    assert answer.status_code == 302
    posting.refresh_from_db()
    assert posting.to_on == today()


def test_the_year_shows_holidays_and_says_when_it_is_not_published(district: Client) -> None:
    page = text(district.get(reverse("directory:calendar"), {"year": "2026"}))
    assert page.count('class="month"') == 12 and "已公布" in page and "国庆节" in page
    page = text(district.get(reverse("directory:calendar"), {"year": "2031"}))
    assert "2031年的节假日安排尚未公布" in page and "day-provisional" in page
    assert district.get(reverse("directory:calendar"), {"year": "x"}).status_code == 200


def test_a_day_is_changed_with_its_source(district: Client) -> None:
    address = reverse("directory:calendar_day", args=["2026-08-03"])
    assert "请填写依据" in text(district.post(address, {"manner": "off", "name": "台风停工"}))
    district.post(address, {"manner": "off", "name": "台风停工", "source": "区三防〔2026〕8号"})
    day = CalendarDay.objects.get(calendar_id="default", on="2026-08-03")
    assert (day.is_working, day.source) == (False, "区三防〔2026〕8号")
    district.post(address, {"manner": "plain"})
    assert not CalendarDay.objects.filter(calendar_id="default", on="2026-08-03").exists()
    assert district.get(reverse("directory:calendar_day", args=["2026-02-30"])).status_code == 404


def test_a_notice_is_imported_from_a_file(district: Client, town: Client) -> None:
    content = "date,name,is_off_day\n2027-01-01,元旦,1\n2027-01-03,元旦,0\n".encode()
    address = reverse("directory:calendar_notice")
    assert town.post(address).status_code == 403
    assert "请选择文件" in text(district.post(address, {"source": "国办"}))
    sent = {"content": SimpleUploadedFile("2027.csv", content), "source": "国办发明电〔2026〕1号"}
    assert "已导入2027年" in text(district.post(address, sent, follow=True))


def test_a_deadline_is_explained(district: Client) -> None:
    asked = {"start": "2021-09-30T10:00", "amount": "2", "unit": "working_day"}
    page = text(district.get(reverse("directory:calendar_explain"), asked))
    assert "2021-10-09 10:00:00" in page and "46,800" in page and "国庆节放假" in page
    answer = district.get(reverse("directory:calendar_explain"), asked | {"amount": "two"})
    assert answer.status_code == 422 and 'href="#amount"' in text(answer)
    answer = district.get(reverse("directory:calendar_explain"), asked | {"start": "soon"})
    assert 'href="#start"' in text(answer)


def test_divisions_show_parts_map_and_mark(district: Client) -> None:
    page = text(district.get(reverse("directory:divisions")))
    assert "狮山镇" in page and "示意" in page and "440605000000" in page and "data-map" in page
    outlines = json.loads(district.get(reverse("directory:division_outlines", args=[DISTRICT])).content)
    assert {one["properties"]["code"] for one in outlines["features"]} == {HERE, ELSEWHERE}
    assert district.get(reverse("directory:division", args=["999999"])).status_code == 404


def test_a_renamed_village_is_found_by_its_old_name(district: Client) -> None:
    code = f"{HERE}001"
    address = reverse("directory:division_rename", args=[code])
    district.post(address, {"name": "新城社区", "on": "2026-01-01", "reason": "粤民函〔2026〕1号"})
    page = text(district.get(reverse("directory:divisions"), {"q": "狮山镇第一"}))
    assert "新城社区" in page and "曾用名“狮山镇第一社区”" in page
    assert "曾用名" in text(district.get(reverse("directory:division", args=[code])))


def boundaries(*boxes: tuple[str, tuple[float, float, float, float]]) -> SimpleUploadedFile:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": json.loads(shapely.to_geojson(shapely.box(*box)))}
        for code, box in boxes
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return SimpleUploadedFile("towns.geojson", content)


def test_boundaries_are_tried_then_imported(district: Client, town: Client) -> None:
    address = reverse("directory:boundaries")
    assert town.get(address).status_code == 403
    halves = ((HERE, (112.8, 22.8, 113.0, 23.3)), (ELSEWHERE, (113.0, 22.8, 113.3, 23.3)))
    how = {"coordinates": "wgs84", "level": "", "source": "2026年测绘"}
    answer = district.post(address, {**how, "manner": "try", "content": boundaries(*halves)})
    assert answer.status_code == 200 and "没有发现问题" in text(answer)
    assert Division.objects.get(pk=HERE).is_schematic
    answer = district.post(address, {**how, "manner": "try", "content": boundaries(halves[0])})
    assert answer.status_code == 422 and "内缺少" in text(answer)
    answer = district.post(address, {**how, "manner": "import", "content": boundaries(*halves)}, follow=True)
    assert "已导入2个界线" in text(answer) and "已勘界" in text(answer)
    assert not Division.objects.get(pk=HERE).is_schematic
    answer = district.post(address, {**how, "manner": "import", "content": boundaries(halves[0])})
    assert answer.status_code == 422 and "内缺少" in text(answer)


def test_a_party_is_found_masked_and_revealed_for_a_reason(town: Client) -> None:
    row = record_party(SYSTEM, kind="person", name="甄独特", id_number=NUMBER, phone="13800138000", division=HERE)
    answer = town.post(reverse("directory:parties"), {"q": NUMBER})
    assert "甄独特" in text(answer) and "1101**********002X" in text(answer)
    assert "没有查到" in text(town.post(reverse("directory:parties"), {"q": "甄独"}))
    page = text(town.get(reverse("directory:party", args=[row.pk])))
    assert NUMBER not in page
    address = reverse("directory:party_reveal", args=[row.pk])
    answer = town.post(address, {"field": "id_number", "reason": "看"})
    assert answer.status_code == 422 and NUMBER not in text(answer)
    answer = town.post(address, {"field": "id_number", "reason": "办理居住证核对身份"})
    assert NUMBER in text(answer) and answer.headers["Cache-Control"] == "no-store"
    other = client_of(f"{ELSEWHERE}-town_administrator")
    assert other.post(address, {"field": "id_number", "reason": "办理居住证核对身份"}).status_code == 404


def test_a_party_is_recorded_once(town: Client) -> None:
    given = {"kind": "firm", "name": "某某公司", "id_number": "91110000600037341L", "division": HERE}
    assert "已登记“某某公司”" in text(town.post(reverse("directory:party_new"), given, follow=True))
    answer = town.post(reverse("directory:party_new"), given)
    assert answer.status_code == 422 and "已登记，请查询后使用原记录" in text(answer)


def test_each_change_stands_in_the_journal_and_on_the_page(town: Client) -> None:
    row = office(HERE, "water")
    town.post(reverse("directory:organisation_rename", args=[row.pk]), {"name": "水务管理所"})
    page = text(town.get(reverse("directory:organisation", args=[row.pk])))
    keeper = User.objects.get(username=f"{HERE}-town_administrator")
    assert "变更记录" in page and "更名：狮山镇水务所 → 水务管理所" in page and keeper.name in page
    person = User.objects.get(username=f"{HERE}-inspector")
    town.post(reverse("directory:member_password", args=[person.pk]))
    assert "重置密码" in text(town.get(reverse("directory:member", args=[person.pk]))).split("变更记录")[1]
    party = record_party(SYSTEM, kind="person", name="甄独特", id_number=NUMBER, division=HERE)
    given = {"field": "id_number", "reason": "办理居住证核对身份"}
    town.post(reverse("directory:party_reveal", args=[party.pk]), given)
    page = text(town.get(reverse("directory:party", args=[party.pk])))
    assert "查看完整号码（证件号码）" in page and "办理居住证核对身份" in page and NUMBER not in page
    entries = JournalEntry.objects.filter(kind__in=["organisation.renamed", "account.password_reset", "party.revealed"])
    assert entries.count() == 3 and {entry.division for entry in entries} == {HERE}
    assert not any(NUMBER in entry.payload for entry in entries)
