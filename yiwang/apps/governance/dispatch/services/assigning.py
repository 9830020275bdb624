"""就近派单: the handling task to one person. The engine's 转办 does it, with its rights, history and journal."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext

from yiwang.apps.governance.dispatch.selectors.responders import Responder, responders
from yiwang.engines.cases.api import act
from yiwang.engines.directory.api import Actor
from yiwang.kernel.errors import Conflict, InvalidInput


def assign(actor: Actor, case_id: UUID, person: int, seen: int | None = None) -> Responder:
    """Give the lead's task to one of `responders`. Conflict when there is no such task, or it moved since `seen`."""
    found = responders(actor, case_id)
    if found.task is None:
        raise Conflict("这件现在没有可以派给个人的处置任务。", next_step="请先派遣，或刷新后查看最新情况。")
    chosen = next((one for one in found.rows if one.holder.id == person), None)
    if chosen is None:
        message = "所选人员不在本件可派的处置人员之中。"
        raise InvalidInput([{"path": "to", "code": "NOT_A_RESPONDER", "message": message}], message)
    if chosen.has_it:
        raise Conflict("这件已经在该人员手上。", next_step="请刷新后查看最新情况。")
    arguments = {"to": person, "reason": _reason(chosen)}
    act(actor, case_id, "transfer", token=found.task.no, arguments=arguments, seen=seen)
    return chosen


def _reason(one: Responder) -> str:
    """What is written down: why this one."""
    state = (
        gettext("在办 %(count)s 件") % {"count": one.ranked.standing.held} if one.ranked.is_busy else gettext("空闲")
    )
    if one.ranked.metres is None:
        return gettext("就近派单：%(state)s，位置不明。") % {"state": state}
    return gettext("就近派单：%(state)s，距现场约 %(metres)s 米。") % {"state": state, "metres": one.ranked.metres}
