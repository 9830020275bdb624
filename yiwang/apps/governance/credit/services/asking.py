"""Opening the cases: whoever may speak for a subject objects to its entries or asks for their repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.credit.kinds import OBJECTION, REPAIRING
from yiwang.apps.governance.credit.models import Entry, Subject
from yiwang.apps.governance.credit.selectors import admitting
from yiwang.apps.governance.credit.selectors.seeing import may_speak_for, one_entry
from yiwang.engines.cases.api import Running, open_case
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed, UserError


class NotAdmissible(UserError):
    code, status = "CREDIT_NOT_ADMISSIBLE", 409
    message, next_step = "这条记录现在不能申请。", "请核对记录的状态。"


def own_entry(actor: Actor, entry: int) -> Entry:
    """An entry of a subject the actor may speak for; NotFound out of sight, else NotAllowed."""
    row = one_entry(actor, entry)
    if not may_speak_for(actor, row.subject):
        raise NotAllowed(next_step=gettext("由记录所属单位的信用联络员办理。"))
    return row


@transaction.atomic
def object_to(actor: Actor, entry: int, data: Mapping[str, Any]) -> Running:
    """Open an objection against an entry; it is frozen at once. NotAllowed, NotAdmissible, InvalidInput."""
    row = _locked(actor, entry)
    return _open(actor, OBJECTION, row, data, admitting.against_objecting(row, now()))


@transaction.atomic
def ask_for_repair(actor: Actor, entry: int, data: Mapping[str, Any]) -> Running:
    """Ask that an entry be repaired. NotAllowed, NotAdmissible, InvalidInput."""
    row = _locked(actor, entry)
    why_not = admitting.against_repairing(row, now(), has_proof=bool(data.get("proof")))
    return _open(actor, REPAIRING, row, data, why_not)


def _locked(actor: Actor, entry: int) -> Entry:
    """Whoever asks about entries of one subject queues here, so that two at once are not both admitted."""
    row = own_entry(actor, entry)
    Subject.objects.select_for_update().get(pk=row.subject_id)
    return row


def _open(actor: Actor, type: str, entry: Entry, data: Mapping[str, Any], why_not: str) -> Running:
    if why_not:
        raise NotAdmissible(why_not)
    # No role may open these cases by itself, since a role knows nothing of entries; the right is asked above.
    trusted = replace(actor.acting_for(actor.on_behalf_of), is_system=True)
    return open_case(trusted, type, {**data, "entry": str(entry.pk)})
