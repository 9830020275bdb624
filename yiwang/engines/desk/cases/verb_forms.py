"""What each verb asks before it is done, as a small form, and its answers as the step's arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseView, TaskView
from yiwang.engines.forms.api import CompiledForm, compile_form
from yiwang.engines.forms.spec import Choice, Date, Field, File, Form, LongText, Number
from yiwang.engines.processes.api import VERBS, VerbRefused

Data = Mapping[str, Any]
Asked = tuple[Field, ...]
APPLICANT = "applicant"
SCORES = {"5": "非常满意", "4": "满意", "3": "基本满意", "2": "不满意", "1": "非常不满意"}
RULES = {"all": "全部同意", "any": "一人同意即可", "ratio": "达到比例即可"}
DECIMAL_UNITS = frozenset({"working_hour", "urgent_hour"})
COUNTED = {
    "urgent_hour": "个紧急工作时", "working_hour": "个工作时", "working_day": "个工作日",
    "statutory_day": "个法定工作日", "calendar_day": "个自然日",
}  # fmt: skip
"""Units of a limit as they stand after a number."""
AT_ONCE = frozenset({"claim", "release", "recall", "resume", "lift_supervision", "urge"})
"""Verbs that need no words: one press does them."""
DANGEROUS = frozenset({"cancel"})


def _reason(title: str = "理由", hint: str = "") -> Asked:
    return (LongText("reason", title, required=True, max_length=500, rows=3, hint=hint),)


def _task(task: TaskView | None) -> TaskView:
    if task is None:
        raise VerbRefused
    return task


def _nobody(options: Mapping[str, str]) -> None:
    if not options:
        raise VerbRefused("本岗位在该区划没有其他人员可以接手。", next_step="请联系管理员增加任职人员。")


def _people(view: CaseView, task: TaskView, *, of_organisation: bool = True) -> dict[str, str]:
    found = view.receivers(task.token, of_organisation=of_organisation)
    return {f"u{one.id}": f"{one.name} · {one.organisation}" for one in found}


def _transfer(view: CaseView, task: TaskView | None) -> Asked:
    task = _task(task)
    holders = view.receivers(task.token, of_organisation=False)
    options = {f"u{one.id}": f"{one.name} · {one.organisation}" for one in holders}
    units = {
        f"o{one.organisation_id}": gettext("{organisation}（本单位内签收）").format(organisation=one.organisation)
        for one in holders
    }
    options |= {key: title for key, title in units.items() if key != f"o{task.token.organisation}"}
    _nobody(options)
    hint = "选人则由其本人办理；选单位则由该单位任一同岗人员签收。原时限继续计算。"
    return (Choice("to", "转给", required=True, options=options, searchable=True, hint=hint), *_reason())


def _delegate(view: CaseView, task: TaskView | None) -> Asked:
    options = _people(view, _task(task))
    _nobody(options)
    hint = "对方办完后回到您这里，由您确认并负责。"
    return (Choice("to", "委派给", required=True, options=options, searchable=True, hint=hint), *_reason())


def _countersign(view: CaseView, task: TaskView | None) -> Asked:
    options = _people(view, _task(task), of_organisation=False)
    _nobody(options)
    return (
        Choice("signers", "会签人", required=True, multiple=True, options=options),
        Choice("rule", "会签规则", required=True, options=RULES),
        Number("ratio", "同意比例", minimum=1, maximum=100, unit="%",
               visible_when='rule = "ratio"', required_when='rule = "ratio"'),
    )  # fmt: skip


def _add_signer(view: CaseView, task: TaskView | None) -> Asked:
    task = _task(task)
    people = _people(view, task, of_organisation=False)
    options = {key: title for key, title in people.items() if key[1:] not in task.votes}
    _nobody(options)
    return (Choice("to", "加签人", required=True, options=options, searchable=True),)


def _remove_signer(view: CaseView, task: TaskView | None) -> Asked:
    waiting = [int(one) for one, vote in _task(task).votes.items() if vote is None]
    options = {f"u{one}": view.names.get(one, str(one)) for one in waiting}
    _nobody(options)
    return (Choice("to", "减签人", required=True, options=options, hint="只能减去尚未签署的人员。"),)


def _sign(view: CaseView, task: TaskView | None) -> Asked:
    agrees = Choice("agrees", "您的意见", required=True, options={"yes": "同意", "no": "不同意"})
    return agrees, LongText("text", "意见说明", max_length=500, rows=3)


def _send_back(view: CaseView, task: TaskView | None) -> Asked:
    options = {node.key: gettext(node.title) for node in reversed(view.earlier(_task(task).token))}
    if view.state.opened_by is not None:
        options[APPLICANT] = "申请人补正（期间停止计时）"
    if not options:
        raise VerbRefused("没有可以退回的环节。", next_step="如不应办理，请转办或作废。")
    return (Choice("to", "退回到", required=True, options=options), *_reason())


def _extension(view: CaseView, task: TaskView | None) -> Asked:
    clock = _task(task).clock
    unit = clock.unit if clock else "working_hour"
    decimals = 1 if unit in DECIMAL_UNITS else 0
    amount = Number("amount", "延长", required=True, minimum=1, maximum=365, decimals=decimals, unit=COUNTED[unit])
    return amount, *_reason()


def _deferral(view: CaseView, task: TaskView | None) -> Asked:
    until = Date("until", "挂账至", required=True, hint="这一天起继续计时，最长一年。提前办好随时可以提交。")
    return until, *_reason("理由", "例如需要财政预算、须等枯水期、与在建工程一并处理。")


def _rate(view: CaseView, task: TaskView | None) -> Asked:
    return Choice("score", "满意度", required=True, options=SCORES), LongText("text", "意见", max_length=500, rows=3)


def _comment(view: CaseView, task: TaskView | None) -> Asked:
    return (
        LongText("remark", "留言", required=True, max_length=1000, rows=2),
        File("remark_files", "附件", at_most=5, kinds=("image", "pdf", "office")),
    )


_ASKS: Mapping[str, Callable[[CaseView, TaskView | None], Asked]] = {
    "transfer": _transfer, "delegate": _delegate, "countersign": _countersign, "add_signer": _add_signer,
    "remove_signer": _remove_signer, "sign": _sign, "send_back": _send_back, "ask_extension": _extension,
    "extend": _extension, "ask_deferral": _deferral, "defer": _deferral, "rate": _rate, "comment": _comment,
}  # fmt: skip


def form_for(view: CaseView, verb: str, task: TaskView | None) -> CompiledForm | None:
    """What the verb asks; None when one press is enough. VerbRefused when nobody or nothing could be named."""
    if verb in AT_ONCE:
        return None
    fields = _ASKS[verb](view, task) if verb in _ASKS else _reason()
    return compile_form(Form(f"verb_{verb}", VERBS[verb].title, fields=fields))


def first_values(verb: str, task: TaskView | None) -> dict[str, Any]:
    """What stands in the form at first: the extension asked for."""
    if verb == "extend" and task is not None and task.extension:
        return {"amount": float(task.extension["amount"])}
    if verb == "defer" and task is not None and task.deferral:
        return {"until": task.deferral["until"]}
    return {"rule": "all"} if verb == "countersign" else {}


def arguments_of(verb: str, data: Data) -> dict[str, Any]:
    """The answers as the step reads them."""
    if verb == "comment":
        return {"text": data["remark"]} | ({"files": data["remark_files"]} if data.get("remark_files") else {})
    found = dict(data)
    to = found.get("to", "")
    if verb != "send_back" and to:
        found.pop("to")
        found["to" if to[0] == "u" else "organisation"] = int(to[1:])
    if "signers" in found:
        found["signers"] = [int(one[1:]) for one in found["signers"]]
    if "agrees" in found:
        found["agrees"] = found["agrees"] == "yes"
    if "score" in found:
        found["score"] = int(found["score"])
    if "amount" in found:
        found["amount"] = str(found["amount"])
    return found
