"""The interface as an outside program meets it: every resource in both formats, every refusal, nothing personal."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.small_district import DISTRICT, HERE
from yiwang.apps.governance.open311.asking import read_moment
from yiwang.apps.governance.open311.duties import DUTIES
from yiwang.apps.governance.open311.models import Submission, Update
from yiwang.apps.governance.open311.services.keys import make_key, withdraw_key
from yiwang.apps.governance.open311.tests.outside_client import OutsideClient
from yiwang.engines.cases.api import act, case_numbered, open_case
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.rulebooks.api import install_edition
from yiwang.kernel.clock import china, frozen, now

ROOT = "/governance/open311"
FORMATS = pytest.mark.parametrize("format", ["json", "xml"])
SENT = {
    "service_code": "lamp", "lat": "23.012345", "long": "112.912345", "description": "学校门口路灯不亮，找 13800138000",
    "first_name": "国强", "last_name": "陈", "phone": "13800138000", "email": "chan@example.org", "device_id": "d-1",
    "attribute[fault]": "dark", "account_id": "a-7",
}  # fmt: skip


@pytest.fixture
def key(small_district: None, db: None) -> str:
    return make_key(SYSTEM, "佛山生活", "何先生 0757-1", per_minute=500)[1]


def speaker(key: str = "", format: str = "json", endpoint: str = "v2") -> OutsideClient:
    return OutsideClient(f"{ROOT}/{endpoint}", format, key)


def person(name: str) -> Any:
    return actor_for(User.objects.get(username=name if name.startswith(DISTRICT + "-") else f"{HERE}-{name}"))


def opened(number: str) -> Any:
    """The case as staff find it: its data and class."""
    case = case_numbered(SYSTEM, number)
    assert case is not None
    return SimpleNamespace(data=case.state.data, category=case.category)


def case_count() -> int:
    """Cases of every kind there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        return int(cursor.fetchone()[0])


def accept(number: str, **data: Any) -> Any:
    case = case_numbered(SYSTEM, number)
    (token,) = case.state.tokens
    return act(person("acceptor"), case.id, "complete", token=token, arguments={"data": data})


def codes(told: Any) -> set[str]:
    assert isinstance(told, list) and all(set(one) == {"code", "description"} for one in told)
    return {str(one["code"]) for one in told}


def flag(format: str, value: bool) -> Any:
    return value if format == "json" else str(value).lower()


@FORMATS
def test_a_program_discovers_reads_reports_and_follows(key: str, format: str) -> None:
    one = OutsideClient(ROOT, format)
    status, found = one.get("discovery")
    assert status == 200 and [end["type"] for end in found["endpoints"]] == ["production", "test"]
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    address = found["endpoints"][0]["url"].removeprefix("http://testserver")
    one = OutsideClient(address, format, key)

    status, services = one.get("services", jurisdiction_id=DISTRICT)
    known = {service["service_code"]: service for service in services}
    assert {"manhole", "lamp", "E0102"} <= set(known)
    assert known["lamp"]["metadata"] == flag(format, True) and known["E0102"]["metadata"] == flag(format, False)
    assert known["lamp"]["type"] == "realtime" and "路灯" in known["lamp"]["keywords"]
    assert known["E0102"]["group"] and known["lamp"]["group"] == "市民常报"

    status, asked = one.get("services/lamp")
    assert asked["service_code"] == "lamp"
    fault = asked["attributes"][0]
    assert (fault["code"], fault["datatype"], fault["required"]) == ("fault", "singlevaluelist", flag(format, True))
    assert fault["variable"] == flag(format, True)
    assert fault["values"][0] == {"key": "dark", "name": "不亮"}

    status, (made,) = one.post("requests", SENT)
    assert status == 200 and made["account_id"] == "a-7"
    number = made["service_request_id"]
    case = opened(number)
    assert (case.data["source"], case.data["origin"], case.category) == ("open311", "佛山生活", "lamp")
    assert case.data["description"].endswith("路灯怎么了：不亮")
    assert case.data["reporter_name"] == "陈国强 chan@example.org" and case.data["place"]["division"].startswith(HERE)

    status, (shown,) = one.get(f"requests/{number}")
    assert status == 200 and shown["status"] == "open" and shown["service_name"] == "路灯不亮"
    assert float(shown["lat"]) == 23.012345 and shown["description"] is None, "texts wait for acceptance"
    accept(number, accepted="yes", class_code="E0102")
    status, (shown,) = one.get(f"requests/{number}", extensions="true")
    assert shown["description"] == "学校门口路灯不亮，找 ***" and shown["service_code"] == "lamp"
    assert shown["extended_attributes"]["status"] == "planned"
    assert read_moment(shown["requested_datetime"]) and shown["requested_datetime"].endswith("+08:00")


