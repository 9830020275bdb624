"""Who rates an incident badly hears from us: a follow-up opens with the rating, once."""

from __future__ import annotations

from yiwang.engines.cases.api import CaseMoved, open_case, seen_cases
from yiwang.engines.directory.api import SYSTEM
from yiwang.kernel.events import subscribe

LOWEST_UNVISITED = 2
"""Ratings up to this are followed up; a proposal."""


def _hear(event: CaseMoved) -> None:
    if event.type != "city_incident.incident" or event.verb != "rate":
        return
    case = seen_cases(SYSTEM, [event.case])[event.case]
    score = case.state.memory["rating"]
    if score > LOWEST_UNVISITED:
        return
    facts = {"incident_number": case.number, "score": score, "incident": str(case.id)}
    place = case.state.data.get("place")
    open_case(SYSTEM, "city_incident.follow_up", facts | ({"place": place} if place else {}))


def connect() -> None:
    """Called once at start."""
    subscribe(CaseMoved, _hear)
