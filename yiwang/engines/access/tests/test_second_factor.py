"""The second factor: on with a first code, asked for at log-in, each code good once, off with a code."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yiwang.engines.access import services, totp
from yiwang.engines.access.models import LogInFailure, LogInSession, SecondFactor
from yiwang.engines.access.tests.conftest import PASSWORD
from yiwang.engines.directory.api import User
from yiwang.kernel.clock import frozen, now
from yiwang.kernel.errors import UserError

SECOND = "/account/log-in/second-step/"


def _code(secret: str, later: int = 0) -> str:
    return totp.code_at(secret, int(now().timestamp()) // totp.STEP + later)


def _turn_on(client: Client) -> tuple[str, list[str]]:
    page = client.get("/account/second-factor/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    shown = client.post("/account/second-factor/", {"code": _code(secret)}).content.decode()
    return secret, re.findall(r"<code>(\d{5}-\d{5})</code>", shown)


@pytest.fixture
def guarded(inside: Client) -> tuple[str, list[str]]:
    """(secret, recovery codes) of the person, whose second factor is on."""
    return _turn_on(inside)


def _first_step(client: Client, **more: str) -> Any:
    return client.post("/account/log-in/", {"username": "huang", "password": PASSWORD, **more})


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the secret '12345678901234567890', the last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert totp.code_at(secret, seconds // 30) == code


def test_turning_on_shows_a_square_drawn_here_and_eight_codes_once(inside: Client, person: User) -> None:
    page = inside.get("/account/second-factor/").content.decode()
    assert "<svg" in page and "<img" not in page
    secret, codes = _turn_on(inside)
    assert len(set(codes)) == 8
    stored = SecondFactor.objects.get(user=person)
    assert secret.encode() not in bytes(stored.secret)
    assert not set(codes) & set(stored.recovery_hashes)
    assert inside.get("/account/second-factor/").status_code == 302
    assert codes[0] not in inside.get("/account/").content.decode()


def test_a_reload_keeps_the_square_that_was_scanned(inside: Client) -> None:
    pages = [inside.get("/account/second-factor/").content.decode() for _ in range(2)]
    secrets = [re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1] for page in pages]
    assert secrets[0] == secrets[1]


def test_a_wrong_first_code_turns_nothing_on(inside: Client, person: User) -> None:
    inside.get("/account/second-factor/")
    answer = inside.post("/account/second-factor/", {"code": "000000"})
    assert answer.status_code == 422
    assert '<a href="#code">' in answer.content.decode()
    assert not SecondFactor.objects.get(user=person).is_confirmed


def test_the_password_alone_is_no_longer_enough(guarded: Any, client: Client) -> None:
    assert _first_step(client)["Location"] == SECOND
    assert client.get("/account/")["Location"].startswith("/account/log-in/")
    with frozen(now() + timedelta(minutes=2)):
        answer = client.post(SECOND, {"code": _code(guarded[0]), "next": "/account/password/"})
        assert answer["Location"] == "/account/password/"
        assert client.get("/account/").status_code == 200


def test_a_code_is_good_once(guarded: Any) -> None:
    with frozen(now() + timedelta(minutes=2)):
        code = _code(guarded[0])
        first, second = Client(), Client()
        for one in (first, second):
            _first_step(one)
        assert first.post(SECOND, {"code": code}).status_code == 302
        assert second.post(SECOND, {"code": code}).status_code == 401


def test_a_recovery_code_is_good_once(guarded: Any, person: User) -> None:
    first, second = Client(), Client()
    for one in (first, second):
        _first_step(one)
    assert first.post(SECOND, {"code": f" {guarded[1][0]} "}).status_code == 302
    assert second.post(SECOND, {"code": guarded[1][0]}).status_code == 401
    assert "剩余恢复码 7 个" in first.get("/account/").content.decode()


def test_guessing_codes_locks_the_account(guarded: Any, client: Client) -> None:
    """The failure must be counted although the log-in is refused."""
    _first_step(client)
    for _ in range(5):
        assert client.post(SECOND, {"code": "000000"}).status_code == 401
    assert LogInFailure.objects.filter(subject="name:huang").count() == 5
    answer = client.post(SECOND, {"code": guarded[1][0]})
    assert answer.status_code == 429
    assert "锁定至" in answer.content.decode()


def test_the_second_step_waits_ten_minutes(guarded: Any, client: Client) -> None:
    _first_step(client)
    with frozen(now() + timedelta(minutes=11)):
        assert client.post(SECOND, {"code": _code(guarded[0])})["Location"] == "/account/log-in/"
    assert LogInSession.objects.count() == 1


def test_the_second_step_needs_the_first(db: None, client: Client) -> None:
    assert client.get(SECOND)["Location"] == "/account/log-in/"


def test_the_key_changes_before_the_second_step(guarded: Any, client: Client) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    _first_step(client)
    assert client.session.session_key != planted


def test_a_new_square_cannot_replace_one_in_use(guarded: Any, person: User) -> None:
    with pytest.raises(UserError, match="两步验证已经开启"):
        services.begin_second_factor(person)
    assert SecondFactor.objects.get(user=person).is_confirmed


def test_turning_off_needs_a_code(guarded: Any, inside: Client, person: User) -> None:
    assert inside.post("/account/second-factor/off/", {"code": "000000"}).status_code == 422
    assert SecondFactor.objects.filter(user=person).exists()
    assert inside.post("/account/second-factor/off/", {"code": guarded[1][3]}).status_code == 302
    assert not SecondFactor.objects.filter(user=person).exists()
