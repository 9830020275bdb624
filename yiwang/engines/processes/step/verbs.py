"""The one table of verbs: what may be done to a case in which state, what it needs, and what undoes it.

Rights (role, division, organisation) are checked by the services; here stand the guards that belong to the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from yiwang.engines.processes.state import Token
from yiwang.engines.processes.step import agreeing, handover, limits, progress, returning
from yiwang.engines.processes.step.work import Work

OPEN = frozenset({"open"})
RUNNING = frozenset({"open", "suspended"})
HELD = frozenset({"claimed", "open"})
WORKED = HELD | {"delegated"}
TIMED = WORKED | {"countersigning"}


class Verb(NamedTuple):
    """A row of the table. Empty `token_statuses`: the verb is for the case as a whole.

    `undo` names the verb that takes it back; empty when it is a fact that stays. `is_for_people` tells the verbs a
    person may ask for from those of the engine itself.
    """

    key: str
    title: str
    act: Callable[[Work, Token | None], None]
    case_statuses: frozenset[str] = OPEN
    token_statuses: frozenset[str] = frozenset()
    undo: str = ""
    needs_reason: bool = False
    is_for_people: bool = True


_ROWS = (
    Verb("open", "提交", progress.open_case, frozenset({"new"}), undo="cancel"),
    Verb("complete", "办理", progress.complete, OPEN, WORKED, undo="withdraw"),
    Verb("claim", "签收", handover.claim, OPEN, OPEN, undo="release"),
    Verb("release", "退签", handover.release, OPEN, frozenset({"claimed"}), undo="claim"),
    Verb("transfer", "转办", handover.transfer, OPEN, HELD, undo="transfer", needs_reason=True),
    Verb("delegate", "委派", handover.delegate, OPEN, HELD, undo="recall", needs_reason=True),
    Verb("recall", "收回委派", handover.recall, OPEN, frozenset({"delegated"}), undo="delegate"),
    Verb("countersign", "会签", handover.countersign, OPEN, HELD, undo="remove_signer"),
    Verb("add_signer", "加签", handover.add_signer, OPEN, frozenset({"countersigning"}), undo="remove_signer"),
    Verb("remove_signer", "减签", handover.remove_signer, OPEN, frozenset({"countersigning"}), undo="add_signer"),
    Verb("sign", "签署意见", handover.sign, OPEN, frozenset({"signing"})),
    Verb("send_back", "退回", returning.send_back, OPEN, HELD, undo="withdraw", needs_reason=True),
    Verb("withdraw", "撤回", returning.withdraw, OPEN, OPEN, undo="complete", needs_reason=True),
    Verb("urge", "催办", limits.urge, RUNNING),
    Verb("supervise", "督办", limits.supervise, RUNNING, undo="lift_supervision", needs_reason=True),
    Verb("lift_supervision", "解除督办", limits.lift_supervision, RUNNING, undo="supervise"),
    Verb("suspend", "挂起", limits.suspend, OPEN, undo="resume", needs_reason=True),
    Verb("resume", "恢复", limits.resume, frozenset({"suspended"}), undo="suspend"),
    Verb("ask_extension", "申请延期", limits.ask_extension, OPEN, TIMED, undo="refuse_extension", needs_reason=True),
    Verb("refuse_extension", "不同意延期", limits.refuse_extension, OPEN, TIMED, needs_reason=True),
    Verb("extend", "延期", limits.extend, OPEN, TIMED, needs_reason=True),
    Verb(
        "ask_deferral", "申请挂账", agreeing.ask_deferral, OPEN, TIMED, undo="refuse_deferral", needs_reason=True
    ),
    Verb("refuse_deferral", "不同意挂账", agreeing.refuse_deferral, OPEN, TIMED, needs_reason=True),
    Verb("defer", "挂账", agreeing.defer, OPEN, TIMED, needs_reason=True),
    Verb("circulate", "通报", limits.circulate, RUNNING, needs_reason=True),
    Verb("cancel", "作废", returning.cancel, RUNNING, needs_reason=True),
    Verb("rate", "评价", progress.rate, frozenset({"closed"})),
    Verb("comment", "留言", progress.comment, frozenset({"open", "suspended", "closed", "cancelled"})),
    Verb("fire", "到时", progress.fire, OPEN, is_for_people=False),
    Verb("deliver", "收到消息", progress.deliver, RUNNING, is_for_people=False),
    Verb("answer", "处理结果", progress.answer, RUNNING, frozenset({"called"}), is_for_people=False),
    Verb("fail", "处理失败", progress.fail, RUNNING, frozenset({"called"}), is_for_people=False),
    Verb("migrate", "换用新版流程", progress.migrate, RUNNING, is_for_people=False),
    Verb("settle", "并案办结", progress.settle, RUNNING, is_for_people=False),
    Verb("retime", "日历变更", limits.retime, RUNNING, is_for_people=False),
)
VERBS: Mapping[str, Verb] = MappingProxyType({row.key: row for row in _ROWS})
