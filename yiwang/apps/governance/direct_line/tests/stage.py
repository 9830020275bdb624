"""What stands for the direct line's own parameters in the cross-cutting tests, and who of their cast plays its posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.small_district import DISTRICT
from yiwang.apps.governance.direct_line.models import Article
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import SYSTEM, appoint, organisation_for, user_id

ROLES = ("operator", "callback_clerk", "line_leader", "knowledge_editor")


def objects_of(case: Any) -> dict[str, Any]:
    """An appeal and an article; the duty supervisor of the cast holds the line's posts beside his own."""
    supervisor, office = user_id(f"{DISTRICT}-supervisor"), organisation_for(DISTRICT, "data")
    for role in ROLES:
        post = {"role": f"direct_line.{role}", "organisation": office, "division": DISTRICT}
        appoint(SYSTEM, supervisor, **post, from_on=date(2021, 1, 1))
    data = {"kind": "consult", "subject": "图书馆几点开门", "text": "周末开吗"}
    appeal = open_case(SYSTEM, "direct_line.appeal", data)
    return {
        "direct_line:callback.appeal_id": appeal.id,
        "direct_line:article.article_id": Article.objects.order_by("id").first().pk,
    }  # fmt: skip
