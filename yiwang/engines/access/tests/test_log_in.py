"""The log-in page: who comes in, who does not, and what both are told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from yiwang.engines.access.models import LogInFailure, LogInSession
from yiwang.engines.access.services import address_of
from yiwang.engines.access.tests.conftest import PASSWORD
from yiwang.engines.directory.api import User
from yiwang.kernel.clock import frozen, now

LOG_IN = "/account/log-in/"


def _log_in(client: Client, username: str = "huang", password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOG_IN, {"username": username, "password": password, **more})


def _text(answer: Any) -> str:
    return answer.content.decode()


def test_a_good_password_begins_a_listed_session(person: User, client: Client) -> None:
    answer = _log_in(client)
    assert (answer.status_code, answer["Location"]) == (302, client.get(LOG_IN)["Location"])
    session = LogInSession.objects.get(user=person)
    assert session.session_key == client.session.session_key
    assert session.address == "127.0.0.1"


@pytest.mark.parametrize(("username", "password"), [("huang", "wrong"), ("nobody", PASSWORD), ("HUANG", PASSWORD)])
def test_every_refusal_reads_the_same(person: User, client: Client, username: str, password: str) -> None:
    answer = _log_in(client, username, password)
    assert answer.status_code == 401
    assert "用户名或密码不正确。请核对后重试；连续输错将暂时锁定。" in _text(answer)
    assert not LogInSession.objects.exists()


def test_an_unknown_name_costs_a_hash_like_a_known_one(person: User, client: Client, monkeypatch: Any) -> None:
    """Otherwise the time of the answer tells which accounts exist."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    made = []
    plain = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda self, *a: made.append(1) or plain(self, *a))
    _log_in(client, "nobody", "whatever")
    assert made == [1]


def test_an_account_out_of_service_is_refused_like_an_unknown_one(person: User, client: Client) -> None:
    User.objects.update(is_active=False)
    assert _log_in(client).status_code == 401


def test_empty_fields_are_named_beside_themselves_and_in_the_summary(db: None, client: Client) -> None:
    answer = client.post(LOG_IN, {"username": " ", "password": ""})
    page = _text(answer)
    assert answer.status_code == 422
    for name, sentence in (("username", "请填写用户名。"), ("password", "请填写密码。")):
        assert f'<a href="#{name}">{sentence}</a>' in page
        assert f'<p class="field-error" id="{name}-error">{sentence}</p>' in page
        control = re.search(rf'<input[^>]*id="{name}"[^>]*>', page)
        assert control and f'aria-describedby="{name}-error"' in control[0] and 'aria-invalid="true"' in control[0]
    assert "<title>有误：" in page


def test_a_password_is_never_written_back(person: User, client: Client) -> None:
    page = _text(_log_in(client, "huang", "my-secret-attempt"))
    assert "my-secret-attempt" not in page
    assert 'value="huang"' in page


def test_the_fifth_failure_locks_and_says_until_when(person: User, client: Client) -> None:
    for _ in range(5):
        assert _log_in(client, password="wrong").status_code == 401
    answer = _log_in(client)
    until = (LogInFailure.objects.latest("at").at + timedelta(minutes=15)).astimezone()
    assert answer.status_code == 429
    assert re.search(r"登录失败次数过多，锁定至 \d\d:\d\d。", _text(answer)), until
    with frozen(now() + timedelta(minutes=16)):
        assert _log_in(client).status_code == 302
    assert not LogInFailure.objects.filter(subject="name:huang").exists()


def test_a_lock_also_holds_for_accounts_that_do_not_exist(db: None, client: Client) -> None:
    for _ in range(5):
        _log_in(client, "nobody", "wrong")
    assert _log_in(client, "nobody", "wrong").status_code == 429


def test_one_address_cannot_try_every_account(person: User, client: Client) -> None:
    for number in range(50):
        LogInFailure.objects.create(subject="address:127.0.0.1", at=now() - timedelta(seconds=number))
    assert _log_in(client).status_code == 429


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example", "\thttps://evil.example"],
)
def test_next_leads_to_this_site_only(person: User, client: Client, elsewhere: str) -> None:
    home = client.get(LOG_IN, {"next": "/"}).context["frame"].staff_home_url
    assert client.get(LOG_IN, {"next": elsewhere}).context["next"] == ""
    assert _log_in(client, next=elsewhere)["Location"] == home
    assert client.get(LOG_IN, {"next": elsewhere})["Location"] == home


