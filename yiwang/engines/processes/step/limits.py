"""Verbs about time and pressure: 催办 督办 挂起 恢复 延期, and new deadlines after a calendar change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from yiwang.engines.processes import clocks
from yiwang.engines.processes.errors import VerbRefused
from yiwang.engines.processes.graph import limit_of
from yiwang.engines.processes.state import ALARMS, Clock, Token
from yiwang.engines.processes.step.agreeing import agreed
from yiwang.engines.processes.step.holding import must_hold, note, without
from yiwang.engines.processes.step.work import Work, stands_still
from yiwang.kernel.errors import InvalidInput

URGE_PAUSE = timedelta(hours=1)
"""Least time between two urgings of a case; a proposal, no source states one."""


def urge(work: Work, token: Token | None) -> None:
    """催办: remind the performers. Too often is refused."""
    memory = work.state.memory
    last = memory.get("urged_at")
    if last and work.at - datetime.fromisoformat(last) < URGE_PAUSE:
        raise VerbRefused("一小时内已经催办过。", next_step="请稍后再催办。")
    _urged(work)


def _urged(work: Work) -> None:
    memory = work.state.memory
    memory["urged_at"], memory["urged_count"] = work.at.isoformat(), memory.get("urged_count", 0) + 1
    work.effect("urged", count=memory["urged_count"])


def supervise(work: Work, token: Token | None) -> None:
    """督办: a leader puts the case under supervision."""
    if work.state.memory.get("is_supervised"):
        raise VerbRefused("该事项已在督办中。", next_step="")
    work.state.memory["is_supervised"] = True
    work.effect("supervised")


def lift_supervision(work: Work, token: Token | None) -> None:
    """解除督办."""
    if not work.state.memory.get("is_supervised"):
        raise VerbRefused("该事项未被督办。", next_step="")
    del work.state.memory["is_supervised"]


def circulate(work: Work, token: Token | None) -> None:
    """通报: the delay is made known to all who watch, once."""
    if work.state.memory.get("is_circulated"):
        raise VerbRefused("该事项已经通报过。", next_step="")
    work.state.memory["is_circulated"] = True
    work.effect("circulated")


def escalate(work: Work, kind: str) -> None:
    """What a used share of a limit brings by itself; what stands already is not said again."""
    memory = work.state.memory
    if kind == "urge":
        _urged(work)
    elif kind == "supervise" and not memory.get("is_supervised"):
        supervise(work, None)
    elif kind == "circulate" and not memory.get("is_circulated"):
        circulate(work, None)
    work.facts["escalation"] = kind


def set_case_limit(work: Work, value: object) -> None:
    """The limit of the whole case becomes known or changes; time used and warnings raised stay as they are."""
    limit = limit_of(value) if isinstance(value, Mapping) else None
    if limit is None:
        return
    clock = work.clock_of(0)
    if clock is None:
        changed = work.start_clock(limit, token=0, kind="case", node=work.graph.start)
    else:
        fresh = clock._replace(amount=str(limit.amount), unit=limit.unit)
        changed = clocks.timed(work.around.calendar, fresh, work.marks("case", clock.node))
        work.state.clocks[clock.no] = changed
    work.facts["due_at"] = changed.due_at


def _limits(work: Work) -> list[Clock]:
    return [clock for clock in work.state.clocks.values() if clock.kind not in ALARMS]


def suspend(work: Work, token: Token | None) -> None:
    """挂起: nobody can act and no limit runs until resumed; timers of events run on but ring only after."""
    work.state.status = "suspended"
    for clock in _limits(work):
        if not clock.is_stopped:
            note(work, clock, clocks.STOP)


def resume(work: Work, token: Token | None) -> None:
    """恢复: limits run on from where they stood; one stopped for the applicant stays stopped."""
    work.state.status = "open"
    waiting = {token.no for token in work.state.tokens.values() if stands_still(token)}
    for clock in _limits(work):
        if clock.is_stopped and clock.token not in waiting and not (waiting and clock.token == 0):
            changed = note(work, clock, clocks.RESUME)
            work.facts.setdefault("due_at", changed.due_at)


def _asked_clock(work: Work, token: Token) -> Clock:
    clock = work.clock_of(token.no)
    if clock is None:
        raise VerbRefused("该任务没有办理时限。", next_step="")
    granted = sum(1 for operation, _, _ in clock.ledger if operation == clocks.EXTEND)
    most = int(work.graph.nodes[token.node].raw.get("extensions", 1))
    if granted >= most:
        raise VerbRefused("该任务可以延期的次数已经用完。", next_step="请抓紧办理，或申请挂起。")
    return clock


def _amount(work: Work, unit: str) -> str:
    """The amount asked for, in the unit of the limit; dates are extended by whole dates."""
    try:
        amount = Decimal(str(work.command.arguments.get("amount")))
        is_fitting = 0 < amount <= 365 and (unit != "statutory_day" or amount == int(amount))
    except InvalidOperation:
        is_fitting = False
    if not is_fitting:
        message = "请填写 1 至 365 之间的延期时长。"
        raise InvalidInput([{"path": "amount", "code": "EXTENSION_AMOUNT", "message": message}])
    return str(amount)


def ask_extension(work: Work, token: Token | None) -> None:
    """申请延期: before the limit ends the performer asks; somebody with the right decides."""
    assert token is not None
    must_hold(work, token)
    clock = _asked_clock(work, token)
    if work.at > clock.due_at:
        raise VerbRefused("已超过办理时限，不能再申请延期。", next_step="请尽快办结，并在结案后说明情况。")
    asked = {"amount": _amount(work, clock.unit), "by": work.command.actor, "at": work.at.isoformat()}
    work.change(token, extra={**(token.extra or {}), "extension": asked})


def refuse_extension(work: Work, token: Token | None) -> None:
    """不同意延期, or the performer takes the request back."""
    assert token is not None
    if "extension" not in (token.extra or {}):
        raise VerbRefused("没有待审批的延期申请。", next_step="")
    work.change(token, extra=without(token.extra, "extension"))


def extend(work: Work, token: Token | None) -> None:
    """延期: grant what was asked for, or an amount of the unit of the limit."""
    assert token is not None
    asked = (token.extra or {}).get("extension")
    clock = _asked_clock(work, token)
    if not agreed(work, token, "extension"):
        return
    amount = asked["amount"] if asked and "amount" not in work.command.arguments else _amount(work, clock.unit)
    changed = note(work, clock, clocks.EXTEND, amount)
    work.facts["due_at"] = changed.due_at
    for timer in [one for one in work.state.clocks.values() if one.token == token.no and one.kind == "timer"]:
        if timer.unit == clock.unit and Decimal(timer.amount):  # What rises when the limit is used up waits as long.
            note(work, timer, clocks.EXTEND, amount)
    work.change(token, extra=without(token.extra, "extension"))


def retime(work: Work, token: Token | None) -> None:
    """The calendar changed: every deadline is derived anew from its ledger."""
    for clock in list(work.state.clocks.values()):
        if Decimal(clock.amount) == 0:
            continue  # A timer set to an instant.
        marks = work.marks(clock.kind, clock.node)
        work.state.clocks[clock.no] = clocks.timed(work.around.calendar, clock, marks)
