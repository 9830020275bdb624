"""Reports to be gathered, and the people who gather them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.small_district import HERE
from yiwang.engines.cases.api import Running, act, open_case
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for

TYPE = "city_incident.incident"
METRE = 1 / 111_320
"""Of latitude, in degrees."""


def report(
    text: str = "小学门口人行道井盖缺失", *, north: float = 0.0, category: str = "manhole", phone: str = "",
    at: datetime | None = None, **rest: Any,
) -> Running:  # fmt: skip
    """A public report, `north` metres from the school gate."""
    place = {"longitude": 112.9, "latitude": 23.0 + north * METRE, "address": "狮山大道1号"}
    data = {"category": category, "description": text, "place": place, "reporter_phone": phone, **rest}
    return open_case(Actor(None, "上报人"), TYPE, {key: value for key, value in data.items() if value}, at=at)


def who(name: str = "acceptor", place: str = HERE) -> Actor:
    return actor_for(User.objects.get(username=f"{place}-{name}"))


def row(case: Running) -> Case:
    return Case.objects.get(pk=case.id)


def advance(case: Running, data: dict[str, Any], actor: Actor = SYSTEM) -> Running:
    """The one open task done."""
    from yiwang.engines.cases.models import Token

    token = Token.objects.get(case_id=case.id).no
    return act(actor, case.id, "complete", token=token, arguments={"data": data})


def close(case: Running, measure: str = "已更换井盖") -> None:
    for data in ({"accepted": "yes"}, {"unit": "water"}, {"measure": measure}, {"fixed": True}):
        advance(case, data)
    assert row(case).status == "closed"
