"""People with and without the right to keep the platform, and effects that did not get through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.small_district import DISTRICT, HERE
from yiwang.engines.cases.models import AppVersion, Outbox
from yiwang.engines.directory.api import User, forget_cached
from yiwang.kernel.clock import china
from yiwang.kernel.ids import new_id

TYPE = "city_incident.incident"
PAGE = f"/work/definitions/{TYPE}/"
AT = china(2021, 9, 28, 9)


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Tests roll back; what a process remembers of the database must not outlive that."""
    forget_cached()


@pytest.fixture
def keeper(small_district: None, db: None) -> Client:
    """The district's administrator."""
    return browser_of(f"{DISTRICT}-administrator")


@pytest.fixture
def outsiders(small_district: None, db: None) -> dict[str, Client]:
    """People of a town; the last has no account."""
    names = (f"{HERE}-acceptor", f"{HERE}-town_administrator", f"{DISTRICT}-supervisor")
    return {name: browser_of(name) for name in names} | {"anonymous": Client()}


def browser_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def stuck(small_district: None, db: None) -> Callable[..., Outbox]:
    """Put an effect aside: `stuck(kind="call", status="dead", …)`; there is no other."""
    Outbox.objects.all().delete()

    def put(**facts: Any) -> Outbox:
        given: dict[str, Any] = {
            "id": new_id(), "division": HERE, "kind": "call", "payload": {"handler": "pay.refund", "facts": {}},
            "status": "dead", "attempts": 8, "next_at": AT, "created_at": AT, "last_error": "TimeoutError: no answer",
        }  # fmt: skip
        return Outbox.objects.create(**given | facts)

    return put


def versions() -> list[tuple[int, str]]:
    return list(AppVersion.objects.filter(type=TYPE).order_by("number").values_list("number", "status"))
