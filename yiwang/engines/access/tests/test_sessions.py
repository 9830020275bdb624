"""Sessions are read by a plain statement and are Django's in everything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from yiwang.engines.access.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept(**values: Any) -> str:
    session = DatabaseStore()
    session.update(values)
    session.save()
    return str(session.session_key)


def test_the_site_uses_it_and_reads_what_django_wrote(django_assert_num_queries: Any) -> None:
    assert SessionStore.__module__ == settings.SESSION_ENGINE
    key = kept(answer=42)
    with django_assert_num_queries(1):
        session = SessionStore(key)
        assert session["answer"] == 42 and session.session_key == key
    session["answer"] = 43
    session.save()
    assert DatabaseStore(key)["answer"] == 43


def test_an_ended_or_invented_session_holds_nothing_and_gets_another_key() -> None:
    key = kept(answer=42)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    for asked in (key, "invented-by-somebody-0123456789"):
        session = SessionStore(asked)
        assert "answer" not in session and session.session_key is None
        session["new"] = 1
        session.save()
        assert session.session_key not in (None, asked)


def test_a_tampered_session_holds_nothing() -> None:
    key = kept(answer=42)
    Session.objects.filter(pk=key).update(session_data="eyJhbnN3ZXIiOjQyfQ:forged:signature")
    assert "answer" not in SessionStore(key)


def test_nobody_gets_anothers_session() -> None:
    mine, theirs = kept(who="me"), kept(who="them")
    assert (SessionStore(mine)["who"], SessionStore(theirs)["who"]) == ("me", "them")
    SessionStore(mine).flush()
    assert "who" not in SessionStore(mine) and SessionStore(theirs)["who"] == "them"
