"""Tokens for programs: how far they reach, and how everything fails as problem+json under /api/."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from yiwang.engines.access.api import authenticate_token, make_token
from yiwang.engines.access.models import ApiToken
from yiwang.engines.access.tests.conftest import TOWN
from yiwang.engines.directory.api import User
from yiwang.engines.directory.models import Organisation, Post, Posting
from yiwang.kernel.clock import frozen, now

TYPES = "/api/case-types"


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _actor(token: str) -> Any:
    return authenticate_token(RequestFactory().get("/", headers=_bearer(token)))


@pytest.fixture
def lead(person: User) -> User:
    """Somebody with a post over the whole district."""
    office = Organisation.objects.create(name="南海区人民政府", kind="government", division_id="440605")
    post = Post.objects.create(role="city_incident.supervisor", organisation=office, division_id="440605")
    Posting.objects.create(user=person, post=post, from_on=date(2020, 1, 1))
    return person


def test_a_token_never_reaches_further_than_its_owner(lead: User) -> None:
    wide = _actor(make_token(lead, "全区"))
    assert {(one.role, one.division) for one in wide.grants} == {
        ("city_incident.dispatcher", TOWN), ("city_incident.supervisor", "440605"),
    }  # fmt: skip
    narrow = _actor(make_token(lead, "一镇", division=TOWN))
    assert {one.division for one in narrow.grants} == {TOWN}
    village = _actor(make_token(lead, "一村", division=f"{TOWN}001"))
    assert {one.division for one in village.grants} == {f"{TOWN}001"}
    other = _actor(make_token(lead, "他镇", division="440605123"))
    assert {(one.role, one.division) for one in other.grants} == {("city_incident.supervisor", "440605123")}


def test_a_token_loses_what_its_owner_loses(person: User) -> None:
    token = make_token(person, "视频平台")
    assert _actor(token).grants
    Posting.objects.update(to_on=date(2021, 1, 1))
    assert not _actor(token).grants
    User.objects.update(is_active=False)
    assert _actor(token) is None


def test_a_token_ends(person: User, client: Client) -> None:
    token = make_token(person, "视频平台", days=1)
    assert client.get(TYPES, headers=_bearer(token)).status_code == 200
    assert ApiToken.objects.get().used_at is not None
    with frozen(now() + timedelta(days=1, seconds=1)):
        assert client.get(TYPES, headers=_bearer(token)).status_code == 401


def test_a_reading_token_may_not_write(person: User, client: Client) -> None:
    token = make_token(person, "视频平台", reads_only=True)
    assert client.get(TYPES, headers=_bearer(token)).status_code == 200
    body = {"type": "city_incident.incident", "data": {}}
    answer = client.post("/api/cases", body, content_type="application/json", headers=_bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (403, "TOKEN_READS_ONLY")


def test_a_bad_token_does_not_fall_back_to_the_session(inside: Client) -> None:
    assert inside.get(TYPES).status_code == 200
    assert inside.get(TYPES, headers=_bearer("yw_wrong")).status_code == 401


def test_a_session_needs_its_csrf_token_to_write(inside: Client, person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = inside.cookies
    body = {"type": "no_such.case", "data": {}}
    assert strict.get(TYPES).status_code == 200
    assert strict.post("/api/cases", body, content_type="application/json").status_code == 401
    token = make_token(person, "程序")
    by_token = strict.post("/api/cases", body, content_type="application/json", headers=_bearer(token))
    assert by_token.status_code == 404


PROBLEMS = [
    ("GET", "/api/case-types", b"", "", 401),
    ("GET", "/api/", b"", "", 404),
    ("GET", "/api/nothing/here", b"", "", 404),
    ("GET", "/api/cases/not-an-id", b"", "", 401),
    ("DELETE", "/api/cases", b"", "", 405),
    ("PUT", "/api/cases", b"{}", "application/json", 405),
    ("POST", "/api/cases", b"a=1", "application/x-www-form-urlencoded", 415),
    ("POST", "/api/cases", b"<x/>", "text/xml", 415),
    ("POST", "/api/cases", b"x" * 3_000_000, "application/json", 413),
]


@pytest.mark.parametrize(("method", "path", "body", "kind", "status"), PROBLEMS)
def test_every_failure_is_a_problem(db: None, client: Client, method: str, path: str, body: bytes, kind: str, status: int) -> None:
    answer = client.generic(method, path, body, content_type=kind or "application/octet-stream")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status and told["title"] and told["code"].isupper()
    assert ("Allow" in answer) == (status == 405)
    assert ("WWW-Authenticate" in answer) == (status == 401)


BODIES = [
    (b"{", 400), (b"\xff\xfe", 400), (b"NaN", 400), (b'{"type": "x", "data": {"a": "\\u0000"}}', 400), (b'"\\ud800"', 400),
    (b"[" * 100_000, 400), (b"[]", 422), (b"null", 422), (b"7", 422), (b"{}", 422), (b'{"type": 7, "data": []}', 422),
    (b'{"type": "x", "data": {"n": 1e999}}', 400), (b'{"type": "x", "data": {"n": 99999999999999999999999999}}', 404),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_bad_bodies_are_problems_and_never_faults(inside: Client, body: bytes, status: int) -> None:
    answer = inside.generic("POST", "/api/cases", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/cases/not-an-id", 422), ("/api/cases/%00", 422), ("/api/cases/%ff%fe/history", 422),
        ("/api/cases/00000000-0000-0000-0000-000000000000", 404), ("/api/case-types?a=%00&b=%ff", 200),
    ],
)  # fmt: skip
def test_bad_addresses_are_problems_and_never_faults(inside: Client, path: str, status: int) -> None:
    assert inside.get(path).status_code == status


def test_token_zero_to_the_largest_and_no_further(inside: Client) -> None:
    case = "/api/cases/00000000-0000-0000-0000-000000000000/claim"
    for token, status in ((0, 404), (2_147_483_647, 404), (2_147_483_648, 422), (-1, 422), (10**30, 422)):
        answer = inside.post(case, {"token": token}, content_type="application/json")
        assert answer.status_code == status, token


def test_the_description_is_public_and_the_page_tells_all_of_it(db: None, client: Client) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.")
    answer = client.get("/api/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in page
        for told in methods.values():
            assert f'id="{told["operationId"]}"' in page
    for name in document["components"]["schemas"]:
        assert f'id="structure-{name}"' in page
