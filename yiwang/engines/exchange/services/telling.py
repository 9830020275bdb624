"""What we tell other systems: a row to be sent, in the transaction in which the case moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseMoved, claim, has_verb, open_cursor, require_sight
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.exchange.envelope import CHANGED, OPENED
from yiwang.engines.exchange.models import Link, Outbound, System
from yiwang.engines.exchange.rights import HAND_OVER
from yiwang.engines.exchange.standing import Standing, is_same, participation_of, standings, word_for
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound
from yiwang.kernel.ids import new_id

ENDED = ("closed", "cancelled")
_MOVED = """SELECT link.id FROM exchange_link AS link JOIN cases_case AS moved ON moved.id = link.case_id
WHERE NOT link.is_over AND moved.changed_at > link.looked_at ORDER BY link.looked_at LIMIT %s"""


def heard(event: CaseMoved) -> None:
    """A case took a step: every system it is linked with hears of a new status. Called inside that step."""
    for link in _locked().filter(case_id=event.case).order_by("pk"):
        tell_if_moved(link)


def catch_up(limit: int = 200) -> int:
    """Steps nobody announced (clocks, merged cases) are told as well; the worker's duty. How many were looked at."""
    ids = [row[0] for row in open_cursor().read(_MOVED, [limit])]
    for link_id in ids:
        with transaction.atomic():
            tell_if_moved(_locked().get(pk=link_id))
    return len(ids)


def _locked() -> Any:
    return Link.objects.select_for_update(of=("self",)).select_related("system")


def tell_if_moved(link: Link, *, always: bool = False) -> None:
    """Note our status and queue it when it is new (or `always`, to correct the other side). The link is locked."""
    standing = standings(participation_of(link.system), [link.case_id])[link.case_id]
    link.looked_at, link.is_over = standing.changed_at, standing.status in ENDED
    if standing.status != link.ours:
        link.ours, link.ours_at, link.moved_sequence = standing.status, now(), link.sequence + 1
        queue(link, standing)
        agree(link)
    elif always:
        queue(link, standing)
    link.save()


def agree(link: Link) -> None:
    """Open questions are over once both sides say the same."""
    if is_same(link):
        link.conflicts.filter(decision="open").update(decision="agreed", decided_at=now())


def queue(link: Link, standing: Standing, type: str = CHANGED, data: Mapping[str, Any] | None = None) -> None:
    """A row to be sent about a case; the caller saves the link."""
    link.sequence += 1
    if link.system.direction == "in" or not link.system.is_active:
        return
    told = {
        **(data or {}), "status": word_for(link.system, standing.status), "yours": link.outside_id,
        "seen": link.their_sequence or 0,
    }  # fmt: skip
    queue_event(link.system, type, standing.number, told, link=link, at=link.ours_at)


def queue_event(
    system: System, type: str, subject: str, data: Mapping[str, Any], *, link: Link | None = None, at: datetime
) -> Outbound:
    """An event of ours, whole but for its signature, which is made anew at each try."""
    id, sequence = new_id(), link.sequence if link is not None else 0
    body = {
        "specversion": "1.0", "id": str(id), "source": f"urn:yiwang:{district_code()}", "type": type,
        "subject": subject, "time": at.isoformat(), "datacontenttype": "application/json", "sequence": str(sequence),
        "data": dict(data),
    }  # fmt: skip
    return Outbound.objects.create(
        id=id, system=system, link=link, type=type, sequence=sequence, body=body, next_at=now(), created_at=now()
    )


def hand_over(actor: Actor, case_id: UUID, system_id: UUID) -> Link:
    """Give a case to another system: it opens its own, answers with its id, and both follow each other from then on."""
    with transaction.atomic():
        case = claim(open_cursor(), [case_id]).get(case_id)
        if case is None:
            raise NotFound
        require_sight(actor, case)
        if not has_verb(actor, HAND_OVER, case.graph, case.division):
            raise NotAllowed
        system = System.objects.filter(pk=system_id, is_active=True, direction__in=("both", "out")).first()
        if system is None or participation_of(system).type != case.graph.type:
            raise NotFound
        part = participation_of(system)
        standing = standings(part, [case_id])[case_id]
        if standing.status in ENDED:
            raise Conflict(gettext("这件已经办结，不能再送出。"), next_step="")
        link = _new_link(system, case_id, standing)
        queue(link, standing, OPENED, {"title": case.title, **part.telling(case.state.data)})
        link.save()
        facts = {"case": str(case_id), "number": case.number}
        trust.append(f"exchange:{system.key}", "exchange.handed_over", facts, actor=actor, division=district_code())
    return link


def _new_link(system: System, case_id: UUID, standing: Standing) -> Link:
    try:
        with transaction.atomic():
            return Link.objects.create(
                system=system, case_id=case_id, ours=standing.status, ours_at=now(), moved_sequence=1,
                looked_at=standing.changed_at, created_at=now(),
            )  # fmt: skip
    except IntegrityError:
        message = gettext("这件已经在“{title}”了。").format(title=system.title)
        raise Conflict(message, next_step="") from None
