"""Real values for the addresses of policies and of the rulebooks they govern."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yiwang.apps.governance.rulebook.models import Policy
from yiwang.engines.directory.api import SYSTEM, today
from yiwang.engines.rulebooks.api import all_books, begin_draft, editions, publish_edition

BOOK = "catalogue.classes"


def objects_of(case: Any) -> dict[str, Any]:
    """A policy, an edition that begins next month, and a draft with its first row."""
    policy = Policy.objects.exclude(from_on=None).first()
    objects: dict[str, Any] = {"policy_id": policy.pk if policy else 0, "book": BOOK, "kind": "csv", "no": 1}
    if BOOK not in all_books():
        return objects
    coming = publish_edition(SYSTEM, begin_draft(SYSTEM, BOOK).pk, today() + timedelta(days=30))
    draft = begin_draft(SYSTEM, BOOK)
    first = editions(SYSTEM, BOOK)[-1]
    places = {
        "publish": draft,
        "check": draft,
        "discard": draft,
        "rule_new": draft,
        "rule_remove": draft,
        "rule": draft,
    }
    objects["edition_id"] = first.pk
    objects |= {f"rulebooks:{name}.edition_id": edition.pk for name, edition in places.items()}
    return objects | {"rulebooks:withdraw.edition_id": coming.pk, "rulebooks:compare.edition_id": coming.pk}
