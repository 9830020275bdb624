"""区长直通车 direct line: appeals by telephone, WeChat, web, app and letter, answered at once or by an office.

The response clock starts at receipt. What a unit returns goes to another; the second return is ruled upon, and the
ruling binds. A reporter who is not satisfied when called back has the appeal reopened once, on the first clock. What
must stay secret is a case type of its own, so that the rights of the engine keep it from every other post; it is
called by the type's name in every list, export and search.
"""

from __future__ import annotations

from yiwang.apps.governance.direct_line import asking, facts, posts, rules
from yiwang.engines.directory.spec import Role, working_days, working_hours
from yiwang.engines.forms.spec import Form
from yiwang.engines.processes.spec import (
    Advisor,
    CaseType,
    Catch,
    End,
    Exclusive,
    Merging,
    Node,
    ReceiveTask,
    RuleTask,
    Start,
    UserTask,
)
from yiwang.kernel.app import App

ANSWERED_MESSAGE = "direct_line_incident"
"""The message by which the incident an appeal became brings back its answer."""
SAMPLING = Advisor(key="sampling", title="回访抽样", function=rules.callback_due)
ANSWER = ("refusal", "reply", "evidence")
RETURNS = ("return_reason",)
_LOCAL = 'place.division != null and place.division != ""'


def _accepting(by: Role, form: Form) -> tuple[Node, ...]:
    """From the first response to the unit: answered, refused, or sent on."""
    return (
        RuleTask("time_limit", "核定时限", sets={"returns": "0", "tries": "0"}, case_within=rules.WHOLE_LIMIT),
        UserTask("accept", "受理", by=by, form=form, within=working_days(rules.RESPONSE_WORKING_DAYS)),
    )


def _units(handlers: tuple[UserTask, ...], operator: Role, leader: Role) -> tuple[Node, ...]:
    """A unit replies or returns; returns are counted, and the last allowed one is ruled upon."""
    return (
        *handlers,
        Exclusive("is_returned", "是否退回", when={"count_returns": 'result = "returned"'}, otherwise="check"),
        RuleTask("count_returns", "计退回次数", sets={"returns": "returns + 1"}),
        Exclusive(
            "is_capped", "退回是否到上限", when={"rule": f"returns >= {rules.MOST_RETURNS}"}, otherwise="resend"
        ),
        UserTask(
            "resend", "改派", by=operator, form=asking.RESEND, within=working_hours(4), stage="",
            then="at_level",
        ),
        UserTask("rule", "裁定", by=leader, form=asking.RULE, within=working_hours(8), stage=""),
        RuleTask("bind", "裁定生效", sets={"ruled": "true"}, then="at_level"),
    )  # fmt: skip


def _ending(operator: Role, caller: Role) -> tuple[Node, ...]:
    """The answer is checked, the reporter perhaps called; not satisfied reopens once."""
    return (
        UserTask("check", "审核答复", by=operator, form=asking.CHECK, within=working_hours(8)),
        Exclusive(
            "is_passed", "是否合格", when={"resend": "passed = false and unit = null", "at_level": "passed = false"},
            otherwise="draw",
        ),
        RuleTask("draw", "是否回访", asks=SAMPLING, result="sampled"),
        Exclusive("is_drawn", "要否回访", when={"callback": "sampled.is_due = true"}, otherwise="closed"),
        UserTask("callback", "回访", by=caller, form=asking.CALLBACK, within=working_days(1), stage=""),
        RuleTask("count_tries", "计回访次数", sets={"tries": "tries + 1"}),
        Exclusive(
            "is_reached", "回访结果",
            when={
                "pause": f'contact = "no_answer" and tries < {rules.MOST_TRIES}',
                "reopen": 'contact = "connected" and reopened = null'
                          ' and (resolved = false or grade = "1" or grade = "2")',
            },
            otherwise="closed",
        ),
        Catch("pause", "隔时再拨", on="timer", after=working_hours(rules.PAUSE_WORKING_HOURS), then="callback"),
        RuleTask("reopen", "重新办理", sets={"reopened": "true", "tries": "0"}),
        Exclusive("reopen_at", "由谁重办", when={"resend": "unit = null"}, otherwise="at_level"),
        End("closed", "办结", outcome="closed"),
    )  # fmt: skip