def test_next_leads_back_to_the_page_that_asked(person: User, client: Client) -> None:
    assert client.get("/account/password/")["Location"] == "/account/log-in/?next=%2Faccount%2Fpassword%2F"
    page = _text(client.get("/account/log-in/?next=%2Faccount%2Fpassword%2F"))
    assert '<input type="hidden" name="next" value="/account/password/">' in page
    assert _log_in(client, next="/account/password/")["Location"] == "/account/password/"


def test_the_session_key_changes_at_log_in(person: User, client: Client) -> None:
    """A key that somebody planted before is worth nothing after."""
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    _log_in(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_forms_without_their_token_are_refused(person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("log-in/", "log-out/", "log-in/demo/", "sessions/end/", "tokens/new/", "password/"):
        answer = strict.post(f"/account/{path}", {"username": "huang", "password": PASSWORD})
        assert answer.status_code == 403, path
        assert "页面打开时间过长，已失效。" in _text(answer), path
    assert not LogInSession.objects.exists()


def test_log_out_ends_the_session_and_needs_a_post(inside: Client) -> None:
    assert inside.get("/account/log-out/").status_code == 405
    key = inside.session.session_key
    assert inside.post("/account/log-out/")["Location"] == "/account/logged-out/"
    assert "您已安全退出。" in _text(inside.get("/account/logged-out/"))
    assert not Session.objects.filter(session_key=key).exists()
    assert not LogInSession.objects.exists()
    assert inside.get("/account/")["Location"].startswith(LOG_IN)


def test_demo_cards_exist_in_demo_mode_only(person: User, client: Client, settings: Any) -> None:
    User.objects.update(is_demo=True)
    assert "身份进入" not in _text(client.get(LOG_IN))
    assert client.post("/account/log-in/demo/", {"username": "huang"}).status_code == 403
    settings.DEMO = True
    page = _text(client.get(LOG_IN))
    assert "以 派遣员 身份进入" in page
    assert "黄志强 · 狮山镇" in page
    assert client.post("/account/log-in/demo/", {"username": "huang"}).status_code == 302
    assert LogInSession.objects.get().user == person


def test_a_demo_card_opens_demo_accounts_only(person: User, client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert client.post("/account/log-in/demo/", {"username": "huang"}).status_code == 403
    assert not LogInSession.objects.exists()


@pytest.mark.parametrize("typed", ["\0", "huang\0", "a" * 10_000, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "' OR 1=1 --"])
def test_odd_names_are_refused_and_nothing_breaks(person: User, client: Client, typed: str) -> None:
    answer = _log_in(client, typed, "x")
    assert answer.status_code in (401, 422)


def test_bytes_that_are_no_text_are_refused(person: User, client: Client) -> None:
    answer = client.post(LOG_IN, b"username=%ff%fe&password=%00", content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (401, 422)


def test_a_session_ends_after_its_hours(inside: Client) -> None:
    lasts = Session.objects.get(session_key=inside.session.session_key).expire_date - now()
    assert timedelta(hours=11, minutes=59) < lasts <= timedelta(hours=12)


def test_passwords_are_kept_as_argon2(person: User) -> None:
    assert person.password.startswith("argon2$argon2id$")


def test_cookies_stay_out_of_reach_of_scripts_and_other_sites(inside: Client) -> None:
    for name in ("sessionid", "csrftoken"):
        cookie = inside.cookies[name] if name in inside.cookies else inside.get("/account/").cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_a_handed_out_password_must_be_changed_before_anything_else(person: User, client: Client) -> None:
    person.handed_out_password = person.password
    person.save()
    _log_in(client)
    assert client.get("/account/")["Location"] == "/account/password/"
    assert "您现在用的密码由管理员发放" in _text(client.get("/account/password/"))
    new = "我自己的新密码 2026"
    assert client.post("/account/password/", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("seen", "told", "expected"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
    ],
)
def test_the_address_is_the_callers_and_no_forged_one(rf: Any, seen: str, told: str, expected: str) -> None:
    request = rf.get("/", REMOTE_ADDR=seen, headers={"x-forwarded-for": told} if told else {})
    assert address_of(request) == expected


def test_an_english_reader_reads_english(person: User, client: Client, settings: Any) -> None:
    settings.DEMO = True
    User.objects.update(is_demo=True)
    client.cookies["django_language"] = "en"
    page = _text(_log_in(client, password="wrong"))
    assert "User name or password is not correct. Check and try again." in page
    assert "Enter as Dispatcher" in page


@pytest.mark.parametrize(("district", "names"), [("440605", "sessionid csrftoken"), ("440606", "sessionid-440606 csrftoken-440606")])
def test_two_districts_on_one_machine_keep_their_own_cookies(tmp_path: Path, district: str, names: str) -> None:
    script = "from yiwang.project import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    environment = os.environ | {"YIWANG_DISTRICT": district, "YIWANG_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == names
