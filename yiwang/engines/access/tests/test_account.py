"""The account page: posts, password, sessions, tokens; and the doors of staff pages."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from yiwang.engines.access.api import staff_only
from yiwang.engines.access.models import ApiToken, LogInSession
from yiwang.engines.access.tests.conftest import PASSWORD, TOWN
from yiwang.engines.directory.api import User
from yiwang.engines.directory.models import Organisation, Post, Posting
from yiwang.kernel.clock import now

NEW = "我自己的新密码 2026"


def _page(client: Client, path: str = "/account/") -> str:
    return client.get(path).content.decode()


def _another(user: str = "huang") -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/605.1"})
    client.post("/account/log-in/", {"username": user, "password": PASSWORD})
    return client


def test_the_page_shows_posts_with_their_place(inside: Client) -> None:
    page = _page(inside)
    assert "派遣员 · 狮山镇" in page
    assert "本机" in page


def test_a_deputy_reads_for_whom(inside: Client, person: User) -> None:
    office = Organisation.objects.get(division_id=TOWN)
    post = Post.objects.create(role="city_incident.inspector", organisation=office, division_id=TOWN)
    other = User.objects.create_user("pan", name="潘伟明")
    Posting.objects.create(user=person, post=post, from_on=date(2020, 1, 1), to_on=date(2099, 1, 1), on_behalf_of=other)
    assert "核查员 · 狮山镇（代 潘伟明）" in _page(inside)


def test_the_frame_shows_who_is_at_work_in_few_statements(inside: Client, django_assert_max_num_queries: Any) -> None:
    _page(inside)
    with django_assert_max_num_queries(5):
        page = _page(inside, "/style/?side=staff")
    assert "派遣员" in page and "狮山镇" in page and "南海区" in page


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(inside: Client, person: User) -> None:
    other, before = _another(), inside.session.session_key
    answer = inside.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert inside.get("/account/").status_code == 200
    assert inside.session.session_key != before
    assert other.get("/account/").status_code == 302
    assert [one.session_key for one in LogInSession.objects.all()] == [inside.session.session_key]
    person.refresh_from_db()
    assert person.check_password(NEW)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "old", "原密码不正确。"),
        ({"old": PASSWORD, "new": "短", "again": "短"}, "new", "新密码太短，至少要 10 个字符。"),
        ({"old": PASSWORD, "new": "password123", "again": "password123"}, "new", "这个密码太常见，容易被猜到，请换一个。"),
        ({"old": PASSWORD, "new": NEW, "again": "别的"}, "again", "两次输入的新密码不一样。"),
    ],
)
def test_a_refused_password_says_why_at_its_field(inside: Client, person: User, typed: dict[str, str], field: str, sentence: str) -> None:
    answer = inside.post("/account/password/", typed)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error">([^<]+)<', answer.content.decode())
    assert error and sentence in error[1]
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_guessing_the_old_password_locks(inside: Client) -> None:
    for _ in range(5):
        inside.post("/account/password/", {"old": "guess", "new": NEW, "again": NEW})
    assert inside.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW}).status_code == 429


def test_one_session_is_ended_by_its_mark(inside: Client) -> None:
    other = _another()
    page = _page(inside)
    assert "Safari · iPhone" in page
    keys = list(LogInSession.objects.values_list("session_key", flat=True))
    assert not [key for key in keys if key in page], "A page must not show the keys of sessions."
    mark = LogInSession.objects.get(session_key=other.session.session_key).mark
    inside.post("/account/sessions/end/", {"session": mark})
    assert other.get("/account/").status_code == 302
    assert inside.get("/account/").status_code == 200


def test_ending_this_session_logs_out(inside: Client) -> None:
    mark = LogInSession.objects.get().mark
    assert inside.post("/account/sessions/end/", {"session": mark})["Location"] == "/account/logged-out/"
    assert inside.get("/account/").status_code == 302


def test_all_other_sessions_end_at_once(inside: Client) -> None:
    others = [_another(), _another()]
    inside.post("/account/sessions/end-others/")
    assert [one.get("/account/").status_code for one in others] == [302, 302]
    assert inside.get("/account/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(inside: Client) -> None:
    User.objects.create_user("mei", PASSWORD, name="梅")
    stranger = _another("mei")
    mark = LogInSession.objects.get(session_key=inside.session.session_key).mark
    stranger.post("/account/sessions/end/", {"session": mark})
    assert inside.get("/account/").status_code == 200


def test_a_token_is_shown_once_and_kept_as_a_hash(inside: Client) -> None:
    made = inside.post("/account/tokens/new/", {"title": "视频平台", "division": TOWN, "days": "30", "reads_only": "1"})
    token = re.search(r"yw_[\w-]{43}", made.content.decode())[0]
    stored = ApiToken.objects.get()
    assert (stored.division, stored.reads_only, (stored.ends_at - now()).days) == (TOWN, True, 29)
    assert token not in f"{stored.digest}{_page(inside)}"
    assert "视频平台" in _page(inside)
    assert made["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": "", "division": "", "days": "30"}, "title"),
        ({"title": "\0", "division": "", "days": "30"}, "title"),
        ({"title": "x", "division": "440604", "days": "30"}, "division"),
        ({"title": "x", "division": "", "days": "0"}, "days"),
        ({"title": "x", "division": "", "days": "367"}, "days"),
        ({"title": "x", "division": "", "days": "9" * 5000}, "days"),
        ({"title": "x", "division": "", "days": "²"}, "days"),
    ],
)
def test_a_token_outside_the_lists_is_refused_at_its_field(inside: Client, typed: dict[str, str], field: str) -> None:
    answer = inside.post("/account/tokens/new/", typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("token", ["", "not-an-id", "\0", "00000000-0000-0000-0000-000000000000"])
def test_ending_a_token_that_is_not_there_changes_nothing(inside: Client, token: str) -> None:
    assert inside.post("/account/tokens/end/", {"token": token}).status_code == 302


def test_nobody_ends_the_token_of_somebody_else(inside: Client) -> None:
    inside.post("/account/tokens/new/", {"title": "视频平台", "division": "", "days": "30"})
    User.objects.create_user("mei", PASSWORD, name="梅")
    _another("mei").post("/account/tokens/end/", {"token": str(ApiToken.objects.get().pk)})
    assert ApiToken.objects.exists()
    inside.post("/account/tokens/end/", {"token": str(ApiToken.objects.get().pk)})
    assert not ApiToken.objects.exists()


PAGES = ("", "password/", "second-factor/", "second-factor/off/", "tokens/new/")


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_led_to_the_log_in_page(db: None, client: Client, path: str) -> None:
    assert client.get(f"/account/{path}")["Location"].startswith("/account/log-in/?next=%2Faccount%2F")


def test_a_program_gets_a_problem_instead(db: None, client: Client) -> None:
    answer = client.get("/account/", headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert json.loads(answer.content)["code"] == "NOT_LOGGED_IN"


def test_htmx_is_sent_to_log_in_and_back_to_the_page_it_stands_on(db: None, client: Client) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/lists/mine/?page=2"}
    answer = client.get("/account/", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/account/log-in/?next=%2Flists%2Fmine%2F%3Fpage%3D2"
    away = client.get("/account/", headers={**headers, "hx-current-url": "https://evil.example//evil.example/"})
    assert away["HX-Redirect"] == "/account/log-in/"


def test_a_guarded_view_keeps_its_name_and_arguments(person: User) -> None:
    @staff_only
    def desk(request: Any, number: int) -> HttpResponse:
        """A page."""
        return HttpResponse(str(number))

    request = RequestFactory().get("/desk/7/")
    request.user = person
    assert (desk.__name__, desk.__doc__) == ("desk", "A page.")
    assert desk(request, number=7).content == b"7"
