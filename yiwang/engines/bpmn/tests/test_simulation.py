"""Processes tried out by scripts: the real step, clocks in their order, and sentences for every mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest

from yiwang.engines.bpmn.api import BpmnError, ScriptError, read_bpmn, simulate, write_bpmn
from yiwang.engines.bpmn.tests.bundles import EVERYTHING, TABLE, declared, task
from yiwang.engines.bpmn.tests.files import NO_PREFIX, WEB_MODELLER, file_of
from yiwang.engines.directory.spec import calendar_days, urgent_hours, working_days, working_hours
from yiwang.engines.processes.spec import (
    Boundary,
    CallActivity,
    Catch,
    End,
    EventGateway,
    Exclusive,
    Inclusive,
    Many,
    Node,
    Parallel,
    RuleTask,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
)


def run(*nodes: Node, steps: Any = (), head: dict[str, Any] | None = None, **script: Any) -> dict[str, Any]:
    """Simulate a declared process as its own BPMN file says it."""
    bundle = read_bpmn(write_bpmn(declared(*nodes, **(head or {})))).bundle
    found = simulate(bundle, {"steps": list(steps), **script})
    json.dumps(found)
    return found


def tasks(found: dict[str, Any]) -> list[str]:
    return [row["task"] for row in found["tasks"]]


def done(*names: str) -> list[dict[str, Any]]:
    return [{"complete": name} for name in names]


def test_tasks_are_completed_by_key_or_title_and_data_goes_in() -> None:
    found = run(task("a"), task("b"), data={"x": 1}, steps=[{"complete": "步骤a", "data": {"y": 2}, "as": "阿兰"}])
    assert tasks(found) == ["b"] and found["data"] == {"x": 1, "y": 2} and found["status"] == "open"
    assert [(event["step"], event["verb"]) for event in found["events"]] == [(0, "open"), (1, "complete")]
    assert found["events"][1]["as"] == "阿兰"
    assert found["tasks"][0]["role"] == "trial.clerk"


def test_deadlines_run_in_the_working_time_of_the_notices() -> None:
    found = run(task("a", within=working_days(1)), at="2021-09-30T15:00")
    assert found["tasks"][0]["due_at"] == "2021-10-08T15:00:00+08:00", "the holiday of October lies between"


def test_a_timer_on_the_edge_takes_the_task_away_when_the_clock_advances() -> None:
    edge = Boundary("late", "超时", at_node="a", on="timer", after=working_hours(2), then="chase")
    nodes = (task("a", then="end"), edge, task("chase"), End())
    found = run(*nodes, at="2021-09-30T17:00", steps=[{"until": "2021-10-08T10:29"}])
    assert tasks(found) == ["a"]
    found = run(*nodes, at="2021-09-30T17:00", steps=[{"advance": {"amount": 2, "unit": "working_hour"}}])
    assert tasks(found) == ["chase"]
    (fired,) = (event for event in found["events"] if event["verb"] == "fire" and event["clock_node"] == "late")
    assert fired["at"] == "2021-10-08T10:30:00+08:00" and found["at"] == fired["at"]


def test_timers_ring_at_their_own_instants_in_order() -> None:
    edges = [
        Boundary(key, key, at_node="a", on="timer", after=urgent_hours(hours), interrupting=False, then="end")
        for key, hours in (("third", 3), ("first", 1), ("second", 2))
    ]
    found = run(task("a", within=None), *edges, End(), at="2021-03-01T10:00", steps=[{"advance": "P1D"}])
    rung = [(event["clock_node"], event["at"][11:16]) for event in found["events"] if event["verb"] == "fire"]
    assert rung == [("first", "11:00"), ("second", "12:00"), ("third", "13:00")]
    assert found["at"] == "2021-03-02T10:00:00+08:00" and tasks(found) == ["a"]


def test_a_parallel_join_waits_for_every_branch() -> None:
    nodes = (
        Parallel("fork", "分", split=("a", "b")),
        task("a", then="join"),
        task("b"),
        Parallel("join", "合"),
        task("c"),
    )
    found = run(*nodes, steps=done("a"))
    assert tasks(found) == ["b"] and [row["node"] for row in found["waiting"]] == ["join"]
    assert tasks(run(*nodes, steps=done("a", "b"))) == ["c"]


@pytest.mark.parametrize(("x", "opened"), [(1, ["a"]), (2, ["a", "b"]), (0, ["c"])])
def test_an_inclusive_gateway_opens_every_way_that_holds(x: int, opened: list[str]) -> None:
    way = Inclusive("way", "?", when={"a": "x >= 1", "b": "x >= 2"}, otherwise="c")
    nodes = (way, task("a", then="join"), task("b", then="join"), task("c"), Inclusive("join", "合"), task("after"))
    assert tasks(run(*nodes, data={"x": x})) == opened
    assert tasks(run(*nodes, data={"x": x}, steps=done(*opened))) == ["after"]


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ({"message": "回复", "payload": {"ok": True}}, "read"),
        ({"advance": "P1D"}, "remind"),
        ({"signal": "撤"}, "drop"),
    ],
)
def test_the_first_event_wins(step: dict[str, Any], after: str) -> None:
    found = run(
        EventGateway("wait", "等", split=("reply", "day", "gone")),
        Catch("reply", "回复", on="message", name="回复"), task("read", then="end"),
        Catch("day", "一天", on="timer", after=calendar_days(1)), task("remind", then="end"),
        Catch("gone", "撤", on="signal", name="撤"), task("drop"), End(), steps=[step],
    )  # fmt: skip
    assert tasks(found) == [after] and not found["waiting"]


def test_many_runs_show_what_each_is_about() -> None:
    many = Many("people", item="person", result="vote", collect="votes")
    steps = [{"complete": "ask", "number": 2, "data": {"vote": "yes"}}]
    found = run(task("ask", many=many), data={"people": ["甲", "乙", "丙"]}, steps=steps)
    assert [row["variables"]["person"] for row in found["tasks"]] == ["甲", "丙"]
    steps += [{"complete": "ask", "data": {"vote": "no"}}, {"complete": "ask", "data": {"vote": "maybe"}}]
    found = run(task("ask", many=many), data={"people": ["甲", "乙", "丙"]}, steps=steps)
    assert found["status"] == "closed" and found["data"]["votes"] == ["yes", "no", "maybe"]


def test_a_sub_process_and_an_error_out_of_it() -> None:
    inner = SubProcess(
        "block", "块",
        nodes=(Start("s"), task("in"), Exclusive("ok", "?", when={"fine": "x"}, otherwise="bad"), End("fine"), End("bad", throws="error", name="坏")),
    )  # fmt: skip
    nodes = (
        inner,
        Boundary("caught", "出错", at_node="block", on="error", name="坏", then="mend"),
        task("after", then="end"),
        task("mend"),
        End(),
    )
    assert tasks(run(*nodes, steps=[{"complete": "in", "data": {"x": True}}])) == ["after"]
    assert tasks(run(*nodes, steps=[{"complete": "in", "data": {"x": False}}])) == ["mend"]


def test_service_tasks_are_answered_or_fail() -> None:
    edge = Boundary("oops", "出错", at_node="ask", on="error", name="无此人", then="by_hand")
    nodes = (
        ServiceTask("ask", "查征信", call="trial.credit", result="credit", then="end"),
        edge,
        task("by_hand"),
        End(),
    )
    found = run(*nodes, steps=[{"answer": "查征信", "data": {"grade": "A"}}])
    assert found["status"] == "closed" and found["data"]["credit"] == {"grade": "A"}
    assert tasks(run(*nodes, steps=[{"fail": "ask", "error": "无此人"}])) == ["by_hand"]
    (effect,) = run(*nodes)["events"][0]["effects"]
    assert (effect["kind"], effect["handler"]) == ("call", "trial.credit")


def test_a_called_case_is_answered_by_the_script() -> None:
    call = CallActivity("call", "另案", calls="trial.other", inputs={"n": "x + 1"}, outputs={"y": "outcome"})
    assert run(call, data={"x": 1})["events"][0]["effects"][0]["data"] == {"n": 2}
    found = run(call, data={"x": 1}, steps=[{"answer": "call", "data": {"outcome": "closed"}}])
    assert found["status"] == "closed" and found["data"]["y"] == "closed"


def test_decision_tables_and_signals_to_oneself() -> None:
    nodes = (RuleTask("decide", "定", table=TABLE, result="hours"), Throw("t", "发", on="signal", name="s"))
    assert run(*nodes, data={"kind": "road"})["data"]["hours"] == 2


def test_a_step_is_sent_back_and_its_clock_runs_on() -> None:
    steps = [*done("a"), {"verb": "send_back", "task": "b", "arguments": {"to": "步骤a", "reason": "缺材料"}}]
    found = run(task("a"), task("b"), steps=steps)
    assert tasks(found) == ["a"] and found["events"][-1]["node"] == "b"


def test_the_applicant_makes_up_what_is_missing() -> None:
    ask = {"verb": "send_back", "task": "b", "arguments": {"to": "applicant", "reason": "补"}, "as": "老周"}
    found = run(task("b"), **{"as": "市民"}, steps=[ask])
    assert tasks(found) == ["start"] and found["tasks"][0]["assignee"] == "市民"
    assert tasks(run(task("b"), **{"as": "市民"}, steps=[ask, {"complete": "start", "as": "市民"}])) == ["b"]


def test_people_of_verbs_are_named() -> None:
    sign = {"verb": "countersign", "task": "a", "arguments": {"signers": ["甲", "乙"], "rule": "all"}, "as": "老周"}
    found = run(task("a"), steps=[sign])
    assert sorted(row.get("assignee", "") for row in found["tasks"]) == sorted(["老周", "甲", "乙"])
    votes = [{"verb": "sign", "task": "a", "arguments": {"agrees": True}, "as": name} for name in ("乙", "甲")]
    found = run(task("a"), steps=[sign, *votes])
    assert found["data"]["countersign_agreed"] is True and found["tasks"][0]["status"] == "claimed"
    assert found["events"][-1]["countersign"] == {"agreed": True, "votes": {"甲": True, "乙": True}}
    give = {"verb": "delegate", "task": "a", "arguments": {"to": "甲", "reason": "出差"}, "as": "老周"}
    found = run(task("a"), steps=[give, {"complete": "a", "as": "甲"}])
    assert found["events"][-1]["returned_to"] == "老周" and found["tasks"][0]["assignee"] == "老周"


def test_a_suspended_case_rings_only_when_resumed() -> None:
    edge = Boundary("late", "超时", at_node="a", on="timer", after=urgent_hours(1), then="b")
    steps: list[dict[str, Any]] = [{"verb": "suspend"}, {"advance": "PT3H"}]
    assert tasks(run(task("a", then="end"), edge, task("b"), End(), steps=steps)) == ["a"]
    steps.append({"verb": "resume"})
    assert tasks(run(task("a", then="end"), edge, task("b"), End(), steps=steps)) == ["b"]


def test_files_without_roles_forms_and_limits_run_too() -> None:
    bundle = read_bpmn(WEB_MODELLER).bundle
    steps: list[dict[str, Any]] = [{"complete": "Ask", "data": {"approved": False, "days": 12}}, {"advance": "PT90M"}]
    found = simulate(bundle, {"steps": steps})
    assert tasks(found) == ["Each"] * 3
    found = simulate(bundle, {"steps": [*steps, *done("Tell", "Tell", "Tell")]})
    assert found["status"] == "closed"
    assert found["events"][-1]["effects"] == [{"kind": "message", "name": "leave decided", "payload": {}}]
    found = simulate(bundle, {"steps": [{"advance": "P8D"}]})
    assert tasks(found) == ["Ask"] and "Late" in found["events"][-1]["path"]


def test_what_a_foreign_file_leaves_unsaid_is_filled_in() -> None:
    bundle = read_bpmn(NO_PREFIX).bundle
    found = simulate(bundle, {"steps": done("Inside")})
    assert [row["node"] for row in found["waiting"]] == ["hear"], "the empty sub-process and the empty event are passed"
    found = simulate(bundle, {"steps": [*done("Inside"), {"message": "Hear"}, {"fail": "Work", "error": "BROKEN"}]})
    assert tasks(found) == ["mend"]


def test_one_of_several_starts_can_be_chosen() -> None:
    inside = (
        '<startEvent id="s1"/><startEvent id="s2" name="来信"/><task id="a"/><task id="b"/>'
        '<sequenceFlow id="f1" sourceRef="s1" targetRef="a"/><sequenceFlow id="f2" sourceRef="s2" targetRef="b"/>'
    )
    bundle = read_bpmn(file_of(inside)).bundle
    assert tasks(simulate(bundle, {})) == ["a"]
    assert tasks(simulate(bundle, {"start": "来信"})) == ["b"]


def test_every_kind_of_node_at_once_starts() -> None:
    assert tasks(simulate(EVERYTHING, {"data": {"x": 0}})) == ["check"]


MISTAKES: dict[str, tuple[Any, str]] = {
    "not an object": ([], "脚本应为 JSON 对象"),
    "head": ({"stepps": []}, "脚本里没有“stepps”这一项。您是不是要写“steps”？"),
    "at": ({"at": "yesterday"}, "脚本的 at“yesterday”不是时刻"),
    "data": ({"data": []}, "脚本的 data 应为JSON 对象"),
    "steps": ({"steps": {}}, "应为步骤的列表"),
    "step": ({"steps": ["a"]}, "第 1 步应为 JSON 对象"),
    "action": ({"steps": [*done("a"), {"complet": "b"}]}, "第 2 步：不认识“complet”。您是不是要写“complete”？"),
    "two actions": ({"steps": [{"complete": "a", "advance": "PT1H"}]}, "第 1 步：有 2 个动作"),
    "beside": ({"steps": [{"complete": "a", "dta": {}}]}, "第 1 步（complete）：这里没有“dta”这一项。您是不是要写“data”？"),
    "number": ({"steps": [{"complete": "a", "number": 0}]}, "number 应为从 1 开始的整数"),
    "task": ({"steps": [{"complete": "步骤c"}]}, "流程里没有“步骤c”。您是不是要写“步骤"),
    "not open": ({"steps": done("b")}, "“b”现在不在可办理的任务里。现在可办理的有：“步骤a”（a）。"),
    "too few": ({"steps": [{"complete": "a", "number": 2}]}, "“a”只有 1 个"),
    "closed": ({"steps": done("a", "b", "a")}, "第 3 步（complete）：“a”现在不在可办理的任务里。现在没有可办理的任务。"),
    "length": ({"steps": [{"advance": "4 hours"}]}, "“4 hours”不是时长。请写成 PT4H"),
    "unit": ({"steps": [{"advance": {"amount": 1, "unit": "day"}}]}, "时限不正确"),
    "back in time": ({"steps": [{"until": "2020-01-01T00:00"}]}, "不能往回走"),
    "verb": ({"steps": [{"verb": "send_bak"}]}, "没有“send_bak”这个操作。您是不是要写“send_back”？"),
    "verb of the engine": ({"steps": [{"verb": "fire"}]}, "没有“fire”这个操作"),
    "target": ({"steps": [*done("a"), {"verb": "send_back", "task": "b", "arguments": {"to": "aa"}}]}, "第 2 步（verb）：流程里没有“aa”"),
    "refused": ({"steps": [{"verb": "send_back", "task": "a", "arguments": {"to": "b"}}]}, "第 1 步（verb）：请选择可以退回的环节。"),
    "message": ({"steps": [{"message": "回信"}]}, "流程里没有消息“回信”"),
    "answer": ({"steps": [{"answer": "a"}]}, "“a”现在不在等待处理结果的任务里"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_names_its_step_and_what_now(name: str) -> None:
    script, sentence = MISTAKES[name]
    with pytest.raises(ScriptError) as mistake:
        simulate(declared(task("a"), task("b")), script)
    assert sentence in str(mistake.value)


def test_a_condition_that_cannot_be_read_is_told_before_the_run() -> None:
    bundle = declared(Exclusive("way", "?", when={"a": "x >"}, otherwise="end"), task("a"), End())
    with pytest.raises(BpmnError, match="FEEL 第 1 行"):
        simulate(bundle, {})


def test_no_way_out_names_the_step() -> None:
    bundle = declared(task("a"), Exclusive("way", "?", when={"b": "x", "end": "y"}), task("b"), End())
    with pytest.raises(ScriptError, match="第 1 步（complete）：流程在此处没有可走的去向"):
        simulate(bundle, {"steps": done("a")})


def test_timers_in_a_circle_end_in_a_sentence() -> None:
    bundle = declared(Exclusive("again", ""), Catch("t", "等", on="timer", at='duration("PT1S")', then="again"))
    with pytest.raises(ScriptError, match="时钟响了 10000 次还没有停"):
        simulate(bundle, {"steps": [{"advance": "P1D"}]})


def test_ways_without_conditions_are_chosen_by_the_script() -> None:
    """A drawing as people begin it: a question with two answers and no condition behind them."""
    inside = (
        '<startEvent id="s"/><exclusiveGateway id="g" name="通过？"/><task id="a" name="发证"/><task id="b" name="退件"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="g"/><sequenceFlow id="yes" name="是" sourceRef="g" targetRef="a"/>'
        '<sequenceFlow id="no" name="否" sourceRef="g" targetRef="b"><conditionExpression/></sequenceFlow>'
        '<sequenceFlow id="again" sourceRef="b" targetRef="g"/>'
    )
    bundle = read_bpmn(file_of(inside)).bundle
    assert tasks(simulate(bundle, {})) == ["a"]
    assert tasks(simulate(bundle, {"choose": "否"})) == ["b"]
    assert tasks(simulate(bundle, {"choose": ["b"], "steps": [{"complete": "b", "choose": "发证"}]})) == ["a"]
    with pytest.raises(ScriptError, match="第 1 步（complete）：没有不带条件的去向“发正”。您是不是要写“发证”？"):
        simulate(bundle, {"steps": [{"complete": "a", "choose": "发正"}]})


def test_an_inclusive_gateway_without_conditions_takes_the_chosen_ways() -> None:
    way = Inclusive("way", "?", when={"a": "x", "b": "x", "c": "x"})
    bundle = declared(way, task("a", then="join"), task("b", then="join"), task("c"), Inclusive("join", "合"))
    for flow in bundle["flows"]:
        flow.pop("when", None)
    assert tasks(simulate(bundle, {})) == ["a", "b", "c"]
    assert tasks(simulate(bundle, {"choose": ["a", "步骤c"]})) == ["a", "c"]
    assert simulate(bundle, {"choose": ["a", "c"], "steps": done("a", "c")})["status"] == "closed"


def test_conditions_in_another_language_are_left_to_the_script() -> None:
    inside = (
        '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="s" targetRef="g"/>'
        '<sequenceFlow id="yes" sourceRef="g" targetRef="a"><conditionExpression>${kind == \'x\'}</conditionExpression></sequenceFlow>'
        '<sequenceFlow id="no" sourceRef="g" targetRef="b"><conditionExpression>!ok</conditionExpression></sequenceFlow>'
    )
    bundle = read_bpmn(file_of(inside)).bundle
    with pytest.raises(BpmnError, match="条件“!ok”：FEEL 第 1 行第 1 列"):
        simulate(bundle, {})
    found = simulate(bundle, {"choose": "no"}, is_foreign=True)
    assert tasks(found) == ["b"] and len(found["notes"]) == 2
