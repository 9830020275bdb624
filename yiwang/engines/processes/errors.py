"""Why a step is refused. Each class is one situation; the words are for clerks and citizens."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, NotAllowed, UserError


class StepTaken(Conflict):
    """The task is no longer there: somebody else, or a second click, was first."""

    code = "CASE_STEP_TAKEN"
    message = "这一步已经办理过了。"
    next_step = "请刷新页面查看最新进展。"


class CaseEnded(Conflict):
    """The case is closed or cancelled."""

    code = "CASE_ENDED"
    message = "该事项已经结束。"
    next_step = "如仍有问题，请重新提交。"


class VerbRefused(Conflict):
    """The verb does not fit the present state."""

    code = "CASE_VERB_REFUSED"
    message = "当前状态下不能进行此操作。"
    next_step = "请刷新页面，按当前可用的操作办理。"


class NotYours(NotAllowed):
    """The task belongs to another person or post."""

    code = "CASE_NOT_YOURS"
    message = "这项任务由他人办理。"
    next_step = "如需您来办理，请联系当前办理人转办。"


class ReasonMissing(UserError):
    """A verb that touches other people's work needs a reason."""

    code = "CASE_REASON_MISSING"
    status = 422
    message = "请填写理由。"
    next_step = "写明原因后重新提交，便于对方和监督人员了解情况。"


class NoWayOut(UserError):
    """No condition of an exclusive gateway held and it has no default: the definition let it through."""

    code = "CASE_NO_WAY_OUT"
    status = 409
    message = "流程在此处没有可走的去向。"
    next_step = "请联系流程管理员检查分支条件。"


class TooManySteps(UserError):
    """The process ran in a circle without waiting for anybody."""

    code = "CASE_RUNS_IN_CIRCLES"
    status = 409
    message = "流程在没有人工环节的情况下循环。"
    next_step = "请联系流程管理员检查流程图。"