def _handler(key: str, title: str, by: Role) -> UserTask:
    return UserTask(
        key, title, by=by, form=asking.HANDLE, within=rules.HANDLE_LIMIT, organisation="unit", keeps_clock=True,
        rights={"ruled": "hidden"}, deny=("send_back",), then="is_returned",
        stage="单位办理",
    )  # fmt: skip


APPEAL = CaseType(
    key="appeal",
    title="区长直通车诉求",
    subject="subject",
    category="kind",
    place="place",
    rated=True,
    public=True,
    answer=ANSWER,
    return_reasons=RETURNS,
    watchers=(posts.LEADER, posts.CALLER, posts.MERGING_CLERK),
    merging=Merging(into=rules.MERGED),
    nodes=(
        Start(title="登记", form=asking.INTAKE),
        *_accepting(posts.OPERATOR, asking.ACCEPT),
        Exclusive(
            "which_way", "如何办理",
            when={
                "refused": 'handling = "refused"', "await_incident": 'handling = "incident"',
                "at_level": 'handling = "sent"',
            },
            otherwise="answered",
        ),
        End("answered", "当场答复", outcome="answered"),
        End("refused", "不予受理", outcome="refused"),
        ReceiveTask("await_incident", "等待城市事件办结", message=ANSWERED_MESSAGE, then="check"),
        Exclusive("at_level", "由哪级承办", when={"handle": _LOCAL}, otherwise="bureau_handle"),
        *_units(
            (
                _handler("handle", "镇街办理", posts.TOWN_HANDLER),
                _handler("bureau_handle", "部门办理", posts.BUREAU_HANDLER),
            ),
            posts.OPERATOR, posts.LEADER,
        ),
        *_ending(posts.OPERATOR, posts.CALLER),
    ),
)  # fmt: skip
SEALED = CaseType(
    key="sealed",
    title="密件举报",
    category="kind",
    rated=True,
    public=True,
    answer=ANSWER,
    return_reasons=RETURNS,
    merging=Merging(never=True),
    nodes=(
        Start(title="登记", form=asking.SEALED_INTAKE),
        *_accepting(posts.KEEPER, asking.SEALED_ACCEPT),
        Exclusive(
            "which_way", "如何办理", when={"refused": 'handling = "refused"', "at_level": 'handling = "sent"'},
            otherwise="answered",
        ),
        End("answered", "当场答复", outcome="answered"),
        End("refused", "不予受理", outcome="refused"),
        Exclusive("at_level", "交办", otherwise="handle"),
        *_units((_handler("handle", "密件办理", posts.SEALED_HANDLER),), posts.KEEPER, posts.KEEPER),
        *_ending(posts.KEEPER, posts.KEEPER),
    ),
)  # fmt: skip
FOLLOW_UP = CaseType(
    key="follow_up",
    title="差评回访",
    within=working_days(2),
    subject="appeal_subject",
    watchers=(posts.LEADER,),
    nodes=(
        Start(title="登记", form=asking.FOLLOW_UP),
        UserTask("callback", "回访", by=posts.CALLER, form=asking.CALLBACK, within=working_days(1)),
        End("closed", "办结", outcome="closed"),
    ),
)

APP = App(
    key="direct_line",
    title="区长直通车",
    net="governance",
    rows=("R34",),
    figures={"appeals": 425_000, "response_rate": 1.0},
    parts=(*posts.ROLES, SAMPLING, APPEAL, SEALED, FOLLOW_UP, facts.APPEALS, *facts.INDICATORS),
)
