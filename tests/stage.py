"""The fixed cast of the cross-cutting tests and one case full of marks that must not reach the wrong eyes."""

from __future__ import annotations

import io
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.kernel.app import app_modules

TYPE = "city_incident.incident"
OUTSIDER = "contract.librarian"
MARKS = {
    "title": "独角兽雕像旁井盖失踪",
    "name": "甄独特",
    "phone": "13712345678",
    "remark": "内部备注：先联系独角兽物业",
    "address": "独角兽路一号",
    "filter": "独角兽专用筛选",
    "trip": "独角兽周边巡修",
}
"""Words that stand in the case and nowhere else; a page that shows one shows the case."""


@dataclass
class Stage:
    """The case, what hangs on it, and the people: by name, a client each."""

    case: Any
    objects: dict[str, Any]
    people: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> dict[str, Client]:
        """Those who must learn nothing: a stranger, another town, another role, another office of the same town."""
        return {name: self.people[name] for name in ("stranger", "other_town", "other_role", "other_office")}

    @property
    def right(self) -> dict[str, Client]:
        return {name: client for name, client in self.people.items() if name not in self.wrong}


def build_stage() -> Stage:
    """On the small district: the case reported, accepted and dispatched, and everybody logged in."""
    from yiwang.engines.directory import roles
    from yiwang.engines.directory.spec import Role

    librarian = Role(key="librarian", title="图书管理员", scope="town", may=("open", "cancel", "supervise", "extend"))
    roles.add_role_source(lambda: {OUTSIDER: librarian})
    reporter = Client()
    case = _reported(reporter)
    stage = Stage(case, {})
    stage.people = {
        "stranger": Client(), "other_town": _client(_everything(ELSEWHERE)), "other_role": _client(_librarian()),
        "other_office": _client(f"{HERE}-handler-urban"), "reporter": reporter,
    }  # fmt: skip
    _hold_every_post(f"{HERE}-town_administrator", HERE)
    _hold_every_post(f"{DISTRICT}-administrator", DISTRICT)
    for role in ("acceptor", "dispatcher", "handler-water", "inspector", "town_administrator"):
        stage.people[role] = _client(f"{HERE}-{role}")
    for role in ("supervisor", "administrator"):
        stage.people[role] = _client(f"{DISTRICT}-{role}")
    stage.people["all_posts"] = _client(_all_posts())
    _carry(case)
    stage.objects = objects_of(case)
    stage.tokens = {"acceptor": _token(f"{HERE}-acceptor"), "other_town": _token("everything-elsewhere")}
    stage.cookies = {name: deepcopy(client.cookies) for name, client in stage.people.items()}
    return stage


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(content, "PNG")
    return SimpleUploadedFile("mark.png", content.getvalue(), "image/png")


def _reported(client: Client) -> Any:
    """A report through the public pages."""
    from yiwang.engines.cases.models import Case

    place = {"place-address": MARKS["address"], "place-longitude": "112.9", "place-latitude": "23.0"}
    pages: list[dict[str, Any]] = [
        {"category": "manhole", "description": MARKS["title"]}, {"before": photo()}, place,
        {"reporter_name": MARKS["name"], "reporter_phone": MARKS["phone"]},
    ]  # fmt: skip
    for number, answers in enumerate(pages, 1):
        answer = client.post(f"/report/{TYPE}/", {"page": str(number), **answers})
    page = client.get(answer["Location"]).content.decode()
    answer = client.post(f"/report/{TYPE}/", {"page": "check", "draft": page.split('name="draft" value="')[1][:36]})
    return Case.objects.get(number=answer["Location"].split("/")[2])


def _carry(case: Any) -> None:
    """Accepted, remarked upon, dispatched to the water office, urged: it stands with the handler."""
    from yiwang.engines.cases.api import act
    from yiwang.engines.directory.api import User, actor_for

    acceptor = actor_for(User.objects.get(username=f"{HERE}-acceptor"))
    dispatcher = actor_for(User.objects.get(username=f"{HERE}-dispatcher"))
    moved = act(acceptor, case.id, "complete", token=_open(case), arguments={"data": {"accepted": "yes", "class_code": "E0103"}})
    act(acceptor, case.id, "comment", arguments={"text": MARKS["remark"]})
    act(dispatcher, case.id, "complete", token=_open(moved), arguments={"data": {"unit": "water"}})
    case.refresh_from_db()


