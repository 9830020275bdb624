"""A small district: two towns, their offices, and the people who work one incident, with strangers around them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yiwang.engines.cases.api import Running, act, open_case, register_apps
from yiwang.engines.directory.api import SYSTEM, User, actor_for, forget_cached
from yiwang.engines.directory.models import Division, Organisation, Post, Posting

SHISHAN, DALI = "440605124", "440605123"
TYPE = "city_incident.incident"
REPORT = {
    "category": "manhole", "description": "小学门口井盖缺失", "reporter_name": "陈大文",
    "reporter_phone": "13800138000", "place": {"address": "小学门口", "longitude": 113.02, "latitude": 23.12},
}  # fmt: skip
PASSWORD = "correct horse battery"


class Town:
    """Divisions, offices, and people made on demand, each in a post."""

    def __init__(self) -> None:
        Division.objects.create(code="440605", level="district", name="南海区")
        for code, name in ((SHISHAN, "狮山镇"), (DALI, "大沥镇")):
            Division.objects.create(code=code, level="town", name=name, parent_id="440605")
        self.offices = {
            (division, kind): Organisation.objects.create(name=f"{division}{kind}", kind=kind, division_id=division)
            for division in ("440605", SHISHAN, DALI)
            for kind in ("government", "water", "urban")
        }
        self.users: dict[str, User] = {}
        forget_cached()

    def person(
        self, name: str, role: str = "", division: str = SHISHAN, kind: str = "government", stands_for: str = ""
    ) -> User:
        """A user of this name; with a role they hold its post from 2020 on, as a deputy of `stands_for` if given."""
        if name in self.users:
            return self.users[name]
        user = User.objects.create(username=name, name=name)
        self.users[name] = user
        if role:
            office = self.offices[division, kind]
            post, _ = Post.objects.get_or_create(role=f"city_incident.{role}", organisation=office, division_id=division)
            other = self.users.get(stands_for)
            ends = date(2099, 1, 1) if other else None
            Posting.objects.create(user=user, post=post, from_on=date(2020, 1, 1), to_on=ends, on_behalf_of=other)
        return user

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.users[name])
        return client


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Tests roll back; what a process remembers of the database must not outlive that."""
    forget_cached()


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    from yiwang.engines.forms import lookups

    settings.MEDIA_ROOT = tmp_path
    settings.YIWANG = settings.YIWANG | {"YIWANG_DISTRICT": "440605"}
    monkeypatch.setattr(lookups, "locate", lambda longitude, latitude: SHISHAN)
    found = Town()
    for name, role in (("受理陈", "acceptor"), ("受理李", "acceptor"), ("派遣黄", "dispatcher"), ("核查梁", "inspector")):
        found.person(name, role)
    found.person("水务何", "handler", kind="water")
    found.person("水务张", "handler", kind="water")
    found.person("城管林", "handler", kind="urban")
    found.person("值班刘", "supervisor", "440605")
    found.person("大沥吴", "acceptor", DALI)
    found.person("路人罗")
    register_apps()
    return found


@pytest.fixture
def case(town: Town) -> Running:
    """A report in Shishan, waiting to be accepted."""
    return open_case(SYSTEM, TYPE, REPORT)


def address(case: Running, tail: str = "") -> str:
    """Of the case's page, or of a part or verb of it."""
    return reverse("desk:case", args=[case.id]) + tail


def only_task(case: Running) -> int:
    (token,) = case.state.open_tasks()
    return token.no


def completed(case: Running, data: dict[str, Any], user: User | None = None) -> Running:
    actor = actor_for(user) if user is not None else SYSTEM
    return act(actor, case.id, "complete", token=only_task(case), arguments={"data": data})


@pytest.fixture
def handled(case: Running, town: Town) -> Running:
    """The same, dispatched to the water office."""
    return completed(completed(case, {"accepted": "yes"}, town.users["受理陈"]), {"unit": "water"}, town.users["派遣黄"])