@FORMATS
def test_the_test_endpoint_checks_all_and_keeps_nothing(key: str, format: str) -> None:
    only_test = make_key(SYSTEM, "联调", "x", per_minute=50, is_test_only=True)[1]
    one, before = speaker(only_test, format, "test/v2"), case_count()
    status, (made,) = one.post("requests", SENT | {"jurisdiction_id": "test"})
    number = made["service_request_id"]
    assert status == 200 and number.startswith("TEST-") and case_count() == before
    assert one.get(f"requests/{number}")[1][0]["service_name"] == "路灯不亮"
    assert [row["service_request_id"] for row in one.get("requests", status="open", service_code="lamp")[1]] == [number]
    assert one.get("requests", service_code="waste")[1] == []
    assert one.post("requests", {"service_code": "lamp"})[0] == 400, "it refuses what the real one refuses"
    update = {"service_request_id": number, "update_id": "u", "status": "closed", "updated_datetime": now().isoformat()}
    assert one.post("servicerequestupdates", update)[0] == 200 and not Update.objects.exists()
    assert speaker(only_test, format).post("requests", SENT)[0] == 403, "not good for the real one"
    assert speaker(key, format).get(f"requests/{number}")[0] == 404, "and unknown there"
    with frozen(now() + timedelta(hours=25)):
        assert sum(duty() for _, duty, _ in DUTIES) >= 1
    assert not Submission.objects.filter(is_test=True).exists()


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"api_key": ""}, 403, "api_key"), ({"api_key": "o311_x"}, 403, "api_key"),
        ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"), ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "nope"}, 400, "service_code"), ({"lat": ""}, 400, "lat"), ({"lat": "91"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"), ({"lat": "39.16", "long": "-86.53"}, 400, "lat"),
        ({"lat": "", "long": ""}, 400, "address_string"),
        ({"lat": "", "long": "", "address_id": "999"}, 400, "address_id"),
        ({"attribute[fault]": "purple"}, 400, "attribute[fault]"), ({"attribute[fault]": ""}, 400, "attribute[fault]"),
        ({"attribute[fault]": ["dark", "day"]}, 400, "attribute[fault]"),
        ({"attribute[colour]": "red"}, 400, "attribute[colour]"), ({"email": "nobody"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"), ({"phone": "12"}, 400, "phone"),
        ({"description": "长" * 500}, 400, "description"), ({"description": "a\x00b"}, 400, "request"),
        ({"service_code": "water", "attribute[fault]": "", "attribute[depth]": "深"}, 400, "attribute[depth]"),
        ({"service_code": "water", "attribute[fault]": "", "attribute[since]": "昨天"}, 400, "attribute[since]"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_what_is_wrong_with_a_report_is_said_in_both_formats(key: str, change: Any, status: int, word: str) -> None:
    before = case_count()
    for format in ("json", "xml"):
        answered, told = speaker(key, format).post("requests", SENT | change)
        assert answered == status and codes(told) == {str(status)}
        assert any(word in one["description"] for one in told), told
    assert case_count() == before


def test_all_faults_of_a_report_come_at_once_and_in_english(key: str) -> None:
    sent = {"api_key": key, "service_code": "lamp", "lat": "x", "email": "x"}
    answer = speaker(key).http.post(f"{ROOT}/v2/requests.json?locale=en", sent)
    told = [one["description"] for one in answer.json()]
    assert answer.status_code == 400 and len(told) == 3
    assert not any("\u4e00" <= sign <= "\u9fff" for one in told if not one.startswith("attribute") for sign in one)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "requests/1", 404), ("get", "services/nope", 404), ("get", "tokens/abc", 404),
        ("post", "services", 405), ("post", "requests/1", 405), ("put", "requests", 405), ("delete", "discovery", 405),
        ("get", "requests?page=0", 400), ("get", "requests?status=lost", 400), ("get", "requests?lat=1", 400),
        ("get", "requests?has_photo=maybe", 400), ("get", "requests?start_date=soon", 400),
        ("get", "requests?start_date=2026-01-01&end_date=2026-06-01", 400),
        ("get", "requests?updated_after=2026-06-02&updated_before=2026-06-01", 400),
        ("get", "requests?page=11&page_size=1000", 400), ("get", "services?jurisdiction_id=x", 404),
        ("get", "servicerequestupdates?start_date=9999-99-99", 400), ("get", "requests?start_date=0001-01-01", 400),
        ("get", "requests?updated_after=9999-12-31", 400), ("get", "requests?service_request_id=%00", 400),
        ("get", "requests/%00", 400),
    ],
)  # fmt: skip
def test_refusals_keep_the_form(key: str, method: str, path: str, status: int) -> None:
    path, _, query = path.partition("?")
    space = "" if path == "discovery" else "v2/"
    for format in ("json", "xml"):
        one = speaker(key, format)
        answer = getattr(one.http, method)(f"{ROOT}/{space}{path}.{format}?{query}")
        assert answer.status_code == status and codes(one._read(answer)) == {str(status)}
        assert status != 405 or answer["Allow"]
    answer = one.http.get(f"{ROOT}/v2/services.yaml")
    assert answer.status_code == 404 and answer["Content-Type"].startswith("text/xml")


