"""Cases of two towns at every stage, on two versions of their definition, with the people of a small district."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.small_district import BEGIN, ELSEWHERE, HERE
from yiwang.engines.cases.api import act, open_case, publish, published, store_draft
from yiwang.engines.cases.models import AppVersion, Case
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for, forget_cached
from yiwang.kernel.clock import frozen

TYPE = "city_incident.incident"
SENTENCES = ("人行道井盖缺失", "井盖破损", "路面坑洼", "路灯连续三晚不亮", "垃圾无人清运ＡＢ")
CATEGORIES = ("manhole", "road", "lamp", "waste", "water")
STEPS: tuple[dict[str, Any], ...] = (
    {"accepted": "yes", "urgency": "ordinary"}, {"unit": "water"}, {"measure": "已处理"}, {"fixed": True},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Tests roll back; what a process remembers of the database must not outlive that."""
    forget_cached()


def person(username: str) -> Actor:
    """The actor of a seeded user."""
    return actor_for(User.objects.get(username=username))


def holder(role: str, town: str = HERE) -> Actor:
    return person(f"{town}-{role}")


def opened(town: str = HERE, number: int = 0, by: Actor = SYSTEM, **more: Any) -> Case:
    """A case of a town, with the words of that number."""
    where = {"longitude": 112.9 if town == HERE else 113.2, "latitude": 23.0, "address": f"大道{number}号小学旁"}
    data = {"category": CATEGORIES[number % 5], "description": SENTENCES[number % 5], "place": where, **more}
    return Case.objects.get(pk=open_case(by, TYPE, data).id)


def moved(case: Case, steps: int) -> Case:
    """The case after so many of its four steps."""
    for data in STEPS[:steps]:
        (token,) = Case.objects.get(pk=case.pk).token_set.all()
        act(SYSTEM, case.pk, "complete", token=token.no, arguments={"data": data})
    return Case.objects.get(pk=case.pk)


def second_version() -> None:
    """Nobody watches in it, so the rights of its cases differ from those of the first."""
    bundle = dict(AppVersion.objects.get(pk=published()[TYPE]).bundle)
    bundle["watchers"] = []
    publish(SYSTEM, store_draft(SYSTEM, bundle))
    forget_cached()


def fill() -> None:
    """Forty cases: all stages, both towns, both versions, some with the clerk's own report or a transfer."""
    rng = random.Random(7)
    for number in range(40):
        if number == 25:
            second_version()
        town = (HERE, ELSEWHERE)[number % 2]
        reporter = holder("inspector", HERE) if number % 7 == 0 else SYSTEM
        with frozen(BEGIN + timedelta(hours=number)):
            case = moved(opened(town, number, reporter), number % 5)
            if number % 3 == 0 and case.status == "open":
                someone = rng.choice((holder("acceptor", town), holder("handler-water", town)))
                token = case.token_set.get()
                given = {"to": someone.user_id, "reason": "请协助"}
                act(SYSTEM, case.pk, "transfer", token=token.no, arguments=given)


@pytest.fixture(scope="module")
def filled(small_district: None, django_db_blocker: Any) -> Iterator[None]:
    """The cases, once for a file."""
    with django_db_blocker.unblock():
        forget_cached()
        fill()
        yield
