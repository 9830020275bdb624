"""The direct line for programs: a telephone exchange tells of its calls, a chat page asks the knowledge base."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from yiwang.apps.governance.direct_line.selectors.knowledge import found
from yiwang.apps.governance.direct_line.services.calls import Told, log_call
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import CHINA

router = Router(tags=["direct_line"])


class CallIn(Schema):
    """A call as the exchange knows it by now. Told again with the same `key` as it goes on."""

    key: str = Field(min_length=1, max_length=100, description="The exchange's own name of the call")
    phone: str = Field("", max_length=20, pattern=r"^[0-9-]*$", description="Empty when the caller hides it")
    rang_at: datetime
    answered_at: datetime | None = Field(None, description="Empty while it rings, and for a call nobody took")
    ended_at: datetime | None = None


class CallOut(Schema):
    """`id` opens the desk for this call: `/governance/direct_line/desk/?caller=<phone>&call=<id>`."""

    id: UUID
    phone: str = Field(description="Masked")


class ArticleOut(Schema):
    """An answer the public may read."""

    id: UUID
    question: str
    answer: str
    basis: str
    unit: str
    valid_until: date | None


def _aware(at: datetime | None) -> datetime | None:
    """Times without an offset are China's."""
    return at.replace(tzinfo=CHINA) if at is not None and at.tzinfo is None else at


@router.post("/calls", response=CallOut)
def tell_call(request: HttpRequest, body: CallIn) -> dict[str, Any]:
    """Keep a call; the same twice changes nothing, contradicting facts are refused with 409."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rang_at = _aware(body.rang_at)
    assert rang_at is not None
    call = log_call(actor, Told(body.key, body.phone, rang_at, _aware(body.answered_at), _aware(body.ended_at)))
    return {"id": call.pk, "phone": call.phone_masked}


@router.get("/knowledge", response=list[ArticleOut])
def search_knowledge(request: HttpRequest, q: str = "") -> list[dict[str, Any]]:
    """Articles nearest to a question in plain words, the best first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return [one._asdict() for one in found(actor, q[:400])]
