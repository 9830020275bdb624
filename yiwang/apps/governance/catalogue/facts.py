"""What the catalogue knows of a class at an instant: the advice `catalogue.facts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def advise(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """Facts of `class_code` (and `condition`, its number; the first one unless given) in the edition of that instant.

    Keys: title, group, kind, condition, handle_limit and whole_limit ({"amount", "unit"}), level, is_urgent, evidence,
    closing, category. What the edition does not say is absent; a class or condition it does not know gives nothing.
    """
    # Asked only while cases run; the door of the rules opens after Django has started, and an `app.py` is read before.
    from yiwang.apps.governance.catalogue.book import catalogue_on

    key = (str(facts.get("class_code") or ""), str(facts.get("condition") or ""))
    return dict(catalogue_on(at).advice.get(key, ()))


def component(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """Where the component of a 16-digit `code` stands: name, class_code, longitude, latitude (WGS-84).

    Nothing for a code the ledger does not hold, or holds as retired. What stands in public places is public.
    """
    from yiwang.apps.governance.catalogue.models import Component

    rows = Component.objects.filter(pk=str(facts.get("code") or "")).exclude(state="retired")
    return dict(rows.values("name", "class_code", "longitude", "latitude").first() or {})
