"""What the direct line does when cases move, inside the transaction of the step."""

from __future__ import annotations

from uuid import UUID

from yiwang.apps.governance.direct_line import rules
from yiwang.apps.governance.direct_line.models import BecameIncident
from yiwang.apps.governance.direct_line.services import incidents
from yiwang.engines.cases.api import CaseMoved, open_case, seen_cases
from yiwang.engines.directory.api import SYSTEM
from yiwang.kernel.events import subscribe

APPEAL, FOLLOW_UP = "direct_line.appeal", "direct_line.follow_up"


def connect() -> None:
    """Called once at start."""
    subscribe(CaseMoved, heard)


def heard(moved: CaseMoved) -> None:
    """An appeal that becomes an incident, an incident that ends, a bad rating."""
    if moved.type == APPEAL and moved.verb == "complete":
        appeal = seen_cases(SYSTEM, [moved.case])[moved.case]
        if incidents.waits_for_incident(appeal):
            incidents.open_incident(appeal)
    elif moved.type == APPEAL and moved.verb == "rate":
        follow_up(moved.case)
    elif moved.type == incidents.INCIDENT and moved.status in ("closed", "cancelled") and _is_awaited(moved.case):
        incidents.bring_back(seen_cases(SYSTEM, [moved.case])[moved.case])


def _is_awaited(incident: UUID) -> bool:
    return BecameIncident.objects.filter(incident_id=incident, answered_at=None).exists()


def follow_up(appeal: UUID) -> None:
    """A bad rating brings a call; a rating is given once, so is the call."""
    case = seen_cases(SYSTEM, [appeal])[appeal]
    rating = case.state.memory.get("rating")
    if rating not in rules.BAD_RATINGS:
        return
    told = {key: case.state.data[key] for key in ("name", "phone") if case.state.data.get(key)}
    subject = str(case.state.data.get("subject", ""))
    data = {"appeal": case.number, "appeal_subject": subject, "rating": str(rating), **told}
    open_case(incidents.LINE, FOLLOW_UP, data)
