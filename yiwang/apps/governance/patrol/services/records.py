"""What became of a record at the other system: sent, then confirmed with its number. Never backwards."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.models import RECORD_STATUSES, PatrolRecord
from yiwang.apps.governance.patrol.refusals import invalid
from yiwang.engines.directory.api import Actor
from yiwang.engines.trust.api import append
from yiwang.kernel.errors import NotFound

_ORDER = tuple(RECORD_STATUSES)


@transaction.atomic
def settle_record(actor: Actor, visit_id: UUID, system: str, status: str, reference: str) -> PatrolRecord:
    """Note how far a record has come; told twice it stands as it is, and an earlier status is refused."""
    record = PatrolRecord.objects.select_for_update().filter(visit_id=visit_id, system=system).first()
    if record is None or not actor.may("supervise", record.cell):
        raise NotFound
    if (record.status, record.reference) == (status, reference):
        return record
    if _ORDER.index(status) < _ORDER.index(record.status):
        invalid("status", "BACKWARDS", gettext("这条记录已是更后的状态，不能退回。"))
    record.status, record.reference = status, reference[:40]
    PatrolRecord.objects.filter(visit_id=visit_id, system=system).update(status=status, reference=record.reference)
    facts = {"visit": str(visit_id), "system": system, "status": status, "reference": record.reference}
    append(f"patrol/cell/{record.cell}", "patrol.record.settled", facts, actor=actor, division=record.cell)
    return record
