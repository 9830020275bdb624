"""Patrol over HTTP, for the phone page and other programs: the plan of the next days, and reports one by one."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from yiwang.apps.governance.patrol.checklist import described
from yiwang.apps.governance.patrol.models import PatrolRecord
from yiwang.apps.governance.patrol.selectors.plans import phone_plan
from yiwang.apps.governance.patrol.selectors.visits import records_in
from yiwang.apps.governance.patrol.services.incidents import incident_classes
from yiwang.apps.governance.patrol.services.records import settle_record
from yiwang.apps.governance.patrol.services.reports import Report, receive
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.clock import now

router = Router(tags=["patrol"])


class CellOut(Schema):
    """A cell one leads, with its rings (WGS-84)."""

    code: str
    name: str
    rings: list[list[tuple[float, float]]]


class PlaceOut(Schema):
    """A place of one's cells: when it is due and between which hours a check-in counts."""

    id: UUID
    kind: str
    risk: str
    name: str
    address: str
    longitude: float
    latitude: float
    cell: str
    due_on: str
    opens: int
    closes: int
    people: int | None


class PlanOut(Schema):
    """All a phone needs for 72 hours without a net. `now` is the server's clock."""

    now: AwareDatetime
    user: int | None = Field(description="Whose plan it is; a phone sends only what its user recorded")
    name: str
    token: str = Field(description="CSRF token for writing with the session of a browser")
    today: str
    week_end: str
    cells: list[CellOut]
    places: list[PlaceOut]
    round: list[UUID] = Field(description="Today's places in the order of the walk")
    metres: int
    form: dict[str, Any]
    classes: list[tuple[str, str]]


class ReportIn(Schema):
    """One visit, or one incident met on the way. Sent again with the same key it is answered again, not kept again."""

    key: UUID = Field(description="Made by the phone; the same for every try")
    kind: Literal["visit", "incident"]
    place: UUID | None = None
    taken_at: AwareDatetime = Field(description="The phone's clock when it happened")
    sent_at: AwareDatetime = Field(description="The phone's clock at this try")
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    accuracy: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = None
    form: dict[str, Any] = Field(description="Answers; photos as ids from /api/attachments")


class ReportOut(Schema):
    """What became of it: accepted, duplicate or refused, and why."""

    state: Literal["accepted", "duplicate", "refused"]
    message: str
    records: list[str] = Field(description="Systems it was recorded in")
    number: str = Field(description="Number of the incident it opened, if any")
    is_late: bool
    is_repeated: bool = False
    now: AwareDatetime


class RecordOut(Schema):
    """What one system gets of one visit, under its own field names."""

    visit: UUID
    system: str
    cell: str
    at: AwareDatetime
    status: str
    reference: str
    content: dict[str, Any]


class RecordsOut(Schema):
    """A page of records, newest first; `after` continues, '' at the end."""

    records: list[RecordOut]
    after: str


class SettleIn(Schema):
    """How far a record has come at the other system, and the number it has there."""

    status: Literal["ready", "sent", "confirmed"]
    reference: Annotated[str, Field(max_length=40, pattern="^[^\\x00]*$")] = ""


def _record(row: PatrolRecord) -> dict[str, Any]:
    names = ("system", "cell", "at", "status", "reference", "content")
    return {"visit": row.visit_id, **{name: getattr(row, name) for name in names}}


@router.get("/plan", response=PlanOut)
def plan(request: HttpRequest) -> dict[str, Any]:
    """The caller's cells, their places, and today's round."""
    actor = actor_of(request)
    shared = {"now": now(), "user": actor.user_id, "name": actor.name, "token": get_token(request), "form": described()}
    return {**shared, "classes": incident_classes(), **phone_plan(actor)}


@router.get("/records", response=RecordsOut)
def records(request: HttpRequest, system: Literal["fire", "safety", "grid"], after: str = "") -> dict[str, Any]:
    """What one system gets, for its adapter to fetch."""
    page = records_in(actor_of(request), system, "", after)
    return {"records": [_record(row) for row in page.rows], "after": page.after}


@router.post("/records/{visit_id}/{system}", response=RecordOut)
def settle(request: HttpRequest, visit_id: UUID, system: str, body: SettleIn) -> dict[str, Any]:
    """Tell what became of a record. The same again changes nothing; an earlier status is refused."""
    return _record(settle_record(actor_of(request), visit_id, system, body.status, body.reference))


@router.post("/reports", response=ReportOut)
def report(request: HttpRequest, body: ReportIn) -> dict[str, Any]:
    """Take a report. 409 when the key came before with another body; 422 names the fields at fault, nothing is kept."""
    given = Report(**body.model_dump())
    return {**receive(actor_of(request), given), "now": now()}
