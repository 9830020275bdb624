"""Log-in by OpenID Connect: django-allauth's own path against an issuer that runs beside the test."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from yiwang.engines.access.models import LogInSession
from yiwang.engines.access.tests.issuer import CLIENT, SECRET, Issuer
from yiwang.engines.directory.api import User

BEGIN = "/account/openid/district/"


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    running = Issuer()
    settings.OPENID_TITLE = "统一身份认证登录"
    told = {"server_url": running.address, "oauth_pkce_enabled": True}
    app = {"provider_id": "district", "name": "OpenID", "client_id": CLIENT, "secret": SECRET, "settings": told}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield running
    running.close()


def _go(client: Client, next: str = "") -> Any:
    """Follow the browser: to the issuer and back."""
    begun = client.get(BEGIN, {"next": next} if next else {})
    assert begun.status_code == 302, begun.content.decode()
    sent_back = requests.get(begun["Location"], allow_redirects=False, timeout=5)
    return client.get(sent_back.headers["Location"].removeprefix("http://testserver"))


def test_a_known_person_is_in_with_a_listed_session(person: User, client: Client, issuer: Issuer) -> None:
    answer = _go(client, "/account/password/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
    assert "黄志强" in client.get("/account/").content.decode()
    assert LogInSession.objects.get(user=person).session_key == client.session.session_key


def test_only_the_claims_that_are_needed_are_kept(person: User, client: Client, issuer: Issuer) -> None:
    _go(client)
    kept = SocialAccount.objects.get()
    assert kept.uid == "s-1"
    assert kept.extra_data == {"id_token": {"sub": "s-1", "preferred_username": "huang"}}


def test_the_subject_counts_once_it_is_known(person: User, issuer: Issuer) -> None:
    _go(Client())
    issuer.person["preferred_username"] = "somebody-else"
    again = Client()
    assert _go(again).status_code == 302
    assert LogInSession.objects.filter(user=person).count() == 2


def test_another_subject_cannot_take_over_the_user_name(person: User, issuer: Issuer) -> None:
    _go(Client())
    issuer.person["sub"] = "s-2"
    stranger = Client()
    answer = _go(stranger)
    assert answer.status_code == 403
    assert stranger.get("/account/").status_code == 302
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("username", ["nobody", "", "HUANG", "hua\0ng", None])
def test_a_stranger_is_told_to_ask_and_no_account_is_made(person: User, client: Client, issuer: Issuer, username: Any) -> None:
    issuer.person["preferred_username"] = username
    answer = _go(client)
    assert answer.status_code == 403
    assert "统一身份认证已通过，但您在本平台还没有账号。" in answer.content.decode()
    assert (User.objects.count(), LogInSession.objects.count(), SocialAccount.objects.count()) == (1, 0, 0)


def test_an_account_out_of_service_stays_out(person: User, issuer: Issuer) -> None:
    _go(Client())
    User.objects.update(is_active=False)
    LogInSession.objects.all().delete()
    assert _go(Client()).status_code == 403
    assert not LogInSession.objects.exists()


def _spoil(issuer: Issuer, how: str) -> None:
    spoiled: dict[str, dict[str, Any]] = {
        "other audience": {"aud": "another-client"}, "other issuer": {"iss": "https://evil.example"},
        "over": {"exp": int(time.time()) - 60, "iat": int(time.time()) - 600},
    }  # fmt: skip
    issuer.changes = spoiled.get(how, {})
    if how == "other key":
        issuer.signs_with = rsa.generate_private_key(65537, 2048)
    if how == "other subject":
        issuer.told = {"sub": "s-99"}


@pytest.mark.parametrize("how", ["other key", "other audience", "other issuer", "over", "other subject"])
def test_a_proof_that_does_not_hold_lets_nobody_in(person: User, client: Client, issuer: Issuer, how: str) -> None:
    _spoil(issuer, how)
    answer = _go(client)
    assert answer.status_code == 401
    assert "统一身份认证没有成功。" in answer.content.decode()
    assert not LogInSession.objects.exists()


def test_an_answer_nobody_asked_for_is_refused(person: User, client: Client, issuer: Issuer) -> None:
    """Otherwise somebody could log a victim in as somebody else."""
    begun = Client().get(BEGIN)
    sent_back = requests.get(begun["Location"], allow_redirects=False, timeout=5)
    answer = client.get(sent_back.headers["Location"].removeprefix("http://testserver"))
    assert answer.status_code == 401
    for query in ("", "?code=1", "?state=x&code=1", "?error=access_denied"):
        assert client.get(f"{BEGIN}callback/{query}").status_code == 401, query


def test_turning_back_at_the_issuer_is_no_fault(person: User, client: Client, issuer: Issuer) -> None:
    state = client.get(BEGIN)["Location"].split("state=")[1].split("&")[0]
    answer = client.get(f"{BEGIN}callback/?error=access_denied&state={state}")
    assert answer.status_code == 401
    assert "请返回登录页重试" in answer.content.decode()


def test_an_issuer_that_is_down_is_said_so(person: User, client: Client, issuer: Issuer) -> None:
    issuer.close()
    answer = client.get(BEGIN)
    assert answer.status_code == 503
    assert "统一身份认证服务暂时连不上。" in answer.content.decode()


def test_next_stays_on_this_site(person: User, client: Client, issuer: Issuer) -> None:
    assert _go(client, "https://evil.example/")["Location"].startswith("/")


def test_the_session_key_changes(person: User, client: Client, issuer: Issuer) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    _go(client)
    assert client.session.session_key != planted


def test_the_button_stands_only_where_an_issuer_is_set(db: None, client: Client, issuer: Issuer, settings: Any) -> None:
    assert f'href="{BEGIN}?next=/account/"' in client.get("/account/log-in/?next=/account/").content.decode()
    settings.OPENID_TITLE = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "openid" not in client.get("/account/log-in/").content.decode()
    assert client.get(BEGIN).status_code == 404
