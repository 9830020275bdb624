"""Advice for programs: what a text is about, whether it is an emergency."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from yiwang.apps.governance.triage.second_opinion import judge
from yiwang.apps.governance.triage.suggesting import suggest
from yiwang.kernel.clock import now

router = Router(tags=["triage"])


class AdviceIn(Schema):
    """A report in the words of whoever made it."""

    text: str = Field(min_length=1, max_length=2000, examples=["小学门口路灯不亮"])


class AdviceOut(Schema):
    """`judgement`: transfer ("", 110, 119, 120) and reason; when found rule, severity, words, also, ask.

    `suggestion`: class_code, title, confidence, is_sure; category and others when a class was found.
    """

    judgement: dict[str, Any]
    suggestion: dict[str, Any]


@router.post("/advice", response=AdviceOut, operation_id="advise", summary="Emergency and class of a text")
def advise(request: HttpRequest, given: AdviceIn) -> dict[str, Any]:
    """Judged by the rules in force now; nothing is kept."""
    at = now()
    return {"judgement": judge(given.text, at).advice(), "suggestion": suggest(given.text, at).advice()}
