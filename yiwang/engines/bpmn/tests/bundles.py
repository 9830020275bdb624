"""Bundles in hand for the tests: declared processes of many kinds, and random sound ones."""

from __future__ import annotations

import random
from typing import Any

from yiwang.engines.directory.spec import calendar_days, urgent_hours, working_days, working_hours
from yiwang.engines.forms.spec import Choice, Form, Text
from yiwang.engines.processes.api import bundle_of
from yiwang.engines.processes.spec import (
    Boundary,
    CallActivity,
    CaseType,
    Catch,
    End,
    EventGateway,
    Exclusive,
    Inclusive,
    Many,
    Merging,
    Node,
    Parallel,
    ReceiveTask,
    RuleTask,
    SendTask,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
    UserTask,
)
from yiwang.engines.processes.tests.blocks import Blocks
from yiwang.engines.processes.tests.processes import CLERK
from yiwang.engines.rules.spec import DecisionTable, Input, Output, Rule

NOTE = Form(
    "note", "记录", fields=(Text("text", "内容 <&> \"'"), Choice("way", "去向", options={"a": "甲", "b": "乙"}))
)
TABLE = DecisionTable(
    key="hours", title="时限", hit_policy="F", inputs=(Input("kind", "类别", "string"),),
    outputs=(Output("hours", "小时", "number"),), rules=(Rule('"road"', gives="2"), Rule("-", gives="24")),
)  # fmt: skip


def task(key: str, **rest: Any) -> UserTask:
    return UserTask(key, f"步骤{key}", **{"by": CLERK, "form": NOTE, "within": working_days(1), **rest})


def declared(*nodes: Node, key: str = "sample", **head: Any) -> dict[str, Any]:
    """A bundle of these nodes between a start and, unless one is among them, an end."""
    begin = () if any(isinstance(node, Start) for node in nodes) else (Start(form=NOTE),)
    ends = () if any(isinstance(node, End) for node in nodes) else (End(),)
    return bundle_of("trial", CaseType(key=key, title="样例 <1> & “二”", nodes=(*begin, *nodes, *ends), **head))


EVERYTHING = declared(
    Start(message="来件", form=NOTE),
    task("check", then="fork", assignee='if x > 1 then "lan" else null', rights={"text": "read"}, keeps_clock=True),
    Boundary("late", "超时", at_node="check", on="timer", after=working_hours(2), interrupting=False, then="remind"),
    Boundary("soon", "定时", at_node="check", on="timer", at='duration("PT90M")', then="fix"),
    Boundary("failed", "出错", at_node="check", on="error", name="无资料", then="fix"),
    Boundary("raised", "升级", at_node="check", on="escalation", name="上报", interrupting=False, then="remind"),
    Boundary("told", "消息", at_node="check", on="message", name="来件", then="fix"),
    Boundary("called", "信号", at_node="check", on="signal", name="台风", then="fix"),
    SendTask("remind", "提醒", message="催办", payload={"case": "number", "n": "1 + 1"}),
    End("reminded", "已提醒", outcome="reminded"),
    task("fix", then="check", many=Many("people", item="person", sequential=True, result="vote", collect="votes")),
    Parallel("fork", "分", split=("sub", "call", "wait")),
    SubProcess(
        "sub", "勘查",
        nodes=(
            Start("sub_start"), Throw("shout", "通知", on="signal", name="台风"), task("look"),
            SubProcess("deep", "复核", nodes=(Start("deep_start"), task("again"), End("deep_end"))),
            Exclusive("seen", "看清了？", when={"sub_end": "x = 1"}, otherwise="look"),
            End("sub_end", throws="error", name="无资料"),
        ),
        many=Many("places", until="completed > 1"), then="join",
    ),
    ServiceTask("call", "查询", call="trial.credit", result="credit", then="join"),
    EventGateway("wait", "等", split=("reply", "day", "moment")),
    ReceiveTask("reply", "回复", message="回复", result="answer", then="met"),
    Catch("day", "一天", on="timer", after=calendar_days(1), then="met"),
    Catch("moment", "时刻", on="timer", at='date and time("2021-10-01T09:00:00+08:00")', then="met"),
    Exclusive("met", ""),
    Parallel("join", "合"),
    RuleTask("decide", "定时限", table=TABLE, result="hours", sets={"x": "hours * 2"}),
    Inclusive("which", "要哪些", when={"one": "x > 1", "two": " x > 2\n or y"}, otherwise="other"),
    task("one", then="merge"), CallActivity("two", "另案", calls="trial.other", inputs={"a": "x"}, outputs={"b": "y"}, then="merge"),
    task("other", then="merge", within=urgent_hours(4), deny=("transfer",), warn_at=(80, 100)),
    Inclusive("merge", "汇合"),
    Throw("escalate", "上报", on="escalation", name="上报"),
    End("stop", "终止", terminate=True, throws="message", name="办结"),
    key="everything", within=working_days(5), subject="text", rated=True, watchers=(CLERK, "other.leader"), public=True,
    merging=Merging(into={"trial.other": {"text": 'if outcome = "办结" then main.text else null'}}),
)  # fmt: skip


def drawn(seed: int, size: int = 12) -> dict[str, Any]:
    """A random sound process."""
    return Blocks(random.Random(seed), size).bundle
