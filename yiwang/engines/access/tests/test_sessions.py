"""Sessions are read by a plain statement and are Django's in everything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.test import override_settings
from django.utils import timezone
from django.utils.connection import ConnectionDoesNotExist

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


def test_what_happens_at_log_in_keeps_the_values_under_a_new_key_and_ends_the_old_one() -> None:
    key = kept(answer=42)
    session = SessionStore(key)
    session.cycle_key()
    assert session.session_key not in (None, key) and SessionStore(session.session_key)["answer"] == 42
    assert "answer" not in SessionStore(key)


def test_asked_without_waiting_it_answers_the_same() -> None:
    assert async_to_sync(SessionStore(kept(answer=42)).aget)("answer") == 42
    assert async_to_sync(SessionStore("invented-by-somebody-0123456789").aget)("answer") is None


class Elsewhere:
    """A deployment that keeps its sessions in another database."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "elsewhere" if model is Session else None


def test_they_are_read_where_the_site_says_they_are() -> None:
    key = kept(answer=42)
    with override_settings(DATABASE_ROUTERS=[Elsewhere()]), pytest.raises(ConnectionDoesNotExist):
        SessionStore(key).load()
