"""并案 and its undoing: n reporters, one problem, one clock.

Both cases are locked in the order of their ids, and who is whose main is read again under the locks. A membership
changes only while its case or its main is locked, so two people at once can make neither a loop nor a chain.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseMoved, Running, claim, open_cursor, save
from yiwang.engines.directory.api import Actor
from yiwang.engines.gathering.joining import require_joinable
from yiwang.engines.gathering.models import Membership
from yiwang.engines.gathering.refusals import NotGathered
from yiwang.engines.gathering.rights import require_gathering, standing
from yiwang.engines.gathering.services.moving import (
    bring_along,
    do,
    end,
    holding,
    reason_in,
    say,
    take_back,
)
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotFound
from yiwang.kernel.events import publish

RUNNING = ("open", "suspended")


def merge(actor: Actor, case_id: UUID, into_id: UUID, reason: str) -> Running:
    """Let `into_id`, or the main it belongs to, stand for the case: the case rests, the main's clock runs. The main.

    NotGathered when they are the same, of types that do not fit (`joining`), or not running; who came merged with the
    case comes along.
    """
    reason = reason_in(reason)
    with transaction.atomic():
        case, main = _two(case_id, main_of(into_id))
        require_gathering(actor, case, main)
        _require_fitting(case, main, into_id)
        _tie(standing(actor, case), case, main, reason)
        save(open_cursor(), [case, main])
        publish(CaseMoved(case.id, case.graph.type, "suspend", case.state.status))
        publish(CaseMoved(main.id, main.graph.type, "comment", main.state.status))
    return main


def _tie(who: Actor, case: Running, main: Running, reason: str) -> None:
    """The case rests and belongs to the main; both histories say so."""
    told = f"已并入 {main.number}，由该件一并办理，办理结果会同样答复您。"
    do(who, case, "suspend", {"reason": told, "into": str(main.id)})
    say(who, main, f"并案：{case.number} 并入本件。{reason}")
    Membership.objects.create(
        case_id=case.id, into_id=main.id, kind="merged", reason=reason, by=who.user_id, by_name=who.name, at=now()
    )
    bring_along(case.id, main.id)


def merge_in_hand(actor: Actor, case: Running, main: Running, reason: str) -> None:
    """`merge` for a replay: the caller has claimed both, saves both, answers for rights; nothing is announced."""
    _require_fitting(case, main, main.id)
    _tie(actor, case, main, reason_in(reason))


def main_of(case_id: UUID) -> UUID:
    """The case that stands for this one: itself unless it is merged."""
    row = holding(case_id)
    return row.into_id if row is not None else case_id


def _two(case_id: UUID, main_id: UUID) -> tuple[Running, Running]:
    """Both locked, the smaller id first."""
    cases = claim(open_cursor(), [case_id, main_id])
    if case_id not in cases or main_id not in cases:
        raise NotFound
    return cases[case_id], cases[main_id]


def _require_fitting(case: Running, main: Running, into_id: UUID) -> None:
    """What must be so under the locks."""
    if holding(case.id) is not None:
        raise NotGathered(
            gettext("{number} 已经并入另一件。").format(number=case.number), next_step="请先取消原来的并案。"
        )
    if case.id == main.id:
        raise NotGathered("不能把一件并入它自己。", next_step="请选择另一件作为主案。")
    if main_of(into_id) != main.id or holding(main.id) is not None:
        raise NotGathered(gettext("{number} 刚刚被他人并案。").format(number=main.number))
    require_joinable(case, main)
    if case.state.status != "open":
        raise NotGathered(
            gettext("{number} 不在办理中，不能并入其他件。").format(number=case.number), next_step="已挂起的请先恢复。"
        )
    if main.state.status not in RUNNING:
        raise NotGathered(
            gettext("{number} 已经办结或作废，不能作为主案。").format(number=main.number),
            next_step="请另选在办的一件。",
        )


def unmerge(actor: Actor, case_id: UUID, reason: str) -> Running:
    """取消并案: the case stands for itself again as it stood before, its clocks run on; who came with it comes back."""
    reason = reason_in(reason)
    with transaction.atomic():
        main_id = main_of(case_id)
        case, main = _two(case_id, main_id)
        require_gathering(actor, case, main)
        row = holding(case_id)
        if row is not None and row.into_id != main_id:
            raise NotGathered(gettext("{number} 的主案刚刚变动。").format(number=case.number))
        if row is None:
            raise NotGathered(gettext("{number} 目前没有并入其他件。").format(number=case.number))
        if main.state.status == "closed":
            raise NotGathered(
                gettext("主案 {number} 已经办结，本件随之办结。").format(number=main.number),
                next_step="如仍未解决，请重新上报。",
            )
        take_out(standing(actor, case), case, main, row, "unmerged", reason)
    return case


def take_out(actor: Actor, case: Running, main: Running, row: Membership, ending: str, reason: str) -> None:
    """End a membership whose two cases are locked: the case runs again, both histories say so."""
    end(row, ending, actor)
    take_back(case.id, main.id)
    if case.state.status == "suspended":
        do(actor, case, "resume", {"reason": reason, "out_of": str(main.id)})
    say(actor, main, f"取消并案：{case.number} 恢复单独办理。{reason}")
    save(open_cursor(), [case, main])
    publish(CaseMoved(case.id, case.graph.type, "resume", case.state.status))
    publish(CaseMoved(main.id, main.graph.type, "comment", main.state.status))
