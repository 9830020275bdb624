"""Whether an incident may still be appealed: it has closed, a handling was late, and nobody has appealed before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson

from yiwang.engines.cases.api import case_numbered, cases_under
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.trust.api import told

INCIDENT, APPEAL = "city_incident.incident", "city_incident.timeout_appeal"
HANDLING = frozenset({"handle_village", "handle", "handle_district"})


def appealable(number: str) -> dict[str, Any]:
    """`is_appealable` and, when it is not, `why`; `late_steps` names the handlings that were late."""
    incident = case_numbered(SYSTEM, number)
    if incident is None or incident.graph.type != INCIDENT:
        return _refused("没有这个编号的案件。")
    if incident.state.status != "closed" or incident.state.outcome != "closed":
        return _refused("案件结案以后才能申诉。")
    late = sorted(late_steps(incident.id))
    if not late:
        return _refused("该案件的处置没有超时，不需要申诉。")
    if len(cases_under(SYSTEM, APPEAL, incident.division, number)) > 0:
        return _refused("该案件已经申诉过，每件只能申诉一次。")
    return {"is_appealable": True, "late_steps": late, "incident": str(incident.id)}


def late_steps(case_id: UUID) -> set[str]:
    """Keys of the handlings that ended after their limit; the raw fact as the history has it."""
    return {fact["node"] for fact in _handlings(case_id) if fact.get("clock", {}).get("is_on_time") is False}


def _handlings(case_id: UUID) -> Iterator[dict[str, Any]]:
    for entry in told(case_id):
        fact = orjson.loads(entry.payload)
        if fact.get("verb") == "complete" and fact.get("node") in HANDLING:
            yield fact


def _refused(why: str) -> dict[str, Any]:
    return {"is_appealable": False, "why": why}
