"""After an incident has closed: a unit appeals against a timeout, and a bad rating is followed up.

An appeal never touches the incident: the raw fact that the work was late stays in its history, and statistics lay the
approved appeal beside it (`standards.md` 1.3: only late handling, only after closing, once for each incident).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.apps.governance.city_incident.posts import ACCEPTOR, DISPATCHER, SUPERVISOR
from yiwang.engines.directory.spec import working_days
from yiwang.engines.forms.spec import Choice, File, Form, LongText, Number, Text
from yiwang.engines.processes.spec import Advisor, CaseType, End, Exclusive, RuleTask, Start, UserTask


def _facts(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    # Asked only while cases run; an `app.py` is read before Django has its tables.
    from yiwang.apps.governance.city_incident.lateness import appealable

    return appealable(str(facts.get("incident_number", "")))


APPEAL_FACTS = Advisor(key="appeal_facts", title="超时申诉条件", function=_facts)
GROUNDS = {
    "weather": "恶劣天气或不可抗力",
    "wrong_class": "立案类别有误",
    "wrong_unit": "派遣错误",
    "third_party": "须第三方配合",
    "other": "其他",
}
APPEAL = Form(
    key="appeal",
    title="超时申诉",
    fields=(
        Text("incident_number", "案件编号", required=True, max_length=20),
        Choice("ground", "申诉理由", required=True, options=GROUNDS),
        LongText("explanation", "情况说明", required=True, max_length=500),
        File("proof", "证明材料", at_most=5),
    ),
)
OPINION = Form(
    key="opinion",
    title="审核",
    fields=(
        Choice("agrees", "审核意见", required=True, options={"yes": "同意", "no": "不同意"}),
        LongText("opinion", "意见说明", required_when='agrees = "no"', max_length=300),
    ),
)
TIMEOUT_APPEAL = CaseType(
    key="timeout_appeal",
    title="超时申诉",
    within=working_days(5),
    subject="incident_number",
    category="incident_number",
    facts=("place", "incident"),
    place="place",
    answer=("opinion",),
    watchers=(SUPERVISOR,),
    nodes=(
        Start(title="申诉", form=APPEAL),
        RuleTask("check", "查申诉条件", asks=APPEAL_FACTS, result="facts"),
        Exclusive("is_open", "可否申诉", when={"review": "facts.is_appealable"}, otherwise="inadmissible"),
        End("inadmissible", "不符合申诉条件", outcome="inadmissible"),
        UserTask("review", "派遣员审核", by=DISPATCHER, form=OPINION, within=working_days(2)),
        Exclusive("is_supported", "是否同意", when={"decide": 'agrees = "yes"'}, otherwise="rejected"),
        UserTask("decide", "受理员复核", by=ACCEPTOR, form=OPINION, within=working_days(2)),
        Exclusive("is_granted", "是否通过", when={"granted": 'agrees = "yes"'}, otherwise="rejected"),
        End("granted", "申诉通过，按时计算", outcome="granted"),
        End("rejected", "申诉未通过", outcome="rejected"),
    ),
)

LOW_RATING = Form(
    key="low_rating",
    title="低分评价",
    fields=(
        Text("incident_number", "案件编号", required=True, max_length=20),
        Number("score", "评分", required=True, minimum=1, maximum=5),
        LongText("words", "评价内容", max_length=500),
    ),
)
CALL_BACK = Form(
    key="call_back",
    title="回访",
    fields=(
        Choice(
            "reached", "联系情况", required=True,
            options={"yes": "已联系上", "no": "多次未联系上", "refused": "不愿回访"},
        ),
        LongText("said", "上报人意见", required_when='reached = "yes"', visible_when='reached = "yes"', max_length=500),
        Choice(
            "next_step", "处理", required=True,
            options={"explained": "已解释说明", "reported_again": "已重新立案", "passed_on": "已转主办单位改进"},
        ),
    ),
)  # fmt: skip
FOLLOW_UP = CaseType(
    key="follow_up",
    title="低分回访",
    within=working_days(2),
    subject="incident_number",
    facts=("place", "incident"),
    place="place",
    watchers=(SUPERVISOR,),
    nodes=(
        Start(title="低分评价", form=LOW_RATING),
        UserTask("call_back", "回访", by=ACCEPTOR, form=CALL_BACK, within=working_days(1)),
        End("visited", "已回访", outcome="visited"),
    ),
)
