"""延期 and 挂账 are asked for by who does the work and agreed to by others, one after another.

A deferred task (挂账) waits for what the office cannot hasten: a budget, a season, another's works. Its limit and the
case's stand still until the day named, at most a year ahead; the task may still be done earlier.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from yiwang.engines.processes import clocks
from yiwang.engines.processes.errors import VerbRefused
from yiwang.engines.processes.state import Token
from yiwang.engines.processes.step.holding import is_with_applicant, must_hold, note, run_on, without
from yiwang.engines.processes.step.work import Work
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import InvalidInput

LONGEST_DEFERRAL = timedelta(days=366)


def is_deferred(token: Token) -> bool:
    """Whether the task's limit stands still until a day."""
    return token.extra is not None and "deferred_until" in token.extra


def agreed(work: Work, token: Token, what: str) -> bool:
    """Count the actor's agreement to what `token` asks for; whether it is the last one needed.

    Nobody agrees to their own request, or twice. Without a request an authority of one may still grant.
    """
    needed, asked = int(work.graph.nodes[token.node].raw.get("approvals", 1)), (token.extra or {}).get(what)
    if asked is None:
        if needed > 1:
            raise VerbRefused("需要先由办理人提出申请，再逐级审批。", next_step="请通知办理人提出申请。")
        return True
    who, before = work.command.actor, list(asked.get("agreed", ()))
    if who is not None and (who == asked["by"] or who in before):
        message = "不能审批自己的申请。" if who == asked["by"] else "您已经同意过，须由另一人复审。"
        raise VerbRefused(message, next_step="请由有审批权限的其他人员办理。")
    before.append(who)
    if len(before) >= needed:
        return True
    work.facts["agreed"], work.facts["needed"] = len(before), needed
    work.change(token, extra={**(token.extra or {}), what: {**asked, "agreed": before}})
    return False


def ask_deferral(work: Work, token: Token | None) -> None:
    """申请挂账: until a day, with a reason."""
    assert token is not None
    must_hold(work, token)
    _check_deferrable(work, token)
    asked = {"until": _day(work), "by": work.command.actor, "at": work.at.isoformat()}
    work.change(token, extra={**(token.extra or {}), "deferral": asked})


def refuse_deferral(work: Work, token: Token | None) -> None:
    """不同意挂账, or the performer takes the request back."""
    assert token is not None
    if "deferral" not in (token.extra or {}):
        raise VerbRefused("没有待审批的挂账申请。", next_step="")
    work.change(token, extra=without(token.extra, "deferral"))


def defer(work: Work, token: Token | None) -> None:
    """挂账: after the last agreement the limits stand still until the day."""
    assert token is not None
    _check_deferrable(work, token)
    asked = (token.extra or {}).get("deferral")
    until = asked["until"] if asked else _day(work)
    if not agreed(work, token, "deferral"):
        return
    ends = datetime.combine(date.fromisoformat(until), time(), CHINA)
    key = work.graph.nodes[token.node].key
    done = {**work.state.memory.get("deferrals", {})}
    work.state.memory["deferrals"] = {**done, key: done.get(key, 0) + 1}
    for clock in list(work.state.clocks.values()):
        is_limit = clock.amount != "0"  # A timer set to an instant rings at its instant.
        is_ours = clock.token == token.no or clock.kind == "case"
        if is_limit and is_ours and not clock.is_stopped:
            note(work, clock, clocks.STOP)
    work.alarm(ends, token=token.no, node=token.node, kind="deferral")
    work.facts["until"] = until
    work.change(token, extra={**(without(token.extra, "deferral") or {}), "deferred_until": until})


def end_deferral(work: Work, token: Token) -> None:
    """The day has come: the limits run on from where they stood, unless the task waits for the applicant meanwhile."""
    if not is_deferred(token):
        return
    work.change(token, extra=without(token.extra, "deferred_until"))
    run_on(work, work.state.tokens[token.no])


def _check_deferrable(work: Work, token: Token) -> None:
    if work.clock_of(token.no) is None:
        raise VerbRefused("该任务没有办理时限。", next_step="")
    node = work.graph.nodes[token.node]
    used = work.state.memory.get("deferrals", {}).get(node.key, 0)
    if is_deferred(token) or used >= int(node.raw.get("deferrals", 0)):
        raise VerbRefused("该任务不能挂账，或挂账的次数已经用完。", next_step="请抓紧办理，或申请延期。")
    if is_with_applicant(token):
        raise VerbRefused("该任务正在等待申请人补正。", next_step="")


def _day(work: Work) -> str:
    """The day named: after today, within a year."""
    today = work.at.astimezone(CHINA).date()
    try:
        until = date.fromisoformat(str(work.command.arguments.get("until", "")))
        is_fitting = today < until <= today + LONGEST_DEFERRAL
    except ValueError:
        is_fitting = False
    if not is_fitting:
        message = "请填写挂账到哪一天：最早明天，最晚一年以内。"
        raise InvalidInput([{"path": "until", "code": "DEFERRAL_DAY", "message": message}])
    return until.isoformat()