def _open(case: Any) -> int:
    from yiwang.engines.cases.models import Token

    return Token.objects.get(case_id=case.id, status="open").no


def _client(who: Any) -> Client:
    from yiwang.engines.directory.models import User

    client = Client()
    client.force_login(who if isinstance(who, User) else User.objects.get(username=who))
    return client


def _person(username: str, posts: list[Any]) -> Any:
    from datetime import date

    from yiwang.engines.directory.models import Posting, User

    user = User.objects.create(username=username, name=username)
    Posting.objects.bulk_create(Posting(user=user, post=post, from_on=date(2021, 1, 1)) for post in posts)
    return user


def _hold_every_post(username: str, division: str) -> None:
    """Whatever an app lets some post of the division do, this person may: so that somebody may enter each page."""
    from datetime import date

    from yiwang.engines.directory.models import Post, Posting, User

    user = User.objects.get(username=username)
    others = Post.objects.filter(division_id=division).exclude(postings__user=user)
    Posting.objects.bulk_create(Posting(user=user, post=post, from_on=date(2021, 1, 1)) for post in others)


def _everything(town: str) -> Any:
    """Somebody who holds every post of a town."""
    from yiwang.engines.directory.models import Post

    return _person("everything-elsewhere", list(Post.objects.filter(division_id=town)))


def _all_posts() -> Any:
    """Somebody who holds every post of the town and of the district, those of every app included."""
    from yiwang.engines.directory.models import Post

    return _person("all-posts", list(Post.objects.filter(division_id__in=(HERE, DISTRICT))))


def _librarian() -> Any:
    """A post in the same town whose role has many verbs and no part in this kind of case."""
    from yiwang.engines.directory.models import Organisation, Post

    office = Organisation.objects.get(division_id=HERE, kind="government")
    return _person("librarian", [Post.objects.get_or_create(role=OUTSIDER, division_id=HERE, organisation=office)[0]])


def _token(username: str) -> str:
    from yiwang.engines.access.api import make_token
    from yiwang.engines.directory.models import User

    return make_token(User.objects.get(username=username), "契约测试")


def objects_of(case: Any) -> dict[str, Any]:
    """Real values for the parameters of addresses, by name; a route's own meaning stands under `<route>.<name>`."""
    from yiwang.engines.access.models import ApiToken, LogInSession
    from yiwang.engines.cases.api import secret_of
    from yiwang.engines.desk.models import PersonalNotice
    from yiwang.engines.directory.api import SYSTEM, keep_party
    from yiwang.engines.directory.models import Posting, User
    from yiwang.engines.gathering.api import bundle
    from yiwang.engines.worklists.models import SavedFilter
    from yiwang.kernel.clock import now

    handler = User.objects.get(username=f"{HERE}-handler-water")
    notice = PersonalNotice.objects.create(
        user_id=handler.pk, case_id=case.id, number=case.number, title=case.title, kind="urged", at=now()
    )
    session = LogInSession.objects.create(session_key="f" * 32, user=handler, began_at=now())
    _token(handler.username)
    posting = Posting.objects.filter(user=handler).first()
    person = keep_party(SYSTEM, kind="person", name=MARKS["name"], phone=MARKS["phone"], division=HERE)
    kept = SavedFilter.objects.create(user=handler, name=MARKS["filter"], query="status=open")
    objects: dict[str, Any] = {}
    for _, _, module in app_modules("tests.stage"):
        objects |= module.objects_of(case)
    return objects | {
        "desk:filter.id": kept.pk, "desk:filter.act": "delete",
        "case_id": case.id, "attachment_id": case.data["before"][0], "number": case.number, "type": TYPE,
        "secret": secret_of(case.number), "level": "town", "verb": "comment", "provider_id": "district",
        "desk:notice.number": notice.pk, "code": HERE, "division": HERE, "token_id": ApiToken.objects.last().pk,
        "session_key": session.session_key, "staff_id": handler.pk, "user_id": handler.pk, "key": TYPE,
        "posting_id": posting.pk, "organisation_id": posting.post.organisation_id, "party_id": person.pk,
        "on": "2026-10-01", "version": 1, "bundle_id": bundle(SYSTEM, MARKS["trip"], [case.id]).pk,
    }  # fmt: skip
