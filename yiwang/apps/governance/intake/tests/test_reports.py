"""Reports of programs: the schema, each once, every fault by its field, what is like it, and how much is too much."""

import io

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.small_district import ELSEWHERE, HERE
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.services import reporting
from yiwang.apps.governance.intake.sources import INCIDENT, SOURCES
from yiwang.engines.access.api import make_token
from yiwang.engines.cases.api import graph_of, published, seen_cases
from yiwang.engines.directory.api import SYSTEM, User
from yiwang.kernel.app import app_modules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district")]
REPORTS = "/api/intake/reports"
PLACE = {"longitude": 112.9, "latitude": 23.0, "address": "松岗泵站"}
REPORT = {"source": "sensor", "origin": "pump-7/alarm-1", "description": "泵站门口积水没过脚面", "place": PLACE}


@pytest.fixture
def program():
    return token("440605-reporting_program")


def token(name, **narrowed):
    return {"HTTP_AUTHORIZATION": f"Bearer {make_token(User.objects.get(username=name), '传感器', **narrowed)}"}


def send(given, headers, key="k1"):
    return Client().post(
        REPORTS, orjson.dumps(given), "application/json", **headers, **({"HTTP_IDEMPOTENCY_KEY": key} if key else {})
    )


def faults(answer):
    assert answer.status_code == 422, answer.content.decode()
    return {error["path"] for error in answer.json()["errors"]}


def test_sources_are_those_of_the_incident():
    papers = next(module for _, key, module in app_modules("papers") if key == "city_incident")
    assert list(SOURCES) == list(papers.SOURCES)
    assert {"source", "origin", "class_code"} <= set(graph_of(published()[INCIDENT]).bundle["facts"])


def test_a_report_opens_one_case_however_often_it_is_sent(program):
    picture = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(picture, "PNG")
    upload = Client().post(
        "/api/attachments", {"file": SimpleUploadedFile("a.png", picture.getvalue(), "image/png")}, **program
    ).json()  # fmt: skip
    given = REPORT | {"attachments": [upload["id"]], "reporter": {"name": "七号泵", "phone": "13812345678"}}
    first, second = send(given, program), send(given, program)
    assert first.status_code == 201, first.content.decode()
    assert second.status_code == 201 and second.content == first.content and "Idempotency-Replayed" in second
    told = first.json()
    row = Arrival.objects.get()
    data = seen_cases(SYSTEM, [row.case_id])[row.case_id].state.data
    assert (data["source"], data["origin"], data["before"]) == ("sensor", "pump-7/alarm-1", [upload["id"]])
    assert data["place"]["division"] == f"{HERE}0010001" and told["number"] == row.number
    assert told["suggestion"]["class_code"] and len(upload["sm3"]) == 64
    assert Client().get(told["link"].split("8000", 1)[1], follow=True).status_code == 200
    other = send(given | {"description": "别的事"}, program)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert other["Content-Type"] == "application/problem+json" and Arrival.objects.count() == 1
    again = send(REPORT, program, "k2").json()
    assert [one["number"] for one in again["duplicates"]] == [told["number"]] and again["duplicates"][0]["reasons"]


def test_every_fault_is_told_by_its_field(program):
    assert faults(send(REPORT, program, "")) == {"Idempotency-Key"}
    assert faults(send(REPORT | {"source": "pigeon", "class_code": "X9"}, program)) == {"source", "class_code"}
    assert faults(send(REPORT | {"reporter": {"phone": "12"}, "place": {}}, program)) == {"reporter.phone", "place"}
    assert faults(send(REPORT | {"attachments": ["0192b0c0-0000-7000-8000-000000000000"]}, program)) == {"attachments"}
    assert any("colour" in path for path in faults(send(REPORT | {"colour": "red"}, program)))
    assert not Arrival.objects.exists(), "what was refused left nothing, not even its key"
    assert send(REPORT, program).status_code == 201


def test_who_may_report_and_where(program):
    assert send(REPORT, {}).status_code == 401
    assert send(REPORT, token(f"{HERE}-handler-water")).status_code == 403
    town = token(f"{ELSEWHERE}-intake_clerk")
    assert faults(send(REPORT, town)) == {"place"}
    unknown = send(REPORT | {"place": {"address": "不知道在哪"}}, town)
    assert unknown.status_code == 201, "a place nobody knows yet goes to a person"
    assert Client().get("/api/intake/places?q=狮山镇", **program).status_code == 403
    found = Client().get("/api/intake/places?q=狮山镇", **town).json()
    assert found[0]["division"] == HERE and not found[0]["is_sure"]


def test_a_program_gone_wrong_is_told_when_it_may_go_on(program, monkeypatch):
    monkeypatch.setattr(reporting, "REPORTS_AN_HOUR", 2)
    answers = [send(REPORT, program, f"k{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 3500 < int(answers[2]["Retry-After"]) <= 3600 and answers[2].json()["code"] == "TOO_OFTEN"
    assert send(REPORT, program, "k0").status_code == 201, "the same again is no new report"
    assert send(REPORT, token("440605-intake_clerk"), "k9").status_code == 201, "another account is not held up"
