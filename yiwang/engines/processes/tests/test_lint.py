"""A sound definition has no findings; each fault is named with its place and a remedy."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from yiwang.engines.directory.spec import working_days
from yiwang.engines.forms.spec import Form, Text
from yiwang.engines.processes.bundle import bundle_of
from yiwang.engines.processes.lint import check_bundle
from yiwang.engines.processes.spec import (
    Boundary,
    CallActivity,
    CaseType,
    Catch,
    End,
    EventGateway,
    Exclusive,
    Inclusive,
    Node,
    Parallel,
    RuleTask,
    ServiceTask,
    Start,
    SubProcess,
    UserTask,
)
from yiwang.engines.processes.tests.processes import CLERK

FORM = Form("note", "记录", fields=(Text("text", "内容"),))
ROLES = {"trial.clerk"}


def task(key: str, **rest: Any) -> UserTask:
    return UserTask(key, f"步骤{key}", **{"by": CLERK, "form": FORM, "within": working_days(1), **rest})


def bundle(*nodes: Node, **head: Any) -> dict[str, Any]:
    ends = () if any(isinstance(node, End) for node in nodes) else (End(),)
    return bundle_of("trial", CaseType(key="sample", title="样例", nodes=(Start(), *nodes, *ends), **head))


def faults(*nodes: Node, **head: Any) -> str:
    return "\n".join(map(str, check_bundle(bundle(*nodes, **head), ROLES, {"trial.other"}, {"trial.look"})))


FORK = Parallel("fork", "分", split=("a", "b"))
SOUND: dict[str, tuple[Node, ...]] = {
    "line": (task("a"), task("b")),
    "choice": (Exclusive("way", "?", when={"a": "x > 1"}, otherwise="b"), task("a", then="end"), task("b")),
    "parallel": (FORK, task("a", then="join"), task("b"), Parallel("join", "合")),
    "inclusive": (Inclusive("way", "?", when={"a": "x"}, otherwise="b"), task("a", then="join"), task("b"), Inclusive("join", "合")),
    "loop": (task("a"), Exclusive("way", "?", when={"end": "x"}, otherwise="a"), End()),
    "parallel in a loop": (
        Exclusive("begin", "入"), FORK, task("a", then="join"), task("b"), Parallel("join", "合"),
        Exclusive("way", "?", when={"begin": "x"}, otherwise="end"), End(),
    ),
    "sub-process": (SubProcess("block", "子", nodes=(Start("s"), task("a"), End("e"))),),
    "edge": (task("a", then="end"), Boundary("late", "超时", at_node="a", on="timer", at='"2021-01-01"', then="b"), task("b"), End()),
    "events": (
        EventGateway("wait", "等", split=("m", "t")), Catch("m", "信", on="message", name="m", then="end"),
        Catch("t", "时", on="timer", after=working_days(1)), End(),
    ),
    "reminder in a loop": (
        task("a"), Boundary("late", "超时", at_node="a", on="timer", after=working_days(1), interrupting=False, then="z"),
        Exclusive("way", "?", when={"end": "x"}, otherwise="a"), End(), task("z", then="over"), End("over"),
    ),
    "outside": (ServiceTask("s", "查", call="trial.look"), CallActivity("c", "调", calls="trial.other")),
    "terminate": (FORK, task("a"), End("stop", terminate=True), task("b"), End()),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_found_in_a_sound_process(name: str) -> None:
    assert faults(*SOUND[name]) == ""


FAULTY: dict[str, tuple[tuple[Node, ...], str]] = {
    "dead": ((task("a", then="end"), task("dead"), End()), "从开始走不到这里"),
    "no end": ((Exclusive("way", "?", when={"a": "x"}, otherwise="end"), task("a", then="b"), task("b", then="a"), End()), "走不到结束"),
    "xor into and": ((Exclusive("way", "?", when={"a": "x"}, otherwise="b"), task("a", then="join"), task("b"), Parallel("join", "合")), "一直等待来自"),
    "and join as loop": ((FORK, task("a", then="join"), task("b"), Parallel("join", "合"), Exclusive("way", "?", when={"fork": "x"}, otherwise="end"), End()), "一直等待"),
    "no default": ((Exclusive("way", "?", when={"a": "x", "end": "y"}), task("a"), End()), "没有默认去向"),
    "no form": ((task("a", form=None),), "没有表单"),
    "no limit": ((task("a", within=None),), "没有办理时限"),
    "no role": ((task("a", by=""),), "没有指定办理岗位"),
    "role": ((task("a", by="trial.clark"),), "没有岗位“trial.clark”。您是不是要写 'trial.clerk'?"),
    "rights": ((task("a", rights={"txt": "read"}),), "没有的字段“txt”"),
    "feel": ((task("a", assignee="x +* 2"),), "步骤a”（a）的 assignee：FEEL 第 1 行第 4 列"),
    "feel on a flow": ((Exclusive("way", "?", when={"a": "x >"}, otherwise="end"), task("a"), End()), "连线 way__a 的条件：FEEL 第 1 行"),
    "circle": ((RuleTask("r", "算", sets={"x": "1"}), Exclusive("way", "?", when={"end": "x"}, otherwise="r"), End()), "没有人工环节或等待的循环"),
    "handler": ((ServiceTask("s", "查", call="trial.lok"),), "没有处理程序“trial.lok”。您是不是要写 'trial.look'?"),
    "type": ((CallActivity("c", "调", calls="trial.otter"),), "没有事项类型“trial.otter”"),
    "message": ((Catch("m", "信", on="message"),), "事件没有名称"),
    "timer": ((Catch("t", "时", on="timer"),), "没有时间"),
    "edge on nothing": ((task("a"), Boundary("late", "超时", at_node="b", on="timer", at="x", then="end"), End()), "附着的节点“b”不存在"),
    "edge on a gateway": ((Exclusive("g", "?"), Boundary("late", "超时", at_node="g", on="timer", at="x", then="end"), End()), "不能附着在“g”上"),
    "edge without a way": ((task("a"), Boundary("late", "超时", at_node="a", on="timer", at="x")), "边界事件没有去向"),
    "event gateway": ((EventGateway("wait", "等", split=("m", "a")), Catch("m", "信", on="message", name="m", then="end"), task("a"), End()), "其后的“a”不是等待事件"),
    "sub-process": ((SubProcess("block", "子", nodes=(task("a"),)),), "有 0 个开始节点"),
    "rule": ((RuleTask("r", "算"),), "既没有决策表、研判，也没有赋值"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_named_with_its_place(name: str) -> None:
    nodes, sentence = FAULTY[name]
    found = faults(*nodes)
    assert sentence in found, found


def test_broken_structure_of_a_drawn_bundle() -> None:
    good = bundle(task("a"), SubProcess("block", "子", nodes=(Start("s"), task("b"), End("e"))))
    broken = deepcopy(good)
    broken["flows"][0]["target"] = "aa"
    assert "连到不存在的节点“aa”。您是不是要写 'a'?" in str(check_bundle(broken)[0])
    broken = deepcopy(good)
    broken["flows"].append({"key": "over", "source": "a", "target": "b"})
    assert "跨越了子流程的边界" in str(check_bundle(broken)[0])
    broken = deepcopy(good)
    broken["nodes"].append(dict(broken["nodes"][1]))
    assert "有 2 个节点使用同一个标识" in str(check_bundle(broken)[0])
    broken = deepcopy(good)
    broken["nodes"][1]["kind"] = "user_tusk"
    assert "您是不是要写 'user_task'?" in str(check_bundle(broken)[0])


def test_ten_megabytes_of_feel_are_refused_unread() -> None:
    found = check_bundle(bundle(task("a"), subject="1 + " * 2_500_000 + "1"))
    assert len(found) == 1 and found[0].where == "流程的 subject" and len(str(found[0])) < 200


def test_many_parallel_branches_are_played_at_once() -> None:
    keys = [f"t{number}" for number in range(40)]
    nodes = (Parallel("fork", "分", split=tuple(keys)), *(task(key, then="join") for key in keys), Parallel("join", "合"))
    assert faults(*nodes) == ""


def test_fields_named_by_rights_and_by_the_answer_must_exist() -> None:
    sound = task("a", rights={"text": "read", "*": "write"})
    assert faults(sound, answer=("text",)) == ""
    assert "“txt”" in faults(task("a", rights={"txt": "read"}))
    assert "没有字段“texts”。您是不是要写 'text'?" in faults(sound, answer=("texts",))
