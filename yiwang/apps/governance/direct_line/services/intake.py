"""An appeal taken at the desk: opened for the caller, answered or sent on in the same transaction, once per form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from yiwang.apps.governance.direct_line.models import Call
from yiwang.apps.governance.direct_line.posts import DESK
from yiwang.apps.governance.direct_line.services.calls import keep_call
from yiwang.apps.governance.direct_line.services.knowledge import count_use
from yiwang.engines.cases.api import Running, act, open_case, seen_cases
from yiwang.engines.directory.api import SYSTEM, Actor, district_code
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, NotAllowed

APPEAL, SEALED = "direct_line.appeal", "direct_line.sealed"
LONGEST_CALL = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the operator took down. `id` is the form's own, so that sending twice opens one appeal.

    `asked` are the answers to the form of the start; `handled` those of the acceptance, empty to leave it to the list;
    `articles` those the answer was given from. `began_at` is when the call did; `call` the exchange's record of it.
    """

    id: UUID
    asked: Mapping[str, Any]
    handled: Mapping[str, Any]
    articles: Sequence[UUID] = ()
    began_at: datetime | None = None
    call: UUID | None = None
    is_sealed: bool = False


def take_down(actor: Actor, taken: Taken) -> Running:
    """The appeal, opened and, unless sealed, handled as the operator said; InvalidInput names each field at fault.

    The appeal is the caller's, not the operator's: who takes it down may neither rate it nor read a sealed one again.
    """
    if not actor.may(DESK, district_code()):
        raise NotAllowed
    try:
        with transaction.atomic():
            return _opened(actor, taken)
    except IntegrityError:
        return _as_before(taken)


def _opened(actor: Actor, taken: Taken) -> Running:
    caller = Actor(None, f"来电人（{actor.name}代录）")
    type = SEALED if taken.is_sealed else APPEAL
    case = open_case(caller, type, taken.asked, id=taken.id)
    if taken.handled and not taken.is_sealed:
        (token,) = case.state.open_tasks()
        case = act(actor, case.id, "complete", token=token.no, arguments={"data": dict(taken.handled)})
        count_use(case.id, taken.articles)
    call = _noted(actor, taken, case)
    payload = {"case": str(case.id), "call": str(call.pk)}
    trust.append("direct_line.desk", "call.taken_down", payload, actor=actor, division=district_code())
    return case


def _noted(actor: Actor, taken: Taken, case: Running) -> Call:
    call = Call.objects.select_for_update().filter(pk=taken.call, case_id=None).first() if taken.call else None
    if call is None:
        call = keep_call(phone=str(taken.asked.get("phone") or ""), rang_at=_began(taken))
        call.answered_at = call.rang_at
    call.operator, call.case_id, call.ended_at = actor.user_id, case.id, call.ended_at or now()
    call.save()
    return call


def _began(taken: Taken) -> datetime:
    """When the form was opened; a form left open for a day says nothing."""
    began, at = taken.began_at or now(), now()
    return began if at - LONGEST_CALL < began <= at else at


def _as_before(taken: Taken) -> Running:
    """The appeal the form opened the first time. The same form with other answers is another matter."""
    case = seen_cases(SYSTEM, [taken.id]).get(taken.id)
    if case is None or case.graph.type not in (APPEAL, SEALED):
        raise Conflict("这份登记已经提交过。", next_step="请重新打开话务台登记。")
    if any(case.state.data.get(key) != taken.asked.get(key) for key in ("kind", "subject", "text")):
        raise Conflict("这份登记已经提交过，内容与这次不同。", next_step="请重新打开话务台登记。")
    return case
