"""可能漏报: a citizen reports from where a visit shortly before found nothing. Noted at once, judged by a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.check_in import OLDEST
from yiwang.apps.governance.patrol.kinds import MISS_STATUSES
from yiwang.apps.governance.patrol.models import PossibleMiss, Visit
from yiwang.apps.governance.patrol.refusals import invalid
from yiwang.apps.governance.patrol.services.incidents import INCIDENT
from yiwang.engines.cases.api import CaseMoved, seen_cases
from yiwang.engines.datahub.api import datasets, table_of
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotFound
from yiwang.kernel.events import subscribe

BEFORE = timedelta(hours=24)
"""How long before a report a visit without a finding is asked about. A proposal of ours."""
OURS = frozenset({"patrol", "inspector"})
"""Sources of incidents that a visit, or an inspector's own report, opened."""
INCIDENT_FACTS = "performance.incidents"
_MISSED = (Path(__file__).parent / "missed.sql").read_text(encoding="utf-8")


def compare_all() -> int:
    """What the listener could not see: visits that reached us late, and incidents written in bulk. How many were new.

    The first time all of the past, then as far back as a phone may still report. Facts of incidents are the datahub's;
    without them there is nothing to compare.
    """
    if INCIDENT_FACTS not in datasets():
        return 0
    since = now() - OLDEST if PossibleMiss.objects.exists() else datetime(2000, 1, 1, tzinfo=UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table_of(INCIDENT_FACTS)])
        if cursor.fetchone() == (None,):
            return 0
        sql = _MISSED.format(incidents=table_of(INCIDENT_FACTS))
        cursor.execute(sql, {"before": f"{BEFORE.total_seconds():.0f} seconds", "since": since, "ours": sorted(OURS)})
        found: int = cursor.rowcount
    return found


def listen() -> None:
    """Called once at start."""
    subscribe(CaseMoved, _compare)


def _compare(event: CaseMoved) -> None:
    """Inside the transaction that opened the incident: two reads, and a row only when there is something to ask."""
    if event.verb != "open" or event.type != INCIDENT:
        return
    case = seen_cases(SYSTEM, [event.case]).get(event.case)
    if case is None or len(case.area) != 16 or case.state.data.get("source") in OURS:
        return
    visit = (
        Visit.objects.filter(cell=case.area, status="done", taken_at__range=(case.opened_at - BEFORE, case.opened_at))
        .order_by("-taken_at")
        .only("id", "finding")
        .first()
    )
    if visit is not None and not visit.finding:
        PossibleMiss.objects.create(
            case_id=case.id, case_number=case.number, cell=case.area, visit=visit, reported_at=case.opened_at
        )


@transaction.atomic
def judge(actor: Actor, miss_id: UUID, status: str, note: str) -> None:
    """A supervisor says whether the visit overlooked it."""
    miss = PossibleMiss.objects.select_for_update().filter(pk=miss_id).first()
    if miss is None or not actor.may("supervise", miss.cell):
        raise NotFound
    if status not in MISS_STATUSES or status == "open":
        invalid("status", "NO_SUCH_OPTION", gettext("请选择“确认漏报”或“不是漏报”。"))
    miss.status, miss.note, miss.judged_by, miss.judged_at = status, note.strip()[:300], actor.name, now()
    miss.save(update_fields=["status", "note", "judged_by", "judged_at"])
    facts = {"miss": str(miss.id), "case": miss.case_number, "visit": str(miss.visit_id), "status": status}
    append(f"patrol/cell/{miss.cell}", "patrol.miss.judged", facts, actor=actor, division=miss.cell)
