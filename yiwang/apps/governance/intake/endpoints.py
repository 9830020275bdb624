"""Intake for programs: report something in the one schema of all sources, look an address up."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Query, Router, Schema
from pydantic import ConfigDict

from yiwang.apps.governance.intake.geocoding import Candidate, candidates
from yiwang.apps.governance.intake.rights import READ
from yiwang.apps.governance.intake.services.reporting import report
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.errors import NotAllowed

router = Router(tags=["intake"])


class Strict(Schema):
    """A name nobody knows is a mistake of the sender's, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class PlaceIn(Strict):
    """A WGS-84 point, an address in words, or both. The division is found here, never taken from the sender."""

    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    address: str = Field("", max_length=200, examples=["测试路18号，公交站旁"])


class ReporterIn(Strict):
    """Whoever saw it, where that is a person."""

    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=20)


class ReportIn(Strict):
    """One problem. What is left out is suggested or left for a person."""

    source: str = Field(max_length=12, examples=["sensor"], description="citizen, call, inspector, patrol, email, …")
    origin: str = Field("", max_length=120, description="Its id where it comes from")
    description: str = Field(min_length=1, max_length=500, examples=["泵站水位超过警戒线"])
    category: str = Field("", max_length=40, description="Everyday class; suggested from the text when left out")
    class_code: str = Field("", max_length=20, description="Official class, of the edition in force")
    place: PlaceIn
    attachments: list[UUID] = Field([], max_length=20, description="Ids of your own uploads to /api/attachments")
    reporter: ReporterIn | None = None


class SuggestionOut(Schema):
    """The class the text suggests; a person decides where `is_sure` is false."""

    class_code: str | None = None
    title: str | None = None
    confidence: float | None = None
    is_sure: bool | None = None


class DuplicateOut(Schema):
    """A running case you may see that is likely of the same problem."""

    number: str
    score: float
    reasons: list[str]


class NearbyOut(Schema):
    """An open report close by, in words anybody may read."""

    category: str
    stage: str
    metres: int
    ago: str


class ReportOut(Schema):
    """What became of the report. `link` leads its reporter to the progress without an account."""

    id: UUID
    number: str
    link: str
    status: str
    outcome: str
    suggestion: SuggestionOut
    duplicates: list[DuplicateOut]
    nearby: list[NearbyOut]


class PlaceOut(Schema):
    """A place the words may mean; without a point only the division is known."""

    kind: str = Field(description="component, address or division")
    title: str
    confidence: float
    reasons: list[str]
    division: str
    longitude: float | None
    latitude: float | None
    is_sure: bool


class WordsIn(Schema):
    """An address in words."""

    q: str = Field("", max_length=200)


@router.post("/reports", response={201: ReportOut}, operation_id="report_incident", summary="Report an incident")
def report_incident(
    request: HttpRequest,
    response: HttpResponse,
    given: ReportIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Any:
    """Open an incident. The same Idempotency-Key with the same body gives the same answer, with another body 409."""
    answer, is_known = report(actor_of(request), idempotency_key, given.model_dump(mode="json"))
    if is_known:
        response["Idempotency-Replayed"] = "true"
    return 201, answer


@router.get("/places", response=list[PlaceOut], operation_id="find_places", summary="Places an address may mean")
def find_places(request: HttpRequest, given: Annotated[WordsIn, Query()]) -> list[Candidate]:
    """The likeliest first; an empty list when the district knows no such place."""
    actor = actor_of(request)
    if not actor.scopes(READ):
        raise NotAllowed
    return candidates(actor, given.q) if given.q.strip() else []
