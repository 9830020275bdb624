"""The database goes away in the middle of a log-in."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from yiwang.engines.access.models import LogInSession
from yiwang.engines.directory.api import DirectoryChanged, User
from yiwang.kernel import events


@pytest.mark.django_db(transaction=True)
def test_an_outage_in_the_middle_of_a_write_leaves_nothing_half_written() -> None:
    """The server ends the connection between the first and the last row of a log-in."""
    visitor = Client(raise_request_exception=False)
    User.objects.create_user("huang", "a long enough password", name="黄志强")

    def cut(event: DirectoryChanged) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    typed = {"username": "huang", "password": "a long enough password"}
    events._subscribers[DirectoryChanged].insert(0, cut)
    try:
        answer = visitor.post("/account/log-in/", typed)
    finally:
        events._subscribers[DirectoryChanged].remove(cut)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert not LogInSession.objects.exists()
    assert visitor.get("/account/").status_code == 302
    assert visitor.post("/account/log-in/", typed).status_code == 302
    assert LogInSession.objects.count() == 1
