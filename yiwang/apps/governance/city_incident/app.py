"""城市部件事件 city incident: one problem in public space from the report to the rating, whoever reported it.

Stages follow the order of local rules on digital urban management (信息收集 to 综合评价, `standards.md` 1.1). Limits
come from the catalogue by class; the hours of the desk and the shares that raise pressure are proposals, since Nanhai's
own are in no public page seen.
"""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.apps.governance.city_incident.appeals import APPEAL_FACTS, FOLLOW_UP, TIMEOUT_APPEAL
from yiwang.apps.governance.city_incident.papers import (
    ACCEPT,
    ASSIST,
    CLASSES,
    CONFIRM,
    DISPATCH,
    HANDLE,
    REPORT,
    SOURCES,
    UNITS,
    VERIFY,
)
from yiwang.apps.governance.city_incident.posts import (
    ACCEPTOR,
    DISPATCHER,
    DISTRICT_HANDLER,
    HANDLER,
    INSPECTOR,
    SUPERVISOR,
    VILLAGE_HANDLER,
)
from yiwang.engines.directory.spec import Role, working_days, working_hours
from yiwang.engines.processes.spec import (
    Boundary,
    CaseType,
    End,
    Escalation,
    Evidence,
    Exclusive,
    Many,
    Parallel,
    RuleTask,
    Start,
    UserTask,
)
from yiwang.kernel.app import App

__all__ = [
    "ACCEPTOR", "APP", "CLASSES", "DISPATCHER", "DISTRICT_HANDLER", "HANDLER", "INCIDENT", "INSPECTOR", "SOURCES",
    "SUPERVISOR", "UNITS", "VILLAGE_HANDLER",
]  # fmt: skip

MERGING_CLERK = "direct_line.merging_clerk"
"""Merges appeals into incidents and may do nothing else to one."""
RISES: Mapping[int, Escalation] = {80: "urge", 100: "supervise", 150: "circulate"}
"""Before the limit ends the unit is urged, at its end the matter is supervised, later made known: a proposal."""
WARN_AT = (50, 80, 100, 150)
PROOF = Evidence(photo="after", near="place", since="dispatch", metres=100)
"""Closing needs a photo near the place, taken after the dispatch (R41); the distance is a proposal."""

LOOKED = {
    'fixed = false or evidence = null or evidence.status = "proven" or seen_on_site = true':
    "处置照片不能证明拍摄的地点和时间，请到现场查看，并勾选“我已到现场查看”。",
}  # fmt: skip
REWORK = {"reworks": "if reworks = null then 1 else reworks + 1", "helpers": "[]"}
"""What did not hold is done again by the lead alone, on the first clock; co-handlers have answered."""


def _handling(key: str, title: str, role: Role, organisation: str) -> UserTask:
    """The same work on one of three levels: limit of the class, rising pressure, 延期 twice, 挂账 once."""
    return UserTask(
        key, title, by=role, form=HANDLE, within="facts.handle_limit", organisation=organisation, keeps_clock=True,
        warn_at=WARN_AT, escalates=RISES, extensions=2, approvals=2, deferrals=1, evidence=PROOF, stage="处置",
        then="handled",
    )  # fmt: skip


