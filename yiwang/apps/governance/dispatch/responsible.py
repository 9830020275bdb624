"""The advice `dispatch.responsible`: who leads, who helps, on which level, and when the matter rises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

LOWEST_URGENT = "town"
"""What is urgent does not begin below this level; a proposal."""


def advise(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """`lead` and `co` (kinds of office), `level`, `district`, and `rise_limit` (amount, unit) unless nothing rises.

    Reads `class_code`, `place.division`, `urgency`, and `facts.level`, `facts.handle_limit` as the catalogue gave them.
    A class or an area the matrix does not know has no `lead`: a person chooses.
    """
    # Asked only while cases run: the door of the rules opens after Django has started.
    from yiwang.engines.directory.api import district_code
    from yiwang.engines.rulebooks.api import consult

    known = facts.get("facts") or {}
    place = facts.get("place") if isinstance(facts.get("place"), Mapping) else {}
    urgency = "urgent" if facts.get("urgency") == "urgent" or known.get("is_urgent") else "ordinary"
    level = _level(str(known.get("level") or "town"), urgency)
    asked = {"class_code": facts.get("class_code") or "", "area": (place or {}).get("division") or "", "level": level}
    found = consult("dispatch.responsibility", asked, at) or {}
    advice = {"lead": found.get("lead"), "co": list(found.get("co", ())), "level": level, "district": district_code()}
    rising = consult("dispatch.rising", {"level": level, "urgency": urgency}, at)
    limit = known.get("handle_limit")
    if rising is not None and limit:
        advice["rise_limit"] = _share(limit, rising["percent"])
    return {name: value for name, value in advice.items() if value is not None}


def _level(level: str, urgency: str) -> str:
    return LOWEST_URGENT if level == "village" and urgency == "urgent" else level


def _share(limit: Mapping[str, Any], percent: int) -> dict[str, Any]:
    amount = (Decimal(str(limit["amount"])) * percent / 100).normalize()
    return {"amount": f"{amount:f}", "unit": limit["unit"]}