def test_the_same_report_is_one_case(key: str) -> None:
    one = speaker(key)
    first = one.post("requests", SENT)[1][0]
    again = one.post("requests", SENT)[1][0]
    assert again["service_request_id"] == first["service_request_id"] and "没有重复立案" in again["service_notice"]
    assert one.headers["Idempotency-Replayed"] == "true"
    other = one.post("requests", SENT | {"device_id": "d-2"})[1][0]
    assert other["service_request_id"] != first["service_request_id"], "another device is another reporter"
    with frozen(now() + timedelta(minutes=11)):
        later = one.post("requests", SENT)[1][0]
    assert later["service_request_id"] != first["service_request_id"]
    named = {"Idempotency-Key": "k-1"}
    kept = one.post("requests", SENT | {"device_id": ""}, **named)[1]
    assert one.post("requests", SENT | {"device_id": ""}, **named)[1] == kept
    status, told = one.post("requests", SENT | {"device_id": "", "lat": "23.02"}, **named)
    assert status == 409 and codes(told) == {"409"}
    assert Submission.objects.count() == 4


def test_photos_links_addresses_and_emergencies(key: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(content, "JPEG")
    photo = SimpleUploadedFile("a.jpg", content.getvalue(), "image/jpeg")
    one = speaker(key)
    sent = {"service_code": "E0102", "lat": "23.0", "long": "112.9", "media_url": "https://example.org/a.jpg"}
    number = one.post("requests", sent | {"media": photo}, is_form=False)[1][0]["service_request_id"]
    case = opened(number)
    assert len(case.data["before"]) == 1 and case.data["class_code"] == "E0102"
    assert [row["service_request_id"] for row in one.get("requests", has_photo="true")[1]] == [number]
    fake = SimpleUploadedFile("a.jpg", b"MZ no picture", "image/jpeg")
    status, told = one.post("requests", sent | {"media": fake}, is_form=False)
    assert status in (400, 415) and codes(told) == {str(status)}
    by_code = {"service_code": "other", "address_id": f"{HERE}001", "description": "长椅坏了"}
    number = one.post("requests", by_code)[1][0]["service_request_id"]
    assert "第一社区" in opened(number).data["place"]["address"]
    fight = {"service_code": "other", "lat": "23.0", "long": "112.9", "description": "有人持刀砍人，快来"}
    (told,) = one.post("requests", fight)[1]
    assert "110" in told["service_notice"]
    (shown,) = one.get(f"requests/{told['service_request_id']}", extensions="true")[1]
    assert (shown["status"], shown["extended_attributes"]["status"]) == ("closed", "internal_referral")
    for content, media in (
        (b"{}", "application/json"),
        (b"--x", "multipart/form-data; boundary="),
        (b"a=b&" * 2000, ""),
    ):
        answer = one.http.post(
            f"{ROOT}/v2/requests.json?api_key={key}", content, media or "application/x-www-form-urlencoded"
        )
        assert answer.status_code == 400 and codes(one._read(answer)) == {"400"}


def test_lists_filter_as_the_standard_says(key: str) -> None:
    one, place = speaker(key), {"longitude": 112.9, "latitude": 23.0, "address": "独角兽路一号"}
    told = {"category": "lamp", "description": "秘密说明", "place": place, "reporter_name": "甄独特"}
    with frozen(now() - timedelta(days=100)):
        old = open_case(SYSTEM, "city_incident.incident", told)
    far = open_case(
        SYSTEM, "city_incident.incident", told | {"place": place | {"latitude": 23.02}, "category": "waste"}
    )
    near = open_case(SYSTEM, "city_incident.incident", told)
    open_case(SYSTEM, "direct_line.appeal", {"kind": "consult", "subject": "图书馆", "text": "几点开"})

    def numbers(**asked: Any) -> list[str]:
        status, rows = one.get("requests", **asked)
        assert status == 200, rows
        return [row["service_request_id"] for row in rows]

    assert numbers() == [near.number, far.number], "90 days, newest first, other kinds of case never"
    assert numbers(service_request_id=f"{old.number}, {near.number}", status="closed") == [near.number, old.number]
    assert numbers(start_date=(now() - timedelta(days=101)).isoformat()) == [old.number]
    assert numbers(end_date=(now() - timedelta(days=99)).isoformat().replace("+00:00", "Z")) == [old.number]
    assert numbers(service_code="waste,road") == [far.number]
    assert numbers(lat=23.0, long=112.9, radius=500) == [near.number]
    assert numbers(lat=23.0, long=112.9, radius=2300) == [near.number, far.number]
    assert numbers(page=2, page_size=1) == [far.number]
    accept(far.number, accepted="no", refusal="不归我们")
    assert numbers(status="closed") == [far.number] and numbers(status="open") == [near.number]
    assert numbers(status="not_councils_responsibility") == [far.number] and numbers(status="for_triage,fixed") == [
        near.number
    ]
    assert numbers(status="open,closed") == [near.number, far.number]
    assert numbers(updated_after=(now() - timedelta(minutes=5)).isoformat()) == [near.number, far.number]
    content = one.http.get(f"{ROOT}/v2/requests.json?extensions=true").content.decode()
    assert not [word for word in ("秘密", "独角兽", "甄独特", "不归我们") if word in content]


def test_long_lists_cost_what_short_ones_cost(key: str) -> None:
    def cost(path: str) -> int:
        one.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert one.get(path)[0] == 200
        return len(queries)

    one = speaker(key)
    one.post("requests", SENT)
    few = {path: cost(path) for path in ("requests", "services", "servicerequestupdates")}
    for number in range(20):
        one.post("requests", SENT | {"device_id": f"n-{number}"})
    many = {path: cost(path) for path in few}
    assert all(many[path] <= few[path] + 1 for path in few), "a cache now and then looks whether it is right"
    assert max(many.values()) <= 6, many


def test_updates_are_told_and_taken_once_in_the_order_of_their_time(key: str) -> None:
    one, stranger = speaker(key), speaker(make_key(SYSTEM, "别人", "x", per_minute=50)[1])
    number = one.post("requests", SENT)[1][0]["service_request_id"]
    accept(number, accepted="yes", class_code="E0102")
    early, late = (now() - timedelta(minutes=minutes) for minutes in (9, 3))
    first = {"service_request_id": number, "update_id": "7", "status": "IN_PROGRESS", "description": "找 13800138000",
             "updated_datetime": late.isoformat()}  # fmt: skip
    second = first | {"update_id": "6", "updated_datetime": early.isoformat(), "status": "OPEN"}
    status, (made,) = one.post("servicerequestupdates", first)
    assert status == 200 and one.post("servicerequestupdates", first)[1] == [made]
    assert one.post("servicerequestupdates", second)[0] == 200
    assert one.post("servicerequestupdates", first | {"status": "fixed"})[0] == 409
    assert stranger.post("servicerequestupdates", first)[0] == 404
    for change in ({"status": "lost"}, {"update_id": ""}, {"updated_datetime": "2999-01-01T00:00:00Z"}):
        assert one.post("servicerequestupdates", first | change)[0] == 400
    told = one.get("servicerequestupdates")[1]
    assert [(row["service_request_id"], row["status"]) for row in told] == [(number, "planned")]
    mine = one.get("servicerequestupdates", api_key=key)[1]
    assert [row["status"] for row in mine] == ["open", "in_progress", "planned"] and mine[1]["description"] == "找 ***"
    from yiwang.engines.cases.api import case_view, timeline

    case = case_numbered(SYSTEM, number)
    said = str(timeline(case_view(SYSTEM, case.id), None))
    assert said.count("外部系统更新") == 2 and "13800138000" in said, "staff read it whole, on the case"
    assert one.get("requests", service_request_id=number)[1][0]["status"] == "open", "a claim moves nothing"


def test_batch_services_give_tokens_and_settings_are_data(key: str) -> None:
    rows = [
        {"service_code": "b", "service_name": "Batch", "category": "other", "type": "batch"},
        {"service_code": "x", "service_name": "Box", "category": "other", "type": "blackbox", "class_code": "Z9"},
        {"service_code": "lamp", "service_name": "Lamp", "category": "lamp", "is_hidden": True},
    ]
    today = china(2020, 1, 1).date()
    install_edition("open311.services", rows, today)
    install_edition("open311.settings", [{"name": "coordinate_digits", "value": 2}, {"name": "anonymous_per_minute", "value": 8},
                                         {"name": "publish_unreviewed", "value": 1}], today)  # fmt: skip
    one, place = speaker(key), {"lat": "23.01234", "long": "112.91234", "description": "坏了"}
    assert "lamp" not in {row["service_code"] for row in one.get("services")[1]}
    (made,) = one.post("requests", place | {"service_code": "b"})[1]
    assert set(made) == {"token", "service_notice", "account_id"}
    (found,) = one.get(f"tokens/{made['token']}")[1]
    assert found["token"] == made["token"]
    (shown,) = one.get(f"requests/{found['service_request_id']}")[1]
    assert (shown["lat"], shown["long"], shown["description"]) == (23.01, 112.91, "坏了")
    (made,) = one.post("requests", place | {"service_code": "x"})[1]
    assert set(made) == {"service_notice", "account_id"}
    assert [one.get("services")[0] for _ in range(7)][-1] == 429, "eight a minute for an address without a key"


def test_keys_are_shown_once_counted_and_withdrawn(key: str) -> None:
    keeper, clerk = Client(), Client()
    keeper.force_login(User.objects.get(username=f"{DISTRICT}-interface_keeper"))
    clerk.force_login(User.objects.get(username=f"{HERE}-acceptor"))
    address = f"{ROOT}/keys/"
    assert clerk.get(address).status_code == 403
    assert keeper.post(address, {"name": "", "contact": "x", "per_minute": "many"}).status_code == 422
    page = keeper.post(address, {"name": "城市拍拍", "contact": "李女士", "per_minute": "2"}).content.decode()
    text = page.split('open311-secret">')[1].split("<")[0]
    assert text.startswith("o311_") and text not in keeper.get(address).content.decode()
    one = speaker(text)
    assert [one.get("services", api_key=text)[0] for _ in range(3)] == [200, 200, 429]
    from yiwang.apps.governance.open311.models import ApiKey

    row = ApiKey.objects.get(name="城市拍拍")
    assert text not in str(vars(row))
    assert clerk.post(f"{address}{row.pk}/withdraw/").status_code == 403
    assert keeper.post(f"{address}{row.pk}/withdraw/").status_code == 302
    assert one.post("requests", SENT)[0] == 403
    assert withdraw_key(SYSTEM, row.pk).withdrawn_at
    assert "开放接口" in Client().get(f"{ROOT}/").content.decode()