INTAKE = (
    Start(title="上报", form=REPORT),
    RuleTask("judge", "研判", asks="triage.judge", result="triage"),
    Exclusive(
        "is_ours", "是否转警情急救", when={"transferred": 'triage.transfer != null and triage.transfer != ""'},
        otherwise="accept",
    ),
    End("transferred", "已转紧急热线", outcome="transferred"),
    UserTask("accept", "受理", by=ACCEPTOR, form=ACCEPT, within=working_hours(2)),
    Exclusive(
        "is_accepted", "是否受理", when={"classify": 'accepted = "yes"', "confirm": 'accepted = "confirm"'},
        otherwise="refused",
    ),
    End("refused", "不予受理", outcome="refused"),
    UserTask("confirm", "核实", by=INSPECTOR, form=CONFIRM, within=working_hours(4), stage=""),
    Exclusive("is_real", "是否属实", when={"classify": "is_real"}, otherwise="unfounded"),
    End("unfounded", "经核实不存在", outcome="unfounded"),
)  # fmt: skip
DISPATCHING = (
    RuleTask("classify", "查目录", asks="catalogue.facts", result="facts", case_within="facts.whole_limit"),
    RuleTask(
        "advise", "查责任", asks="dispatch.responsible", result="advice",
        sets={"unit": "advice.lead", "helpers": "advice.co", "level": "advice.level"},
    ),
    UserTask(
        "dispatch", "派遣", by=DISPATCHER, form=DISPATCH, within=working_hours(2), returns=2, ruling="ruling",
        then="sent",
    ),
    UserTask("ruling", "裁定", by=SUPERVISOR, form=DISPATCH, within=working_hours(4), stage="派遣", then="sent"),
)  # fmt: skip
HANDLING = (
    Exclusive("sent", "派出"),
    Parallel("share", "主办与协办", split=("which_level", "assist")),
    Exclusive(
        "which_level", "哪一级办理",
        when={"handle_village": 'level = "village"', "handle_district": 'level = "district"'}, otherwise="handle",
    ),
    _handling("handle_village", "村居处置", VILLAGE_HANDLER, '"village"'),
    Boundary(
        "rise_village", "小事未决", at_node="handle_village", on="timer", after="advice.rise_limit", then="to_town"
    ),
    RuleTask("to_town", "上报镇街", sets={"level": '"town"', "risen": "1"}, then="handle"),
    _handling("handle", "处置", HANDLER, "unit"),
    Boundary("rise_town", "中事未决", at_node="handle", on="timer", after="advice.rise_limit", then="to_district"),
    RuleTask("to_district", "上报区级", sets={"level": '"district"', "risen": "2"}, then="handle_district"),
    _handling("handle_district", "区级处置", DISTRICT_HANDLER, 'unit + "@" + advice.district'),
    UserTask(
        "assist", "协办", by=HANDLER, form=ASSIST, within="facts.handle_limit", organisation="helper",
        warn_at=WARN_AT, escalates=RISES, stage="",
        many=Many(each="helpers", item="helper", result='{"unit": helper, "reply": reply}', collect="replies"),
        then="gathered",
    ),
    Exclusive("handled", "主办办毕", then="gathered"),
    Parallel("gathered", "主办协办齐备"),
)  # fmt: skip
CHECKING = (
    UserTask("verify", "核查", by=INSPECTOR, form=VERIFY, within=working_hours(4), demands=LOOKED),
    Exclusive("is_fixed", "是否解决", when={"closed": "fixed"}, otherwise="again"),
    RuleTask("again", "返工", sets=REWORK, then="sent"),
    End("closed", "结案", outcome="closed"),
)

INCIDENT = CaseType(
    key="incident",
    title="城市部件事件",
    within=working_days(5),
    subject="description",
    category="category",
    place="place",
    rated=True,
    public=True,
    facts=("source", "origin", "class_code"),
    answer=("refusal", "finding_on_site", "measure", "after"),
    watchers=(SUPERVISOR, MERGING_CLERK),
    warn_at=WARN_AT,
    escalates={150: "circulate"},
    nodes=(*INTAKE, *DISPATCHING, *HANDLING, *CHECKING),
)

APP = App(
    key="city_incident",
    title="城市部件事件",
    net="governance",
    rows=("R36", "R37", "R40", "R41", "R48", "R49"),
    figures={"incidents": 130_000, "closure_rate": 0.9941},
    parts=(
        ACCEPTOR, DISPATCHER, HANDLER, VILLAGE_HANDLER, DISTRICT_HANDLER, INSPECTOR, SUPERVISOR, APPEAL_FACTS, INCIDENT,
        TIMEOUT_APPEAL, FOLLOW_UP,
    ),
)  # fmt: skip
