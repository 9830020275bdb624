"""Stranger, other town, other role and right person, on every page and API route, with no list of pages.

A new route is covered the moment it exists. One whose parameter nobody knows fails here until `stage.objects_of`
says what stands for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.contract.routes import Route, routes
from tests.stage import MARKS, Stage
from yiwang.engines.access.models import ApiToken, LogInSession
from yiwang.engines.cases.models import Case, CaseFile, Token
from yiwang.engines.directory.models import Division, Organisation, Party, Posting, User
from yiwang.engines.trust.models import JournalEntry
from yiwang.engines.worklists.models import SavedFilter

ROUTES = routes()
CLOSED = {
    "openid_connect_login": "only a deployment with YIWANG_OPENID has an issuer",
    "openid_connect_callback": "only a deployment with YIWANG_OPENID has an issuer",
    "access:enter_demo": "only in demo mode; access has tests of its own",
    "api:api-root": "a name to build addresses from, not a page",
    "access:second_step": "only after a password of an account with a second factor",
}
"""Routes nobody of the cast may enter, each with the reason."""
OF_CASES = {"case_id", "attachment_id", "number", "secret"}
"""Parameters that name the case or something on it."""
ALWAYS = ("reporter", "acceptor", "administrator")
"""A visitor with a case, a clerk and a keeper of the platform try every route; the others where none of them gets in."""
MOST_STATEMENTS = 30
NOW_AND_THEN = 1
"""A cache that looks whether it is still right asks one question more."""


def each(listed: list[Route]) -> Any:
    return pytest.mark.parametrize("route", listed, ids=lambda route: route.name)


each_route = each(ROUTES)


def address(route: Route, stage: Stage) -> str:
    known = stage.objects
    missing = [name for name in route.parameters if name not in known and f"{route.name}.{name}" not in known]
    if missing:
        pytest.fail(f"{route.name}: say in tests/stage.py, objects_of, what stands for {missing}")
    return route.address(stage.objects)


def body(route: Route, stage: Stage) -> dict[str, Any]:
    """One body for all forms: every object the cast could wish to touch, under the names forms use."""
    objects, token = stage.objects, Token.objects.exclude(status="joined").get(case_id=stage.case.id)
    return {
        "key": str(stage.case.id), "token": str(objects["token_id"]), "session": objects["session_key"],
        "session_key": objects["session_key"], "token_id": str(objects["token_id"]), "on-token": str(token.no),
        "verb": "urge" if "number" in route.parameters else "claim", "reason": "试试", "text": "试试", "measure": "试试", "user": str(objects["user_id"]),
        "username": "x", "name": "x", "code": objects["code"], "watch": "1", "organisation": "1", "to": "dispatch",
    }  # fmt: skip


def shown(answer: Any, asked: str) -> list[str]:
    """Names of the marks an answer shows; what the asker wrote in the address is no secret to the asker."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type", "").startswith(("image/", "application/pdf")):
        return ["file"]
    text = content.decode(errors="replace") + str(answer.headers.get("Location", ""))
    return [name for name, mark in MARKS.items() if mark in text and mark not in asked]


def world() -> dict[str, Any]:
    """What must stand as before: counts and contents of everything the wrong people could reach for."""
    cases = list(Case.objects.order_by("id").values_list("id", "sequence", "status", "division"))
    return {
        "cases": cases, "tokens": list(Token.objects.order_by("case_id", "no").values_list("no", "status", "assignee")),
        "steps": JournalEntry.objects.filter(kind__startswith="case.").count(),
        "filters": set(SavedFilter.objects.values_list("pk", "name")), "files": CaseFile.objects.count(), "sessions": set(LogInSession.objects.values_list("session_key", flat=True)),
        "api tokens": set(ApiToken.objects.values_list("pk", flat=True)),
        "staff": list(User.objects.order_by("pk").values_list("pk", "is_active", "password")),
        "parties": Party.objects.count(),
        "postings": Posting.objects.count(), "organisations": list(Organisation.objects.values_list("pk", "name")),
        "divisions": list(Division.objects.values_list("code", "name", "to_on")),
    }  # fmt: skip


