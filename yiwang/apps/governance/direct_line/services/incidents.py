"""An appeal that is a city problem becomes an incident, and what came of it flows back: each exactly once.

The step that says so opens the incident in its own transaction, whichever page or program took it. The way back is the
incident's own last step; a duty looks after those that ended without telling anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yiwang.apps.governance.direct_line.app import ANSWERED_MESSAGE
from yiwang.apps.governance.direct_line.models import BecameIncident
from yiwang.engines.cases.api import Running, act, form_at, new_case, open_case, seen_cases
from yiwang.engines.directory.api import SYSTEM, system_actor
from yiwang.kernel.clock import now
from yiwang.kernel.errors import UserError

INCIDENT = "city_incident.incident"
WAITING = "await_incident"
LINE = system_actor("区长直通车")
LONGEST = 500
"""Signs of an incident's description."""
MOST_AT_ONCE = 200
_ENDED = """SELECT link.incident_id FROM direct_line_becameincident AS link
JOIN cases_case AS incident ON incident.id = link.incident_id AND incident.status IN ('closed', 'cancelled')
WHERE link.answered_at IS NULL ORDER BY link.opened_at LIMIT %s"""
"""Chosen by their end: those still in work, however many and old, keep nobody from being told."""


def waits_for_incident(appeal: Running) -> bool:
    """Whether the appeal stands where only an incident's answer carries it on."""
    return any(appeal.graph.nodes[token.node].key == WAITING for token in appeal.state.tokens.values())


def open_incident(appeal: Running) -> None:
    """Open the incident of an appeal that waits for one, once; part of the step that made it wait."""
    if BecameIncident.objects.filter(appeal_id=appeal.id).exists():
        return
    incident = open_case(LINE, INCIDENT, _known(_told(appeal)))
    BecameIncident.objects.create(
        appeal_id=appeal.id, incident_id=incident.id, appeal_number=appeal.number, incident_number=incident.number,
        opened_at=now(),
    )  # fmt: skip
    act(LINE, appeal.id, "comment", arguments={"text": f"已转为城市事件 {incident.number}。"})


def _told(appeal: Running) -> dict[str, Any]:
    data = appeal.state.data
    found = {
        "category": data.get("incident_class"), "class_code": data.get("class_code"),
        "description": f"{data['subject']}：{data['text']}"[:LONGEST],
        "place": data.get("place"), "reporter_name": data.get("name"), "reporter_phone": data.get("phone"),
        "source": "call", "origin": appeal.number,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def _known(data: Mapping[str, Any]) -> dict[str, Any]:
    """What an incident of today may be opened with: forms grow and shrink with their versions."""
    fresh = new_case(INCIDENT, now())
    form = form_at(fresh, fresh.graph.nodes[fresh.graph.start])
    known = {*(form.form.by_key if form is not None else ()), *fresh.graph.bundle.get("facts", ())}
    return {key: value for key, value in data.items() if key in known}


def bring_back(incident: Running) -> bool:
    """Tell the appeal what came of its incident, once; whether there was one to tell."""
    with transaction.atomic():
        link = BecameIncident.objects.select_for_update().filter(incident_id=incident.id, answered_at=None).first()
        if link is None:
            return False
        link.answered_at = now()
        link.save(update_fields=["answered_at"])
        payload = {"reply": _answer(incident), "incident_outcome": incident.state.outcome or incident.state.status}
        try:
            with transaction.atomic():
                _deliver(link.appeal_id, payload)
        except UserError:
            # The appeal was ended meanwhile: its link keeps that the incident has answered, and nobody is told twice.
            return False
    return True


def _deliver(appeal: UUID, payload: Mapping[str, Any]) -> None:
    arguments = {"kind": "message", "name": ANSWERED_MESSAGE, "payload": payload}
    act(LINE, appeal, "deliver", arguments=arguments)


def _answer(incident: Running) -> str:
    """What the offices wrote, in the order the incident's type names it."""
    data = incident.state.data
    keys = incident.graph.bundle.get("answer", ())
    said = [value for key in keys if isinstance(value := data.get(key), str) and value]
    return f"城市事件 {incident.number}：" + ("；".join(said) or "已办结。")


def bring_back_missed(limit: int = MOST_AT_ONCE) -> int:
    """Incidents that ended without a step that told: merged, settled, carried by a replay. How many were told now."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [limit])
        ended: list[UUID] = [row[0] for row in cursor.fetchall()]
    return sum(bring_back(one) for one in seen_cases(SYSTEM, ended).values())