def written() -> int:
    """Rows this test's transaction has written so far, those taken back too: while it stands, so does the world."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def must_be_proved(route: Route) -> bool:
    return bool(OF_CASES & set(route.parameters)) and "secret" not in route.parameters


@each_route
def test_the_wrong_people_learn_nothing(route: Route, staged: Stage) -> None:
    asked = address(route, staged)
    for name, client in staged.wrong.items():
        if "secret" in route.parameters:
            continue  # Who holds the secret link has proved it; a wrong secret is tried in the desk's own tests.
        answer = client.get(asked)
        assert answer.status_code < 500, f"{name} at {asked}: {answer.status_code}"
        assert not shown(answer, asked), f"{name} reads {shown(answer, asked)} at {asked}"
        if must_be_proved(route):
            assert answer.status_code in (302, 401, 404, 405), f"{name} at {asked}: {answer.status_code}"


@each_route
def test_the_wrong_people_change_nothing(route: Route, staged: Stage) -> None:
    asked, sent = address(route, staged), body(route, staged)
    before, rows = world(), written()
    after = before
    own = {"staff", "sessions", "api tokens"} if route.name.startswith("access:") else set()
    own |= {"filters"} if route.name == "desk:filters" else set()
    for name, client in staged.wrong.items():
        if "secret" in route.parameters:
            continue
        answer = client.post(asked, sent)
        assert answer.status_code < 500, f"{name} at {asked}: {answer.status_code}"
        assert not shown(answer, asked), f"{name} reads {shown(answer, asked)} after sending to {asked}"
        if written() == rows:
            continue
        rows, after = written(), world()
        changed = {part for part, value in after.items() if value != before[part]}
        assert not changed - own, f"{name} changed {changed} at {asked}"
    assert staged.objects["session_key"] in after["sessions"], "another person's session was ended"
    assert staged.objects["desk:filter.id"] in {key for key, _ in after["filters"]}, "another's filter is gone"
    assert staged.objects["token_id"] in after["api tokens"], "another person's token was withdrawn"


def test_what_is_written_counts(staged: Stage) -> None:
    """Could the count overlook a row, nobody would look at the world again."""
    before = written()
    filters = SavedFilter.objects.filter(pk=staged.objects["desk:filter.id"])
    filters.update(name="别人的")
    assert written() == before + 1
    filters.delete()
    assert written() == before + 2


@each_route
def test_the_right_person_gets_in(route: Route, staged: Stage) -> None:
    """Somebody of the cast may enter each route; nobody who tries meets a fault. Some always try, the others in turn."""
    asked, met = address(route, staged), {}
    people = sorted(staged.right.items(), key=lambda pair: pair[0] not in ALWAYS)
    for place, (name, client) in enumerate(people):
        if place >= len(ALWAYS) and any(outcome in ("in", "corrected") for outcome in met.values()):
            break
        for method in (client.get, client.post):
            answer = method(asked, body(route, staged) if method == client.post else {})
            assert answer.status_code < 500, f"{name} at {asked}: {answer.status_code}"
            met[name, method.__name__] = _outcome(answer)
    entered = any(outcome in ("in", "corrected") for outcome in met.values())
    assert entered or route.name in CLOSED, f"Nobody may enter {asked}: {met}"


def _outcome(answer: Any) -> str:
    if answer.status_code == 302 and "/account/log-in/" in answer["Location"]:
        return "log in"
    if answer.status_code in (400, 409, 415, 422, 429):
        return "corrected"
    return "in" if answer.status_code < 400 else str(answer.status_code)


@each([route for route in ROUTES if "case_id" in route.parameters or route.name == "desk:followed"])
def test_the_case_is_shown_to_its_own_people(route: Route, staged: Stage) -> None:
    """Pages that name a case show it to somebody: the marks are marks, and the tests above can fail."""
    asked = address(route, staged)
    answers = [client.get(asked) for client in staged.right.values()]
    readable = [answer for answer in answers if answer.status_code == 200]
    assert not readable or any(shown(answer, asked) for answer in readable), f"nobody is shown the case at {asked}"


@each([route for route in ROUTES if route.pattern.startswith("api/")])
def test_a_token_reaches_as_far_as_its_owner(route: Route, staged: Stage) -> None:
    asked = address(route, staged)
    for name in ("other_town", "acceptor"):
        headers = {"Authorization": f"Bearer {staged.tokens[name]}", "Accept": "application/json"}
        answer = Client().get(asked, headers=headers)
        assert answer.status_code < 500
        if name == "other_town":
            assert not shown(answer, asked)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_no_page_asks_the_database_more_for_more_rows(staged: Stage) -> None:
    """Statements are bounded, and a list of thirty costs as many as a list of one. Thirty rows are made once for all."""
    client = staged.people["supervisor"]
    pages = [address(route, staged) for route in ROUTES if not route.parameters]
    few = _statements(client, pages)
    _more_cases(staged, 30)
    many = _statements(client, pages)
    faults = [
        f"{asked}: {few[asked]} statements for a few rows, {many[asked]} for thirty more"
        for asked in pages if many[asked] > min(few[asked] + NOW_AND_THEN, MOST_STATEMENTS)
    ]  # fmt: skip
    assert not faults, "\n".join(faults)


def _statements(client: Client, pages: Sequence[str]) -> dict[str, int]:
    """Of each page, opened for the second time: the first fills what is kept between requests."""
    asked = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        asked[page] = len(queries)
    return asked


def _more_cases(stage: Stage, count: int) -> None:
    from yiwang.engines.cases.api import open_case
    from yiwang.engines.directory.api import SYSTEM

    place = {"longitude": 112.9, "latitude": 23.0, "address": "狮山大道"}
    for number in range(count):
        open_case(SYSTEM, stage.case.type, {"category": "lamp", "description": f"路灯 {number}", "place": place})
